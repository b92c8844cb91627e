"""Bass drums: of wood, of sines, of frequency modulation, and driven until they hurt."""

import numpy as np

from drumsort.synth.bodies import skin
from drumsort.synth.effects import bent, crushed, driven, held
from drumsort.synth.envelopes import (
    Signal,
    fall,
    hold_decay,
    log_uniform,
    swell,
    time_axis,
    two_falls,
)
from drumsort.synth.filters import lowpass
from drumsort.synth.noises import burst
from drumsort.synth.oscillators import fm, glide, ring, sine


def acoustic(rng: np.random.Generator, rate: int) -> Signal:
    """A beater on the head, the air and the second head below it, a few modes of the shell."""
    low, t60 = log_uniform(rng, 38.0, 85.0), log_uniform(rng, 0.14, 0.8)
    t = time_axis(1.1 * t60 + 0.05, rate)
    body = skin(rng, t, rate, low, t60, log_uniform(rng, 0.7, 3.0), rng.uniform(0.7, 2.0))
    body += rng.uniform(0.0, 0.6) * ring(t, low * rng.uniform(1.6, 2.6), 0.5 * t60, 1.0, rate, 2.0)
    body = bent(body, t, rng.uniform(0.05, 0.8), log_uniform(rng, 0.01, 0.04), rate)
    shell = rng.uniform(110.0, 900.0, 5)
    body += log_uniform(rng, 0.02, 0.4) * ring(t, shell, rng.uniform(0.03, 0.15, 5), 1.0, rate)
    felt = burst(rng, t, rate, 60.0, log_uniform(rng, 200.0, 900.0), log_uniform(rng, 0.02, 0.08))
    edge = log_uniform(rng, 900.0, 4000.0)
    slap = burst(rng, t, rate, edge, 3.0 * edge, log_uniform(rng, 0.008, 0.12))
    out = body + log_uniform(rng, 0.1, 1.5) * felt + log_uniform(rng, 0.03, 1.2) * slap
    return out * swell(t, log_uniform(rng, 0.0005, 0.004))


def sub(rng: np.random.Generator, rate: int) -> Signal:
    """A long low sine with a soft start: the bass drum that is also the bass."""
    low, t60 = log_uniform(rng, 32.0, 60.0), log_uniform(rng, 0.6, 3.0)
    t = time_axis(min(2.5, t60), rate)
    hz = glide(t, low * rng.uniform(1.0, 1.6), low, log_uniform(rng, 0.01, 0.05))
    hz += glide(t, low * rng.uniform(0.5, 6.0), 0.0, log_uniform(rng, 0.003, 0.015))
    body = driven(sine(hz, rate) * two_falls(t, 0.3 * t60, t60, 0.7), log_uniform(rng, 0.2, 4.0))
    return body + log_uniform(rng, 0.01, 0.2) * burst(rng, t, rate, 800.0, 5000.0, 0.01)


def digital(rng: np.random.Generator, rate: int) -> Signal:
    """Frequency modulation: all is in how fast the modulation and the pitch fall."""
    low, t60 = log_uniform(rng, 38.0, 80.0), log_uniform(rng, 0.12, 0.7)
    t = time_axis(1.1 * t60, rate)
    hz = glide(t, low * log_uniform(rng, 1.5, 8.0), low, log_uniform(rng, 0.006, 0.05))
    index = log_uniform(rng, 0.5, 8.0) * fall(t, log_uniform(rng, 0.03, 0.25))
    body = fm(hz, float(rng.choice((0.5, 1.0, 1.41, 2.0, 3.5))), index, rate)
    body *= hold_decay(t, rng.uniform(0.0, 0.05), t60)
    return body + log_uniform(rng, 0.02, 0.5) * burst(rng, t, rate, 2000.0, 9000.0, 0.008)


def hard(rng: np.random.Generator, rate: int) -> Signal:
    """A steep fall in pitch into a clipper, then a filter that takes the worst away."""
    low, t60 = log_uniform(rng, 40.0, 68.0), log_uniform(rng, 0.25, 1.1)
    t = time_axis(t60, rate)
    hz = glide(t, low * log_uniform(rng, 2.0, 10.0), low, log_uniform(rng, 0.012, 0.06))
    body = sine(hz, rate, rng.uniform(0.0, 1.0)) * fall(t, t60)
    body += log_uniform(rng, 0.05, 0.6) * burst(rng, t, rate, 500.0, 7000.0, 0.03)
    body = driven(body, log_uniform(rng, 2.0, 25.0))
    body = lowpass(body, log_uniform(rng, 500.0, 7000.0), rate, rng.uniform(0.6, 2.0))
    return body * fall(t, log_uniform(rng, 0.5, 2.0) * t60)


def lofi(rng: np.random.Generator, rate: int) -> Signal:
    """A short drum out of a cheap sampler: few bits, a low rate, hardly any lows or highs."""
    x = (acoustic, digital, hard)[int(rng.integers(3))](rng, rate)
    x = held(x / np.max(np.abs(x)), log_uniform(rng, 5000.0, 16000.0), rate)
    x = crushed(x, rng.uniform(5.0, 9.0))
    return lowpass(x, log_uniform(rng, 2000.0, 9000.0), rate)
