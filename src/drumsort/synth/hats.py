"""Hi-hats: six styles of metal, each closed, open and shut by the foot."""

from collections.abc import Callable

import numpy as np

from drumsort.synth.bodies import plate
from drumsort.synth.effects import crushed, held
from drumsort.synth.envelopes import (
    Signal,
    fall,
    hold_decay,
    log_uniform,
    swell,
    time_axis,
    two_falls,
)
from drumsort.synth.filters import bandpass, highpass
from drumsort.synth.metals import tuned
from drumsort.synth.noises import burst, coloured, digits, hiss
from drumsort.synth.oscillators import fm, ring, square_bank

Metal = Callable[[np.random.Generator, Signal, int, float], Signal]
"""Draws a hat and rings it, RMS about 0.3: generator, time, rate and t60 of what rings freely."""


def closed(rng: np.random.Generator, rate: int, metal: Metal) -> Signal:
    """Held shut, or nearly: a tick and at most a fifth of a second."""
    t60 = log_uniform(rng, 0.1, 0.6)
    t = time_axis(1.1 * t60 + 0.01, rate)
    x = metal(rng, t, rate, 2.0 * t60) * two_falls(t, 0.4 * t60, t60, log_uniform(rng, 0.1, 1.0))
    x *= swell(t, log_uniform(rng, 0.0003, 0.015))
    return x + log_uniform(rng, 0.03, 1.0) * burst(rng, t, rate, 3000.0, 14000.0, 0.01)


def opened(rng: np.random.Generator, rate: int, metal: Metal) -> Signal:
    """Left to ring; in some kits a foot chokes it."""
    t60 = log_uniform(rng, 0.6, 4.5)
    seconds = min(2.6, rng.uniform(0.4, 1.0) * t60)
    t = time_axis(seconds, rate)
    x = metal(rng, t, rate, 1.5 * t60) * two_falls(t, 0.25 * t60, t60, rng.uniform(0.4, 1.0))
    x *= swell(t, log_uniform(rng, 0.0005, 0.04)) * swell(seconds - t, log_uniform(rng, 0.02, 0.3))
    return x + log_uniform(rng, 0.02, 0.6) * burst(rng, t, rate, 2500.0, 12000.0, 0.015)


def pedal(rng: np.random.Generator, rate: int, metal: Metal) -> Signal:
    """Two plates meet: a soft start, a chick, the thud of the pedal."""
    t60, close = log_uniform(rng, 0.25, 1.2), log_uniform(rng, 0.008, 0.04)
    t = time_axis(close + 1.1 * t60, rate)
    x = metal(rng, t, rate, 2.0 * t60) * swell(t, close) ** rng.uniform(1.0, 3.0)
    x *= hold_decay(t, close, 0.3 * t60) + log_uniform(rng, 0.01, 0.3) * hold_decay(t, close, t60)
    hz = rng.uniform(50.0, 320.0, 3)
    foot = ring(t, hz, rng.uniform(0.1, 0.8, 3), rng.uniform(0.2, 1.0, 3), rate)
    return x + log_uniform(rng, 0.01, 0.4) * foot * swell(t, close)


def bronze(rng: np.random.Generator, t: Signal, rate: int, t60: float) -> Signal:
    """Cast plates: modes without number, and the sizzle between the two plates."""
    middle = log_uniform(rng, 4500.0, 14000.0)
    x = plate(rng, t, rate, log_uniform(rng, 250.0, 900.0), middle, t60, int(rng.integers(50, 130)))
    sizzle = hiss(rng, t, rate, log_uniform(rng, 1500.0, 9000.0), rng.uniform(9e3, 2e4), 1.0)
    return x + log_uniform(rng, 0.2, 2.0) * sizzle


def squares(rng: np.random.Generator, t: Signal, rate: int, t60: float) -> Signal:
    """Six squares through one or two bands, and nothing else."""
    x = square_bank(rng, t, tuned(rng, 0.7, 2.2), rate)
    x = bandpass(x, log_uniform(rng, 5000.0, 10500.0), rate, rng.uniform(0.7, 3.0))
    return highpass(x, log_uniform(rng, 3500.0, 8000.0), rate, rng.uniform(0.7, 1.4))


def white(rng: np.random.Generator, t: Signal, rate: int, t60: float) -> Signal:
    """Nothing but noise above an edge."""
    low = log_uniform(rng, 3500.0, 10000.0)
    return hiss(rng, t, rate, low, low * rng.uniform(1.2, 4.0), rng.uniform(1.5, 4.0))


def resonant(rng: np.random.Generator, t: Signal, rate: int, t60: float) -> Signal:
    """Noise with a few peaks."""
    peaks = np.exp(rng.uniform(np.log(3000.0), np.log(14000.0), int(rng.integers(3, 9))))
    q = log_uniform(rng, 4.0, 60.0)

    def shape(hz: Signal) -> Signal:
        f = np.maximum(hz, 1.0)
        gain = 0.15 * (f / 6000.0) ** 2 / (1.0 + (f / 6000.0) ** 2)
        for peak in peaks:
            gain += 1.0 / np.sqrt(1.0 + (q * (f / peak - peak / f)) ** 2)
        return np.where(f > 1500.0, gain, 0.1 * gain)

    return coloured(rng, t, rate, shape)


def modulated(rng: np.random.Generator, t: Signal, rate: int, t60: float) -> Signal:
    """Frequency modulation with an odd ratio, so deep that it is nearly noise."""
    hz = np.full_like(t, log_uniform(rng, 400.0, 2500.0))
    x = fm(hz, rng.uniform(1.3, 3.8), rng.uniform(5.0, 14.0) * (0.3 + 0.7 * fall(t, t60)), rate)
    x = x + 0.5 * fm(1.47 * hz, rng.uniform(0.3, 2.4), np.full_like(t, 7.0), rate)
    x = x + log_uniform(rng, 0.1, 2.0) * hiss(rng, t, rate, 4000.0, 15000.0)
    return 0.4 * highpass(x, log_uniform(rng, 3000.0, 7000.0), rate)


def console(rng: np.random.Generator, t: Signal, rate: int, t60: float) -> Signal:
    """A game console's noise, or metal out of a sampler of few bits."""
    if rng.uniform() < 0.5:
        period = 93 if rng.uniform() < 0.4 else 32767
        x = 0.3 * digits(rng, t, log_uniform(rng, 12000.0, 40000.0), period)
        return highpass(x, log_uniform(rng, 1500.0, 6000.0), rate)
    x = held(bronze(rng, t, rate, t60), log_uniform(rng, 9000.0, 22000.0), rate)
    return crushed(x / np.max(np.abs(x)), rng.uniform(3.0, 6.0))


METALS: dict[str, Metal] = {
    "acoustic": bronze,
    "squares": squares,
    "noise": white,
    "resonant": resonant,
    "fm": modulated,
    "digital": console,
}
"""Style to metal."""
