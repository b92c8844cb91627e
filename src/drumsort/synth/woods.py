"""Small percussion of wood and skin, things that scrape and rattle, and laser guns."""

import numpy as np

from drumsort.synth.bodies import bar, skin
from drumsort.synth.effects import bent, driven
from drumsort.synth.envelopes import (
    Signal,
    decay,
    fall,
    log_uniform,
    put,
    swell,
    time_axis,
    two_falls,
)
from drumsort.synth.filters import resonances
from drumsort.synth.noises import burst, hiss
from drumsort.synth.oscillators import fm, glide, noise, ring, sine


def claves(rng: np.random.Generator, rate: int) -> Signal:
    """Two sticks of hard wood: one high mode, nearly a sine."""
    hz, t60 = log_uniform(rng, 1700.0, 3200.0), log_uniform(rng, 0.05, 0.2)
    t = time_axis(1.2 * t60, rate)
    x = bar(rng, t, rate, hz, t60, (1.0, 2.71, 5.15), rng.uniform(1.0, 2.5), 1.0)
    return x + log_uniform(rng, 0.05, 1.0) * burst(rng, t, rate, 2000.0, 9000.0, 0.006)


def wood_block(rng: np.random.Generator, rate: int) -> Signal:
    """A slit block: a hollow tone, and the knock of the stick."""
    hz, t60 = log_uniform(rng, 380.0, 1500.0), log_uniform(rng, 0.05, 0.2)
    t = time_axis(1.4 * t60, rate)
    x = bar(rng, t, rate, hz, t60, (1.0, 1.6, 2.5, 3.4, 4.6), rng.uniform(0.5, 1.8), 0.8)
    return x + log_uniform(rng, 0.2, 2.5) * burst(rng, t, rate, 1.5 * hz, 6.0 * hz, 0.012)


def castanets(rng: np.random.Generator, rate: int) -> Signal:
    """Two shells of wood that click once, or several times in a row."""
    hz, t60 = log_uniform(rng, 900.0, 2600.0), log_uniform(rng, 0.02, 0.06)
    clicks = int(rng.choice((1, 1, 2, 4)))
    gap = rng.uniform(0.03, 0.09)
    out = np.zeros(round((gap * (clicks - 1) + 2.0 * t60) * rate))
    for number in range(clicks):
        t = time_axis(2.0 * t60, rate)
        x = bar(rng, t, rate, hz, t60, (1.0, 1.7, 2.6, 3.9), 0.3, 0.5)
        x += rng.uniform(0.5, 2.0) * burst(rng, t, rate, 1500.0, 9000.0, 0.008)
        put(out, x, round(number * gap * rate), rng.uniform(0.5, 1.0))
    return out


def guiro(rng: np.random.Generator, rate: int) -> Signal:
    """A stick drawn over notches: clicks that speed up, in a hollow gourd."""
    seconds = log_uniform(rng, 0.08, 0.6)
    t = time_axis(seconds + 0.08, rate)
    notches = int(seconds * log_uniform(rng, 20.0, 110.0)) + 3
    at = seconds * np.linspace(0.0, 1.0, notches) ** rng.uniform(0.6, 1.2)
    hits = np.zeros_like(t)
    hits[(at * rate).astype(np.intp)] = rng.uniform(0.4, 1.0, notches) * np.linspace(
        0.5, 1.0, notches
    )
    hz = log_uniform(rng, 900.0, 3200.0)
    q = (rng.uniform(3.0, 10.0), 6.0, 5.0)
    x = resonances(hits, (hz, 1.7 * hz, 2.9 * hz), q, (1.0, 0.7, 0.5), rate)
    scrape = hiss(rng, t, rate, hz, 2.5 * hz, 1.0) * swell(t, 0.02) * swell(t[-1] - t, 0.08)
    return x / float(np.max(np.abs(x))) + log_uniform(rng, 0.02, 0.4) * scrape


def djembe(rng: np.random.Generator, rate: int) -> Signal:
    """A goblet drum: the deep note of the bowl, or a tone or slap at its edge."""
    deep = rng.uniform() < 0.45
    hz = log_uniform(rng, 60.0, 110.0) if deep else log_uniform(rng, 280.0, 520.0)
    t60 = log_uniform(rng, 0.2, 0.7) if deep else log_uniform(rng, 0.1, 0.4)
    t = time_axis(1.2 * t60, rate)
    x = skin(rng, t, rate, hz, t60, rng.uniform(0.3, 2.0), rng.uniform(0.4, 1.2))
    x = bent(x, t, rng.uniform(0.0, 0.2), 0.03, rate)
    return x + log_uniform(rng, 0.1, 2.0) * burst(rng, t, rate, 500.0, 5000.0, 0.03)


def tabla(rng: np.random.Generator, rate: int) -> Signal:
    """A loaded skin, whose modes are in tune; the heel of the hand may bend the low drum up."""
    harmonics = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
    if rng.uniform() < 0.5:
        hz, t60 = log_uniform(rng, 220.0, 450.0), log_uniform(rng, 0.25, 1.4)
        t = time_axis(min(1.6, 1.1 * t60), rate)
        x = bar(rng, t, rate, hz, t60, harmonics, rng.uniform(0.0, 1.0), rng.uniform(0.2, 0.9))
    else:
        low, t60 = log_uniform(rng, 65.0, 140.0), log_uniform(rng, 0.3, 1.0)
        t = time_axis(1.1 * t60, rate)
        hz_now = glide(t, low, low * rng.uniform(0.9, 1.6), log_uniform(rng, 0.06, 0.25))
        x = sine(hz_now, rate) * fall(t, t60) + 0.3 * sine(2.0 * hz_now, rate) * fall(t, 0.4 * t60)
    return x + log_uniform(rng, 0.05, 1.0) * burst(rng, t, rate, 600.0, 5000.0, 0.015)


def timbale(rng: np.random.Generator, rate: int) -> Signal:
    """A high skin on a shell of metal that rings along."""
    hz, t60 = log_uniform(rng, 220.0, 480.0), log_uniform(rng, 0.2, 0.9)
    t = time_axis(1.1 * t60, rate)
    x = skin(rng, t, rate, hz, t60, rng.uniform(0.3, 1.3), rng.uniform(0.2, 0.9))
    shell = np.exp(rng.uniform(np.log(700.0), np.log(6000.0), 9))
    x += rng.uniform(0.05, 0.4) * ring(t, shell, t60 * rng.uniform(0.2, 0.8, 9), 1.0, rate)
    return x + rng.uniform(0.3, 2.0) * burst(rng, t, rate, 1000.0, 9000.0, 0.015)


def cajon(rng: np.random.Generator, rate: int) -> Signal:
    """A box that one sits on: the thump of its middle, or the buzz of its edge."""
    edge = rng.uniform() < 0.5
    low, t60 = log_uniform(rng, 60.0, 125.0), log_uniform(rng, 0.12, 0.45)
    t = time_axis(1.3 * t60, rate)
    hz = np.append(low, np.exp(rng.uniform(np.log(150.0), np.log(1500.0), 8)))
    gains = np.append(0.2 if edge else 1.0, rng.uniform(0.1, 0.4, 8))
    x = ring(t, hz, t60 * (hz / low) ** -0.5, gains, rate)
    buzz = hiss(rng, t, rate, 1000.0, log_uniform(rng, 4000.0, 10000.0), 1.0)
    buzz *= two_falls(t, 0.03, t60, rng.uniform(0.05, 0.5))
    palm = burst(rng, t, rate, 200.0, 3000.0, 0.03)
    return x + (2.0 if edge else 0.15) * rng.uniform(0.2, 1.0) * buzz + rng.uniform(0.2, 1.5) * palm


def vibraslap(rng: np.random.Generator, rate: int) -> Signal:
    """Pins that rattle in a box after the ball is struck."""
    seconds = rng.uniform(0.5, 1.6)
    t = time_axis(seconds, rate)
    rattle = rng.uniform(18.0, 32.0) * t
    hits = np.where(np.diff(np.floor(rattle), prepend=-1.0) > 0.0, 1.0, 0.0)
    hits *= decay(t, 1.3 * seconds) * rng.uniform(0.6, 1.0, len(t))
    hz = rng.uniform(1700.0, 3000.0)
    q = rng.uniform(4.0, 14.0)
    x = resonances(hits, (hz, 1.6 * hz, 2.4 * hz), (q, q, q), (1.0, 0.8, 0.5), rate)
    return x / float(np.max(np.abs(x))) + 0.02 * noise(rng, t) * decay(t, seconds)


def whistle(rng: np.random.Generator, rate: int) -> Signal:
    """A pea whistle, short or long."""
    seconds = float(rng.choice((rng.uniform(0.08, 0.2), rng.uniform(0.4, 0.9))))
    t = time_axis(seconds, rate)
    hz = rng.uniform(1900.0, 2900.0)
    trill = np.sin(2.0 * np.pi * rng.uniform(25.0, 45.0) * t)
    x = sine(hz * (1.0 + rng.uniform(0.005, 0.04) * trill), rate) * (1.0 + 0.5 * trill)
    breath = hiss(rng, t, rate, 0.7 * hz, 3.0 * hz, 1.0)
    x += rng.uniform(0.05, 0.3) * (breath + sine(np.full_like(t, 2.0 * hz), rate))
    return x * swell(t, 0.015) * swell(seconds - t, 0.03)


def cuica(rng: np.random.Generator, rate: int) -> Signal:
    """A drum with a stick in its skin that is rubbed: it moans."""
    seconds = rng.uniform(0.12, 0.5)
    t = time_axis(seconds, rate)
    low, high = log_uniform(rng, 200.0, 400.0), log_uniform(rng, 500.0, 950.0)
    start, end = (low, high) if rng.uniform() < 0.5 else (high, low)
    hz = glide(t, start, end, rng.uniform(0.2, 0.7) * seconds)
    x = driven(fm(hz, 1.0, np.full_like(t, rng.uniform(0.3, 1.6)), rate), 1.5)
    x += rng.uniform(0.05, 0.3) * hiss(rng, t, rate, 400.0, 3000.0, 1.0)
    return x * swell(t, 0.03) * swell(seconds - t, 0.08)


def zap(rng: np.random.Generator, rate: int) -> Signal:
    """A pitch that falls through the floor: the laser of old drum machines."""
    t60 = log_uniform(rng, 0.08, 0.5)
    t = time_axis(1.05 * t60, rate)
    high, low = log_uniform(rng, 2000.0, min(9000.0, 0.4 * rate)), log_uniform(rng, 80.0, 500.0)
    hz = glide(t, high, low, log_uniform(rng, 0.01, 0.1))
    x = fm(hz, 1.0, np.full_like(t, rng.uniform(0.0, 1.2)), rate)
    return driven(x, log_uniform(rng, 0.3, 6.0)) * fall(t, t60)
