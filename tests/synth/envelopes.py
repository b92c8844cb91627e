"""Time axes and envelopes: how loud a sound is at each moment.

A *t60* is the time in seconds that a sound takes to fall by 60 dB.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float64]
"""A signal, an envelope or a time axis in progress: shape ``(n,)``, float64."""


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """A random number between two positive bounds; each octave is equally likely."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def time_axis(seconds: float, rate: int) -> Signal:
    """The time of each sample in seconds, from 0; shape ``(round(seconds * rate),)``."""
    return np.arange(round(seconds * rate), dtype=np.float64) / rate


def decay(t: Signal, t60: float, start: float = 0.0) -> Signal:
    """0 before ``start`` seconds, 1 there, then a straight fall in decibels."""
    return np.where(t >= start, 10.0 ** (-3.0 * np.maximum(t - start, 0.0) / t60), 0.0)


def hold_decay(t: Signal, hold: float, t60: float) -> Signal:
    """1 for ``hold`` seconds, then a straight fall in decibels."""
    return decay(np.maximum(t - hold, 0.0), t60)


def swell(t: Signal, seconds: float) -> Signal:
    """A smooth rise from 0 to 1 that takes ``seconds``, then 1."""
    return 0.5 - 0.5 * np.cos(np.pi * np.clip(t / seconds, 0.0, 1.0))


def bursts(t: Signal, starts: Iterable[float], t60: float) -> Signal:
    """Several short decays, one from each of ``starts`` (in seconds); the loudest counts."""
    envelope = np.zeros_like(t)
    for start in starts:
        np.maximum(envelope, decay(t, t60, start), out=envelope)
    return envelope
