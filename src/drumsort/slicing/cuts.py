"""A sound and its onsets -> hits: cut where the sound crosses zero or ends, with short fades."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from drumsort.audio.convert import why_not_written
from drumsort.audio.mono import to_mono
from drumsort.audio.open import Sound, not_opened, open_sound
from drumsort.errors import AudioError
from drumsort.slicing.alone import BEFORE, by_itself
from drumsort.slicing.flux import Frames
from drumsort.slicing.onsets import Onsets
from drumsort.types import Samples

TAIL = 10.0
"""Seconds that a hit may ring at most."""

FINE = Frames(window=0.006, hop=0.001, octave=3, lag=2)
"""Frames that tell when exactly a hit begins."""

_BACK, _AHEAD = 0.015, 0.012  # seconds around a coarse onset in which the exact one lies
_RISING = 0.3  # of its highest: from there on, the flux of a hit rises
_ZERO = 0.002  # seconds before the onset in which the sound may cross zero
_NEAR_ZERO = 0.01  # seconds to either side of a cut in which a zero crossing is near
_NEAR_ONSET = 0.02  # seconds to either side of a cut in which a hit that was found is near
_FADE_IN, _FADE_OUT = 0.001, 0.005  # seconds
_SILENT = 10 ** (-60 / 20)  # of its loudest 5 ms: a hit is over
_OVER_FLOOR = 1.5  # what is no louder than that is the floor of the file
_QUIET = 10 ** (-40 / 20)  # of the loudest 5 ms of the file: a floor is no louder
_BLOCK = 0.005  # seconds
_SHORTEST = 0.005  # seconds: what is shorter is no hit
_ATTACK = 0.01  # seconds: from then on, a hit rings
_KEPT = 0.1  # seconds before a hit that are not forgotten
_STEP = 1 << 16  # frames of what is skipped that are read at once


@dataclass(frozen=True)
class Hit:
    """One hit, cut from a longer sound.

    Attributes:
        number: 1 for the first of the sound, or its first cut, and so on.
        start: the first frame of it in the file.
        frames: shape ``(n, channels)``, in the type of ``dtype_of``; faded in and out.
        alone: for the ear, with less of what rings from before it, shape ``(n,)``, float32.
    """

    number: int
    start: int
    frames: NDArray[Any] = field(repr=False)
    alone: Samples = field(repr=False)


def dtype_of(coding: str) -> str:
    """The type that holds all samples of a coding of a WAV as they are."""
    return {"PCM_32": "int32", "DOUBLE": "float64"}.get(coding, "float32")


def write(frames: NDArray[Any], target: Path, rate: int, coding: str) -> None:
    """Write frames of shape ``(n, channels)`` as a new WAV file.

    Raises:
        OSError: it cannot be written; the error names ``target``.
    """
    name = str(target) if os.name == "nt" else os.fsencode(target)
    try:
        with soundfile.SoundFile(name, "x", rate, frames.shape[1], coding, format="WAV") as wav:
            wav.write(frames)
    except soundfile.LibsndfileError as error:
        raise why_not_written(target, error) from error


def hits(
    path: Path,
    found: Onsets,
    dtype: str = "float32",
    tail: float = TAIL,
    cuts: Sequence[int] | None = None,
) -> Iterator[Hit]:
    """Cut a sound into its hits, one after the other.

    A hit begins up to 2 ms before its onset, where the sound crosses zero, and ends where the next
    one begins, or where it falls silent, or after ``tail`` seconds. Between its fades (1 ms and
    5 ms; none at the start of the file), every sample is that of the file.

    Args:
        path: the file.
        found: its onsets.
        dtype: ``float32``, ``float64`` or ``int32``.
        tail: how long a hit may ring at most, in seconds.
        cuts: the frames that hits begin with, rising, in the place of those by the onsets; the
            number of a hit is then that of its cut. A cut that is followed by silence, or by
            another within 5 ms, gives no hit.

    Raises:
        AudioError: it cannot be read.
    """
    with _opened(path, found) as sound:
        yield from _hits(_Part(sound, dtype), found, tail, cuts)


def snapped(path: Path, found: Onsets, at: int, *, onset: bool) -> int:
    """The frame near ``at`` that a cut belongs to.

    Args:
        path: the file.
        found: its onsets.
        at: a frame of it.
        onset: whether to go to where a hit begins that was found near, 20 ms away at most, or
            else to where the sound rises most, up to 15 ms before ``at`` or 12 ms after; otherwise
            to the nearest zero crossing, 10 ms away at most.

    Returns:
        The frame; ``at`` itself where there is no zero crossing near.

    Raises:
        AudioError: it cannot be read.
    """
    with _opened(path, found) as sound:
        part = _Part(sound, "float32")
        part.forget(at - round(_KEPT * found.rate))
        if not onset:
            return _nearest_zero(part, at, found.rate)
        near = min(found.at, key=lambda one: abs(one - at), default=at)
        return _exact(part, near if abs(near - at) <= _NEAR_ONSET * found.rate else at, found.rate)


@contextmanager
def _opened(path: Path, found: Onsets) -> Iterator[Sound]:
    try:
        with open_sound(path) as sound:
            if (sound.rate, sound.channels) != (found.rate, found.channels):
                raise AudioError(f"{path} changed while it was sliced: slice it again.")
            yield sound
    except OSError as error:
        raise not_opened(path, error) from error


def _hits(
    part: "_Part", found: Onsets, tail: float, cuts: Sequence[int] | None = None
) -> Iterator[Hit]:
    rate, longest = found.rate, round(tail * found.rate)
    loudest = float(np.abs(found.outline).max())
    number, attack = 0, 0  # up to where the hit before is not yet ringing
    start: int | None = None
    exact = _exact if cuts is None else _as_given
    at = found.at if cuts is None else cuts
    for nth, (onset, following) in enumerate(pairwise([*at, found.length + 2 * longest]), start=1):
        if start is None:
            part.forget(onset - round(_KEPT * rate))
            start = exact(part, onset, rate)
        end, begins = min(found.length, start + longest), None
        if following - round(_BACK * rate) < end:
            begins = exact(part, following, rate, least=start + 1)
            end = min(end, begins)
        frames = part(start, end)
        length = _until_silent(frames, rate, found.floor, loudest)
        if length >= _SHORTEST * rate:
            number = number + 1 if cuts is None else nth
            before = max(0, attack, start - round(BEFORE * rate))
            rings = to_mono(_floats(part(before, start)))
            alone = by_itself(rings, to_mono(_floats(frames[:length])), rate)
            yield Hit(number, start, _faded(frames[:length], rate, fade_in=start > 0), alone)
        attack = start + round(_ATTACK * rate)
        start = begins
        part.forget((end if begins is None else begins) - round(_KEPT * rate))


class _Part:
    """Some frames of a sound that is read from its beginning to its end.

    What was asked for may be asked for again until it is forgotten.
    """

    def __init__(self, sound: Sound, dtype: str) -> None:
        self._sound, self._dtype = sound, dtype
        self._kept = np.zeros((0, sound.channels), dtype)
        self._at = 0  # the frame that ``_kept`` begins with

    def __call__(self, start: int, end: int) -> NDArray[Any]:
        """The frames from ``start`` to ``end``, or to the end of the sound."""
        parts = [self._kept]
        while (missing := end - self._at - sum(map(len, parts))) > 0:
            parts.append(self._sound.read(missing, self._dtype))
            if not len(parts[-1]):
                break
        self._kept = np.concatenate(parts) if parts[1:] else self._kept
        return self._kept[start - self._at : end - self._at]

    def forget(self, before: int) -> None:
        """Keep nothing that comes before a frame, which may not have been read yet."""
        while (end := self._at + len(self._kept)) < before:
            self._kept, self._at = self._sound.read(min(_STEP, before - end), self._dtype), end
            if not len(self._kept):
                return
        if before > self._at:
            self._kept, self._at = self._kept[before - self._at :], before


def _exact(part: _Part, onset: int, rate: int, least: int = 0) -> int:
    """The frame that a hit is cut at: where the sound crosses zero before it begins to rise."""
    size, hop = FINE.size(rate), FINE.hop * rate
    first = max(least, onset - round(_BACK * rate)) - size // 2 - round(FINE.lag * hop)
    count = max(FINE.lag + 1, int((onset + _AHEAD * rate - size / 2 - first) / hop) + 1)
    needed = round(count * hop) + size
    samples = _floats(part(max(0, first), first + needed))
    early = max(0, -first)
    samples = np.pad(samples, ((early, max(0, needed - early - len(samples))), (0, 0)))
    bands = FINE.bands(samples, rate, count)
    flux = FINE.flux(bands, float(bands.max()))
    peak = int(flux.argmax())
    highest = flux[peak]
    while peak > FINE.lag and flux[peak - 1] > _RISING * highest:
        peak -= 1
    return _zero(part, max(least, first + round(peak * hop) + size // 2), rate, least)


def _as_given(part: _Part, onset: int, rate: int, least: int = 0) -> int:
    return onset


def _nearest_zero(part: _Part, at: int, rate: int) -> int:
    """The frame next to the nearest zero crossing of the sum of the channels."""
    start = max(0, at - round(_NEAR_ZERO * rate))
    mono = _floats(part(start, at + round(_NEAR_ZERO * rate) + 1)).sum(axis=1)
    (crossings,) = np.nonzero(np.signbit(mono[1:]) != np.signbit(mono[:-1]))
    if not len(crossings):
        return at
    closer = np.abs(mono[crossings + 1]) < np.abs(mono[crossings])
    frames = start + crossings + closer
    return int(frames[np.abs(frames - at).argmin()])


def _zero(part: _Part, at: int, rate: int, least: int) -> int:
    """The last frame up to ``at`` with the sum of the channels next to zero."""
    start = max(least, at - round(_ZERO * rate))
    mono = _floats(part(start, at + 1)).sum(axis=1)
    crossings = np.flatnonzero(np.signbit(mono[1:]) != np.signbit(mono[:-1]))
    if len(crossings):
        left = int(crossings[-1])
        return start + left + int(abs(mono[left + 1]) < abs(mono[left]))
    quiet = np.abs(mono)
    return start + len(mono) - 1 - int(quiet[::-1].argmin())


def _until_silent(frames: NDArray[Any], rate: int, floor: float, loudest: float) -> int:
    """How many frames there are until nothing but silence, or the floor of the file, follows."""
    block = max(1, round(_BLOCK * rate))
    power = np.square(_floats(frames)).mean(axis=1)
    starts = np.arange(0, len(power), block)
    level = np.sqrt(np.add.reduceat(power, starts) / np.diff([*starts, len(power)]))
    least = _SILENT * float(level.max(initial=0))
    if floor < _QUIET * loudest:
        least = max(least, _OVER_FLOOR * floor)
    loud = np.flatnonzero(level > least)
    return min(len(frames), int(loud[-1] + 1) * block) if len(loud) else 0


def _faded(frames: NDArray[Any], rate: int, *, fade_in: bool) -> NDArray[Any]:
    out = frames.astype(np.float64)
    most = len(out) // 2
    if fade_in:
        count = min(most, round(_FADE_IN * rate))
        out[:count] *= _ramp(count)
    count = min(most, round(_FADE_OUT * rate))
    out[len(out) - count :] *= _ramp(count)[::-1]
    return (np.round(out) if frames.dtype == np.int32 else out).astype(frames.dtype)


def _ramp(count: int) -> NDArray[np.float64]:
    """Half a cosine, from 0 to 1; shape ``(count, 1)``."""
    ramp: NDArray[np.float64] = 0.5 - 0.5 * np.cos(np.pi * np.arange(count) / max(1, count))
    return ramp[:, None]


def _floats(frames: NDArray[Any]) -> Samples:
    scale = 2.0**-31 if frames.dtype == np.int32 else 1.0
    return (frames * scale).astype(np.float32)
