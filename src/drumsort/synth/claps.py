"""Hands and fingers."""

import numpy as np

from drumsort.synth.effects import crushed
from drumsort.synth.envelopes import (
    Signal,
    bursts,
    fall,
    log_uniform,
    put,
    swell,
    time_axis,
    two_falls,
)
from drumsort.synth.filters import resonances
from drumsort.synth.noises import burst, coloured, digits, hiss
from drumsort.synth.oscillators import ring


def tight_clap(rng: np.random.Generator, rate: int) -> Signal:
    """A machine's clap: three or four bursts through one narrow band, and a short tail."""
    starts = np.cumsum(np.append(0.0, rng.uniform(0.006, 0.015, int(rng.integers(2, 4)))))
    t60 = log_uniform(rng, 0.1, 0.6)
    t = time_axis(float(starts[-1]) + 1.05 * t60, rate)
    low = log_uniform(rng, 600.0, 1300.0)
    x = hiss(rng, t, rate, low, low * log_uniform(rng, 1.2, 5.0), rng.uniform(1.5, 3.0))
    tail = fall(np.maximum(t - starts[-1], 0.0), t60) * (t >= starts[-1])
    teeth = bursts(t, starts.tolist(), log_uniform(rng, 0.015, 0.04))
    envelope: Signal = np.maximum(teeth, rng.uniform(0.2, 0.9) * tail)
    return x * envelope


def room_clap(rng: np.random.Generator, rate: int) -> Signal:
    """People who clap together, more or less: each pair of hands with a band of its own."""
    people = int(rng.integers(3, 13))
    spread, t60 = log_uniform(rng, 0.008, 0.06), log_uniform(rng, 0.15, 0.9)
    t = time_axis(spread + 1.05 * t60, rate)
    out = np.zeros_like(t)
    for at in rng.uniform(0.0, spread, people):
        one = _hands(rng, time_axis(0.12, rate), rate, log_uniform(rng, 0.03, 0.12))
        put(out, one, round(at * rate), rng.uniform(0.3, 1.0))
    tail = hiss(rng, t, rate, 600.0, log_uniform(rng, 2500.0, 8000.0), 1.0)
    return out + log_uniform(rng, 0.05, 0.8) * tail * fall(t, t60) * swell(t, spread + 0.005)


def single_clap(rng: np.random.Generator, rate: int) -> Signal:
    """One pair of hands: a crack, and the air between the palms."""
    t = time_axis(log_uniform(rng, 0.12, 0.4), rate)
    return _hands(rng, t, rate, log_uniform(rng, 0.06, 0.35))


def _hands(rng: np.random.Generator, t: Signal, rate: int, t60: float) -> Signal:
    hz, q = log_uniform(rng, 650.0, 2000.0), rng.uniform(1.0, 6.0)
    wide = log_uniform(rng, 0.03, 0.4)

    def palms(f: Signal) -> Signal:
        off = f / hz - hz / np.maximum(f, 1.0)
        return 1.0 / np.sqrt(1.0 + (q * off) ** 2) + wide * (f > hz) / (1.0 + (f / 7000.0) ** 2)

    x = coloured(rng, t, rate, palms) * two_falls(t, 0.3 * t60, t60, 0.3)
    return x * swell(t, log_uniform(rng, 0.0003, 0.002))


def digital_clap(rng: np.random.Generator, rate: int) -> Signal:
    """Bursts of a console's noise."""
    starts = np.cumsum(np.append(0.0, rng.uniform(0.008, 0.02, int(rng.integers(1, 4)))))
    t60 = log_uniform(rng, 0.08, 0.35)
    t = time_axis(float(starts[-1]) + t60, rate)
    hz = log_uniform(rng, 1000.0, 2200.0)
    x = digits(rng, t, log_uniform(rng, 6000.0, 16000.0))
    x = resonances(x, (hz, 3.0 * hz), (rng.uniform(0.7, 2.0), 1.0), (1.0, 0.3), rate)
    teeth = bursts(t, starts.tolist(), 0.03)
    tail = fall(np.maximum(t - starts[-1], 0.0), t60) * (t >= starts[-1])
    return x * crushed(np.maximum(teeth, 0.6 * tail), 5.0)


def dry_snap(rng: np.random.Generator, rate: int) -> Signal:
    """A finger hits the palm close by: a click, and the hollow of the hand rings."""
    hz, t60 = log_uniform(rng, 1300.0, 3000.0), log_uniform(rng, 0.03, 0.2)
    t = time_axis(0.02 + 1.5 * t60, rate)
    hollow = ring(t, (hz, hz * rng.uniform(1.6, 2.3)), (t60, 0.6 * t60), (1.0, 0.4), rate)
    body = burst(rng, t, rate, 0.6 * hz, 1.8 * hz, t60)
    click = burst(rng, t, rate, 2500.0, 9000.0, log_uniform(rng, 0.006, 0.02))
    return rng.uniform(0.1, 1.0) * hollow + 2.0 * body + log_uniform(rng, 0.3, 2.0) * click


def group_snap(rng: np.random.Generator, rate: int) -> Signal:
    """Two to five fingers in a room."""
    spread, t60 = log_uniform(rng, 0.004, 0.025), log_uniform(rng, 0.12, 0.6)
    t = time_axis(spread + t60, rate)
    out = np.zeros_like(t)
    for at in rng.uniform(0.0, spread, int(rng.integers(2, 6))):
        put(out, dry_snap(rng, rate), round(at * rate), rng.uniform(0.4, 1.0))
    tail = hiss(rng, t, rate, 1200.0, log_uniform(rng, 3500.0, 8000.0), 1.0) * fall(t, t60)
    return out + log_uniform(rng, 0.05, 0.5) * tail


def digital_snap(rng: np.random.Generator, rate: int) -> Signal:
    """A narrow band of noise that jumps in and dies at once."""
    hz, t60 = log_uniform(rng, 1600.0, 3200.0), log_uniform(rng, 0.04, 0.25)
    t = time_axis(1.1 * t60 + 0.01, rate)
    x = hiss(rng, t, rate, hz, hz * rng.uniform(1.1, 2.0), 3.0) * fall(t, t60)
    return x + rng.uniform(0.2, 1.5) * burst(rng, t, rate, 3000.0, 12000.0, 0.008)
