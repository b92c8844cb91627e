"""What each change does to a sound, by measuring the sound."""

import numpy as np
import pytest

from drumsort.lab.benchmark import transforms
from drumsort.lab.benchmark.transforms import TRANSFORMS
from drumsort.types import Clip

from ...synth.drums import synthesize

RATE = 44_100


def clip(samples, rate=RATE):
    return Clip(np.asarray(samples, np.float32), rate, len(samples) / rate)


def sine(hz, seconds=0.5, rate=RATE):
    return clip(0.5 * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate), rate)


def hiss(seconds=0.5, rate=RATE, seed=0):
    return clip(np.random.default_rng(seed).normal(0, 0.1, round(seconds * rate)), rate)


def rms(samples):
    return np.sqrt(np.mean(np.asarray(samples, np.float64) ** 2))


def power_above(heard, hz):
    spectrum = np.abs(np.fft.rfft(heard.samples)) ** 2
    return spectrum[np.fft.rfftfreq(len(heard.samples), 1 / heard.rate) > hz].sum() / spectrum.sum()


def pitch_of(heard):
    spectrum = np.abs(np.fft.rfft(heard.samples * np.hanning(len(heard.samples)), 1 << 20))
    return spectrum.argmax() * heard.rate / (1 << 20)


@pytest.mark.parametrize("name", TRANSFORMS)
@pytest.mark.parametrize(("seconds", "rate"), [(1.0, 48_000), (0.012, 16_000), (0.3, 11_000)])
def test_every_change_is_the_same_again_and_leaves_the_sound_alone(name, seconds, rate):
    sound = hiss(seconds, rate)
    before = sound.samples.copy()
    first, second = TRANSFORMS[name](sound), TRANSFORMS[name](clip(before.copy(), rate))
    np.testing.assert_array_equal(first.samples, second.samples)
    np.testing.assert_array_equal(sound.samples, before)
    assert first.samples.dtype == np.float32
    assert first.samples.ndim == 1
    assert np.isfinite(first.samples).all()
    assert np.abs(first.samples).max() > 0
    assert first.duration == pytest.approx(len(first.samples) / first.rate)


def test_20_db_quieter_is_a_tenth():
    sound = hiss()
    quiet = TRANSFORMS["20 dB quieter"](sound)
    assert 20 * np.log10(rms(quiet.samples) / rms(sound.samples)) == pytest.approx(-20, abs=1e-4)


@pytest.mark.parametrize(("name", "rate"), [("at 16 kHz", 16_000), ("at 8 kHz", 8_000)])
def test_a_lower_rate_has_nothing_above_half_of_it_and_keeps_the_rest(name, rate):
    low = TRANSFORMS[name](hiss())
    assert low.rate == rate
    assert len(low.samples) == pytest.approx(0.5 * rate, abs=2)
    gone = TRANSFORMS[name](sine(0.6 * rate)).samples
    assert np.abs(gone[rate // 10 : -rate // 10]).max() < 1e-4  # and does not fold back
    kept = TRANSFORMS[name](sine(0.3 * rate))
    assert pitch_of(kept) == pytest.approx(0.3 * rate, rel=1e-3)
    assert rms(kept.samples) == pytest.approx(0.5 / np.sqrt(2), rel=0.01)
    same = hiss(rate=rate)
    assert TRANSFORMS[name](same) is same


@pytest.mark.parametrize(
    ("rate", "heard"), [(44_100, 44_100), (96_000, 48_000), (16_000, 16_000), (11_000, 11_025)]
)
def test_mp3_has_the_bit_rate_and_the_sound_comes_back_in_time(rate, heard, monkeypatch):
    written = []
    write = transforms.soundfile.write

    def note(file, *args, **options):
        write(file, *args, **options)
        written.append(file.getvalue())

    monkeypatch.setattr(transforms.soundfile, "write", note)
    sound = clip(synthesize("snare", 1, rate), rate)
    back = TRANSFORMS["MP3, 64 kbit/s"](sound)
    assert back.rate == heard
    assert set(bit_rates(written[0])) == {64}
    assert back.duration == pytest.approx(sound.duration, abs=0.001)
    if heard == rate:
        at = np.correlate(back.samples, sound.samples[:4000], "valid").argmax()
        assert abs(int(at)) <= 1
        error = rms(back.samples - sound.samples) / rms(sound.samples)
        assert 0.001 < error < 0.5


def bit_rates(mp3):
    """Of each frame of an MP3 file, in kbit/s (ISO 11172-3, 2.4.2.3; ISO 13818-3)."""
    first = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
    second = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
    rates = {
        3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000),
    }  # fmt: skip
    at = 0
    while at + 4 <= len(mp3):
        if mp3[at] != 0xFF or mp3[at + 1] & 0xE0 != 0xE0:
            at += 1
            continue
        version, padding = (mp3[at + 1] >> 3) & 3, (mp3[at + 2] >> 1) & 1
        kbits = (first if version == 3 else second)[(mp3[at + 2] >> 4) - 1]
        yield kbits
        samples = 144 if version == 3 else 72
        at += samples * kbits * 1000 // rates[version][(mp3[at + 2] >> 2) & 3] + padding


def test_silence_first_delays_and_changes_nothing_else():
    sound = hiss()
    late = TRANSFORMS["200 ms of silence first"](sound)
    assert not late.samples[:8820].any()
    np.testing.assert_array_equal(late.samples[8820:], sound.samples)


def test_the_cut_counts_from_the_onset_and_fades():
    early = np.zeros(4410, np.float32)
    sound = clip(np.concatenate([early, np.full(RATE, 0.5, np.float32)]))
    short = TRANSFORMS["cut to 150 ms"](sound)
    assert len(short.samples) == 4410 + 6615
    fade = round(0.005 * RATE)
    np.testing.assert_array_equal(short.samples[:-fade], sound.samples[: 11025 - fade])
    assert short.samples[-1] == 0
    assert (np.diff(short.samples[-fade:]) < 0).all()
    click = hiss(0.1)
    assert TRANSFORMS["cut to 150 ms"](click) is click


def test_the_room_falls_by_60_db_in_its_time_and_is_mixed_as_said():
    click = np.zeros(RATE, np.float32)
    click[0] = 1
    heard = TRANSFORMS["reverb"](clip(click)).samples
    assert heard[0] == pytest.approx(0.7, abs=0.01)
    wet = heard[1:].astype(np.float64)
    assert np.sqrt((wet**2).sum()) == pytest.approx(0.3, rel=0.01)
    left = 10 * np.log10(np.cumsum(wet[::-1] ** 2)[::-1] / (wet**2).sum() + 1e-9)  # Schroeder
    five, twenty_five = ((left < -level).argmax() / RATE for level in (5, 25))
    assert 3 * (twenty_five - five) == pytest.approx(0.6, rel=0.05)
    assert len(heard) == RATE + round(0.6 * RATE) - 1


@pytest.mark.parametrize("rate", [44_100, 16_000])
def test_vinyl_noise_is_30_db_down_and_has_clicks_and_hiss(rate):
    sound = clip(synthesize("kick", 3, rate), rate)
    noise = TRANSFORMS["vinyl noise"](sound).samples.astype(np.float64) - sound.samples
    size = round(0.02 * rate)
    loudest = max(
        rms(sound.samples[i : i + size]) for i in range(0, len(sound.samples) - size, size)
    )
    assert 20 * np.log10(loudest / rms(noise)) == pytest.approx(30, abs=1)
    crest = np.abs(noise).max() / rms(noise)
    assert crest > 6  # of hiss alone about 4
    assert np.median(np.abs(noise)) > 0.2 * rms(noise)
    other = clip(synthesize("kick", 4, rate), rate)
    again = TRANSFORMS["vinyl noise"](other).samples - other.samples
    n = min(len(noise), len(again))
    assert abs(np.corrcoef(noise[:n], again[:n])[0, 1]) < 0.2


@pytest.mark.parametrize(
    ("name", "ratio"), [("3 semitones up", 1.189207), ("3 semitones down", 0.840896)]
)
def test_pitch_and_length_move_as_a_sampler_moves_them(name, ratio):
    moved = TRANSFORMS[name](sine(1000))
    assert moved.rate == RATE
    assert pitch_of(moved) == pytest.approx(1000 * ratio, rel=1e-4)
    assert moved.duration == pytest.approx(0.5 / ratio, abs=0.001)
    assert power_above(moved, 1000 * ratio + 200) < 1e-3
