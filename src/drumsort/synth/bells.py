"""Metal with a pitch: cowbells, agogo, triangle, bells."""

import numpy as np

from drumsort.synth.bodies import bar
from drumsort.synth.effects import crushed, driven
from drumsort.synth.envelopes import Signal, fall, log_uniform, put, swell, time_axis, two_falls
from drumsort.synth.filters import bandpass
from drumsort.synth.noises import burst
from drumsort.synth.oscillators import fm, ring, square_bank


def acoustic_cowbell(rng: np.random.Generator, rate: int) -> Signal:
    """Sheet metal under a stick: two strong modes and many that clash with them."""
    low, t60 = log_uniform(rng, 420.0, 950.0), log_uniform(rng, 0.12, 0.7)
    t = time_axis(1.1 * t60, rate)
    ratios = np.cumsum(np.append((1.0, rng.uniform(0.4, 0.7)), rng.uniform(0.2, 1.1, 12)))
    gains = rng.uniform(0.3, 1.2, 14) * ratios ** -rng.uniform(0.2, 1.4)
    fades = t60 * ratios ** -rng.uniform(0.3, 0.9)
    x = ring(t, low * ratios, fades, gains, rate, rng.uniform(0.0, 6.0, 14))
    return x + log_uniform(rng, 0.3, 3.0) * burst(rng, t, rate, 900.0, 7000.0, 0.015)


def digital_cowbell(rng: np.random.Generator, rate: int) -> Signal:
    """Two squares a fifth or so apart, raw or of few bits; or frequency modulation."""
    low, t60 = log_uniform(rng, 430.0, 800.0), log_uniform(rng, 0.1, 0.45)
    t = time_axis(1.05 * t60, rate)
    if rng.uniform() < 0.5:
        x = square_bank(rng, t, (low, low * rng.uniform(1.35, 1.6)), rate)
        x = crushed(x * two_falls(t, 0.2 * t60, t60, 0.5), rng.uniform(4.0, 7.0))
        return bandpass(x, log_uniform(rng, 800.0, 3000.0), rate, 0.6)
    index = log_uniform(rng, 0.5, 3.0) * fall(t, 0.5 * t60)
    return fm(np.full_like(t, low), rng.uniform(1.4, 1.6), index, rate) * fall(t, t60)


def agogo(rng: np.random.Generator, rate: int) -> Signal:
    """A small cone of metal: higher and clearer than a cowbell."""
    hz, t60 = log_uniform(rng, 600.0, 1500.0), log_uniform(rng, 0.2, 1.0)
    t = time_axis(1.1 * t60, rate)
    x = bar(rng, t, rate, hz, t60, (1.0, 2.41, 3.1, 4.2, 5.6, 7.1), 0.6, 0.6)
    return x + rng.uniform(0.3, 2.0) * burst(rng, t, rate, 2000.0, 9000.0, 0.008)


def triangle(rng: np.random.Generator, rate: int) -> Signal:
    """A bent rod of steel, open or held."""
    hz, open60 = log_uniform(rng, 900.0, 2000.0), log_uniform(rng, 1.2, 5.0)
    t60 = open60 if rng.uniform() < 0.75 else 0.08 * open60
    t = time_axis(min(2.4, t60), rate)
    ratios = np.array([1.0, 1.9, 2.8, 3.9, 5.1, 6.4, 7.7]) * rng.uniform(0.93, 1.07, 7)
    gains = np.array([0.15, 0.3, 0.6, 0.8, 1.0, 0.7, 0.5]) * rng.uniform(0.3, 1.0, 7)
    # Each mode of a real rod is a pair a few hertz apart, which beats.
    pair = np.append(hz * ratios, hz * ratios + rng.uniform(0.5, 8.0, 7))
    gain = np.append(gains, gains * rng.uniform(0.05, 0.6, 7))
    x = ring(t, pair, t60 * np.tile(rng.uniform(0.5, 1.0, 7), 2), gain, rate)
    return x + rng.uniform(0.2, 2.0) * burst(rng, t, rate, 4000.0, 15000.0, 0.01)


def bell(rng: np.random.Generator, rate: int) -> Signal:
    """A struck bell, from a hand bell to a bowl."""
    hz, t60 = log_uniform(rng, 350.0, 2200.0), log_uniform(rng, 0.8, 4.0)
    t = time_axis(min(2.4, t60), rate)
    ratios = ((0.5, 1.0, 1.2, 1.5, 2.0, 2.66, 3.0, 4.1), (1.0, 2.76, 5.4, 8.9), (1.0, 2.9, 5.2))
    x = bar(rng, t, rate, hz, t60, ratios[int(rng.integers(3))], 0.6, 0.7)
    return x + rng.uniform(0.0, 0.8) * burst(rng, t, rate, 2000.0, 9000.0, 0.01)


def sleigh_bells(rng: np.random.Generator, rate: int) -> Signal:
    """A strap of small bells that all jump."""
    seconds = rng.uniform(0.25, 0.7)
    t = time_axis(seconds, rate)
    out = np.zeros_like(t)
    for _ in range(int(rng.integers(8, 20))):
        at = rng.uniform(0.0, 0.6 * seconds) ** 1.5
        part = time_axis(min(0.3, seconds - at), rate)
        hz = rng.uniform(2500.0, 6500.0) * np.array((1.0, 1.47, 2.1))
        put(out, ring(part, hz, (0.25, 0.15, 0.1), (1.0, 0.6, 0.4), rate), round(at * rate))
    return out * swell(seconds - t, 0.1)


def metal_hit(rng: np.random.Generator, rate: int) -> Signal:
    """A pipe, a can or a brake drum: whatever lies about and rings."""
    low, t60 = log_uniform(rng, 250.0, 1600.0), log_uniform(rng, 0.1, 1.2)
    t = time_axis(1.1 * t60, rate)
    hz = np.exp(rng.uniform(np.log(low), np.log(10.0 * low), 16))
    fades = t60 * (hz / low) ** -rng.uniform(0.2, 0.8)
    x = ring(t, hz, fades, rng.exponential(1.0, 16) * (low / hz) ** 0.5, rate)
    x += rng.uniform(0.5, 4.0) * burst(rng, t, rate, 1000.0, 9000.0, 0.015)
    return driven(x / np.max(np.abs(x)), log_uniform(rng, 0.3, 4.0))
