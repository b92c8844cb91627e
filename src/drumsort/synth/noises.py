"""Noise of many colours, the noise of game consoles, and the rattle of many small things."""

from collections.abc import Callable

import numpy as np

from drumsort.synth.envelopes import Signal, fall, put, time_axis
from drumsort.synth.filters import convolved

_BLOCK = 1024  # samples; noise is made in whole blocks, as their Fourier transform is quick


def hiss(
    rng: np.random.Generator, t: Signal, rate: int, low: float, high: float, order: float = 2.0
) -> Signal:
    """Noise between two edges in Hz, with an RMS of 0.3; ``order`` times 6 dB per octave beyond."""

    def shape(hz: Signal) -> Signal:
        above = (hz / low) ** (2.0 * order)
        return np.sqrt(above / (1.0 + above) / (1.0 + (hz / high) ** (2.0 * order)))

    return coloured(rng, t, rate, shape)


def coloured(
    rng: np.random.Generator, t: Signal, rate: int, shape: Callable[[Signal], Signal]
) -> Signal:
    """Noise whose amplitude at each frequency in Hz follows ``shape``, with an RMS of 0.3."""
    size = _BLOCK * -(-len(t) // _BLOCK)
    gain = shape(np.asarray(np.fft.rfftfreq(size, 1.0 / rate), dtype=np.float64))
    parts = rng.standard_normal(2 * len(gain)) * np.repeat(gain, 2)
    x = np.fft.irfft(parts.view(np.complex128), size)[: len(t)]
    return np.asarray(x * (0.3 / np.sqrt(np.mean(x * x))), dtype=np.float64)


def burst(
    rng: np.random.Generator, t: Signal, rate: int, low: float, high: float, t60: float
) -> Signal:
    """A short ``hiss`` that dies away from the start; nothing once 70 dB are gone."""
    out = np.zeros_like(t)
    part = t[: max(16, round(1.2 * t60 * rate))]
    put(out, hiss(rng, part, rate, low, high) * fall(part, t60), 0)
    return out


def digits(rng: np.random.Generator, t: Signal, hz: float, period: int = 32767) -> Signal:
    """Random +-1 at ``hz`` a second that repeat after ``period``: a short one rings like metal."""
    values = rng.choice((-1.0, 1.0), period)
    return values[(t * hz + 1e-6).astype(np.intp) % period]


def grains(
    rng: np.random.Generator, t: Signal, rate: int, energy: Signal, per_second: float, t60: float
) -> Signal:
    """Beads in a shell (P. R. Cook, "Physically Informed Sonic Modeling", 1997).

    Beads strike at random, ``per_second`` in the mean, each as hard as the ``energy`` of the shake
    is at that moment; what is heard of each is noise that dies away in ``t60`` seconds.
    """
    level = convolved(knocks(rng, t, energy, per_second), fall(time_axis(1.2 * t60, rate), t60))
    return 0.3 * rng.standard_normal(len(t)) * level


def knocks(rng: np.random.Generator, t: Signal, energy: Signal, per_second: float) -> Signal:
    """Single samples at random moments, about as large as ``energy`` is there."""
    number = 1 + rng.poisson(per_second * float(t[-1]))
    at = rng.integers(0, len(t), number)
    hits = np.bincount(at, energy[at] * rng.exponential(1.0, number), len(t))
    return np.asarray(hits, dtype=np.float64)
