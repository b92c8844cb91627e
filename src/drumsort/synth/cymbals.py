"""Cymbals: crash, splash, china and ride."""

import numpy as np

from drumsort.synth.bodies import plate
from drumsort.synth.effects import crushed, driven, held
from drumsort.synth.envelopes import Signal, fall, log_uniform, swell, time_axis, two_falls
from drumsort.synth.filters import bandpass, highpass
from drumsort.synth.metals import tuned
from drumsort.synth.noises import burst, digits, hiss
from drumsort.synth.oscillators import fm, ring, square_bank

_LONGEST = 2.6  # seconds


def acoustic_crash(rng: np.random.Generator, rate: int) -> Signal:
    """A thin cymbal struck on its edge: the highs swell in after the lows and leave first."""
    return _thin(rng, rate, log_uniform(rng, 2.0, 8.0), log_uniform(rng, 200.0, 500.0))


def splash(rng: np.random.Generator, rate: int) -> Signal:
    """A small, thin cymbal: fast and soon over."""
    return _thin(rng, rate, log_uniform(rng, 0.7, 2.0), log_uniform(rng, 400.0, 900.0))


def china(rng: np.random.Generator, rate: int) -> Signal:
    """A cymbal with a bent edge: harsh, with strong lows."""
    x = _thin(rng, rate, log_uniform(rng, 1.2, 4.0), log_uniform(rng, 180.0, 400.0))
    return driven(x / np.max(np.abs(x)), log_uniform(rng, 1.0, 6.0))


def _thin(rng: np.random.Generator, rate: int, t60: float, low: float) -> Signal:
    seconds = min(_LONGEST, rng.uniform(0.6, 1.0) * t60)
    t = time_axis(seconds, rate)
    middle = log_uniform(rng, 800.0, 4000.0)
    dark = plate(rng, t, rate, low, middle, t60, int(rng.integers(60, 130)), 0.3)
    bright = plate(rng, t, rate, 1.5 * low, middle * rng.uniform(2.0, 5.0), 0.7 * t60, 130, 0.6)
    wash = hiss(rng, t, rate, log_uniform(rng, 800.0, 4000.0), rng.uniform(7e3, 15e3), 1.0)
    wash *= two_falls(t, 0.15 * t60, 0.7 * t60, rng.uniform(0.1, 0.7))
    opening = swell(t, log_uniform(rng, 0.004, 0.12))
    out = rng.uniform(0.5, 1.5) * dark + opening * (bright + log_uniform(rng, 0.6, 4.0) * wash)
    out *= swell(t, log_uniform(rng, 0.0005, 0.01)) * swell(seconds - t, 0.25 * seconds)
    return out + log_uniform(rng, 0.02, 0.5) * burst(rng, t, rate, 1000.0, 8000.0, 0.03)


def analog_crash(rng: np.random.Generator, rate: int) -> Signal:
    """Six squares through two bands that fade at different speeds."""
    t60 = log_uniform(rng, 1.0, 5.0)
    t = time_axis(min(_LONGEST, 0.9 * t60), rate)
    bank = square_bank(rng, t, tuned(rng, 0.8, 1.8), rate)
    low = bandpass(bank, log_uniform(rng, 2500.0, 4500.0), rate, rng.uniform(1.0, 3.0))
    high = bandpass(bank, log_uniform(rng, 6000.0, 9500.0), rate, rng.uniform(1.0, 2.5))
    hit = highpass(bank, 5000.0, rate) * fall(t, log_uniform(rng, 0.2, 0.6))
    share = rng.uniform(0.2, 1.0)
    return low * fall(t, t60) * share + high * fall(t, rng.uniform(0.4, 0.9) * t60) + hit


def noise_crash(rng: np.random.Generator, rate: int) -> Signal:
    """White noise with a long tail, as dance records have it."""
    t60 = log_uniform(rng, 1.0, 5.0)
    t = time_axis(min(_LONGEST, 0.9 * t60), rate)
    low = log_uniform(rng, 700.0, 5000.0)
    x = hiss(rng, t, rate, low, log_uniform(rng, 7000.0, 16000.0), rng.uniform(1.0, 3.0))
    return x * two_falls(t, 0.2 * t60, t60, rng.uniform(0.2, 1.0)) * swell(t, 0.003)


def digital_crash(rng: np.random.Generator, rate: int) -> Signal:
    """A console's noise that fades in steps, or a cymbal of few bits."""
    if rng.uniform() < 0.5:
        t60 = log_uniform(rng, 0.8, 3.0)
        t = time_axis(min(_LONGEST, t60), rate)
        return digits(rng, t, log_uniform(rng, 5000.0, 20000.0)) * crushed(fall(t, t60), 5.0)
    x = acoustic_crash(rng, rate)
    x = held(x / np.max(np.abs(x)), log_uniform(rng, 8000.0, 18000.0), rate)
    return crushed(x, rng.uniform(4.0, 7.0))


def ping(rng: np.random.Generator, rate: int) -> Signal:
    """A heavy cymbal under the tip of a stick: a clear tick over a wash that stays low."""
    t60 = log_uniform(rng, 1.5, 8.0)
    t = time_axis(min(_LONGEST, 0.9 * t60), rate)
    middle = log_uniform(rng, 1800.0, 6500.0)
    x = plate(rng, t, rate, log_uniform(rng, 250.0, 700.0), middle, t60, int(rng.integers(60, 140)))
    wash = hiss(rng, t, rate, log_uniform(rng, 1500.0, 5000.0), rng.uniform(8e3, 15e3), 1.0)
    wash *= two_falls(t, 0.2, 0.6 * t60, rng.uniform(0.05, 0.5)) * swell(t, 0.01)
    tick = burst(rng, t, rate, log_uniform(rng, 2000.0, 5000.0), 14000.0, rng.uniform(0.02, 0.08))
    ticked = x + log_uniform(rng, 0.1, 1.2) * wash + log_uniform(rng, 0.5, 4.0) * tick
    return ticked * swell(t[-1] - t, 0.3 * float(t[-1]))


def ride_bell(rng: np.random.Generator, rate: int) -> Signal:
    """The cup of a ride: a few strong modes over the plate."""
    t60, hz = log_uniform(rng, 1.2, 5.0), log_uniform(rng, 500.0, 1300.0)
    t = time_axis(min(_LONGEST, 0.9 * t60), rate)
    ratios = np.cumsum(np.append(1.0, rng.uniform(0.35, 1.2, 9)))
    gains = rng.uniform(0.2, 1.0, 10) * ratios**-0.4
    cup = ring(t, hz * ratios, t60 * ratios**-0.5, gains, rate, rng.uniform(0.0, 6.0, 10))
    x = plate(rng, t, rate, 0.6 * hz, log_uniform(rng, 3000.0, 7000.0), 0.8 * t60, 80)
    tick = burst(rng, t, rate, 2500.0, 12000.0, 0.03)
    return cup + log_uniform(rng, 0.5, 4.0) * x + log_uniform(rng, 0.3, 2.0) * tick


def analog_ride(rng: np.random.Generator, rate: int) -> Signal:
    """Squares tuned high, with a tick and a steady tail."""
    t60 = log_uniform(rng, 0.8, 4.0)
    t = time_axis(min(_LONGEST, 0.9 * t60), rate)
    bank = square_bank(rng, t, tuned(rng, 1.2, 2.8), rate)
    x = bandpass(bank, log_uniform(rng, 4000.0, 9500.0), rate, rng.uniform(1.0, 4.0))
    x *= two_falls(t, 0.1, t60, rng.uniform(0.2, 0.8))
    return x + rng.uniform(0.0, 0.5) * burst(rng, t, rate, 5000.0, 15000.0, 0.02)


def digital_ride(rng: np.random.Generator, rate: int) -> Signal:
    """Frequency modulation between two odd ratios, as the first digital machines had it."""
    t60, hz = log_uniform(rng, 0.8, 3.5), log_uniform(rng, 600.0, 2200.0)
    t = time_axis(min(_LONGEST, 0.9 * t60), rate)
    index = rng.uniform(1.0, 4.0) * two_falls(t, 0.2, t60, 0.5)
    x = fm(np.full_like(t, hz), rng.uniform(1.3, 3.8), index, rate)
    x += fm(np.full_like(t, 2.63 * hz), rng.uniform(1.2, 2.8), 1.5 * index, rate)
    wash = hiss(rng, t, rate, 2.0 * hz, 14000.0, 1.0) * log_uniform(rng, 0.1, 1.5)
    x = (highpass(x, hz, rate) + wash) * fall(t, t60)
    return x + burst(rng, t, rate, 4000.0, 14000.0, 0.02)
