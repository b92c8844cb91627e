"""Whether a sound is one low tone and its harmonics: a tuned 808, or a bass, but hardly a tom.

Frames that are short enough to hear a stroke in are too short to tell a pure low tone from the
modes of a skin, which are no harmonics of each other. So a longer stretch is looked at, behind the
stroke and its sweep.
"""

from functools import lru_cache

import numpy as np

from drumsort.audio.level import first_beyond, peak
from drumsort.types import Clip, Samples

LOW_HZ = (30.0, 118.0)
"""Where the tone lies: from B0 to A#2."""

STRETCH_SECONDS = (0.1, 0.4)
"""The stretch after the onset that is looked at."""

IMPURE_DB = -50.0
"""The most of its power that may lie beside the harmonics, in dB."""

_ONSET = 10 ** (-40 / 20)  # of the peak
_LAST = 6  # of the stretch: its end, where the tone must still be there
_THERE = 10 ** (-33 / 10)  # of the peak's power
_MOST_CROSSINGS = 300  # of zero; a sine at the upper end has 71
_LOBE = 3.5  # bins: somewhat wider than half the main lobe of a Blackman window
_HIGHEST_HZ = 1200.0  # of a strongest partial
_BELOW_HZ = 20.0  # nothing is heard


def is_low_tone(clip: Clip) -> bool:
    """Whether a clip has one lasting tone within ``LOW_HZ`` behind its stroke, and nothing else."""
    samples, rate = clip.samples, clip.rate
    if len(samples) < STRETCH_SECONDS[1] * rate:
        return False
    highest = peak(samples)
    onset = first_beyond(samples, highest * _ONSET) or 0
    start, end = (onset + round(seconds * rate) for seconds in STRETCH_SECONDS)
    part = samples[start:end]
    if len(part) < end - start:
        return False
    late = part[-len(part) // _LAST :]
    if np.dot(late, late) < _THERE * highest**2 * len(late) or _crossings(part) > _MOST_CROSSINGS:
        return False
    lines = np.abs(np.fft.rfft(part * _blackman(len(part)))) ** 2
    hz_a_bin = rate / len(part)
    first = _strongest(lines, hz_a_bin)
    if not LOW_HZ[0] <= first * hz_a_bin <= LOW_HZ[1]:
        return False
    bins = np.arange(len(lines))
    from_harmonic = np.abs((bins + first / 2) % first - first / 2)
    beside = lines[(from_harmonic > _LOBE) & (bins * hz_a_bin > _BELOW_HZ)].sum()
    return bool(beside < 10 ** (IMPURE_DB / 10) * lines[1:].sum())


def _crossings(samples: Samples) -> int:
    signs = np.signbit(samples)
    return int(np.count_nonzero(signs[1:] != signs[:-1]))


def _strongest(lines: Samples, hz_a_bin: float) -> float:
    """The highest peak of a power spectrum in bins, between them by a parabola; 0 if none."""
    low, high = (int(hz / hz_a_bin) for hz in (LOW_HZ[0] - 5, _HIGHEST_HZ))
    best = low + int(lines[low:high].argmax())
    left, top, right = np.log(lines[best - 1 : best + 2] + 1e-30).tolist()
    bend = left - 2 * top + right
    return best + (left - right) / bend / 2 if bend < 0 else 0.0


@lru_cache(16)
def _blackman(length: int) -> Samples:
    return np.blackman(length).astype(np.float32)
