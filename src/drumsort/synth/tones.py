"""What is not a drum: notes, chords, voices, sweeps, and the noise of old machines."""

import numpy as np

from drumsort.synth.bodies import bar
from drumsort.synth.effects import crushed, driven
from drumsort.synth.envelopes import Signal, fall, log_uniform, swell, time_axis, two_falls
from drumsort.synth.filters import highpass, lowpass, resonances
from drumsort.synth.noises import hiss, knocks
from drumsort.synth.oscillators import fm, glide, noise, sine, square, square_bank
from drumsort.synth.phrases import CHORDS, note

# The first three formants of five vowels, in Hz.
_VOWELS = (
    (730.0, 1090.0, 2440.0),
    (530.0, 1840.0, 2480.0),
    (270.0, 2290.0, 3010.0),
    (570.0, 840.0, 2410.0),
    (300.0, 870.0, 2240.0),
)


def bass(rng: np.random.Generator, rate: int) -> Signal:
    """A synthesizer's bass note, from round to screaming."""
    hz, seconds = note(rng, 26, 48), log_uniform(rng, 0.25, 1.8)
    t = time_axis(seconds, rate)
    index = log_uniform(rng, 0.2, 6.0) * two_falls(t, log_uniform(rng, 0.05, 0.6), 4.0, 0.3)
    wave = fm(np.full_like(t, hz), float(rng.choice((0.5, 1.0, 2.0, 3.0))), index, rate)
    if rng.uniform() < 0.5:
        wave = square_bank(rng, t, (hz, 0.5 * hz, hz * rng.uniform(1.0, 1.01)), rate)
        cut = hz * log_uniform(rng, 3.0, 30.0)
        wave = lowpass(wave, cut, rate, rng.uniform(0.7, 6.0))
    wave = driven(wave, log_uniform(rng, 0.3, 6.0))
    return wave * swell(t, 0.004) * fall(t, rng.uniform(0.8, 6.0)) * swell(seconds - t, 0.05)


def pluck(rng: np.random.Generator, rate: int) -> Signal:
    """A string after Karplus and Strong: noise that goes round and grows dull."""
    hz, seconds = note(rng, 40, 80), rng.uniform(0.4, 1.8)
    period = max(2, round(rate / hz))
    keep = 10.0 ** (-3.0 / (hz * log_uniform(rng, 0.5, 5.0)))
    dull = rng.uniform(0.02, 0.5)
    cycle = rng.uniform(-1.0, 1.0, period)
    cycle -= np.mean(cycle)
    out = np.empty((round(seconds * rate) // period + 2, period))
    for row in out:
        row[:] = cycle
        cycle = keep * ((1.0 - dull) * cycle + dull * np.roll(cycle, 1))
    t = time_axis(seconds, rate)
    x = lowpass(out.ravel()[: len(t)], log_uniform(rng, 1500.0, 9000.0), rate)
    return x * swell(seconds - t, 0.08)


def stab(rng: np.random.Generator, rate: int) -> Signal:
    """A short chord through a filter that shuts."""
    return _chord(rng, rate, log_uniform(rng, 0.12, 0.6), 0.004)


def pad(rng: np.random.Generator, rate: int) -> Signal:
    """A long chord that fades in."""
    return _chord(rng, rate, rng.uniform(1.2, 2.6), log_uniform(rng, 0.05, 0.6))


def _chord(rng: np.random.Generator, rate: int, seconds: float, rise: float) -> Signal:
    t = time_axis(seconds, rate)
    steps = np.array(CHORDS[int(rng.integers(len(CHORDS)))])
    tones = note(rng, 45, 65) * 2.0 ** (steps / 12.0)
    x = square_bank(rng, t, [*tones, *(tones * rng.uniform(1.002, 1.01))], rate)
    dark = lowpass(x, log_uniform(rng, 600.0, 3000.0), rate, rng.uniform(0.7, 2.0))
    bright = highpass(x, log_uniform(rng, 500.0, 3000.0), rate)
    x = dark + log_uniform(rng, 0.2, 2.0) * bright * fall(t, log_uniform(rng, 0.1, 2.0))
    return x * swell(t, rise) * fall(t, 3.0 * seconds) * swell(seconds - t, 0.2 * seconds)


def riser(rng: np.random.Generator, rate: int) -> Signal:
    """A band of noise, or a tone, that climbs or falls for a second or two."""
    seconds = rng.uniform(0.7, 2.4)
    t = time_axis(seconds, rate)
    low, high = log_uniform(rng, 100.0, 600.0), log_uniform(rng, 2000.0, 0.4 * min(rate, 24000))
    up = rng.uniform() < 0.6
    hz = low * (high / low) ** (t / seconds if up else 1.0 - t / seconds)
    x = sine(hz, rate)
    if rng.uniform() < 0.7:
        x = x * lowpass(noise(rng, t), log_uniform(rng, 60.0, 800.0), rate)
    loud = (t / seconds if up else 1.0 - t / seconds) ** rng.uniform(0.3, 2.0)
    return x * loud * swell(t, 0.02) * swell(seconds - t, rng.uniform(0.02, 0.3))


def voice(rng: np.random.Generator, rate: int) -> Signal:
    """Somebody sings or says a vowel, which may turn into another."""
    seconds, hz = log_uniform(rng, 0.2, 1.5), log_uniform(rng, 90.0, 420.0)
    t = time_axis(seconds, rate)
    shake = 1.0 + rng.uniform(0.0, 0.03) * np.sin(2.0 * np.pi * rng.uniform(4.5, 6.5) * t)
    pitch = glide(t, hz * rng.uniform(0.8, 1.25), hz, 0.15 * seconds) * shake
    cords = fm(pitch, 1.0, np.full_like(t, rng.uniform(1.5, 4.0)), rate)
    cords = driven(cords + 0.3 * rng.uniform(0.0, 1.0) * noise(rng, t), 3.0)
    size = rng.uniform(0.9, 1.3)
    first, second = (
        resonances(
            cords,
            [size * f for f in _VOWELS[int(rng.integers(len(_VOWELS)))]],
            (6.0, 10.0, 12.0),
            (1.0, rng.uniform(0.3, 0.8), rng.uniform(0.1, 0.4)),
            rate,
        )
        for _ in range(2)
    )
    turn = swell(np.maximum(t - rng.uniform(0.0, 0.6) * seconds, 0.0), 0.3 * seconds)
    x = first + (second - first) * turn
    return x * swell(t, log_uniform(rng, 0.01, 0.1)) * swell(seconds - t, 0.3 * seconds)


def mallet(rng: np.random.Generator, rate: int) -> Signal:
    """A bar in tune: marimba, vibraphone, glockenspiel, kalimba or toy piano."""
    hz, t60 = note(rng, 48, 96), log_uniform(rng, 0.3, 3.0)
    t = time_axis(min(2.2, t60), rate)
    ratios = ((1.0, 3.9, 9.2), (1.0, 3.0, 6.1), (1.0, 2.76, 5.4, 8.9), (1.0, 5.9, 7.2))
    x = bar(rng, t, rate, hz, t60, ratios[int(rng.integers(4))], rng.uniform(0.5, 2.0), 0.8)
    return x * swell(t, 0.002)


def fm_bell(rng: np.random.Generator, rate: int) -> Signal:
    """An electric piano or bell in tune, of frequency modulation."""
    hz, t60 = note(rng, 48, 84), log_uniform(rng, 0.6, 4.0)
    t = time_axis(min(2.4, t60), rate)
    index = log_uniform(rng, 0.3, 4.0) * fall(t, log_uniform(rng, 0.2, 2.0))
    x = fm(np.full_like(t, hz), float(rng.choice((1.0, 2.0, 3.5, 7.0, 14.0))), index, rate)
    return x * fall(t, t60) * swell(t, 0.002) * swell(t[-1] - t, 0.1)


def blip(rng: np.random.Generator, rate: int) -> Signal:
    """The sounds of games: one to five steps of a square that may slide."""
    steps, length = int(rng.integers(1, 6)), log_uniform(rng, 0.04, 0.16)
    parts = []
    for hz in [note(rng, 60, 96) for _ in range(steps)]:
        t = time_axis(length, rate)
        wave = (
            square(t, hz, rate)
            if rng.uniform() < 0.6
            else fm(hz * np.exp(rng.uniform(-6.0, 6.0) * t), 1.0, np.ones_like(t), rate)
        )
        parts.append(wave * swell(t, 0.001) * swell(length - t, 0.004))
    x = np.concatenate(parts)
    return crushed(x * fall(time_axis(2.0, rate)[: len(x)], log_uniform(rng, 0.5, 4.0)), 5.0)


def hum(rng: np.random.Generator, rate: int) -> Signal:
    """A mains hum, the surface of a record, or both."""
    seconds = rng.uniform(0.8, 2.4)
    t = time_axis(seconds, rate)
    mains = float(rng.choice((50.0, 60.0))) * rng.uniform(0.98, 1.02)
    tone = driven(sine(np.full_like(t, mains), rate), log_uniform(rng, 0.5, 8.0))
    tone = lowpass(tone, log_uniform(rng, 200.0, 3000.0), rate)
    dust = lowpass(knocks(rng, t, np.ones_like(t), log_uniform(rng, 4.0, 60.0)), 5000.0, rate)
    air = hiss(rng, t, rate, log_uniform(rng, 30.0, 800.0), log_uniform(rng, 2000.0, 14000.0), 1.0)
    level = rng.uniform(0.0, 1.0, 3) ** 2
    x: Signal = level[0] * tone + 2.0 * level[1] * dust + (0.05 + level[2]) * air
    return x * swell(t, 0.02) * swell(seconds - t, 0.05)


def scratch(rng: np.random.Generator, rate: int) -> Signal:
    """A record moved by hand: a tone and noise whose pitch goes up and down."""
    seconds = log_uniform(rng, 0.15, 0.9)
    t = time_axis(seconds, rate)
    turns = rng.uniform(0.0, 0.5) + rng.uniform(0.5, 2.0) * t / seconds
    speed = np.abs(np.sin(2.0 * np.pi * turns))
    source = resonances(
        hiss(rng, t, rate, 100.0, 7000.0, 1.0),
        rng.uniform(300.0, 3000.0, 4).tolist(),
        (12.0, 12.0, 8.0, 8.0),
        (1.0, 1.0, 0.7, 0.7),
        rate,
    )
    place = np.cumsum(0.05 + speed)
    x: Signal = np.interp(place * (len(t) / place[-1]), np.arange(len(t)), source)
    loud: Signal = np.sqrt(speed)
    return x * loud * swell(t, 0.005) * swell(seconds - t, 0.02)
