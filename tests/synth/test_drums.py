"""Each voice sounds like its label, as far as numbers can tell."""

from functools import cache, partial

import numpy as np
import pytest

from drumsort.taxonomy import LABELS

from . import measures
from .drums import VOICES, synthesize

RATE = 44100
SEEDS = range(10)

heard = cache(synthesize)

# Length, a checksum that weighs each sample by a chirp, and energy: seed 7 at 44100 Hz.
AS_EVER = [
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
    db = db[: np.flatnonzero(db > db.max() - 30)[-1] + 1]
    count, dip, peak = 1, np.inf, -np.inf
    for value in db:
        if value > dip + rise:
            count, dip, peak = count + 1, np.inf, value
        elif value < peak - rise:
            dip = min(dip, value)
        peak = max(peak, value) if dip == np.inf else peak
    return count


def median(measure, label: str) -> float:
    return float(np.median([measure(heard(label, seed)) for seed in SEEDS]))


def test_each_label_has_a_voice():
    assert tuple(VOICES) == LABELS


@pytest.mark.parametrize(("label", "length", "checksum", "energy"), AS_EVER)
def test_stays_the_same_sound(label, length, checksum, energy):
    x = heard(label, 7).astype(np.float64)
    assert len(x) == length
    assert np.sum(x * np.cos(np.arange(length) ** 2 * 1e-4)) == pytest.approx(checksum, abs=2e-3)
    assert np.sum(x * x) == pytest.approx(energy, rel=1e-4)


@pytest.mark.parametrize("label", LABELS)
def test_is_a_clean_sound(label):
    for seed in SEEDS:
        x = heard(label, seed)
        assert x.dtype == np.float32
        assert x.ndim == 1
        assert np.all(np.isfinite(x))
        assert 0.49 < np.max(np.abs(x)) < 0.91
        assert 0.05 < len(x) / RATE < 3.5
        assert abs(np.mean(x)) < 0.02
        assert x[-1] == 0.0


@pytest.mark.parametrize("label", LABELS)
def test_starts_at_once(label):
    for seed in SEEDS:
        db = level(heard(label, seed), 0.005)
        assert np.flatnonzero(db > db.max() - 40)[0] * 0.005 < (0.3 if label == "other" else 0.02)


@pytest.mark.parametrize("label", LABELS)
def test_same_seed_same_sound(label):
    first = synthesize(label, 5)
    assert synthesize(label, 5).tobytes() == first.tobytes()
    assert synthesize(label, 6).tobytes() != first.tobytes()


@pytest.mark.parametrize("rate", [8000, 16000, 96000])
def test_any_rate_keeps_the_kind_of_sound(rate):
    for label in LABELS:
        x = synthesize(label, 1, rate)
        assert np.all(np.isfinite(x))
        assert 0.05 < len(x) / rate < 3.5


def test_length_in_seconds_does_not_depend_on_rate():
    assert len(heard("kick", 3, 96000)) == pytest.approx(2 * len(heard("kick", 3, 48000)))


def test_kits_differ():
    assert len({len(heard("snare", seed)) for seed in SEEDS}) == len(SEEDS)
    pitches = [pitch(heard("tom", seed)) for seed in SEEDS]
    assert max(pitches) > 1.5 * min(pitches)


def test_unknown_label_is_refused():
    with pytest.raises(ValueError, match="There is no label 'gong'"):
        synthesize("gong", 0)


def test_too_low_a_rate_is_refused():
    with pytest.raises(ValueError, match="4000 Hz is too low"):
        synthesize("kick", 0, 4000)


def test_from_dull_to_bright():
    order = ("kick", "tom", "conga_bongo", "cowbell", "clap", "closed_hat", "tambourine")
    centroids = [median(centroid, label) for label in order]
    assert centroids == sorted(centroids)
    assert median(centroid, "kick") < median(centroid, "snare") < median(centroid, "closed_hat")


@pytest.mark.parametrize(
    ("label", "low", "high"),
    [
        ("kick", 35, 300),
        ("tom", 60, 500),
        ("rim", 500, 3500),
        ("closed_hat", 4000, 14000),
        ("open_hat", 4000, 14000),
        ("pedal_hat", 3000, 14000),
        ("shaker", 4000, 14000),
        ("crash", 1500, 8000),
        ("ride", 1500, 9000),
    ],
)
def test_lies_where_its_kind_lies(label, low, high):
    for seed in SEEDS:
        assert low < centroid(heard(label, seed)) < high


@pytest.mark.parametrize(
    ("label", "low", "high"),
    [("kick", 35, 110), ("tom", 60, 400), ("conga_bongo", 120, 450), ("cowbell", 400, 1100)],
)
def test_has_a_pitch(label, low, high):
    for seed in SEEDS:
        assert low < pitch(heard(label, seed)) < high


def test_kick_falls_in_pitch():
    def early_to_late(x):
        return centroid(x[: RATE // 50]) / centroid(x[RATE // 10 : RATE // 5])

    assert median(early_to_late, "kick") > 1.3


def test_from_short_to_long():
    order = ("closed_hat", "tambourine", "open_hat", "crash")
    falls = [median(fall, label) for label in order]
    assert falls == sorted(falls)
    assert falls[2] > 3 * falls[0]
    assert median(fall, "pedal_hat") < 0.5 * falls[2]
    assert median(fall, "snap") < median(fall, "clap")
    assert median(fall, "rim") < median(fall, "tom")
    assert median(fall, "ride") > 0.4


def test_shaker_swells_and_rim_does_not():
    def rise(x):
        return float(np.argmax(level(x, 0.005))) * 0.005

    assert median(rise, "shaker") >= 0.015
    assert median(rise, "rim") <= 0.005


def test_clap_is_several_hands():
    def within_50_ms(x):
        return onsets(x[: RATE // 20], 0.0025, 4.0)

    assert median(within_50_ms, "clap") >= 3
    assert median(within_50_ms, "snare") <= 1.5
    assert median(within_50_ms, "snap") <= 1.5


def test_loop_is_several_hits():
    for seed in SEEDS:
        assert onsets(heard("loop", seed), 0.02, 4.0) >= 4
    for label in ("kick", "snare", "tom", "cowbell"):
        assert median(lambda x: onsets(x, 0.02, 4.0), label) == 1
