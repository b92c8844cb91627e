"""Clip -> Analysis: how loud, when, how bright and how high a sound is, whatever it is.

Brightness and pitch come from one short Fourier transform, so that a sound costs a tenth of a
millisecond.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from operator import sub

import numpy as np

from drumsort.audio.level import first_beyond, peak
from drumsort.types import Analysis, Clip, Samples

LOUD_SECONDS = 0.4
"""Loudness is that of the loudest stretch of this length (EBU Tech 3341, "momentary")."""

BRIGHT_SECONDS = 0.05
"""Brightness is heard from the onset on, for about this long, the beginning above all."""

ONSET_DB = 40.0
"""The sound starts at the first sample this far below its peak, as in the front end."""

PITCH_HZ = (30.0, 1200.0)
"""Where a pitch is looked for."""

PITCH_SECONDS = (0.04, 0.25)
"""The stretch after the loudest instant that a pitch is heard in: the sweep and the stroke are
over, the tone is not. A sound that ends sooner is heard from sooner on."""

_BLOCKS_A_SECOND = 100
_FADED_DB = 35.0  # below the loudest block: what follows is no tone any more
_PITCH_RATE = 4000.0  # Hz, about: what the decaying part is brought down to
_LEAST_FFT = 1024
_TOO_BRIGHT = 3000.0  # Hz: a hat, a cymbal, noise
_LEAST_TAIL = 64  # samples at that rate that a pitch can be heard in
_BESIDE_DB = 15.0  # a lower peak this far below the highest is still the fundamental
_TONAL = 0.2  # of the power in the range lies in the peak, or there is no pitch
_NOTES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def analyse(clip: Clip) -> Analysis:
    """Measure one clip; its values are finite, and it is not silent, as ``decode`` sees to."""
    samples, rate = clip.samples, clip.rate
    highest = float(peak(samples))
    onset = first_beyond(samples, highest * 10 ** (-ONSET_DB / 20)) or 0
    block = max(1, rate // _BLOCKS_A_SECOND)
    energy = _energies(samples, block)
    length = max(_LEAST_FFT, 2 ** round(math.log2(BRIGHT_SECONDS * rate)))
    step = max(1, round(rate / _PITCH_RATE))
    start, end = _tail(energy, block, rate)
    tail = _slower(samples[start:end], step)[:_LEAST_FFT]
    attack, decay = _powers(samples[onset : onset + length], tail, length)
    brightness = _centroid(attack) * rate / length
    tonal = len(tail) >= _LEAST_TAIL and brightness < _TOO_BRIGHT
    return Analysis(
        loudness_db=_loudness(energy, block),
        peak_db=20 * math.log10(highest),
        onset_s=clip.start + onset / rate,
        brightness_hz=brightness,
        pitch_hz=_pitch(decay, rate / step / length, length / len(tail)) if tonal else None,
    )


def note(hz: float) -> str:
    """The nearest note of the equal temperament (A4 is 440 Hz): ``F#2``."""
    number = round(69 + 12 * math.log2(hz / 440))
    return f"{_NOTES[number % 12]}{number // 12 - 1}"


def _energies(samples: Samples, block: int) -> list[float]:
    """The energy of each whole block, or of what there is if that is less than one."""
    block = min(block, len(samples))
    blocks = samples[: len(samples) // block * block].reshape(-1, block)
    energies: list[float] = np.vecdot(blocks, blocks).tolist()
    return energies


def _loudness(energy: Sequence[float], block: int) -> float:
    """RMS of the loudest 400 ms in dB below full scale; silence follows a shorter sound."""
    count = round(LOUD_SECONDS * _BLOCKS_A_SECOND)
    total = list(accumulate(energy, initial=0.0))
    loudest = max(map(sub, total[count:], total)) if len(energy) > count else total[-1]
    return 10 * math.log10(max(loudest / (count * block), 1e-20))


def _tail(energy: Sequence[float], block: int, rate: int) -> tuple[int, int]:
    """Where the decaying part that a pitch is heard in begins and ends, in samples."""
    most = max(energy)
    loudest, faded = energy.index(most), most * 10 ** (-_FADED_DB / 10)
    later = range(loudest + 1, len(energy))
    top = loudest * block
    end = next((i for i in later if energy[i] < faded), len(energy)) * block
    start = top + min(round(PITCH_SECONDS[0] * rate), (end - top) // 4)
    return start, min(end, start + round(PITCH_SECONDS[1] * rate))


def _powers(attack: Samples, tail: Samples, length: int) -> Samples:
    """Power spectra of both, shape ``(2, length // 2 + 1)``: windowed."""
    pair = np.zeros((2, length), np.float32)
    np.multiply(attack, _fade(length)[: len(attack)], out=pair[0, : len(attack)])
    np.multiply(tail, _hann(len(tail)), out=pair[1, : len(tail)])
    squares = np.fft.rfft(pair).view(np.float32)
    squares *= squares
    return squares[:, ::2] + squares[:, 1::2]


def _centroid(power: Samples) -> float:
    """The mean bin, weighted by power."""
    total, moment = (power @ _ramps(len(power))).tolist()
    return float(moment / total) if total > 0 else 0.0


def _pitch(power: Samples, hz_a_bin: float, padding: float) -> float | None:
    """Frequency of the lowest strong partial of the decaying part, in Hz; ``None`` if none is.

    A drum's partials are no harmonics, so it has no period to look for; its pitch is heard at its
    lowest strong mode (T. D. Rossing, "Science of Percussion Instruments", 2000). That is a peak of
    the spectrum, placed between bins by a parabola through its logarithm (J. O. Smith and X. Serra,
    "PARSHL", 1987).
    """
    low, high = (math.ceil(hz / hz_a_bin) for hz in PITCH_HZ)
    heard: list[float] = power[: high + 1].tolist()
    best = _lowest_strong_peak(heard, low)
    if best is None:
        return None
    lobe = 1 + int(3 * padding)  # somewhat wider than the main lobe of a Hann window
    if sum(heard[max(0, best - lobe) : best + lobe + 1]) < _TONAL * sum(heard):
        return None
    left, top, right = (math.log(max(value, 1e-30)) for value in heard[best - 1 : best + 2])
    return (best + (left - right) / (left - 2 * top + right) / 2) * hz_a_bin


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


def _slower(samples: Samples, step: int) -> Samples:
    """Every ``step``-th sample, each the mean of those around it under a Hann window."""
    blocks = samples[: len(samples) // step * step].reshape(-1, step) @ _lowpass(step)
    slower: Samples = blocks[:-1, 0] + blocks[1:, 1]
    return slower


@lru_cache(16)
def _fade(length: int) -> Samples:
    """The falling half of a Hann window."""
    return np.hanning(2 * length)[length:].astype(np.float32)


@lru_cache(16)
def _ramps(length: int) -> Samples:
    """Ones, and the numbers from 0 on, as two columns."""
    return np.stack([np.ones(length), np.arange(length)], axis=1).astype(np.float32)


@lru_cache(64)
def _lowpass(step: int) -> Samples:
    """A Hann window of ``2 * step`` samples, as two columns: its rise and its fall."""
    window = np.hanning(2 * step + 2)[1:-1].astype(np.float32)
    columns: Samples = (window / window.sum()).reshape(2, step).T.copy()
    return columns


@lru_cache(1024)
def _hann(length: int) -> Samples:
    return np.hanning(length).astype(np.float32)
