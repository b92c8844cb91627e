"""Sounds that are not files on the disk: arrays of samples, and open files."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeAlias, TypeGuard

import numpy as np
from numpy.typing import ArrayLike

from drumsort.audio.play import wav
from drumsort.errors import DrumsortError

Given: TypeAlias = tuple[ArrayLike, int] | IO[bytes]
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
        return isinstance(sound[1], int | np.integer) and not isinstance(
            sound[0], str | os.PathLike
        )
    return hasattr(sound, "read")


def name_of(sound: Given, number: int) -> Path:
    """What stands for its path: the name of an open file, or ``sound 3``."""
    name = getattr(sound, "name", None)
    return Path(name) if isinstance(name, str) else Path(f"sound {number}")


@contextmanager
def as_file(sound: Given) -> Iterator[Path]:
    """A file with this sound, so that it is heard as any other; gone after the block.

    Raises:
        DrumsortError: there are no samples of this shape, or no such rate.
    """
    content = _samples(*sound) if isinstance(sound, tuple) else sound.read()
    with tempfile.TemporaryDirectory(prefix="drumsort-") as folder:
        path = Path(folder, "sound")
        path.write_bytes(content)
        yield path


def _samples(samples: ArrayLike, rate: int) -> bytes:
    array: Any = np.asarray(samples)
    if array.ndim not in (1, 2) or array.dtype.kind not in "fi" or rate <= 0:
        raise DrumsortError(
            f"An array of shape {array.shape} and type {array.dtype} at {rate} Hz is no sound: "
            "give samples of the shape (n,) or (n, channels), and their rate."
        )
    if array.dtype.kind != "f":
        array = array / -float(np.iinfo(array.dtype).min)
    return wav(array.astype(np.float32).reshape(len(array), -1), int(rate))
