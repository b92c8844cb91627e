"""Toms, congas and bongos: tuned skins under sticks, hands and circuits."""

import numpy as np

from drumsort.synth.bodies import skin
from drumsort.synth.effects import bent, crushed, driven, held
from drumsort.synth.envelopes import Signal, fall, log_uniform, swell, time_axis, two_falls
from drumsort.synth.noises import burst, hiss
from drumsort.synth.oscillators import fm, glide, ring, sine


def acoustic_tom(rng: np.random.Generator, rate: int) -> Signal:
    """A skin on a shell, with a stick that is heard more or less."""
    hz, t60 = log_uniform(rng, 65.0, 230.0), log_uniform(rng, 0.3, 2.2)
    t = time_axis(min(2.2, 1.1 * t60), rate)
    x = skin(rng, t, rate, hz, t60, log_uniform(rng, 0.4, 2.5), rng.uniform(0.3, 1.6))
    second = hz * rng.uniform(1.03, 1.5)
    x += rng.uniform(0.0, 0.6) * ring(t, second, rng.uniform(0.4, 1.0) * t60, 1.0, rate, 1.0)
    x = bent(x, t, rng.uniform(0.02, 0.4), log_uniform(rng, 0.02, 0.12), rate)
    stick = burst(rng, t, rate, 500.0, log_uniform(rng, 1500.0, 9000.0), rng.uniform(0.01, 0.04))
    room = hiss(rng, t, rate, 200.0, 3000.0, 1.0) * fall(t, 0.5 * t60)
    out = x + log_uniform(rng, 0.05, 1.0) * stick + log_uniform(rng, 0.005, 0.15) * room
    return out * swell(t, log_uniform(rng, 0.0003, 0.003))


def synth_tom(rng: np.random.Generator, rate: int) -> Signal:
    """A long sweep down and a breath of noise: six-sided pads of the eighties."""
    low, t60 = log_uniform(rng, 55.0, 180.0), log_uniform(rng, 0.3, 1.6)
    t = time_axis(min(2.0, t60), rate)
    hz = glide(t, low * log_uniform(rng, 1.5, 5.0), low, log_uniform(rng, 0.05, 0.4))
    x = driven(sine(hz, rate), log_uniform(rng, 0.2, 4.0)) * fall(t, t60)
    breath = hiss(rng, t, rate, log_uniform(rng, 200.0, 1500.0), rng.uniform(2e3, 9e3), 1.0)
    return x + log_uniform(rng, 0.05, 1.5) * breath * fall(t, log_uniform(rng, 0.05, 0.6))


def digital_tom(rng: np.random.Generator, rate: int) -> Signal:
    """Frequency modulation, in some kits from a sampler of few bits."""
    low, t60 = log_uniform(rng, 70.0, 240.0), log_uniform(rng, 0.2, 1.0)
    t = time_axis(1.05 * t60, rate)
    hz = glide(t, low * log_uniform(rng, 1.1, 3.0), low, log_uniform(rng, 0.02, 0.1))
    index = log_uniform(rng, 0.3, 5.0) * fall(t, log_uniform(rng, 0.05, 0.4))
    x = fm(hz, rng.uniform(0.5, 2.7), index, rate) * fall(t, t60)
    if rng.uniform() < 0.4:
        x = crushed(held(x, log_uniform(rng, 6000.0, 16000.0), rate), rng.uniform(5.0, 8.0))
    return x


def open_hand(rng: np.random.Generator, rate: int) -> Signal:
    """Fingers at the edge that bounce off: the skin rings."""
    return _hand(rng, rate, log_uniform(rng, 130.0, 420.0), log_uniform(rng, 0.25, 0.8), 0.4)


def bongo(rng: np.random.Generator, rate: int) -> Signal:
    """A small, tight skin under the fingertips."""
    return _hand(rng, rate, log_uniform(rng, 260.0, 650.0), log_uniform(rng, 0.1, 0.35), 0.6)


def slap(rng: np.random.Generator, rate: int) -> Signal:
    """Fingers that stay: a crack of many high modes and hardly a tone."""
    hz, t60 = log_uniform(rng, 180.0, 420.0), log_uniform(rng, 0.08, 0.3)
    t = time_axis(1.3 * t60 + 0.02, rate)
    x = skin(rng, t, rate, hz, t60, rng.uniform(-0.2, 0.8), rng.uniform(0.2, 0.8))
    edge = log_uniform(rng, 1000.0, 3000.0)
    return x + log_uniform(rng, 0.5, 3.0) * burst(rng, t, rate, edge, 3.0 * edge, 0.03)


def muted(rng: np.random.Generator, rate: int) -> Signal:
    """The other hand lies on the skin: a short, dull tone; or the palm alone."""
    hz, t60 = log_uniform(rng, 80.0, 380.0), log_uniform(rng, 0.06, 0.2)
    return _hand(rng, rate, hz, t60, rng.uniform(0.2, 1.0))


def _hand(rng: np.random.Generator, rate: int, hz: float, t60: float, contact: float) -> Signal:
    t = time_axis(1.2 * t60 + 0.03, rate)
    x = skin(rng, t, rate, hz, t60, log_uniform(rng, 0.8, 3.0), rng.uniform(0.5, 1.6))
    x = bent(x, t, rng.uniform(0.0, 0.12), log_uniform(rng, 0.01, 0.05), rate)
    wood = ring(t, rng.uniform(90.0, 900.0, 4), rng.uniform(0.03, 0.15, 4), 0.5, rate)
    flesh = burst(rng, t, rate, 300.0, log_uniform(rng, 1000.0, 4000.0), rng.uniform(0.01, 0.04))
    out = x + log_uniform(rng, 0.02, 0.4) * wood + log_uniform(rng, 0.1, 1.5) * contact * flesh
    return out * swell(t, log_uniform(rng, 0.0005, 0.004))


def analog_conga(rng: np.random.Generator, rate: int) -> Signal:
    """A sine that is struck, and no more."""
    hz, t60 = log_uniform(rng, 140.0, 480.0), log_uniform(rng, 0.12, 0.6)
    t = time_axis(1.05 * t60, rate)
    x = sine(hz * (1.0 + rng.uniform(0.0, 0.15) * fall(t, 0.1)), rate) * two_falls(
        t, 0.5 * t60, t60, rng.uniform(0.3, 1.0)
    )
    return driven(x, log_uniform(rng, 0.2, 2.5)) + burst(rng, t, rate, 800.0, 4000.0, 0.008)
