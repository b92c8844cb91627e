"""Clip -> Analysis: how loud, when, how bright and how high a sound is, whatever it is.

All is measured in the one channel that is heard, without its offset. Each measure says how far off
it may be; tests hold it to that. A sound costs a few tenths of a millisecond.
"""

import math
from functools import lru_cache

import numpy as np

from drumsort.analysis.level import loudness, true_peak
from drumsort.analysis.pitch import pitch, spectrum_of_tail, tail
from drumsort.analysis.shape import BLOCKS_A_SECOND, attack, decay, energies
from drumsort.audio.level import first_beyond, peak
from drumsort.types import Analysis, Clip, Samples

BRIGHT_SECONDS = 0.05
"""Brightness is heard from the onset on, for about this long, the beginning above all."""

ONSET_DB = 40.0
"""The sound starts at the first sample this far below its peak, as in the front end."""

_LEAST_FFT = 1024
_TOO_BRIGHT = 3000.0  # Hz: a hat, a cymbal, noise
_NOTES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def analyse(clip: Clip) -> Analysis:
    """Measure one clip; its values are finite, and it is not silent, as ``decode`` sees to."""
    samples, rate = clip.samples, clip.rate
    highest = float(peak(samples))
    onset = first_beyond(samples, highest * 10 ** (-ONSET_DB / 20)) or 0
    block = max(1, rate // BLOCKS_A_SECOND)
    energy = energies(samples, block)
    length = max(_LEAST_FFT, 2 ** round(math.log2(BRIGHT_SECONDS * rate)))
    later, hz = tail(samples, energy, block, rate, _LEAST_FFT)
    spectra = _powers(samples[onset : onset + length], spectrum_of_tail(later), length)
    brightness = _centroid(spectra[0]) * rate / length
    tone = None
    if brightness < _TOO_BRIGHT:
        tone = pitch(spectra[1], hz / length, length / max(1, len(later)), len(later))
    return Analysis(
        loudness_db=loudness(samples, energy, block, rate),
        peak_db=20 * math.log10(highest),
        true_peak_db=true_peak(samples, energy, block, highest),
        onset_s=clip.start + onset / rate,
        attack_s=attack(samples, energy, block, onset, rate),
        decay_s=decay(energy, block, len(samples), rate),
        brightness_hz=brightness,
        pitch_hz=tone.hz if tone else None,
        pitch_confidence=tone.confidence if tone else None,
    )


def note(hz: float) -> str:
    """The nearest note of the equal temperament (A4 is 440 Hz): ``F#2``."""
    number = round(69 + 12 * math.log2(hz / 440))
    return f"{_NOTES[number % 12]}{number // 12 - 1}"


def _powers(attack: Samples, tail: Samples, length: int) -> Samples:
    """Power spectra of both, shape ``(2, length // 2 + 1)``; the first fades out."""
    pair = np.zeros((2, length), np.float32)
    np.multiply(attack, _fade(length)[: len(attack)], out=pair[0, : len(attack)])
    pair[1, : len(tail)] = tail
    squares = np.fft.rfft(pair).view(np.float32)
    squares *= squares
    return squares[:, ::2] + squares[:, 1::2]


def _centroid(power: Samples) -> float:
    """The mean bin, weighted by power."""
    total, moment = (power @ _ramps(len(power))).tolist()
    return float(moment / total) if total > 0 else 0.0


@lru_cache(16)
def _fade(length: int) -> Samples:
    """The falling half of a Hann window."""
    return np.hanning(2 * length)[length:].astype(np.float32)


@lru_cache(16)
def _ramps(length: int) -> Samples:
    """Ones, and the numbers from 0 on, as two columns."""
    return np.stack([np.ones(length), np.arange(length)], axis=1).astype(np.float32)
