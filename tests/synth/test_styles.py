"""Each style is a clean sound of its label, and does what the thing it is named after does."""

from functools import cache, partial

import numpy as np
import pytest

from drumsort.synth import STYLES, synthesize
from drumsort.taxonomy import LABELS

from . import measures

RATE = 32000
SEEDS = range(6)
ALL = [(label, style) for label in LABELS for style in STYLES[label]]

heard = cache(synthesize)

# Length, a checksum that weighs each sample by a chirp, and energy: seed 7 at 44100 Hz.
UNASKED = [
    ("kick", 23313, 57.3643, 512.7770),
    ("snare", 20584, 35.0411, 61.0913),
    ("rim", 12103, 1.6667, 99.9762),
    ("closed_hat", 18560, 1.1130, 31.6053),
    ("open_hat", 50991, -1.9821, 459.4235),
    ("pedal_hat", 19117, 1.0859, 79.9008),
    ("tom", 41064, 69.0822, 1059.7942),
    ("crash", 104644, 2.4490, 179.5351),
    ("ride", 118763, 27.1592, 246.3773),
    ("clap", 8682, -16.6191, 38.2089),
    ("snap", 15461, 2.1473, 51.5602),
    ("cowbell", 13959, 3.4481, 28.7441),
    ("shaker", 7129, -0.5032, 12.2769),
    ("tambourine", 23500, 0.6037, 83.6579),
    ("conga_bongo", 22396, -21.9826, 269.5844),
    ("percussion", 10324, -15.2482, 81.1665),
    ("other", 36582, -40.0952, 461.9046),
    ("loop", 114228, 35.9124, 1407.2125),
]


def sounds(label, style):
    return [heard(label, seed, RATE, style) for seed in SEEDS]


spectrum, centroid, pitch, level, fall = (
    partial(measure, rate=RATE)
    for measure in (
        measures.spectrum,
        measures.centroid,
        measures.pitch,
        measures.level,
        measures.fall,
    )
)


def onsets(x, seconds: float, rise: float) -> int:
    """How often the level climbs ``rise`` dB out of a dip; the start counts as one."""
    db = level(x, seconds)
    count, lowest, highest = 1, np.inf, -np.inf
    for value in db[: np.flatnonzero(db > db.max() - 25)[-1] + 1]:
        highest = max(highest, value) if lowest == np.inf else highest
        if value < highest - rise:
            lowest = min(lowest, value)
        if value > lowest + rise:
            count, lowest, highest = count + 1, np.inf, value
    return count


def median(measure, label, style) -> float:
    return float(np.median([measure(x) for x in sounds(label, style)]))


@pytest.mark.parametrize(("label", "length", "checksum", "energy"), UNASKED)
def test_what_is_played_unasked_stays_the_same(label, length, checksum, energy):
    x = heard(label, 7).astype(np.float64)
    assert len(x) == length
    assert np.sum(x * np.cos(np.arange(length) ** 2 * 1e-4)) == pytest.approx(checksum, abs=2e-3)
    assert np.sum(x * x) == pytest.approx(energy, rel=1e-4)


@pytest.mark.parametrize("label", LABELS)
def test_the_first_style_is_the_one_played_unasked(label):
    assert np.array_equal(heard(label, 3, RATE, STYLES[label][0]), heard(label, 3, RATE))


def test_each_label_has_styles():
    assert tuple(STYLES) == LABELS
    assert all(len(styles) >= 3 for styles in STYLES.values())


@pytest.mark.parametrize(("label", "style"), ALL)
def test_is_a_clean_sound(label, style):
    for x in sounds(label, style):
        assert x.dtype == np.float32
        assert x.ndim == 1
        assert np.all(np.isfinite(x))
        assert 0.49 < np.max(np.abs(x)) < 0.91
        assert 0.04 < len(x) / RATE < 3.3
        assert abs(np.mean(x)) < 0.02
        assert x[-1] == 0.0


@pytest.mark.parametrize(("label", "style"), ALL)
def test_same_seed_same_sound_and_another_seed_another(label, style):
    assert np.array_equal(synthesize(label, 0, RATE, style), heard(label, 0, RATE, style))
    assert len({x.tobytes() for x in sounds(label, style)}) == len(SEEDS)


@pytest.mark.parametrize("label", LABELS)
def test_styles_differ(label):
    assert len({heard(label, 0, RATE, style).tobytes() for style in STYLES[label]}) == len(
        STYLES[label]
    )


@pytest.mark.parametrize(("label", "style"), ALL)
def test_plays_at_the_lowest_rate(label, style):
    x = synthesize(label, 1, 8000, style)
    assert np.all(np.isfinite(x))
    assert 0.49 < np.max(np.abs(x)) < 0.91


def test_unknown_style_is_refused():
    with pytest.raises(ValueError, match="There is no rim 'gong'; choose one of analog, side_st"):
        synthesize("rim", 0, style="gong")
    with pytest.raises(ValueError, match="There is no tom 'hard'"):
        synthesize("tom", 0, style="hard")


@pytest.mark.parametrize(
    ("label", "low", "high"),
    [
        ("kick", 30, 450),
        ("tom", 60, 900),
        ("conga_bongo", 90, 1300),
        ("snare", 200, 6000),
        ("rim", 400, 3500),
        ("clap", 900, 5000),
        ("snap", 1400, 6000),
        ("cowbell", 450, 3000),
        ("closed_hat", 3500, 13000),
        ("open_hat", 3500, 13000),
        ("pedal_hat", 2000, 13000),
        ("crash", 1500, 9500),
        ("ride", 1200, 9500),
        ("shaker", 3500, 13000),
        ("tambourine", 3500, 13000),
    ],
)
def test_each_style_lies_where_its_label_lies(label, low, high):
    for style in STYLES[label]:
        assert low < median(centroid, label, style) < high, style


@pytest.mark.parametrize("style", ["analog", "sub", "hard"])
def test_kicks_fall_in_pitch(style):
    def early_to_late(x):
        return centroid(x[: RATE // 50]) / centroid(x[RATE // 10 : RATE // 5])

    assert median(early_to_late, "kick", style) > 1.2


def test_the_sub_is_the_longest_kick():
    falls = {style: median(fall, "kick", style) for style in STYLES["kick"]}
    assert max(falls, key=falls.__getitem__) == "sub"


def test_open_hats_ring_longer_than_closed_ones():
    for style in STYLES["closed_hat"]:
        assert median(fall, "open_hat", style) > 2.5 * median(fall, "closed_hat", style)
        assert median(fall, "open_hat", style) > 1.5 * median(fall, "pedal_hat", style)


def test_a_pedal_closes_slower_than_a_stick_strikes():
    def rise(x):
        return float(np.argmax(level(x, 0.002)))

    for style in ("acoustic", "squares", "resonant"):
        assert median(rise, "pedal_hat", style) > median(rise, "closed_hat", style)


def test_a_ringing_snare_rings_longer_and_a_brush_is_all_wires():
    assert median(fall, "snare", "ringing") > 1.3 * median(fall, "snare", "acoustic")
    assert median(centroid, "snare", "brush") > 3 * median(centroid, "snare", "ringing")


def test_a_splash_is_shorter_than_a_crash():
    assert median(fall, "crash", "splash") < 0.6 * median(fall, "crash", "acoustic")


def test_claps_of_machines_have_teeth_and_one_pair_of_hands_has_none():
    def within_60_ms(x):
        return onsets(x[: 3 * RATE // 50], 0.0025, 4.0)

    assert median(within_60_ms, "clap", "tight") >= 2.5
    assert median(within_60_ms, "clap", "single") <= 1.5


def test_strokes_of_a_shaker_can_be_counted():
    def strokes(x):
        return onsets(x, 0.02, 5.0)

    assert median(strokes, "shaker", "single") == 1
    assert median(strokes, "shaker", "double") == 2
    assert median(strokes, "tambourine", "roll") >= 6


def test_claves_are_high_and_a_wood_block_is_low():
    assert all(pitch(x) > 1500 for x in sounds("percussion", "claves"))
    assert all(pitch(x) < 1600 for x in sounds("percussion", "wood_block"))


def test_metal_rings_longer_than_wood():
    for metal in ("triangle", "bell", "agogo"):
        assert median(fall, "percussion", metal) > 2 * median(fall, "percussion", "wood_block")


def test_a_zap_falls_and_a_slap_is_brighter_than_a_tone():
    def early_to_late(x):
        return centroid(x[: RATE // 100]) / centroid(x[RATE // 20 : RATE // 10])

    assert median(early_to_late, "percussion", "zap") > 2
    assert median(centroid, "conga_bongo", "slap") > 1.5 * median(centroid, "conga_bongo", "open")


def test_a_plucked_string_is_in_tune_with_its_harmonics():
    def share(x):
        """How much of the power lies at multiples of the lowest strong peak."""
        power, hz = spectrum(x)
        low = hz[np.flatnonzero(power > 0.05 * power.max())[0]]
        off = np.abs(hz / low - np.round(hz / low)) * low
        return float(np.sum(power[off < 0.08 * low]) / np.sum(power))

    assert median(share, "other", "pluck") > 0.8
    assert median(share, "percussion", "metal") < 0.7


def test_loops_are_several_hits():
    for style in STYLES["loop"]:
        assert median(lambda x: onsets(x, 0.02, 4.0), "loop", style) >= 4, style
        assert all(len(x) > 1.4 * RATE for x in sounds("loop", style))
