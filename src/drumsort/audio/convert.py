"""A sound file of any format -> a WAV that every sampler loads."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import soundfile

from drumsort.errors import AudioError

_KEPT = {"PCM_16", "PCM_24", "PCM_32", "FLOAT"}
_STEP = 1 << 16  # frames a read


def is_plain_wav(path: Path) -> bool:
    """Whether a file is a WAV as it is, of whole samples or float32.

    Raises:
        AudioError: it cannot be read.
        OSError: it cannot be opened.
    """
    with _opened(path) as sound:
        return sound.format in ("WAV", "WAVEX") and sound.subtype in _KEPT


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
        subtype = sound.subtype if sound.subtype in _KEPT else "PCM_16"
        with soundfile.SoundFile(
            name, "w", sound.samplerate, sound.channels, subtype, format="WAV"
        ) as wav:
            while len(block := sound.read(_STEP, dtype="float32")):
                wav.write(block)


@contextmanager
def _opened(path: Path) -> Iterator[soundfile.SoundFile]:
    """A file by its descriptor, as ``decode`` opens it, whatever its name is."""
    with path.open("rb", buffering=0) as file:
        handle = str(path) if os.name == "nt" else file.fileno()
        try:
            with soundfile.SoundFile(handle, closefd=False) as sound:
                yield sound
        except soundfile.LibsndfileError as error:
            reason = error.error_string.strip().rstrip(".")
            raise AudioError(
                f"{path} cannot be read ({reason}): copy it again, or scan its folder again."
            ) from error
