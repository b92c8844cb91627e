"""Beads, seeds and jingles: many small things that strike at random."""

import numpy as np

from drumsort.synth.bodies import skin
from drumsort.synth.effects import crushed
from drumsort.synth.envelopes import Signal, fall, log_uniform, swell, time_axis, two_falls
from drumsort.synth.filters import convolved, highpass, resonances
from drumsort.synth.noises import burst, digits, grains, hiss, knocks
from drumsort.synth.oscillators import ring


def single_stroke(rng: np.random.Generator, rate: int) -> Signal:
    """Beads thrown once against the wall of a shaker."""
    rise, t60 = log_uniform(rng, 0.008, 0.07), log_uniform(rng, 0.06, 0.35)
    t = time_axis(rise + 1.1 * t60, rate)
    return _shaken(rng, t, rate, _stroke(t, 0.0, rise, t60))


def double_stroke(rng: np.random.Generator, rate: int) -> Signal:
    """There and back; one of the two is louder."""
    rise, t60, gap = (
        log_uniform(rng, 0.01, 0.06),
        log_uniform(rng, 0.06, 0.2),
        log_uniform(rng, 0.08, 0.25),
    )
    t = time_axis(gap + rise + 1.1 * t60, rate)
    first, second = (rng.uniform(0.3, 1.0), 1.0) if rng.uniform() < 0.5 else (1.0, 0.5)
    energy = first * _stroke(t, 0.0, rise, t60) + second * _stroke(t, gap, rise, t60)
    return _shaken(rng, t, rate, energy)


def maraca(rng: np.random.Generator, rate: int) -> Signal:
    """Few hard seeds that all land at once, in a small gourd."""
    t60 = log_uniform(rng, 0.04, 0.2)
    t = time_axis(0.012 + 1.2 * t60, rate)
    energy = _stroke(t, 0.0, log_uniform(rng, 0.002, 0.01), t60)
    x = grains(rng, t, rate, energy, log_uniform(rng, 700.0, 4000.0), 0.002)
    hz = log_uniform(rng, 3000.0, 9000.0)
    q = rng.uniform(1.5, 8.0)
    return resonances(x, (hz, 1.9 * hz), (q, 1.5), (1.0, rng.uniform(0.1, 0.6)), rate)


def cabasa(rng: np.random.Generator, rate: int) -> Signal:
    """Steel beads dragged around a cylinder: dense, bright and even."""
    seconds = log_uniform(rng, 0.05, 0.3)
    t = time_axis(1.3 * seconds, rate)
    energy = swell(t, 0.3 * seconds) * fall(np.maximum(t - 0.8 * seconds, 0.0), 0.4 * seconds)
    energy *= 1.0 + rng.uniform(0.0, 0.8) * np.sin(2.0 * np.pi * rng.uniform(25.0, 90.0) * t)
    x = grains(rng, t, rate, energy, log_uniform(rng, 6000.0, 30000.0), 0.001)
    return _gourd(rng, x, rate, log_uniform(rng, 5000.0, 11000.0), rng.uniform(0.6, 2.0))


def noise_shaker(rng: np.random.Generator, rate: int) -> Signal:
    """Noise that swells and falls, of a machine or of a console."""
    rise, t60 = log_uniform(rng, 0.005, 0.06), log_uniform(rng, 0.05, 0.3)
    t = time_axis(rise + 1.1 * t60, rate)
    low = log_uniform(rng, 3500.0, 9000.0)
    x = hiss(rng, t, rate, low, low * rng.uniform(1.3, 3.0), 3.0)
    if rng.uniform() < 0.3:
        x = highpass(crushed(digits(rng, t, rng.uniform(1.5e4, 3e4)), 6.0), low, rate)
    return x * _stroke(t, 0.0, rise, t60)


def _stroke(t: Signal, start: float, rise: float, t60: float) -> Signal:
    since = np.maximum(t - start, 0.0)
    return swell(since, rise) * fall(np.maximum(since - rise, 0.0), t60)


def _shaken(rng: np.random.Generator, t: Signal, rate: int, energy: Signal) -> Signal:
    x = grains(rng, t, rate, energy, log_uniform(rng, 1500.0, 20000.0), rng.uniform(0.001, 0.006))
    return _gourd(rng, x, rate, log_uniform(rng, 4000.0, 11500.0), rng.uniform(0.6, 3.0))


def _gourd(rng: np.random.Generator, x: Signal, rate: int, hz: float, q: float) -> Signal:
    """What the vessel lets through: one wide peak and a fainter one."""
    second = hz * rng.uniform(0.4, 1.8)
    x = resonances(x, (hz, second), (q, 1.5 * q), (1.0, rng.uniform(0.1, 0.8)), rate)
    return highpass(x, log_uniform(rng, 800.0, 4000.0), rate)


def hit(rng: np.random.Generator, rate: int) -> Signal:
    """A tambourine struck on the palm: the jingles crash together, some kits have a skin."""
    t60 = log_uniform(rng, 0.15, 0.7)
    t = time_axis(1.1 * t60, rate)
    energy = two_falls(t, 0.03, t60, log_uniform(rng, 0.03, 0.4))
    x = _jingles(rng, t, rate, energy, log_uniform(rng, 300.0, 1500.0))
    if rng.uniform() < 0.5:
        head = skin(rng, t, rate, log_uniform(rng, 140.0, 400.0), 0.15, 1.0, 0.5)
        x = x / np.max(np.abs(x)) + log_uniform(rng, 0.02, 0.4) * head
    return x


def shaken(rng: np.random.Generator, rate: int) -> Signal:
    """A tambourine moved through the air, once or there and back."""
    rise, t60 = log_uniform(rng, 0.01, 0.06), log_uniform(rng, 0.1, 0.4)
    gap = rng.uniform(0.1, 0.22) if rng.uniform() < 0.5 else 0.0
    t = time_axis(gap + rise + 1.1 * t60, rate)
    energy = _stroke(t, gap, rise, t60)
    if gap > 0.0:
        energy += rng.uniform(0.3, 1.0) * _stroke(t, 0.0, rise, 0.5 * t60)
    return _jingles(rng, t, rate, energy, log_uniform(rng, 400.0, 2000.0))


def roll(rng: np.random.Generator, rate: int) -> Signal:
    """A tambourine that is kept shaking."""
    seconds = rng.uniform(0.6, 2.0)
    t = time_axis(seconds, rate)
    beat = 0.5 + 0.5 * np.cos(2.0 * np.pi * rng.uniform(8.0, 18.0) * t)
    energy = (0.1 + beat ** rng.uniform(1.0, 4.0)) * swell(seconds - t, 0.4)
    return _jingles(rng, t, rate, energy, log_uniform(rng, 400.0, 1500.0))


def noise_jingles(rng: np.random.Generator, rate: int) -> Signal:
    """A machine's tambourine: two narrow bands of noise, the first short."""
    t60 = log_uniform(rng, 0.12, 0.5)
    t = time_axis(1.1 * t60, rate)
    low = log_uniform(rng, 5500.0, 10000.0)
    x = hiss(rng, t, rate, low, 1.3 * low, 3.0) * two_falls(t, 0.06, t60, rng.uniform(0.1, 0.6))
    x *= swell(t, log_uniform(rng, 0.001, 0.02))
    return x + burst(rng, t, rate, 0.6 * low, low, log_uniform(rng, 0.02, 0.08))


def _jingles(
    rng: np.random.Generator, t: Signal, rate: int, energy: Signal, per_second: float
) -> Signal:
    """Pairs of small plates: each knock rings all their modes, and hisses a little."""
    count, lowest = int(rng.integers(6, 16)), log_uniform(rng, 4000.0, 9000.0)
    hz = np.exp(rng.uniform(np.log(lowest), np.log(min(17000.0, 2.6 * lowest)), count))
    t60 = log_uniform(rng, 0.03, 0.35)
    part = time_axis(min(t60, float(t[-1])), rate)
    kernel = ring(part, hz, t60 * rng.uniform(0.4, 1.0, count), rng.exponential(1.0, count), rate)
    kernel += 0.5 * np.sqrt(count) * burst(rng, part, rate, lowest, 15000.0, 0.02)
    struck = knocks(rng, t, energy, per_second) * rng.choice((-1.0, 1.0), len(t))
    x = convolved(struck, kernel)
    wash = hiss(rng, t, rate, lowest, 15000.0) * energy
    level = log_uniform(rng, 0.1, 1.0) * float(np.linalg.norm(x) / np.linalg.norm(wash))
    return x + level * wash
