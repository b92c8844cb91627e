"""A sound file of any format -> a WAV that every sampler loads: mono or stereo."""

import errno
import os
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from drumsort.audio.decode import SILENCE
from drumsort.audio.formats import is_sampler_wav, wav_coding
from drumsort.audio.open import open_sound
from drumsort.errors import AudioError

_STEP = 1 << 16  # frames per read
_MOST_CHANNELS = 2
_MOST_TRIED = 1 << 24  # bytes


def is_plain_wav(path: Path) -> bool:
    """Whether a file already is a WAV that every sampler loads.

    Raises:
        AudioError: it cannot be read.
        OSError: it cannot be opened.
    """
    with open_sound(path) as sound:
        few = sound.channels <= _MOST_CHANNELS
        return few and not sound.mended and is_sampler_wav(sound.format)


def to_wav(path: Path, target: Path) -> None:
    """Write a sound as WAV with its own rate and, where WAV has it, depth.

    Of more than two channels, those that are silent are left out. If more than two are left, their
    mean is written.

    Args:
        path: any file that ``open_sound`` reads.
        target: where to write; a file of that name is replaced.

    Raises:
        AudioError: ``path`` cannot be read to its end; no ``target`` is left.
        OSError: ``path`` cannot be opened, or ``target`` cannot be written; that names ``target``.
    """
    # By bytes, because a name need not be UTF-8; names on Windows are characters.
    name = str(target) if os.name == "nt" else os.fsencode(target)
    kept = _audible(path)
    with open_sound(path) as sound:
        coding = wav_coding(sound.format)
        dtype = "int32" if coding == "PCM_32" else "float32"  # whose 24 bits hold all others
        mixed = len(kept) > _MOST_CHANNELS
        form = sound.rate, 1 if mixed else len(kept) or sound.channels, coding
        try:
            with soundfile.SoundFile(name, "w", *form, format="WAV") as wav:
                while len(block := sound.read(_STEP, dtype)):
                    wav.write(_few(block, kept))
        except soundfile.LibsndfileError as error:
            raise why_not_written(target, error) from error
        if sound.damaged:
            target.unlink(missing_ok=True)
            raise AudioError(
                f"{path} cannot be read to its end, it is damaged: copy it again, or scan its "
                "folder again."
            )


def why_not_written(target: Path, error: soundfile.LibsndfileError) -> OSError:
    """The system's own reason why a file cannot be written, which libsndfile does not give."""
    try:
        with target.open("ab", buffering=0) as file:
            while file.write(bytes(_STEP)) == _STEP and file.tell() < _MOST_TRIED:
                pass
            file.write(bytes(_STEP))
    except OSError as why:
        why.filename = str(target)
        return why
    return OSError(errno.EIO, error.error_string.strip().rstrip("."), str(target))


def _audible(path: Path) -> list[int]:
    """The channels that are not silent, of more than two; else none are looked at."""
    with open_sound(path) as sound:
        if sound.channels <= _MOST_CHANNELS:
            return []
        highest = np.zeros(sound.channels, np.float32)
        while len(block := sound.read(_STEP)):
            highest = np.maximum(highest, np.abs(block).max(axis=0))
    return np.flatnonzero(highest > SILENCE).tolist() or [0]


def _few(block: NDArray[Any], kept: list[int]) -> NDArray[Any]:
    """One or two channels of a block of shape ``(n, channels)``."""
    if not kept:
        return block
    if len(kept) <= _MOST_CHANNELS:
        return block[:, kept]
    mean: NDArray[Any] = block[:, kept].mean(axis=1).astype(block.dtype)
    return mean
