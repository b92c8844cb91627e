"""A lossy copy is the recording it was made of; a drum machine at another setting is another."""

import io

import numpy as np
import pytest
import soundfile

from drumsort.alike.near import SAME, likeness, wall
from drumsort.types import Clip

from ..synth.drums import synthesize

RATE = 44100
T = np.arange(RATE) / RATE


def noise(seed, low, high):
    lines = np.fft.rfft(np.random.default_rng(seed).standard_normal(RATE))
    hertz = np.fft.rfftfreq(RATE, 1 / RATE)
    x = np.fft.irfft(np.where((hertz > low) & (hertz < high), lines, 0), RATE)
    return x / np.abs(x).max()


SWEEP = np.sin(2 * np.pi * np.cumsum(50 + 130 * np.exp(-T / 0.03)) / RATE)
CLICK = noise(1, 0, 22050) * np.exp(-T / 0.002)
METAL, WIRES = noise(3, 6000, 16000), noise(3, 1000, 12000)
SKIN = (np.sin(2 * np.pi * 185 * T) + 0.6 * np.sin(2 * np.pi * 330 * T)) * np.exp(-T / 0.06)


def kick(decay, click=0.5):
    return SWEEP * np.exp(-T / decay) + click * CLICK


def hat(decay):
    return METAL * np.exp(-T / decay)


def snare(snappy, decay=0.09):
    return 0.6 * SKIN + snappy * WIRES * np.exp(-T / decay)


def clip(x, rate=RATE):
    x = np.asarray(0.9 * x / np.abs(x).max(), np.float32)
    return Clip(x, rate, len(x) / rate)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *((kick(ms / 1000), kick(1.25 * ms / 1000)) for ms in (60, 100, 300)),
        *((hat(ms / 1000), hat(1.25 * ms / 1000)) for ms in (20, 100, 300)),
        (kick(0.2, 1.2), kick(0.2, 1.7)),
        (snare(0.5), snare(0.7)),
        (snare(0.7), snare(0.9)),
        (snare(0.6), snare(0.6, 0.11)),
        (np.tanh(kick(0.2)), np.tanh(1.6 * kick(0.2))),
    ],
)
def test_another_setting_of_a_knob_is_another_sound(one, other):
    assert likeness(clip(one), clip(other)) == 0
    assert likeness(clip(one), clip(0.2 * one)) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("form", "level"), [("MP3", 0.3), ("MP3", 0.7), ("OGG", 0.3), ("OGG", 0.9)]
)
def test_eleven_in_twelve_lossy_copies_are_the_recording(form, level):
    sounds = [hat(0.05), kick(0.2), snare(0.6)]
    labels = ("kick", "snare", "closed_hat", "clap", "tom", "ride", "cowbell", "rim", "crash")
    sounds += [synthesize(label, seed) for seed, label in enumerate(labels)]
    alike = []
    for sound in sounds:
        lossy = io.BytesIO()
        loud = 0.9 * sound / np.abs(sound).max()
        soundfile.write(lossy, loud, RATE, format=form, compression_level=level)
        copy, rate = soundfile.read(io.BytesIO(lossy.getvalue()))
        alike.append(likeness(clip(sound), clip(copy, rate)) >= SAME)
    assert sum(alike) >= 11 / 12 * len(alike)


@pytest.mark.parametrize("hz", [5000, 7500, 12000])
def test_a_coders_filter_is_found_whatever_lies_far_below(hz):
    """What a decoder leaves behind the filter is rounding, which falls on and on."""
    edges = np.geomspace(60, 24_000, 200)  # of the bands of an outline
    beyond = np.maximum(0, np.arange(200) - np.searchsorted(edges, hz))
    assert hz < wall(np.sqrt(edges) * 10.0 ** (-2 * beyond), RATE) < 1.15 * hz
