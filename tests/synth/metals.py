"""Metal: hats, crash, ride, cowbell and tambourine."""

import numpy as np

from .envelopes import (
    Signal,
    bursts,
    decay,
    hold_decay,
    log_uniform,
    swell,
    time_axis,
)
from .filters import bandpass, highpass, lowpass
from .oscillators import modes, noise, square_bank

# The six square waves of the cymbals in classic analogue drum machines, in Hz.
_BANK = (205.3, 304.4, 369.6, 522.7, 540.0, 800.0)


def closed_hat(rng: np.random.Generator, rate: int) -> Signal:
    """Hissing metal that stops at once."""
    t60 = log_uniform(rng, 0.16, 0.5)
    t = time_axis(1.1 * t60, rate)
    envelope = decay(t, 0.45 * t60) + rng.uniform(0.05, 0.3) * decay(t, t60)
    return _hat_plate(rng, t, rate) * envelope


def open_hat(rng: np.random.Generator, rate: int) -> Signal:
    """The same metal left to ring, in some kits choked at the end."""
    t60 = log_uniform(rng, 0.75, 2.0)
    seconds = rng.uniform(0.55, 1.0) * t60
    t = time_axis(seconds, rate)
    envelope = hold_decay(t, rng.uniform(0.0, 0.12), t60) * swell(t, log_uniform(rng, 0.001, 0.01))
    choke = swell(seconds - t, rng.uniform(0.04, 0.15))
    return _hat_plate(rng, t, rate) * envelope * choke


def pedal_hat(rng: np.random.Generator, rate: int) -> Signal:
    """Two plates that close: a soft start, a short "chick", and the foot below."""
    t60 = log_uniform(rng, 0.25, 0.8)
    close = rng.uniform(0.008, 0.025)
    t = time_axis(close + 1.2 * t60, rate)
    chick = swell(t, close) * (hold_decay(t, close, 0.4 * t60) + 0.1 * hold_decay(t, close, t60))
    foot = modes(
        t, (rng.uniform(70.0, 110.0), rng.uniform(180.0, 300.0)), (0.2, 0.12), (1, 1), rate
    )
    return _hat_plate(rng, t, rate) * chick + foot * log_uniform(rng, 0.01, 0.15) * swell(t, close)


def crash(rng: np.random.Generator, rate: int) -> Signal:
    """A wide wash that opens up within some tens of milliseconds; the highs go first."""
    t60 = log_uniform(rng, 2.4, 6.0)
    t = time_axis(min(3.2, rng.uniform(0.7, 0.9) * t60), rate)
    hiss = noise(rng, t)
    bank = square_bank(rng, t, _tuned(rng, 1.0, 2.2), rate) * rng.uniform(0.2, 0.8)
    low = log_uniform(rng, 700.0, 1800.0)
    out = np.zeros_like(t)
    for octave in range(5):
        hz = low * 2.0**octave
        if hz > 0.4 * rate:
            break
        share = t60 * (1.0 - 0.1 * octave)
        rise = swell(t, rng.uniform(0.005, 0.05))
        band = bandpass(hiss + bank, hz, rate, 1.2) * rng.uniform(0.3, 1.0) / np.sqrt(2 + octave)
        out += band * rise * (decay(t, share) + rng.uniform(0.2, 0.8) * decay(t, 0.3 * share))
    return lowpass(highpass(out, 300.0, rate), log_uniform(rng, 6000.0, 14000.0), rate)


def ride(rng: np.random.Generator, rate: int) -> Signal:
    """The tick of the stick, a bell of many modes, and a quiet wash."""
    t60 = log_uniform(rng, 1.8, 7.0)
    t = time_axis(min(3.2, rng.uniform(0.7, 1.0) * t60), rate)
    hz = np.sort(np.exp(rng.uniform(np.log(500.0), np.log(9000.0), 20)))
    gains = rng.uniform(0.2, 1.0, 20) * np.minimum(1.0, 3000.0 / hz) ** 0.3
    fades = t60 * (1.0 + hz / 1500.0) ** -0.3
    bell = modes(t, hz.tolist(), fades.tolist(), gains.tolist(), rate)
    wash = highpass(noise(rng, t) + square_bank(rng, t, _tuned(rng, 1.0, 2.0), rate), 3500.0, rate)
    wash *= 0.3 * decay(t, 0.15) + log_uniform(rng, 0.3, 1.5) * decay(t, 0.8 * t60)
    tick = bandpass(noise(rng, t), log_uniform(rng, 3500.0, 7500.0), rate)
    tick *= rng.uniform(0.8, 2.5) * decay(t, 0.05)
    return lowpass(0.14 * bell + wash + tick, log_uniform(rng, 7000.0, 18000.0), rate)


def cowbell(rng: np.random.Generator, rate: int) -> Signal:
    """Two squares about a fifth apart through a band: a knock, then a short ring."""
    low = log_uniform(rng, 430.0, 640.0)
    t60 = log_uniform(rng, 0.28, 0.65)
    t = time_axis(1.05 * t60, rate)
    pair = square_bank(rng, t, (low, low * rng.uniform(1.4, 1.55)), rate)
    bright = highpass(pair, 2500.0, rate) * rng.uniform(0.1, 0.7)
    pair = bandpass(pair, low * rng.uniform(0.9, 3.4), rate, rng.uniform(0.6, 1.6)) + bright
    return pair * (decay(t, 0.2 * t60) + rng.uniform(0.3, 0.6) * decay(t, t60))


def tambourine(rng: np.random.Generator, rate: int) -> Signal:
    """Small jingles, each with its own high modes, that strike one after another."""
    t60 = log_uniform(rng, 0.3, 0.65)
    t = time_axis(1.1 * t60, rate)
    out = np.zeros_like(t)
    spread = rng.uniform(0.015, 0.06)
    for _ in range(int(rng.integers(5, 9))):
        hz = rng.uniform(4800.0, 13000.0, 3).tolist()
        since = np.maximum(t - rng.uniform(0.0, spread), 0.0)
        jingle = modes(since, hz, (0.5 * t60, t60, 0.7 * t60), (1.0, 0.7, 0.5), rate)
        out += rng.uniform(0.3, 1.0) * jingle
    hiss = highpass(noise(rng, t), log_uniform(rng, 4500.0, 8000.0), rate)
    hits = np.sort(rng.uniform(0.0, spread, 4)).tolist()
    return out + rng.uniform(1.5, 4.0) * hiss * bursts(t, hits, 0.6 * t60)


def _hat_plate(rng: np.random.Generator, t: Signal, rate: int) -> Signal:
    """The source of all hats: a square bank and noise, with hardly any lows left."""
    bank = square_bank(rng, t, _tuned(rng, 0.9, 2.4), rate)
    mix = rng.uniform(0.0, 1.0)
    plate = mix * bank + (1.0 - mix) * noise(rng, t)
    cut = log_uniform(rng, 3000.0, 8500.0)
    body = log_uniform(rng, 0.005, 0.08) * plate
    plate = highpass(highpass(plate, cut, rate, rng.uniform(0.7, 1.5)), 0.6 * cut, rate) + body
    return lowpass(plate, log_uniform(rng, 9000.0, 18000.0), rate)


def _tuned(rng: np.random.Generator, low: float, high: float) -> list[float]:
    """The six squares in Hz, scaled together by ``low`` to ``high`` and slightly detuned."""
    scale = log_uniform(rng, low, high)
    return [float(hz * scale * rng.uniform(0.94, 1.06)) for hz in _BANK]
