"""Sources of sound: sines that glide, squares, ringing modes and noise."""

from collections.abc import Sequence

import numpy as np

from .envelopes import Signal


def glide(t: Signal, start: float, end: float, tau: float) -> Signal:
    """A frequency in Hz that falls from ``start`` to ``end`` with time constant ``tau`` (s)."""
    return end + (start - end) * np.exp(-t / tau)


def sine(hz: Signal, rate: int, phase: float = 0.0) -> Signal:
    """A sine whose frequency follows ``hz``, shape ``(n,)``; ``phase`` in radians."""
    return np.sin(phase + 2.0 * np.pi * (np.cumsum(hz) - hz[:1]) / rate)


def square(t: Signal, hz: float, rate: int, phase: float = 0.0) -> Signal:
    """A square wave of +-1 with rounded steps (PolyBLEP); ``phase`` in cycles."""
    cycle = (hz * t + phase) % 1.0
    step = hz / rate
    naive = np.where(cycle < 0.5, 1.0, -1.0)
    return naive + _poly_blep(cycle, step) - _poly_blep((cycle + 0.5) % 1.0, step)


def square_bank(rng: np.random.Generator, t: Signal, hz: Sequence[float], rate: int) -> Signal:
    """The mean of square waves at ``hz``, each with a random phase: the ring of metal."""
    waves = [square(t, f, rate, float(rng.uniform())) for f in hz]
    mean: Signal = np.mean(waves, axis=0)
    return mean


def modes(
    t: Signal, hz: Sequence[float], t60: Sequence[float], gain: Sequence[float], rate: int
) -> Signal:
    """The sum of sines that each die away; those too high for ``rate`` are left out.

    Args:
        t: time in seconds, shape ``(n,)``.
        hz: frequency of each mode.
        t60: seconds that each mode takes to fall by 60 dB.
        gain: amplitude of each mode at its start.
        rate: samples per second.
    """
    out = np.zeros_like(t)
    for f, seconds, amplitude in zip(hz, t60, gain, strict=True):
        if f < 0.45 * rate:
            out += amplitude * 10.0 ** (-3.0 * t / seconds) * np.sin(2.0 * np.pi * f * t)
    return out


def noise(rng: np.random.Generator, t: Signal) -> Signal:
    """White noise with an RMS of about 0.3, as long as ``t``."""
    return 0.3 * rng.standard_normal(len(t))


def _poly_blep(cycle: Signal, step: float) -> Signal:
    """The correction that makes a hard step at the start of each cycle nearly band-limited."""
    after = np.clip(cycle / step, 0.0, 1.0)
    before = np.clip((cycle - 1.0) / step, -1.0, 0.0)
    return (1.0 + before) ** 2 - (1.0 - after) ** 2
