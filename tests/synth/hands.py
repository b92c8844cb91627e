"""Sounds of hands: clap, snap, shaker, and small wood and metal percussion."""

import numpy as np

from .envelopes import Signal, bursts, decay, log_uniform, swell, time_axis
from .filters import bandpass, highpass, lowpass
from .oscillators import modes, noise


def clap(rng: np.random.Generator, rate: int) -> Signal:
    """Three to five bursts of noise about a hundredth of a second apart, then one tail."""
    starts = np.cumsum(np.append(0.0, rng.uniform(0.008, 0.013, int(rng.integers(2, 5)))))
    t60 = log_uniform(rng, 0.16, 0.5)
    t = time_axis(starts[-1] + 1.05 * t60, rate)
    hz = log_uniform(rng, 850.0, 1600.0)
    hiss = noise(rng, t)
    hands = bandpass(hiss, hz, rate, rng.uniform(1.0, 2.5))
    hands += rng.uniform(0.03, 0.3) * highpass(hiss, 2.0 * hz, rate)
    hands = lowpass(hands, log_uniform(rng, 5000.0, 11000.0), rate)
    tail = decay(t, t60, float(starts[-1]))
    return hands * np.maximum(bursts(t, starts.tolist(), 0.035), rng.uniform(0.3, 0.8) * tail)


def snap(rng: np.random.Generator, rate: int) -> Signal:
    """A finger that slides off and hits the palm: a scrape, then a ringing crack."""
    hit = rng.uniform(0.004, 0.012)
    t60 = log_uniform(rng, 0.06, 0.25)
    t = time_axis(hit + 2.0 * t60, rate)
    hz = log_uniform(rng, 1700.0, 3200.0)
    crack = bandpass(noise(rng, t), hz, rate, rng.uniform(2.0, 5.0)) * decay(t, t60, hit)
    crack += 0.4 * bandpass(noise(rng, t), 2.6 * hz, rate, 2.0) * decay(t, 0.5 * t60, hit)
    scrape = highpass(noise(rng, t), 3500.0, rate) * swell(t, hit) * (t < hit)
    return crack + rng.uniform(0.02, 0.12) * scrape


def shaker(rng: np.random.Generator, rate: int) -> Signal:
    """Many beads: grainy high noise that swells and falls, in some kits there and back."""
    rise = rng.uniform(0.015, 0.06)
    t60 = log_uniform(rng, 0.1, 0.3)
    strokes = [0.0] if rng.uniform() < 0.7 else [0.0, rise + rng.uniform(0.3, 0.5) * t60]
    t = time_axis(strokes[-1] + rise + 1.05 * t60, rate)
    beads = rng.poisson(log_uniform(rng, 2500.0, 20000.0) / rate, len(t)) * noise(rng, t)
    beads = bandpass(beads, log_uniform(rng, 4500.0, 11000.0), rate, rng.uniform(0.8, 2.5))
    out = np.zeros_like(t)
    for level, start in zip((1.0, 0.6), strokes, strict=False):
        since = np.maximum(t - start, 0.0)
        out += level * beads * swell(since, rise) * decay(np.maximum(since - rise, 0.0), t60)
    return highpass(out, 2500.0, rate)


def percussion(rng: np.random.Generator, rate: int) -> Signal:
    """Claves, a wood block or a triangle."""
    return (_claves, _wood_block, _triangle)[int(rng.integers(3))](rng, rate)


def _claves(rng: np.random.Generator, rate: int) -> Signal:
    hz, t60 = log_uniform(rng, 1900.0, 2700.0), log_uniform(rng, 0.07, 0.15)
    t = time_axis(1.1 * t60, rate)
    return modes(t, (hz, 2.71 * hz), (t60, 0.4 * t60), (1.0, rng.uniform(0.0, 0.3)), rate)


def _wood_block(rng: np.random.Generator, rate: int) -> Signal:
    hz, t60 = log_uniform(rng, 480.0, 1100.0), log_uniform(rng, 0.1, 0.22)
    t = time_axis(1.4 * t60, rate)
    hollow = modes(t, (hz, 2.4 * hz, 4.1 * hz), (t60, 0.5 * t60, 0.3 * t60), (1.0, 0.5, 0.2), rate)
    return hollow + bandpass(noise(rng, t), 3.0 * hz, rate) * decay(t, 0.02)


def _triangle(rng: np.random.Generator, rate: int) -> Signal:
    hz, t60 = log_uniform(rng, 1100.0, 1800.0), log_uniform(rng, 0.5, 2.2)
    t = time_axis(min(2.0, t60), rate)
    ratios = np.array([1.0, 2.41, 3.87, 5.13, 6.59]) * rng.uniform(0.98, 1.02, 5)
    gains = np.array([0.08, 0.3, 0.7, 1.0, 0.6]) * rng.uniform(0.5, 1.0, 5)
    fades = t60 * np.array([0.6, 0.9, 1.0, 0.8, 0.5])
    return modes(t, (hz * ratios).tolist(), fades.tolist(), gains.tolist(), rate)
