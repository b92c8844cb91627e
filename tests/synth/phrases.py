"""Sounds that are not drum one-shots: notes, chords, noise sweeps, and phrases of several hits."""

import numpy as np

from .envelopes import Signal, decay, log_uniform, swell, time_axis
from .filters import lowpass
from .hands import clap, shaker
from .metals import closed_hat, cowbell, open_hat
from .oscillators import glide, modes, noise, sine, square_bank
from .skins import kick, rim, snare

_CHORDS = ((0, 4, 7), (0, 3, 7), (0, 4, 7, 11), (0, 3, 7, 10), (0, 5, 7))  # semitones


def other(rng: np.random.Generator, rate: int) -> Signal:
    """A bass note, a plucked string, a chord or a noise sweep."""
    return (_bass, _pluck, _chord, _noise_sweep)[int(rng.integers(4))](rng, rate)


def loop(rng: np.random.Generator, rate: int) -> Signal:
    """One bar of a kit with three voices, at 85 to 140 beats per minute."""
    step = 15.0 / rng.uniform(85.0, 140.0)
    low = kick(rng, rate)
    back = (snare, clap, rim)[int(rng.integers(3))](rng, rate)
    top = (closed_hat, open_hat, shaker, cowbell)[int(rng.integers(4))](rng, rate)
    out = np.zeros(round(16 * step * rate))
    for index in range(16):
        at = round(index * step * rate)
        if index % 8 == 0 or (index % 2 == 0 and index % 8 != 4 and rng.uniform() < 0.25):
            _mix(out, low, at, rng.uniform(0.6, 0.9))
        if index % 8 == 4:
            _mix(out, back, at, rng.uniform(0.7, 1.0))
        if index % 2 == 0 or rng.uniform() < 0.25:
            _mix(out, top, at, rng.uniform(0.25, 0.6))
    return out


def _mix(out: Signal, hit: Signal, at: int, level: float) -> None:
    """Add ``hit`` to ``out`` from sample ``at``, at most ``level`` loud."""
    part = hit[: len(out) - at]
    out[at : at + len(part)] += level * part / np.max(np.abs(hit))


def _note(rng: np.random.Generator, low: int, high: int) -> float:
    """The frequency in Hz of a MIDI note from ``low`` to ``high``."""
    return float(440.0 * 2.0 ** ((rng.integers(low, high + 1) - 69) / 12.0))


def _bass(rng: np.random.Generator, rate: int) -> Signal:
    hz, seconds = _note(rng, 28, 45), rng.uniform(0.5, 1.6)
    t = time_axis(seconds, rate)
    voice = square_bank(rng, t, (hz, hz * rng.uniform(1.002, 1.01)), rate)
    voice = lowpass(voice, hz * rng.uniform(4.0, 20.0), rate, rng.uniform(0.7, 2.0))
    return voice * swell(t, 0.006) * decay(t, rng.uniform(1.0, 4.0)) * swell(seconds - t, 0.08)


def _pluck(rng: np.random.Generator, rate: int) -> Signal:
    hz, t60 = _note(rng, 43, 76), log_uniform(rng, 0.8, 2.5)
    t = time_axis(min(2.0, t60), rate)
    number = np.arange(1, 25)
    partials = hz * number * np.sqrt(1.0 + 1e-4 * number**2)
    gains = np.abs(np.sin(np.pi * number * rng.uniform(0.1, 0.4))) / number
    fades = t60 / (1.0 + rng.uniform(0.05, 0.25) * number)
    return modes(t, partials.tolist(), fades.tolist(), gains.tolist(), rate) * swell(t, 0.002)


def _chord(rng: np.random.Generator, rate: int) -> Signal:
    root, seconds = _note(rng, 45, 62), rng.uniform(0.7, 2.2)
    t = time_axis(seconds, rate)
    semitones = np.array(_CHORDS[int(rng.integers(len(_CHORDS)))])
    tones = root * 2.0 ** (semitones / 12.0)
    voice = square_bank(rng, t, [*tones, *(tones * rng.uniform(1.002, 1.008))], rate)
    voice = lowpass(voice, log_uniform(rng, 900.0, 6000.0), rate)
    return (
        voice * swell(t, log_uniform(rng, 0.005, 0.3)) * swell(seconds - t, rng.uniform(0.1, 0.4))
    )


def _noise_sweep(rng: np.random.Generator, rate: int) -> Signal:
    seconds = rng.uniform(0.8, 2.2)
    t = time_axis(seconds, rate)
    ends = (log_uniform(rng, 200.0, 500.0), log_uniform(rng, 3000.0, 0.4 * min(rate, 20000)))
    start, end = ends if rng.uniform() < 0.5 else ends[::-1]
    # Slow noise on a gliding carrier is a band of noise that glides.
    carrier = sine(glide(t, start, end, seconds * rng.uniform(0.3, 0.6)), rate)
    band = lowpass(noise(rng, t), rng.uniform(80.0, 400.0), rate) * carrier
    return band * swell(t, rng.uniform(0.1, 0.5) * seconds) * swell(seconds - t, 0.3 * seconds)
