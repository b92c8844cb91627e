"""A sound file of any format -> a WAV that every sampler loads."""

import errno
import os
from pathlib import Path

import soundfile

from drumsort.audio.formats import is_sampler_wav, wav_coding
from drumsort.audio.open import open_sound
from drumsort.errors import AudioError

_STEP = 1 << 16  # frames per read


def is_plain_wav(path: Path) -> bool:
    """Whether a file already is a WAV that every sampler loads.

    Raises:
        AudioError: it cannot be read.
        OSError: it cannot be opened.
    """
    with open_sound(path) as sound:
        return is_sampler_wav(sound.format)


def to_wav(path: Path, target: Path) -> None:
    """Write a sound as WAV with its own rate, channels and, where WAV has it, depth.

    Args:
        path: any file that ``open_sound`` reads.
        target: where to write; a file of that name is replaced.

    Raises:
        AudioError: ``path`` cannot be read to its end; no ``target`` is left.
        OSError: ``path`` cannot be opened, or ``target`` cannot be written.
    """
    # By bytes, because a name need not be UTF-8; names on Windows are characters.
    name = str(target) if os.name == "nt" else os.fsencode(target)
    with open_sound(path) as sound:
        coding = wav_coding(sound.format)
        dtype = "int32" if coding == "PCM_32" else "float32"  # whose 24 bits hold all others
        form = sound.rate, sound.channels, coding
        try:
            with soundfile.SoundFile(name, "w", *form, format="WAV") as wav:
                while len(block := sound.read(_STEP, dtype)):
                    wav.write(block)
        except soundfile.LibsndfileError as error:
            raise OSError(errno.EIO, error.error_string.strip().rstrip("."), str(target)) from error
        if sound.damaged:
            target.unlink(missing_ok=True)
            raise AudioError(
                f"{path} cannot be read to its end, it is damaged: copy it again, or scan its "
                "folder again."
            )
