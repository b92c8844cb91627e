"""Path -> Clip: read the part of a sound file that is heard, as mono float32."""

import hashlib
from dataclasses import replace
from io import FileIO
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from drumsort.audio.level import first_beyond, peak
from drumsort.audio.open import Sound, open_sound
from drumsort.errors import AudioError
from drumsort.types import Clip, Samples

HEARD_SECONDS = 2.0
"""How much is read at most; silence before the first sound counts for a fortieth of it."""

SILENCE = 10 ** (-80 / 20)
"""Amplitude at or below which a sample counts as silent (-80 dBFS)."""

LOUDEST = 2.0**32
"""Amplitude that no sound reaches, not even one in unscaled 32-bit integers."""

_CHUNK = 1 << 20  # bytes per read, for the hash of a file
_REST = 1 << 16  # frames per read, after what is heard


class _Digest(Protocol):
    def update(self, data: Any, /) -> None: ...
    def hexdigest(self) -> str: ...


def decode(
    path: Path,
    seconds: float = HEARD_SECONDS,
    samples: int | None = None,
    *,
    hashed: bool = False,
) -> Clip:
    """Read ``seconds`` of sound from ``path``, after any silence at its start.

    Reads any format that ``open_sound`` knows. Channels are averaged; where they cancel each
    other out, the loudest one is taken.

    Args:
        path: a sound file.
        seconds: how much to read at most, from just before the first sound.
        samples: how much in samples at the file's own rate, instead.
        hashed: whether the clip should have hashes; the whole file is read for them.

    Returns:
        A clip at the file's own rate. Its ``remark`` says so if the file is cut short.

    Raises:
        AudioError: the file is missing, unreadable, empty, silent or not finite.
    """
    try:
        with open_sound(path) as sound:
            digest: _Digest | None = hashlib.sha256() if hashed else None
            clip = _heard(sound, samples or int(seconds * sound.rate), digest)
            if digest is None:
                if sound.claimed is not None:
                    return clip
                _read_rest(sound, None)
                return replace(clip, duration=sound.position / sound.rate)
            _read_rest(sound, digest)
            file_hash = _file_hash(sound.file)
            digest.update(f"{sound.rate} {sound.channels}".encode())
            if sound.damaged:  # what is behind the damage may differ
                digest.update(file_hash.encode())
            return replace(
                clip,
                duration=sound.position / sound.rate,
                audio_hash=digest.hexdigest(),
                file_hash=file_hash,
            )
    except OSError as error:
        raise AudioError(
            f"{path} cannot be opened ({error.strerror or error}): see that it may be read."
        ) from error


def _heard(sound: Sound, wanted: int, digest: _Digest | None) -> Clip:
    path, rate, channels = sound.path, sound.rate, sound.channels
    if sound.claimed == 0:
        raise AudioError(f"{path} holds no sound (0 samples): export it again.")
    lead = wanted // 40
    heard = np.zeros((0, channels), np.float32)
    skipped = 0
    silent = True
    while len(heard) < wanted:
        block = sound.read(wanted - len(heard))
        if not len(block):
            break
        if not -LOUDEST < block.min() <= block.max() < LOUDEST:
            raise AudioError(
                f"{path} holds values that are no sound (NaN, infinite or beyond all measure): "
                "export it again."
            )
        if digest:
            digest.update(block)
        heard = np.concatenate([heard, block]) if len(heard) else block
        if silent:
            first = first_beyond(heard.reshape(-1), SILENCE)
            silent = first is None
            cut = max(0, (len(heard) if first is None else first // channels) - lead)
            heard, skipped = heard[cut:], skipped + cut
    if not len(heard):
        raise AudioError(f"{path} holds no readable sound: it is damaged, copy it again.")
    if silent:
        raise AudioError(f"{path} is silent: nothing above -80 dBFS was found in it.")
    short = len(heard) < wanted and sound.is_cut
    remark = f"the file is cut short: judged by the {len(heard) / rate:.2f} s that are left"
    return Clip(
        samples=to_mono(heard),
        rate=rate,
        duration=(sound.claimed or sound.position) / rate,
        remark=remark if short else "",
        start=skipped / rate,
        channels=channels,
        format=sound.format,
    )


def _read_rest(sound: Sound, digest: _Digest | None) -> None:
    """Read what follows what is heard, into ``digest`` if there is one."""
    while len(block := sound.read(_REST)):
        if digest:
            digest.update(block)


def _file_hash(file: FileIO) -> str:
    """SHA-256 of all bytes; they were read a moment ago, so that the disk has nothing to do."""
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def to_mono(frames: Samples) -> Samples:
    """Average ``(n, channels)`` to ``(n,)``, or take the loudest channel where they cancel."""
    channels: list[Samples] = list(frames.T)
    if len(channels) == 1:
        return channels[0]
    mono: Samples = sum(channels[1:], channels[0])  # ten times as fast as a mean over the last axis
    mono /= len(channels)
    if peak(mono) < 0.1 * peak(frames):
        mono = max(channels, key=peak).copy()
    return mono
