"""What is done to a sound after it was made: drive, coarse digits, a bend of its pitch."""

import numpy as np

from drumsort.synth.envelopes import Signal


def driven(x: Signal, drive: float) -> Signal:
    """``x`` through a soft clipper; the larger ``drive``, the harder."""
    clipped: Signal = np.tanh(drive * x) / np.tanh(drive)
    return clipped


def crushed(x: Signal, bits: float) -> Signal:
    """``x``, at most 1 loud, in steps of a number of ``bits`` digits; part of a bit counts."""
    steps = 2.0 ** (bits - 1.0)
    coarse: Signal = np.round(x * steps) / steps
    return coarse


def held(x: Signal, hz: float, rate: int) -> Signal:
    """``x`` as a cheap sampler at ``hz`` plays it: each value stays until the next one comes."""
    step = max(1.0, rate / hz)
    return x[(np.floor(np.arange(len(x)) / step) * step).astype(np.intp)]


def bent(x: Signal, t: Signal, sharp: float, tau: float, rate: int) -> Signal:
    """``x`` that starts ``sharp`` times higher in pitch and settles with time constant ``tau``."""
    place = t + sharp * tau * (1.0 - np.exp(-t / tau))
    return np.interp(place * rate, np.arange(len(x)), x, right=0.0)
