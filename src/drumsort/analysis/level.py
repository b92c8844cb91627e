"""How loud a sound is by ITU-R BS.1770-5: momentary loudness and true peak."""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from operator import sub

import numpy as np
from numpy.typing import NDArray

from drumsort.analysis.shape import BLOCKS_A_SECOND
from drumsort.audio.level import first_beyond
from drumsort.types import Samples

_Lines = NDArray[np.float64]

LOUD_SECONDS = 0.4
"""Loudness is that of the loudest stretch of this length (EBU Tech 3341, "momentary")."""

_SILENT = -200.0  # dB
_FRAME_HZ = 172.0  # about: spectra of the shelf's frames have bins so far apart
_LOW_HZ = 690.0  # about: the rate that the low end is brought down to
_SHELF = 1681.974450955533, 3.999843853973347, 0.7071752369554196  # Hz, dB, quality
_HIGHPASS = 38.13547087602444, 0.5003270373238773  # Hz, quality
_TAPS = 12  # of each phase of the interpolator, as in BS.1770
_STEPS = 4
_NEAR = 20  # of a block, to either side of a place
_OVER = 1e-4  # of the energy: a sound is over where no more than that is in a block


def loudness(samples: Samples, energy: Sequence[float], block: int, rate: int) -> float:
    """The K-weighted loudness of the loudest 400 ms, in dB (LUFS of one channel).

    A one-shot is seldom as long as BS.1770's blocks of 400 ms, so silence follows a shorter sound,
    and nothing is gated. A sine of 997 Hz at full scale has -3.01. The filter is applied to spectra
    of short frames, which is off by less than 0.2 dB; where low tones are cut by the ends of the
    stretch, by 0.5 dB.
    """
    count = round(LOUD_SECONDS * BLOCKS_A_SECOND)
    total = list(accumulate(energy, initial=0.0))
    first = 0
    if len(energy) > count:
        windows = list(map(sub, total[count:], total))
        first = windows.index(max(windows))
    some = energy[first : first + count]
    least = max(some) * _OVER
    heard = next(i for i in range(len(some), 0, -1) if some[i - 1] >= least)
    part = samples[first * block : (first + heard) * block]
    mean = (_shelved(part, rate) - _below(part, rate)) / (count * block)
    return max(_SILENT, -0.691 + 10 * math.log10(max(mean, 1e-20)))


def true_peak(samples: Samples, energy: Sequence[float], block: int, highest: float) -> float:
    """The highest level between samples, too, in dB below full scale (dBTP).

    Four times as many samples are computed about the highest one, and where two neighbours are
    highest together. That is off by less than 0.3 dB for a tone. White noise may be higher
    elsewhere, by up to 1.5 dB.
    """
    least = max(energy) / 4
    loud = [i for i, value in enumerate(energy) if value >= least]
    start, end = loud[0] * block, min(len(samples), (loud[-1] + 1) * block)
    pairs = samples[start : end - 1] + samples[start + 1 : end]
    places = {first_beyond(samples, highest * (1 - 1e-6)) or 0}
    if len(pairs):
        places |= {start + int(pairs.argmax()), start + int(pairs.argmin())}
    for at in places:
        first, last = at - block // _NEAR - _TAPS, at + block // _NEAR + _TAPS
        part = np.zeros(last - first, np.float32)  # silence is about the sound
        known = samples[max(0, first) : last]
        part[max(0, -first) :][: len(known)] = known
        for phase in _phases():
            between = np.convolve(part, phase, "valid")
            highest = max(highest, float(between.max()), -float(between.min()))
    return 20 * math.log10(highest)


def _shelved(part: Samples, rate: int) -> float:
    """The energy of some samples behind the shelf, which stands for the head."""
    size = 1 << round(math.log2(rate / _FRAME_HZ))
    frames = np.zeros((-(-len(part) // size), size), np.float32)
    frames.reshape(-1)[: len(part)] = part
    lines = np.fft.rfft(frames).view(np.float32)
    return float(np.vecdot(lines, lines * _shelf(size, rate)).sum())


def _below(part: Samples, rate: int) -> float:
    """The energy that the high-pass takes away, in what is left of samples at a low rate."""
    step = max(1, round(rate / _LOW_HZ))
    rows = part[: len(part) // step * step].reshape(-1, step)
    if not len(rows):
        return 0.0
    size = 1 << (len(rows) - 1).bit_length()
    lines = np.abs(np.fft.rfft(rows @ np.ones(step, np.float32), size)) ** 2
    return float(lines @ _low(size, step, rate))


@lru_cache(16)
def _shelf(size: int, rate: int) -> Samples:
    """The shelf's power at each real and imaginary part of a spectrum, for sums of energy."""
    hz, gain, quality = _SHELF
    k, high = math.tan(math.pi * hz / rate), 10 ** (gain / 20)
    middle = high**0.4996667741545416
    b = high + middle * k / quality + k * k, 2 * (k * k - high), high - middle * k / quality + k * k
    a = 1 + k / quality + k * k, 2 * (k * k - 1), 1 - k / quality + k * k
    power = _power(b, a, np.arange(size // 2 + 1) / size) * _parseval(size)
    return np.repeat(power, 2).astype(np.float32)


@lru_cache(64)
def _low(size: int, step: int, rate: int) -> _Lines:
    """What the high-pass takes from each line of a spectrum of sums of ``step`` samples."""
    hz, quality = _HIGHPASS
    k = math.tan(math.pi * hz / rate)
    turns = np.arange(size // 2 + 1) / size
    a = 1 + k / quality + k * k, 2 * (k * k - 1), 1 - k / quality + k * k
    gone = 1 - _power((1, -2, 1), a, turns / step) * (a[0] ** 2)
    lost: _Lines = np.clip(gone, 0, 1) * _parseval(size) / step / np.sinc(turns) ** 2
    return lost


def _power(b: Sequence[float], a: Sequence[float], turns: _Lines) -> _Lines:
    """The power of a filter of second order, at some frequencies in turns a sample."""
    z = np.exp(-2j * np.pi * turns)
    gain: _Lines = np.abs(np.polyval(b[::-1], z) / np.polyval(a[::-1], z)) ** 2
    return gain


def _parseval(size: int) -> _Lines:
    """What each line of the spectrum of ``size`` real samples counts in their energy."""
    counts = np.full(size // 2 + 1, 2 / size)
    counts[[0, -1]] = 1 / size
    return counts


@lru_cache(1)
def _phases() -> tuple[Samples, ...]:
    """The filters that give the samples between two others: a sinc under a Kaiser window."""
    at = np.arange(_TAPS) - (_TAPS - 1) / 2
    filters = []
    for step in range(1, _STEPS):
        place = at + 0.5 - step / _STEPS
        taps = np.sinc(place) * np.i0(5 * np.sqrt(1 - (place / (_TAPS / 2 + 0.5)) ** 2))
        filters.append((taps / taps.sum()).astype(np.float32))
    return tuple(filters)
