"""path -> the sound as it is, to be played and drawn: all its channels, from its first sample."""

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drumsort.audio.open import open_sound
from drumsort.errors import AudioError
from drumsort.types import Samples

SECONDS = 30.0
"""How much of a sound is played at most."""

_STEP = 1 << 16  # frames of what is skipped that are read at once
_MOST_CHANNELS = 2  # a browser mixes more than two in ways of its own


def frames(path: Path, seconds: float = SECONDS) -> tuple[Samples, int]:
    """The first ``seconds`` of a sound: shape ``(n, channels)``, float32; and its rate in Hz.

    Raises:
        OSError: it cannot be opened.
        AudioError: there is no sound in it that can be read.
    """
    with open_sound(path) as sound:
        samples: Samples = sound.read(int(seconds * sound.rate))
        if sound.damaged and not len(samples):
            raise AudioError(f"{path} cannot be played: it is damaged, copy it again.")
        finite: Samples = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
        return finite, sound.rate


def part(path: Path, start: int, count: int) -> Samples:
    """Some frames of a sound, fewer where it ends; of more than two channels, their mean.

    Args:
        path: the file.
        start: the first frame.
        count: how many.

    Returns:
        Shape ``(n, channels)``, float32.

    Raises:
        OSError: it cannot be opened.
        AudioError: there is no sound in it that can be read.
    """
    with open_sound(path) as sound:
        while (left := start - sound.position) > 0 and len(sound.read(min(left, _STEP))):
            pass
        blocks = [np.zeros((0, sound.channels), np.float32)]
        while (missing := count - sum(map(len, blocks))) and len(block := sound.read(missing)):
            blocks.append(block)
    samples = np.nan_to_num(np.concatenate(blocks), nan=0.0, posinf=1.0, neginf=-1.0)
    return _for_two_ears(samples)


def wav(samples: Samples, rate: int) -> bytes:
    """A float32 WAV file of samples of shape ``(n, channels)``; of more than two, their mean."""
    samples = _for_two_ears(samples)
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


def _for_two_ears(samples: Samples) -> Samples:
    if samples.shape[1] <= _MOST_CHANNELS:
        return samples
    mean: Samples = samples.mean(axis=1, keepdims=True, dtype=np.float32)
    return mean
