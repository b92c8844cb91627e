"""The hit is heard wherever it is in a file; a file that begins with it is heard as it is."""

import numpy as np
import pytest
import soundfile

from drumsort.analysis import analyse
from drumsort.audio.decode import decode
from drumsort.audio.hit import blocks, offset
from drumsort.errors import AudioError
from drumsort.features import LogMel

from ..synth.drums import synthesize

RATE = 44100
RNG = np.random.default_rng(0)


def noise(seconds, decibel):
    return RNG.standard_normal(round(seconds * RATE)) * 10 ** (decibel / 20)


def hum(seconds, decibel):
    t = np.arange(round(seconds * RATE)) / RATE
    return np.sqrt(2) * np.sin(2 * np.pi * 50 * t) * 10 ** (decibel / 20)


def under(background, sound, seconds):
    """A sound that begins after so many seconds, with a background all through."""
    late = np.concatenate([np.zeros(round(seconds * RATE)), sound])
    return late + background[: len(late)]


def hear(path, samples, **options):
    soundfile.write(path, samples, RATE, "FLOAT", format="WAV")
    return decode(path, **options)


def is_heard(clip, sound, path):
    """Whether the network hears of a clip what it hears of the sound alone."""
    heard, alone = (
        LogMel().prepare(c).samples[: int(1.28 * RATE)] for c in (clip, hear(path, sound))
    )
    fits = np.fft.irfft(np.fft.rfft(heard, 1 << 18) * np.conj(np.fft.rfft(alone, 1 << 18)))
    reach = round(0.015 * RATE)
    best = max(fits[:reach].max(), fits[-reach:].max())
    return best > 0.95 * np.linalg.norm(heard) * np.linalg.norm(alone)


@pytest.mark.parametrize("voice", ["kick", "snare", "closed_hat", "rim", "crash"])
@pytest.mark.parametrize("seconds", [0.5, 1.9, 2.0, 2.1, 5.03, 20.0])
@pytest.mark.parametrize(("background", "decibel"), [(noise, -50), (noise, -75), (hum, -45)])
def test_after_room_tone_the_hit_is_heard(tmp_path, voice, seconds, background, decibel):
    sound = synthesize(voice, 3)
    clip = hear(tmp_path / "x", under(background(seconds + 4, decibel), sound, seconds))
    assert is_heard(clip, sound, tmp_path / "y")
    expected = analyse(hear(tmp_path / "y", sound)).onset_s + seconds
    assert analyse(clip).onset_s == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("seconds", [0.5, 3.0])
@pytest.mark.parametrize("height", [0.01, -0.1])
def test_an_offset_is_no_sound(tmp_path, seconds, height):
    sound = 0.8 * synthesize("snare", 3)
    clip = hear(tmp_path / "x", under(np.full(10 * RATE, height), sound, seconds))
    assert is_heard(clip, sound, tmp_path / "y")
    assert abs(clip.samples[:100].mean()) < 0.05 * abs(height)


@pytest.mark.parametrize("height", [0.2, 0.99])
@pytest.mark.parametrize("length", [1, 40])
@pytest.mark.parametrize("seconds", [0.4, 3.0])
def test_a_click_is_no_hit(tmp_path, height, length, seconds):
    sound = synthesize("tom", 3)
    samples = under(np.zeros(10 * RATE), sound, seconds)
    samples[:length] = height
    assert is_heard(hear(tmp_path / "x", samples), sound, tmp_path / "y")


def test_echoes_before_a_hit_are_not_it(tmp_path):
    sound = synthesize("snare", 3)
    samples = under(np.zeros(10 * RATE), sound, 0.75)
    for step in range(3):
        start = round(0.25 * step * RATE)
        n = min(len(sound), len(samples) - start)
        samples[start : start + n] += 0.03 * sound[:n]
    assert is_heard(hear(tmp_path / "x", samples), sound, tmp_path / "y")


@pytest.mark.parametrize("channels", [1, 2])
def test_hashes_are_those_of_all_samples_whatever_is_heard(tmp_path, channels):
    samples = under(noise(30, -60), synthesize("kick", 1), 9.0)
    samples = np.repeat(samples[:, None], channels, axis=1)
    plain = hear(tmp_path / "x", samples, hashed=True)
    kept = hear(tmp_path / "x", samples, hashed=True, lead_in=True)
    assert plain.audio_hash == kept.audio_hash
    assert plain.duration == kept.duration == len(samples) / RATE
    assert plain.start == pytest.approx(9, abs=0.051)
    assert kept.start == 0


def swell():
    t = np.arange(round(1.8 * RATE)) / RATE
    return noise(1.8, -10) * 10 ** ((t - 1.8) * 40 / 20)


def flam():
    one = synthesize("snare", 2)
    return under(np.pad(0.1 * one, (0, RATE)), one, 0.06)


@pytest.mark.parametrize(
    "sound",
    [*(synthesize(v, 5) for v in ("kick", "clap", "crash", "shaker", "tambourine", "open_hat")),
     swell(), flam(), np.concatenate([synthesize("kick", 1), synthesize("snare", 1)]),
     10 ** (-35 / 20) * np.resize(synthesize("crash", 1), 4 * RATE)],
    ids=["kick", "clap", "crash", "shaker", "tambourine", "open hat", "a swell", "a flam",
         "two hits", "a soft one"],
)  # fmt: skip
def test_what_begins_with_its_hit_is_heard_as_it_is(tmp_path, sound):
    clip = hear(tmp_path / "x", sound)
    np.testing.assert_array_equal(clip.samples, sound.astype(np.float32)[: 2 * RATE])
    assert clip.start == 0


def test_an_offset_is_told_from_a_low_tone():
    t = np.arange(RATE // 2) / RATE
    for hz in (20, 33, 55):
        kick = (np.cos(2 * np.pi * hz * t) * np.exp(-t / 0.1)).astype(np.float32)
        assert offset(kick, blocks(kick, RATE), RATE) == 0
        kick = kick + np.float32(0.1)
        assert offset(kick, blocks(kick, RATE), RATE) == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize(
    ("samples", "words"),
    [
        (np.full(RATE, 0.5), "same value"),
        (np.full(5 * RATE, -1.0), "same value"),
        (np.ones(1), "1 samples"),
        (np.ones(20), "less than a millisecond"),
        (np.eye(1, RATE, 400)[0], "single sample"),
        (np.eye(1, 5 * RATE, 3 * RATE)[0], "single sample"),
    ],
    ids=["constant", "long constant", "one sample", "too short", "an impulse", "a late impulse"],
)
def test_what_is_no_sound_is_damage(tmp_path, samples, words):
    with pytest.raises(AudioError, match=words):
        hear(tmp_path / "x", samples)
    with pytest.raises(AudioError):
        hear(tmp_path / "x", np.stack([samples, samples], axis=1))
