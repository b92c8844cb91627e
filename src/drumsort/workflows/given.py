"""Sounds that are not files on the disk: arrays of samples, and open files."""

import io
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeAlias, TypeGuard

import numpy as np
from numpy.typing import ArrayLike

from drumsort.audio.open import RATES
from drumsort.audio.play import wav
from drumsort.errors import AudioError, DrumsortError

_MOST = 2**30 - 64  # samples of four bytes that a WAV file can hold

Given: TypeAlias = tuple[ArrayLike, float] | IO[bytes]
"""Samples, shape ``(n,)`` or ``(n, channels)``, with their rate in Hz; or a file open for reading.

Signed integers are samples of that many bits: int16 reaches from -32768 to 32767.
"""

Sounds: TypeAlias = str | os.PathLike[str] | Given
"""A path of a file or folder, or a sound that is given as it is."""


def listed(sounds: Sounds | Iterable[Sounds]) -> Iterable[Sounds]:
    """One sound, or several, as several."""
    if isinstance(sounds, str | os.PathLike) or is_given(sounds):
        return [sounds]
    return sounds  # type: ignore[return-value]


def is_given(sound: object) -> TypeGuard[Given]:
    """Whether this is a sound itself, and not the path of one."""
    if isinstance(sound, tuple) and len(sound) == 2:
        samples, rate = sound
        is_rate = isinstance(rate, int | float | np.integer | np.floating)
        return is_rate and not isinstance(samples, str | os.PathLike)
    return hasattr(sound, "read")


def as_paths(sounds: Iterable[Sounds]) -> Iterator[str | os.PathLike[str]]:
    """The same, all of which are paths.

    Raises:
        DrumsortError: one is neither a path nor a sound.
    """
    for one in sounds:
        if not isinstance(one, str | os.PathLike):
            raise DrumsortError(
                f"{_shown(one)} is neither a path nor a sound: give a path, a file open for "
                "reading, or samples and their rate in Hz, in this order."
            )
        yield one


def name_of(sound: Given, number: int) -> Path:
    """What stands for its path: the name of an open file, or ``sound 3``."""
    name = getattr(sound, "name", None)
    return Path(name) if isinstance(name, str) else Path(f"sound {number}")


@contextmanager
def as_file(sound: Given, name: str | Path = "The sound") -> Iterator[Path]:
    """A file with this sound, so that it is heard as any other; gone after the block.

    Args:
        sound: the sound.
        name: stands for it in messages.

    Raises:
        AudioError: there are no samples, too many of them for a file, or no sound has this rate.
        DrumsortError: samples have no such shape or type, or the file is open as text.
    """
    if isinstance(sound, tuple):
        content = _samples(*sound, name)
    elif isinstance(sound, io.TextIOBase):
        raise DrumsortError(f"{name} is open as text: open it with the mode 'rb'.")
    else:
        content = sound.read()
    with tempfile.TemporaryDirectory(prefix="drumsort-") as folder:
        path = Path(folder, "sound")
        path.write_bytes(content)
        yield path


def _samples(samples: ArrayLike, rate: float, name: str | Path) -> bytes:
    try:
        array: Any = np.asarray(samples)
    except ValueError as error:  # lists that differ in length
        raise DrumsortError(f"{name} is no array ({error}): {_GIVE}.") from error
    if array.ndim not in (1, 2) or array.dtype.kind not in "fi" or 0 in array.shape[1:]:
        raise DrumsortError(
            f"{name}, an array of shape {array.shape} and type {array.dtype}, is no sound: {_GIVE}."
        )
    if not len(array):
        raise AudioError(f"{name} holds no samples: leave it out.")
    if array.size > _MOST:
        raise AudioError(f"{name} holds {array.size:,} samples, which is too many: give a part.")
    if not float(rate).is_integer() or int(rate) not in RATES:
        raise AudioError(
            f"{name} has a rate of {rate:,} Hz: give that of the samples, a whole number from "
            f"{RATES[0]:,} to {RATES[-1]:,}."
        )
    if array.dtype.kind != "f":
        array = array / -float(np.iinfo(array.dtype).min)
    return wav(array.astype(np.float32).reshape(len(array), -1), int(rate))


def _shown(thing: object) -> str:
    shown = " ".join(repr(thing).split())
    return shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]} ..."


_GIVE = "give samples of the shape (n,) or (n, channels), and their rate"
_MOST_SHOWN = 60  # characters of what is no sound
