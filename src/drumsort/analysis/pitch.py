"""The pitch of a drum: its lowest strong mode after the attack, and how much of the sound it is.

A drum's partials are no harmonics, so it has no period to look for; its pitch is heard at its
lowest strong mode (T. D. Rossing, "Science of Percussion Instruments", 2000). That is a peak of the
spectrum, placed between bins by a parabola through its logarithm (J. O. Smith and X. Serra,
"PARSHL", 1987).

A tone of 30 Hz or more that lasts for 0.3 s or more is off by less than 10 cents, one of 0.12 s by
less than 40.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from drumsort.types import Samples

PITCH_HZ = (25.0, 1200.0)
"""Where a pitch is looked for."""

PITCH_SECONDS = (0.04, 0.25)
"""The stretch after the loudest instant that a pitch is heard in: the sweep and the stroke are
over, the tone is not. A sound that ends sooner is heard from sooner on."""

_FADED_DB = 35.0  # below the loudest block: what follows is no tone any more
_PITCH_RATE = 4000.0  # Hz, about: what the decaying part is brought down to
_LEAST_TAIL = 64  # samples at that rate that a pitch can be heard in
_BESIDE_DB = 15.0  # a lower peak this far below the highest is still the fundamental
_TONAL = 0.2  # of the power in the range lies in the peak, or there is no pitch


class Tone(NamedTuple):
    """A pitch in Hz, and how much of the power up to 1,200 Hz lies in it, 0 to 1."""

    hz: float
    confidence: float


def tail(
    samples: Samples, energy: Sequence[float], block: int, rate: int, most: int
) -> tuple[Samples, float]:
    """The decaying part that a pitch is heard in, up to ``most`` samples, and its rate in Hz."""
    step = max(1, round(rate / _PITCH_RATE))
    start, end = _bounds(energy, block, rate)
    return _slower(samples[start:end], step)[:most], rate / step


def spectrum_of_tail(later: Samples) -> Samples:
    """The decaying part under a Hann window, for a Fourier transform."""
    windowed: Samples = later * _hann(len(later))
    return windowed


def pitch(power: Samples, hz_a_bin: float, padding: float, length: int) -> Tone | None:
    """The lowest strong partial of a power spectrum, or ``None`` if there is none.

    Args:
        power: shape ``(n,)``.
        hz_a_bin: distance of its bins.
        padding: how many times as long as the sound the transform was.
        length: how many samples of sound there were.
    """
    if length < _LEAST_TAIL:
        return None
    low, high = (math.ceil(hz / hz_a_bin) for hz in PITCH_HZ)
    heard: list[float] = power[: high + 1].tolist()
    best = _lowest_strong_peak(heard, low)
    if best is None:
        return None
    lobe = 1 + int(3 * padding)  # somewhat wider than the main lobe of a Hann window
    share = sum(heard[max(0, best - lobe) : best + lobe + 1]) / sum(heard)
    if share < _TONAL:
        return None
    left, top, right = (math.log(max(value, 1e-30)) for value in heard[best - 1 : best + 2])
    return Tone((best + (left - right) / (left - 2 * top + right) / 2) * hz_a_bin, share)


def _lowest_strong_peak(power: Sequence[float], low: int) -> int | None:
    """The first bin from ``low`` on that is a peak, and nearly as high as the highest is."""
    highest = max(power)
    if highest <= 0 or power.index(highest) < low:  # silence, or an offset
        return None
    strong = highest * 10 ** (-_BESIDE_DB / 10)
    for i in range(max(1, low), len(power) - 1):
        if power[i] > strong and power[i - 1] <= power[i] > power[i + 1]:
            return i
    return None


def _bounds(energy: Sequence[float], block: int, rate: int) -> tuple[int, int]:
    """Where the decaying part that a pitch is heard in begins and ends, in samples."""
    most = max(energy)
    loudest, faded = energy.index(most), most * 10 ** (-_FADED_DB / 10)
    later = range(loudest + 1, len(energy))
    top = loudest * block
    end = next((i for i in later if energy[i] < faded), len(energy)) * block
    start = top + min(round(PITCH_SECONDS[0] * rate), (end - top) // 4)
    return start, min(end, start + round(PITCH_SECONDS[1] * rate))


def _slower(samples: Samples, step: int) -> Samples:
    """Every ``step``-th sample, each the mean of those around it under a Hann window."""
    blocks = samples[: len(samples) // step * step].reshape(-1, step) @ _lowpass(step)
    slower: Samples = blocks[:-1, 0] + blocks[1:, 1]
    return slower


@lru_cache(64)
def _lowpass(step: int) -> Samples:
    """A Hann window of ``2 * step`` samples, as two columns: its rise and its fall."""
    window = np.hanning(2 * step + 2)[1:-1].astype(np.float32)
    columns: Samples = (window / window.sum()).reshape(2, step).T.copy()
    return columns


@lru_cache(1024)
def _hann(length: int) -> Samples:
    return np.hanning(length).astype(np.float32)
