"""Clip -> Analysis: how loud, when, how bright and how high a sound is, whatever it is.

Brightness and pitch come from one short Fourier transform each, so that a sound costs a tenth of
a millisecond.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from drumsort.types import Analysis, Clip, Samples

LOUD_SECONDS = 0.4
"""Loudness is that of the loudest stretch of this length (EBU Tech 3341, "momentary")."""

BRIGHT_SECONDS = 0.1
"""Brightness is heard from the onset on, for this long, the beginning above all."""

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
_PITCH_FFT = 2048
_LEAST = 64  # samples at that rate that a pitch can be heard in
_LOBE = 4  # half the width of a Hann window's main lobe, in bins of its own length, and two more
_BESIDE_DB = 15.0  # a lower peak this far below the highest is still the fundamental
_TONAL = 0.2  # of the power in the range lies in the peak, or there is no pitch
_NOTES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def analyse(clip: Clip) -> Analysis:
    """Measure one clip; its values are finite, and it is not silent, as ``decode`` sees to."""
    samples, rate = clip.samples, clip.rate
    level = np.abs(samples)
    peak = float(level.max())
    onset = int((level > peak * 10 ** (-ONSET_DB / 20)).argmax())
    energy, block = _energies(samples, rate)
    return Analysis(
        loudness_db=_loudness(energy, rate),
        peak_db=20 * math.log10(peak),
        onset_s=clip.start + onset / rate,
        brightness_hz=_brightness(samples[onset:], rate),
        pitch_hz=_pitch(samples, rate, energy, block),
    )


def note(hz: float) -> str:
    """The nearest note of the equal temperament (A4 is 440 Hz): ``F#2``."""
    number = round(69 + 12 * math.log2(hz / 440))
    return f"{_NOTES[number % 12]}{number // 12 - 1}"


def _energies(samples: Samples, rate: int) -> tuple[NDArray[np.float64], int]:
    """The energy of each hundredth of a second, the last one less what is missing; its length."""
    block = max(1, rate // _BLOCKS_A_SECOND)
    whole = len(samples) // block * block
    blocks = samples[:whole].reshape(-1, block)
    rest = samples[whole:]
    energy = np.append(np.einsum("ij,ij->i", blocks, blocks), rest @ rest)
    return energy.astype(np.float64), block


def _loudness(energy: NDArray[np.float64], rate: int) -> float:
    """RMS of the loudest 400 ms in dB below full scale; silence follows a shorter sound."""
    count = round(LOUD_SECONDS * _BLOCKS_A_SECOND)
    total = np.concatenate([[0.0], np.cumsum(energy)])
    loudest = (total[count:] - total[:-count]).max() if len(energy) >= count else total[-1]
    length = count * max(1, rate // _BLOCKS_A_SECOND)
    return 10 * math.log10(max(float(loudest) / length, 1e-20))


def _brightness(samples: Samples, rate: int) -> float:
    """Spectral centroid in Hz, weighted by power."""
    length = round(BRIGHT_SECONDS * rate)
    heard = samples[:length] * _fade(length)[: len(samples)]
    spectrum = np.fft.rfft(heard, length)
    power = spectrum.real**2 + spectrum.imag**2
    total = float(power.sum())
    if total <= 0:
        return 0.0
    return float(power @ _ramp(len(power))) / total / BRIGHT_SECONDS


def _pitch(
    samples: Samples, rate: int, energy: NDArray[np.float64], block: int
) -> float | None:
    """Frequency of the lowest strong partial of the decaying part, in Hz; ``None`` if none is.

    A drum's partials are no harmonics, so it has no period to look for; its pitch is heard at its
    lowest strong mode (T. D. Rossing, "Science of Percussion Instruments", 2000). That is a peak of
    the spectrum, placed between bins by a parabola through its logarithm (J. O. Smith and X. Serra,
    "PARSHL", 1987).
    """
    loudest = int(energy.argmax())
    faded = energy[loudest:] < energy[loudest] * 10 ** (-_FADED_DB / 10)
    end = (loudest + int(faded.argmax())) * block if faded.any() else len(samples)
    top = loudest * block
    start = top + min(round(PITCH_SECONDS[0] * rate), (end - top) // 4)
    tail = samples[start : min(end, start + round(PITCH_SECONDS[1] * rate))]
    step = max(1, round(rate / _PITCH_RATE))
    slow = _slower(tail, step)[:_PITCH_FFT]
    if len(slow) < _LEAST:
        return None
    spectrum = np.fft.rfft(slow * _hann(len(slow)), _PITCH_FFT)
    power = spectrum.real**2 + spectrum.imag**2
    hz_a_bin = rate / step / _PITCH_FFT
    low, high = (min(len(power) - 2, int(hz / hz_a_bin)) for hz in PITCH_HZ)
    heard = power[low : high + 1]
    total, highest = float(heard.sum()), float(heard.max())
    if total <= 0:
        return None
    inner = heard[1:-1]
    peaks = (inner >= heard[:-2]) & (inner > heard[2:])
    peaks &= inner > highest * 10 ** (-_BESIDE_DB / 10)
    if not peaks.any():
        return None
    best = low + 1 + int(peaks.argmax())
    lobe = _LOBE * _PITCH_FFT // len(slow)
    if float(power[max(low, best - lobe) : best + lobe + 1].sum()) < _TONAL * total:
        return None
    left, top_db, right = np.log(power[best - 1 : best + 2]).tolist()
    return (best + (left - right) / (left - 2 * top_db + right) / 2) * hz_a_bin


def _slower(samples: Samples, step: int) -> Samples:
    """Every ``step``-th sample, each the mean of those around it under a Hann window."""
    blocks = samples[: len(samples) // step * step].reshape(-1, step) @ _lowpass(step)
    return np.add(blocks[:-1, 0], blocks[1:, 1])


@lru_cache(16)
def _fade(length: int) -> Samples:
    """The falling half of a Hann window."""
    return np.hanning(2 * length)[length:].astype(np.float32)


@lru_cache(16)
def _ramp(length: int) -> Samples:
    return np.arange(length, dtype=np.float32)


@lru_cache(64)
def _lowpass(step: int) -> Samples:
    """A Hann window of ``2 * step`` samples, as two columns: its rise and its fall."""
    window = np.hanning(2 * step + 2)[1:-1]
    return (window / window.sum()).astype(np.float32).reshape(2, step).T.copy()


@lru_cache(1024)
def _hann(length: int) -> Samples:
    return np.hanning(length).astype(np.float32)
