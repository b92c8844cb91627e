"""Channels that cancel are noticed by their energy; others are averaged."""

import numpy as np
import pytest

from drumsort.analysis import analyse
from drumsort.audio.mono import to_mono
from drumsort.types import Clip

from ..synth.drums import synthesize

RATE = 44100


def low_inverted(x, hz=200):
    spectrum = np.fft.rfft(x)
    spectrum[np.fft.rfftfreq(len(x), 1 / RATE) > hz] = 0
    return x - 2 * np.fft.irfft(spectrum, len(x))


def delayed(x, seconds=0.001):
    n = round(seconds * RATE)
    return np.concatenate([np.zeros(n), x[:-n]])


def measured(samples):
    found = analyse(Clip(np.asarray(samples, np.float32), RATE, len(samples) / RATE))
    return found.loudness_db, found.brightness_hz, found.pitch_hz


OTHER = {
    "inverted": lambda x: -x,
    "inverted and softer": lambda x: -0.7 * x,
    "low end inverted": low_inverted,
    "half a millisecond later": lambda x: delayed(x, 0.0005),
    "a millisecond later": delayed,
    "3 ms later, inverted": lambda x: -delayed(x, 0.003),
}


@pytest.mark.parametrize("other", OTHER.values(), ids=OTHER)
@pytest.mark.parametrize("voice", ["kick", "snare", "tom", "conga_bongo", "cowbell"])
def test_what_is_heard_is_as_loud_bright_and_high_as_each_channel(voice, other):
    one = synthesize(voice, 3).astype(np.float64)
    two = other(one)
    heard = measured(to_mono(np.stack([one, two], axis=1).astype(np.float32)))
    own = [measured(one), measured(two)]
    loud = [loudness for loudness, *_ in own]
    assert min(loud) - 1 < heard[0] < max(loud) + 1
    for k in (1, 2):
        values = [each[k] for each in own if each[k]]
        assert not values or min(values) * 0.95 < heard[k] < max(values) * 1.05


def test_a_wide_sound_is_averaged():
    """Two rooms of one sound are not alike, but do not cancel either."""
    rng = np.random.default_rng(0)
    dry = synthesize("snare", 1)
    rooms = rng.standard_normal((len(dry), 2)).astype(np.float32)
    rooms *= (0.2 * np.exp(-np.arange(len(dry)) / 0.2 / RATE)).astype(np.float32)[:, None]
    for frames in (rooms, dry[:, None] + rooms):
        np.testing.assert_allclose(to_mono(frames), frames.mean(axis=1), atol=1e-6)


def test_one_channel_alone_is_averaged_with_silence():
    sound = synthesize("snare", 1)
    frames = np.stack([sound, np.zeros_like(sound)], axis=1)
    np.testing.assert_array_equal(to_mono(frames), sound / 2)


def test_silence_in_all_channels_stays_silence():
    assert not to_mono(np.zeros((100, 2), np.float32)).any()
    assert to_mono(np.zeros((0, 2), np.float32)).shape == (0,)
