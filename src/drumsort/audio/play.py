"""path -> the sound as it is, to be played and drawn: all its channels, from its first sample."""

import io
import os
import stat
import struct
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from drumsort.errors import AudioError
from drumsort.types import Samples

SECONDS = 30.0
"""How much of a sound is played at most."""

_STEP = 1024  # frames a read, so that a damaged file is played up to the damage
_MOST_CHANNELS = 2  # a browser mixes more than two in ways of its own


def opened(path: Path) -> io.FileIO:
    """A regular file, open for reading; a pipe or a device is not touched.

    Raises:
        OSError: it cannot be opened.
        AudioError: it is no regular file.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise AudioError(f"{path} is no file any more: scan its folder again.")
    return io.FileIO(path)


def frames(path: Path, seconds: float = SECONDS) -> tuple[Samples, int]:
    """The first ``seconds`` of a sound: shape ``(n, channels)``, float32; and its rate in Hz.

    Raises:
        OSError: it cannot be opened.
        AudioError: there is no sound in it that can be read.
    """
    with opened(path) as file:
        try:
            handle = str(path) if os.name == "nt" else file.fileno()  # as in decode.py
            with soundfile.SoundFile(handle, closefd=False) as sound:
                rate: int = sound.samplerate
                return _read(sound, int(seconds * rate)), rate
        except (soundfile.LibsndfileError, ValueError) as error:
            raise AudioError(f"{path} cannot be played: it is damaged, copy it again.") from error


def _read(sound: soundfile.SoundFile, wanted: int) -> Samples:
    """As much as can be read, in one go or else in steps."""
    try:
        whole: Samples = sound.read(wanted, dtype="float32", always_2d=True)
        return _finite(whole)
    except soundfile.LibsndfileError:
        sound.seek(0)
    parts = [np.zeros((0, sound.channels), np.float32)]
    left = wanted
    try:
        while left > 0 and len(part := sound.read(min(_STEP, left), "float32", always_2d=True)):
            parts.append(part)
            left -= len(part)
    except soundfile.LibsndfileError:
        if len(parts) == 1:
            raise
    return _finite(np.concatenate(parts))


def _finite(samples: Samples) -> Samples:
    finite: Samples = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
    return finite


def wav(samples: Samples, rate: int) -> bytes:
    """A float32 WAV file of samples of shape ``(n, channels)``; of more than two, their mean."""
    if samples.shape[1] > _MOST_CHANNELS:
        samples = samples.mean(axis=1, keepdims=True, dtype=np.float32)
    channels = samples.shape[1]
    data = np.ascontiguousarray(samples, "<f4").tobytes()
    kind = struct.pack("<HHIIHHH", 3, channels, rate, rate * channels * 4, channels * 4, 32, 0)
    return b"".join([
        b"RIFF", struct.pack("<I", 4 + 8 + len(kind) + 8 + 4 + 8 + len(data)), b"WAVE",
        b"fmt ", struct.pack("<I", len(kind)), kind,
        b"fact", struct.pack("<II", 4, len(samples)),
        b"data", struct.pack("<I", len(data)), data,
    ])  # fmt: skip


def envelope(samples: Samples, points: int) -> NDArray[np.int8]:
    """The lowest and the highest sample in each of ``points`` parts, of -127 to 127 at the peak.

    Args:
        samples: shape ``(n, channels)``.
        points: how many parts of equal length.

    Returns:
        Shape ``(points, 2)``, int8; zeros for silence.
    """
    out = np.zeros((points, 2), np.int8)
    peak = float(np.abs(samples).max(initial=0.0))
    if not peak:
        return out
    low, high = samples.min(axis=1), samples.max(axis=1)
    if len(low) < points:
        chosen = np.arange(points) * len(low) // points
        low, high = low[chosen], high[chosen]
    starts = np.arange(points) * len(low) // points
    out[:, 0] = np.round(np.minimum.reduceat(low, starts) / peak * 127)
    out[:, 1] = np.round(np.maximum.reduceat(high, starts) / peak * 127)
    return out
