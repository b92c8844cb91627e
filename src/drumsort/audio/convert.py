"""A sound file of any format -> a WAV that every sampler loads."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import soundfile
from numpy.typing import NDArray

from drumsort.errors import AudioError

_WAV = ("PCM_16", "PCM_24", "PCM_32", "FLOAT")  # what samplers load
_DEPTHS = {subtype: subtype for subtype in _WAV} | {
    "DOUBLE": "FLOAT", "ALAC_20": "PCM_24", "ALAC_24": "PCM_24",
}  # fmt: skip
_STEP = 1 << 16  # frames a read


def is_plain_wav(path: Path) -> bool:
    """Whether a file is a WAV as it is, of whole samples or float32.

    Raises:
        AudioError: it cannot be read.
        OSError: it cannot be opened.
    """
    with _opened(path) as sound:
        return sound.format in ("WAV", "WAVEX") and sound.subtype in _WAV


def to_wav(path: Path, target: Path) -> None:
    """Write a sound as WAV, with the rate, channels and, where WAV has it, the depth of the file.

    Args:
        path: any file that libsndfile reads.
        target: where to write; a file of that name is replaced.

    Raises:
        AudioError: ``path`` cannot be read.
        OSError: ``path`` cannot be opened, or ``target`` not be written.
    """
    # By bytes, for a name need not be UTF-8; Windows has names of characters.
    name = str(target) if os.name == "nt" else os.fsencode(target)
    with _opened(path) as sound:
        subtype = _DEPTHS.get(sound.subtype, "PCM_16")
        dtype = "int32" if subtype == "PCM_32" else "float32"  # whose 24 bits hold all others
        form = sound.samplerate, sound.channels, subtype
        try:
            with soundfile.SoundFile(name, "w", *form, format="WAV") as wav:
                while len(block := _read(path, sound, dtype)):
                    wav.write(block)
        except soundfile.LibsndfileError as error:
            raise OSError(errno.EIO, _reason(error), str(target)) from error


@contextmanager
def _opened(path: Path) -> Iterator[soundfile.SoundFile]:
    """A file by its descriptor, as ``decode`` opens it, whatever its name is."""
    with path.open("rb", buffering=0) as file:
        handle = str(path) if os.name == "nt" else file.fileno()
        try:
            sound = soundfile.SoundFile(handle, closefd=False)
        except soundfile.LibsndfileError as error:
            raise _unreadable(path, error) from error
        with sound:
            yield sound


def _read(path: Path, sound: soundfile.SoundFile, dtype: str) -> NDArray[Any]:
    try:
        block: NDArray[Any] = sound.read(_STEP, dtype=dtype)
    except soundfile.LibsndfileError as error:
        raise _unreadable(path, error) from error
    return block


def _unreadable(path: Path, error: soundfile.LibsndfileError) -> AudioError:
    return AudioError(
        f"{path} cannot be read ({_reason(error)}): copy it again, or scan its folder again."
    )


def _reason(error: soundfile.LibsndfileError) -> str:
    reason: str = error.error_string.strip().rstrip(".")
    return reason
