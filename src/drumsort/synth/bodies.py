"""Bodies that ring: a round skin, a plate of metal, a bar."""

import numpy as np

from drumsort.synth.envelopes import Signal
from drumsort.synth.oscillators import ring

# Modes of an ideal round skin as multiples of the lowest: zeros of Bessel functions.
_SKIN = np.array(
    [1.0, 1.594, 2.136, 2.296, 2.653, 2.918, 3.156, 3.501, 3.6, 3.652, 4.06, 4.154, 4.231, 4.61]
)


def skin(
    rng: np.random.Generator,
    t: Signal,
    rate: int,
    hz: float,
    t60: float,
    bright: float = 1.5,
    damped: float = 1.0,
) -> Signal:
    """A skin struck somewhere.

    Args:
        hz: the lowest mode.
        t60: seconds in which that one falls by 60 dB.
        bright: how fast the gain of modes falls with their frequency (exponent); 0 is brightest.
        damped: how much faster the higher ones die away (exponent).
    """
    ratios = _SKIN * np.append(1.0, rng.uniform(0.96, 1.04, len(_SKIN) - 1))
    gains = rng.uniform(0.2, 1.0, len(_SKIN)) * ratios**-bright
    gains[0] = 1.0
    phases = rng.uniform(-0.6, 0.6, len(_SKIN))
    return ring(t, hz * ratios, t60 * ratios**-damped, gains, rate, phases)


def plate(
    rng: np.random.Generator,
    t: Signal,
    rate: int,
    low: float,
    middle: float,
    t60: float,
    count: int = 90,
    damped: float = 0.4,
) -> Signal:
    """A cymbal: many modes that belong to no scale.

    Args:
        low: the lowest mode in Hz; the others lie above, the denser the higher.
        middle: where the loudest ones lie, in Hz.
        t60: seconds in which those at ``middle`` fall by 60 dB.
        count: how many there are.
        damped: how much faster the higher ones die away (exponent).
    """
    top = min(20000.0, 0.45 * rate)
    place = np.sort(rng.uniform(0.0, 1.0, count))
    hz = low * (top / low) ** (place**0.75)
    octaves = np.log2(hz / middle)
    slope = np.where(octaves < 0.0, rng.uniform(4.0, 9.0), -rng.uniform(2.0, 8.0))
    gains = 10.0 ** (octaves * slope / 20.0) * rng.exponential(1.0, count)
    fades = t60 * (hz / middle) ** -damped * rng.uniform(0.6, 1.3, count)
    x = ring(t, hz, fades, gains, rate, rng.uniform(0.0, 2.0 * np.pi, count))
    return x * (0.5 / np.linalg.norm(gains))


def bar(
    rng: np.random.Generator,
    t: Signal,
    rate: int,
    hz: float,
    t60: float,
    ratios: tuple[float, ...],
    bright: float = 1.0,
    damped: float = 1.0,
) -> Signal:
    """A bar, a bell or a hollow block, whose modes lie at ``ratios`` of ``hz``; as ``skin``."""
    exact = np.array(ratios) * np.append(1.0, rng.uniform(0.985, 1.015, len(ratios) - 1))
    gains = exact**-bright * np.append(1.0, rng.uniform(0.3, 1.0, len(ratios) - 1))
    return ring(t, hz * exact, t60 * exact**-damped, gains, rate)
