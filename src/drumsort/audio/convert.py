"""A sound file of any format -> a WAV that every sampler loads."""

from pathlib import Path

import soundfile

from drumsort.errors import AudioError

_KEPT = {"PCM_16", "PCM_24", "PCM_32", "FLOAT"}
_STEP = 1 << 16  # frames a read


def is_plain_wav(path: Path) -> bool:
    """Whether a file is a WAV as it is, of whole samples or float32.

    Raises:
        AudioError: it cannot be read.
    """
    try:
        info = soundfile.info(str(path))
    except (soundfile.LibsndfileError, OSError) as error:
        raise _unreadable(path, error) from error
    return info.format in ("WAV", "WAVEX") and info.subtype in _KEPT


def to_wav(path: Path, target: Path) -> None:
    """Write a sound as WAV, with the rate, channels and, where WAV has it, the depth of the file.

    Args:
        path: any file that libsndfile reads.
        target: where to write; a file of that name is replaced.

    Raises:
        AudioError: ``path`` cannot be read.
        OSError: ``target`` cannot be written.
    """
    try:
        with soundfile.SoundFile(str(path)) as sound:
            subtype = sound.subtype if sound.subtype in _KEPT else "PCM_16"
            with soundfile.SoundFile(
                str(target), "w", sound.samplerate, sound.channels, subtype, format="WAV"
            ) as wav:
                while len(block := sound.read(_STEP, dtype="float32")):
                    wav.write(block)
    except soundfile.LibsndfileError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> AudioError:
    return AudioError(f"{path} cannot be read ({error}): copy it again, or scan its folder again.")
