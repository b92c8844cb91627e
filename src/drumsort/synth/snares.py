"""Snare drums with sticks and brushes, electric ones, and what a stick on the rim gives."""

import numpy as np

from drumsort.synth import skins
from drumsort.synth.bodies import skin
from drumsort.synth.claps import room_clap, tight_clap
from drumsort.synth.effects import bent, crushed, driven, held
from drumsort.synth.envelopes import Signal, fall, log_uniform, put, swell, time_axis, two_falls
from drumsort.synth.filters import bandpass
from drumsort.synth.noises import burst, digits, grains, hiss
from drumsort.synth.oscillators import fm, glide, noise, ring, sine


def acoustic(rng: np.random.Generator, rate: int) -> Signal:
    """A head of many modes, the shell, and wires that answer a moment later."""
    return _drum(rng, rate, log_uniform(rng, 0.12, 0.6), log_uniform(rng, 0.05, 1.2))


def ringing(rng: np.random.Generator, rate: int) -> Signal:
    """A snare nobody damped: the head rings on above the wires."""
    return _drum(rng, rate, log_uniform(rng, 0.4, 1.3), log_uniform(rng, 0.03, 0.4))


def _drum(rng: np.random.Generator, rate: int, t60: float, wires: float) -> Signal:
    low, wires60 = log_uniform(rng, 140.0, 290.0), log_uniform(rng, 0.15, 0.9)
    t = time_axis(1.1 * max(t60, wires60), rate)
    head = skin(rng, t, rate, low, t60, log_uniform(rng, 0.4, 2.0), rng.uniform(0.3, 1.2))
    head = bent(head, t, rng.uniform(0.0, 0.25), log_uniform(rng, 0.01, 0.03), rate)
    shell = np.exp(rng.uniform(np.log(300.0), np.log(2500.0), 8))
    head += rng.uniform(0.02, 0.3) * ring(t, shell, rng.uniform(0.02, 0.2, 8), 1.0, rate)
    rattle = hiss(rng, t, rate, log_uniform(rng, 400.0, 3000.0), log_uniform(rng, 4e3, 14e3), 1.0)
    rattle *= two_falls(t, 0.4 * wires60, wires60, rng.uniform(0.1, 0.8)) * swell(t, 0.004)
    stick = burst(rng, t, rate, 700.0, log_uniform(rng, 3000.0, 12000.0), 0.02)
    return head + 2.5 * wires * rattle + log_uniform(rng, 0.1, 1.5) * stick


def electric(rng: np.random.Generator, rate: int) -> Signal:
    """Two falling tones and filtered noise with a longer tail than theirs."""
    low, t60 = log_uniform(rng, 140.0, 260.0), log_uniform(rng, 0.1, 0.45)
    hiss60 = log_uniform(rng, 0.2, 0.9)
    t = time_axis(1.1 * max(t60, hiss60), rate)
    hz = low * (1.0 + rng.uniform(0.2, 2.5) * fall(t, log_uniform(rng, 0.02, 0.1)))
    tone = driven(sine(hz, rate) * fall(t, t60), log_uniform(rng, 0.3, 4.0))
    tone += rng.uniform(0.0, 0.7) * sine(hz * rng.uniform(1.5, 1.9), rate) * fall(t, 0.7 * t60)
    snap = hiss(rng, t, rate, log_uniform(rng, 300.0, 3500.0), log_uniform(rng, 4000.0, 13000.0))
    snap *= two_falls(t, 0.3 * hiss60, hiss60, rng.uniform(0.2, 1.0))
    return tone + log_uniform(rng, 0.3, 4.0) * snap


def digital(rng: np.random.Generator, rate: int) -> Signal:
    """A console's noise channel, in some kits with a blip of frequency modulation below."""
    t60 = log_uniform(rng, 0.1, 0.5)
    t = time_axis(1.05 * t60, rate)
    x = digits(rng, t, log_uniform(rng, 3000.0, 14000.0))
    x *= crushed(fall(t, t60), 5.0) if rng.uniform() < 0.5 else fall(t, t60)
    hz = glide(t, log_uniform(rng, 200.0, 900.0), log_uniform(rng, 110.0, 260.0), 0.015)
    index = rng.uniform(0.0, 4.0) * fall(t, 0.1)
    blip = fm(hz, rng.uniform(0.5, 2.5), index, rate) * fall(t, log_uniform(rng, 0.05, 0.25))
    return x * log_uniform(rng, 0.2, 1.0) + rng.uniform(0.0, 1.0) * blip


def brush(rng: np.random.Generator, rate: int) -> Signal:
    """Wires of a brush that land one by one on a soft head, or that are drawn across it."""
    rise = log_uniform(rng, 0.004, 0.12)
    t60 = log_uniform(rng, 0.12, 0.6)
    t = time_axis(rise + 1.1 * t60, rate)
    energy = swell(t, rise) * fall(np.maximum(t - rise, 0.0), t60)
    wires = grains(rng, t, rate, energy, log_uniform(rng, 800.0, 6000.0), 0.003)
    wires = bandpass(wires, log_uniform(rng, 900.0, 3500.0), rate, rng.uniform(0.3, 0.9))
    head = skin(rng, t, rate, log_uniform(rng, 150.0, 260.0), 0.6 * t60, 1.8, 0.8) * swell(t, rise)
    return wires / float(np.max(np.abs(wires))) + log_uniform(rng, 0.02, 0.6) * head


def lofi(rng: np.random.Generator, rate: int) -> Signal:
    """A snare out of a cheap sampler."""
    x = (acoustic, electric)[int(rng.integers(2))](rng, rate)
    x = held(x / np.max(np.abs(x)), log_uniform(rng, 6000.0, 18000.0), rate)
    return crushed(x, rng.uniform(4.0, 8.0))


def layered(rng: np.random.Generator, rate: int) -> Signal:
    """A snare and a clap on one key."""
    snare = (acoustic, electric, skins.snare)[int(rng.integers(3))](rng, rate)
    clap = (tight_clap, room_clap)[int(rng.integers(2))](rng, rate)
    out = np.zeros(max(len(snare), len(clap)))
    put(out, snare, 0, 1.0 / float(np.max(np.abs(snare))))
    put(out, clap, 0, rng.uniform(0.2, 0.7) / float(np.max(np.abs(clap))))
    return out


def side_stick(rng: np.random.Generator, rate: int) -> Signal:
    """A stick laid across the drum: wood, rim and shell at once, some rattle of the wires."""
    t60 = log_uniform(rng, 0.08, 0.45)
    t = time_axis(2.5 * t60, rate)
    hz = np.exp(rng.uniform(np.log(350.0), np.log(4500.0), 9))
    ringing = ring(t, hz, t60 * (hz / 900.0) ** -0.6, rng.exponential(1.0, 9), rate)
    drum = skin(rng, t, rate, log_uniform(rng, 150.0, 260.0), 2.0 * t60, 1.5, 0.5)
    stick = burst(rng, t, rate, 900.0, log_uniform(rng, 4000.0, 12000.0), 0.015)
    wires = hiss(rng, t, rate, 1500.0, 8000.0, 1.0) * fall(t, 1.5 * t60)
    out = ringing + log_uniform(rng, 0.1, 1.2) * drum + log_uniform(rng, 1.0, 6.0) * stick
    return out + log_uniform(rng, 0.01, 0.3) * wires


def pulse_rim(rng: np.random.Generator, rate: int) -> Signal:
    """Two tones and a pulse that are driven hard and over at once, as classic machines do it."""
    t60 = log_uniform(rng, 0.04, 0.25)
    t = time_axis(1.5 * t60 + 0.02, rate)
    scale = log_uniform(rng, 0.8, 1.3)
    tones = ring(t, (455.0 * scale, 1667.0 * scale), (t60, t60), (1.0, rng.uniform(0.5, 2.0)), rate)
    tones += rng.uniform(0.0, 0.6) * burst(rng, t, rate, 1000.0, 9000.0, 0.01)
    return driven(tones, log_uniform(rng, 1.0, 8.0)) * fall(t, 2.0 * t60)


def digital_rim(rng: np.random.Generator, rate: int) -> Signal:
    """A very short blip of frequency modulation."""
    t60 = log_uniform(rng, 0.05, 0.25)
    t = time_axis(1.5 * t60, rate)
    hz = glide(t, log_uniform(rng, 800.0, 3000.0), log_uniform(rng, 380.0, 1100.0), 0.004)
    index = log_uniform(rng, 0.3, 3.0) * fall(t, 0.05)
    blip = fm(hz, rng.uniform(1.3, 3.7), index, rate) * fall(t, t60)
    return blip + rng.uniform(0.0, 1.0) * noise(rng, t) * fall(t, 0.01)
