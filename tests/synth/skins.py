"""Drums with a skin or a shell: kick, snare, rim, tom, conga and bongo."""

import numpy as np

from .envelopes import Signal, decay, hold_decay, log_uniform, swell, time_axis
from .filters import bandpass, highpass, lowpass
from .oscillators import glide, modes, noise, sine


def kick(rng: np.random.Generator, rate: int) -> Signal:
    """A low sine whose pitch drops at once, more or less driven, with a click on top."""
    low = log_uniform(rng, 40.0, 66.0)
    t60 = log_uniform(rng, 0.18, 0.95)
    hold = rng.uniform(0.0, 0.04)
    t = time_axis(1.05 * (hold + t60), rate)
    hz = glide(t, low * rng.uniform(1.2, 2.2), low, log_uniform(rng, 0.02, 0.07))
    hz += glide(t, low * rng.uniform(0.0, 6.0), 0.0, log_uniform(rng, 0.003, 0.012))
    body = sine(hz, rate, rng.uniform(0.0, 1.2)) * hold_decay(t, hold, t60)
    body = driven(body, log_uniform(rng, 0.3, 3.0))
    click = lowpass(noise(rng, t), log_uniform(rng, 1500.0, 9000.0), rate)
    click *= decay(t, log_uniform(rng, 0.008, 0.04)) * log_uniform(rng, 0.03, 0.8)
    return body + click


def snare(rng: np.random.Generator, rate: int) -> Signal:
    """Two modes of the head, and the wires: noise that starts hard and rattles on."""
    low = log_uniform(rng, 150.0, 270.0)
    t60 = log_uniform(rng, 0.14, 0.45)
    wires60 = log_uniform(rng, 0.2, 0.8)
    t = time_axis(1.05 * max(t60, wires60), rate)
    bend = 1.0 + rng.uniform(0.0, 0.9) * np.exp(-t / log_uniform(rng, 0.006, 0.02))
    upper = low * rng.uniform(1.45, 1.9)
    head = sine(low * bend, rate) * decay(t, t60)
    head += rng.uniform(0.2, 0.7) * sine(upper * bend, rate) * decay(t, 0.6 * t60)
    wires = highpass(noise(rng, t), log_uniform(rng, 400.0, 2000.0), rate)
    wires = lowpass(wires, log_uniform(rng, 3000.0, 12000.0), rate)
    wires *= decay(t, 0.35 * wires60) + rng.uniform(0.3, 0.8) * decay(t, wires60)
    return head + log_uniform(rng, 0.8, 5.0) * wires


def rim(rng: np.random.Generator, rate: int) -> Signal:
    """A stick on the rim: two or three high, very short modes and the knock of the shell."""
    low = log_uniform(rng, 380.0, 720.0)
    high = log_uniform(rng, 1400.0, 2300.0)
    t60 = log_uniform(rng, 0.08, 0.22)
    t = time_axis(rng.uniform(2.0, 3.0) * t60, rate)
    ring = modes(
        t,
        (rng.uniform(170.0, 260.0), low, high, high * rng.uniform(1.5, 1.9)),
        (2.5 * t60, t60, 0.8 * t60, 0.5 * t60),
        (
            rng.uniform(0.03, 0.3),
            rng.uniform(0.3, 0.9),
            rng.uniform(0.5, 1.0),
            rng.uniform(0.2, 0.6),
        ),
        rate,
    )
    stick = bandpass(noise(rng, t), log_uniform(rng, 2500.0, 5000.0), rate)
    stick *= decay(t, 0.025) * rng.uniform(1.5, 5.0)
    return driven(ring + stick, rng.uniform(0.5, 2.5))


def tom(rng: np.random.Generator, rate: int) -> Signal:
    """A tuned skin: a gliding low mode, a shorter one above, and the touch of the stick."""
    low = log_uniform(rng, 75.0, 200.0)
    t60 = log_uniform(rng, 0.35, 1.8)
    return _struck_skin(rng, rate, low, t60, sweep=rng.uniform(0.1, 0.9), slap=0.6)


def conga_bongo(rng: np.random.Generator, rate: int) -> Signal:
    """A hand on a small skin: higher and drier than a tom, with hardly any glide."""
    low = log_uniform(rng, 140.0, 360.0)
    t60 = log_uniform(rng, 0.25, 0.6)
    return _struck_skin(rng, rate, low, t60, sweep=rng.uniform(0.0, 0.18), slap=0.6)


def _struck_skin(
    rng: np.random.Generator, rate: int, low: float, t60: float, sweep: float, slap: float
) -> Signal:
    """A round skin that starts ``sweep * low`` Hz sharp, with at most ``slap`` of noise."""
    t = time_axis(1.05 * t60, rate)
    bend = 1.0 + sweep * np.exp(-t / log_uniform(rng, 0.015, 0.07))
    body = sine(low * bend, rate) * decay(t, t60)
    for ratio, share in ((1.59, 0.5), (2.14, 0.35), (2.65, 0.25)):
        mode = sine(ratio * rng.uniform(0.97, 1.03) * low * bend, rate)
        body += rng.uniform(0.1, 0.9) * share * mode * decay(t, share * t60)
    touch = bandpass(noise(rng, t), log_uniform(rng, 900.0, 4000.0), rate, 0.7)
    touch *= decay(t, log_uniform(rng, 0.015, 0.06)) * log_uniform(rng, slap / 6.0, slap) * 3.0
    return driven((body + touch) * swell(t, 0.001), rng.uniform(0.3, 1.5))


def driven(x: Signal, drive: float) -> Signal:
    """``x`` through a soft clipper; a larger ``drive`` clips harder."""
    clipped: Signal = np.tanh(drive * x) / np.tanh(drive)
    return clipped
