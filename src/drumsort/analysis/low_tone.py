"""Whether a sound is one low tone that dies away: a tuned 808, and hardly ever a tom or a bass.

Frames that are short enough to hear a stroke in are too short to tell a pure low tone from the
modes of a skin, which are no harmonics of each other. So stretches of twelve periods are looked at,
behind the stroke and its sweep. Their decay, which would blur the tone, is taken out first.

An 808 may be driven: its sine is clipped, on both sides alike, and less so as it dies away. So its
harmonics are odd, the third cuts the peaks of the first, and it never grows. The saws and squares
of a synthesized bass pass a filter, or beat, or sound on.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from drumsort.audio.level import first_beyond, peak
from drumsort.types import Clip, Samples

LOW_HZ = (30.0, 118.0)
"""Where the tone lies: from B0 to A#2."""

IMPURE_DB = -55.0
"""The most of its power that may lie beside the harmonics, up to 1 kHz."""

EVEN_DB = -18.0
"""The highest second harmonic, in dB below the first."""

SHORT_HZ = 75.0
"""Above, toms of drum machines are as pure, but shorter, or slow to reach their pitch: a tone lasts
for ``LASTING_SECONDS`` there, and does not glide for long."""

LASTING_SECONDS = 0.32

_STARTS = (0.06, 0.1, 0.15)  # seconds after the onset, by which it is pure
_PERIODS = 12  # of the tone, in a stretch
_FEW = 6  # periods, to see how the tone changes ...
_LATE = 0.6  # ... until so much of it is over
_FALLS_DB = 1.5  # by then, it has fallen by so much ...
_DULLS_DB = 0.5  # ... or its third harmonic by so much more
_SOFT_DB = -30.0  # a third harmonic below that says nothing
_HARD_DB = -20.0  # from here on, the first may be a square wave ...
_SQUARE_DB = -9.0  # ... whose third harmonic has -9.5
_FLAT = -0.97  # a clipped sine is flatter; -1 is no error at all
_BRIGHTER = 2.0  # the first period of a tone that is struck
_RATE = 6000  # Hz, of what is looked at
_ONSET = 10 ** (-40 / 20)  # of the peak
_OVER = 10 ** (-33 / 10)  # of the peak's power
_BLOCK_SECONDS = 0.02
_PITCH_SECONDS = 0.4
_MOST_CROSSINGS = 1000  # of zero in a second; a sine at the upper end has 236
_OFF = 0.08  # of the pitch: another tone, or one that glides
_SWEEP = 0.5  # by so much of the pitch, the first stretch may be higher
_STILL = 0.015  # of the pitch: less is no sweep
_SLOW = 0.35  # of a sweep that is left by the second start: its time constant is then 38 ms
_LOBE = 3.5  # lines: somewhat wider than half the main lobe of a Blackman window
_BESIDE_HZ = (20.0, 1000.0)  # noise above is no mode of a skin
_HIGHEST_HZ = 1200.0  # of a strongest partial
_LEAST = 1e-30


class _Tone(NamedTuple):
    """A stretch of a tone.

    Attributes:
        beside: what lies beside the harmonics, in dB below the whole.
        second: the second harmonic, in dB below the first.
        third: the third harmonic, in dB below the first.
        flat: cosine of the third harmonic's phase at the peak of the first: -1 if it cuts it.
        level: the whole, in dB.
        hz: the pitch.
    """

    beside: float
    second: float
    third: float
    flat: float
    level: float
    hz: float


def is_low_tone(clip: Clip) -> bool:
    """Whether a clip is one tone within ``LOW_HZ`` that dies away, and nothing else.

    It may have a stroke before it and a sweep at its start, and be driven.
    """
    samples, rate = _thinned(clip)
    highest = peak(samples)
    samples = samples[first_beyond(samples, highest * _ONSET) or 0 :]
    seconds = _length(samples, rate, highest)
    part = samples[round(_STARTS[0] * rate) : round(min(seconds, _PITCH_SECONDS) * rate)]
    if len(part) * LOW_HZ[1] < _FEW * rate or _crossings(part) * rate > _MOST_CROSSINGS * len(part):
        return False
    size = 1 << len(part).bit_length()
    hz = _strongest(_spectrum(part, size), rate / size) * rate / size
    if not LOW_HZ[0] <= hz <= LOW_HZ[1] or (hz > SHORT_HZ and seconds < LASTING_SECONDS):
        return False
    pure = next((at for at in _STARTS if _is_pure(_tone(samples, rate, at, hz, _PERIODS))), None)
    if pure is None:
        return False
    sweep = [_tone(samples, rate, start, hz, _FEW, off=_SWEEP) for start in _STARTS[:2]]
    early, late = (
        _tone(samples, rate, start, hz, _FEW) for start in (pure, max(pure, _LATE * seconds))
    )
    if sweep[0] is None or sweep[1] is None or early is None or late is None:
        return False
    if late.second >= EVEN_DB or (hz > SHORT_HZ and _glides(sweep[0].hz, sweep[1].hz, late.hz)):
        return False
    return _dies_away(early, late, clip, hz)


def _is_pure(tone: _Tone | None) -> bool:
    return tone is not None and tone.beside < IMPURE_DB and tone.second < EVEN_DB


def _glides(first: float, then: float, last: float) -> bool:
    """Whether a pitch falls as slowly as that of a skin."""
    return then - last > max(_STILL * last, _SLOW * (first - last))


def _dies_away(early: _Tone, late: _Tone, clip: Clip, hz: float) -> bool:
    """Whether a tone changes as a sine does that falls, before or behind what clips it."""
    falls = early.level - late.level >= _FALLS_DB
    if max(early.third, late.third) < _SOFT_DB:
        return falls
    change = early.third - late.third
    if change < -_DULLS_DB:
        return False
    dulls = change >= _DULLS_DB
    if early.third < _HARD_DB:
        return falls or dulls
    flat = early.flat < _FLAT and (late.flat < _FLAT or late.third < _SOFT_DB)
    return flat and early.third < _SQUARE_DB and (dulls or (falls and _is_struck(clip, hz)))


def _is_struck(clip: Clip, hz: float) -> bool:
    """Whether the first period is brighter than one behind it, by a click or a sweep."""
    onset = first_beyond(clip.samples, peak(clip.samples) * _ONSET) or 0
    length, later = (round(seconds * clip.rate) for seconds in (1 / hz, _STARTS[1]))
    first, then = (clip.samples[start : start + length] for start in (onset, onset + later))
    return _brightness(first) >= _BRIGHTER * _brightness(then)


def _brightness(samples: Samples) -> float:
    steps = np.diff(samples)
    return float(np.dot(steps, steps) / (np.dot(samples, samples) + _LEAST))


def _thinned(clip: Clip) -> tuple[Samples, float]:
    """Means of some samples each, and their rate in Hz, which is still high enough."""
    many = max(1, clip.rate // _RATE)
    whole = clip.samples[: len(clip.samples) // many * many].reshape(-1, many)
    return np.vecdot(whole, _mean_of(many)), clip.rate / many


def _length(samples: Samples, rate: float, highest: np.float32) -> float:
    """The seconds until a sound has fallen by 33 dB for good."""
    size = max(1, round(_BLOCK_SECONDS * rate))
    blocks = samples[: len(samples) // size * size].reshape(-1, size)
    loud = np.flatnonzero(np.vecdot(blocks, blocks) > _OVER * highest**2 * size)
    return float(loud[-1] + 1) * size / rate if len(loud) else 0.0


def _crossings(samples: Samples) -> int:
    signs = np.signbit(samples)
    return int(np.count_nonzero(signs[1:] != signs[:-1]))


def _tone(
    samples: Samples, rate: float, start: float, hz: float, periods: int, off: float = _OFF
) -> _Tone | None:
    """Some periods of a tone that is ``off`` from ``hz``, relative to it, by so much at most.

    ``None`` where another tone is louder, or the sound is over.
    """
    first, length = round(start * rate), int(periods / hz * rate)
    part = samples[first : first + length]
    if len(part) < length:
        return None
    lines, hz_a_bin = _spectrum(_evened(part, periods), length), rate / length
    one = _strongest(lines, hz_a_bin)
    if abs(one * hz_a_bin / hz - 1) > off:
        return None
    low, high = (int(end / hz_a_bin) for end in _BESIDE_HZ)
    bins = np.arange(low + 1, min(high, len(lines)))
    from_harmonic = np.abs((bins + one / 2) % one - one / 2)
    beside = lines[bins[from_harmonic > _LOBE]].sum() / lines[1:].sum()
    fundamental, second, third = (_line(lines, number * one) for number in (1, 2, 3))
    return _Tone(
        beside=_db(beside),
        second=_db(second / fundamental),
        third=_db(third / fundamental),
        flat=_flat(part, one),
        level=_db(np.dot(part, part)),
        hz=one * hz_a_bin,
    )


def _evened(part: Samples, periods: int) -> Samples:
    """A stretch without its decay: a parabola through the logarithms of its periods' energies."""
    edges = np.arange(periods) * len(part) // periods
    energy = np.add.reduceat(np.square(part), edges)
    square, slope, start = _parabola(periods) @ np.log(energy + _LEAST)
    t = np.arange(len(part), dtype=np.float32) / len(part)
    evened: Samples = part * np.exp(-((square * t + slope) * t + start) / 2)
    return evened


@lru_cache(4)
def _parabola(periods: int) -> Samples:
    """What makes a parabola of values in the middle of each period, by least squares."""
    return np.linalg.pinv(np.vander((np.arange(periods) + 0.5) / periods, 3))


def _flat(part: Samples, cycles: float) -> float:
    """See ``_Tone``; ``cycles`` are those of the first harmonic in the whole stretch."""
    t = 2 * np.pi * cycles * (np.arange(len(part)) / len(part) - 0.5)
    windowed = part * _blackman(len(part))
    first, third = (np.dot(windowed, np.exp(-1j * number * t)) for number in (1, 3))
    return float(np.cos(np.angle(third) - 3 * np.angle(first)))


def _spectrum(part: Samples, size: int) -> Samples:
    """The power of the lines of ``size`` points."""
    lines: Samples = np.abs(np.fft.rfft(part * _blackman(len(part)), size)) ** 2
    return lines


def _strongest(lines: Samples, hz_a_bin: float) -> float:
    """The highest peak of a power spectrum in bins, between them by a parabola; 0 if none."""
    low = max(1, int((LOW_HZ[0] - 5) / hz_a_bin))
    high = min(int(_HIGHEST_HZ / hz_a_bin), len(lines) - 1)
    if low >= high:
        return 0.0
    best = low + int(lines[low:high].argmax())
    left, top, right = np.log(lines[best - 1 : best + 2] + _LEAST).tolist()
    bend = left - 2 * top + right
    return best + (left - right) / bend / 2 if bend < 0 else 0.0


def _line(lines: Samples, where: float) -> float:
    return float(lines[max(0, int(where) - 2) : int(where) + 4].max(initial=_LEAST))


def _db(power: float) -> float:
    return float(10 * np.log10(power + _LEAST))


@lru_cache(4)
def _mean_of(many: int) -> Samples:
    return np.full(many, 1 / many, np.float32)


@lru_cache(16)
def _blackman(length: int) -> Samples:
    return np.blackman(length).astype(np.float32)
