"""Path -> Clip: read the part of a sound file that is heard, as mono float32."""

import hashlib
import os
import re
import stat
from contextlib import suppress
from dataclasses import replace
from io import FileIO
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import soundfile

from drumsort.audio.level import first_beyond, peak
from drumsort.audio.wav import plain_wav
from drumsort.errors import AudioError
from drumsort.types import Clip, Samples

HEARD_SECONDS = 2.0
"""How much is read at most; silence before the first sound counts for a fortieth of it."""

SILENCE = 10 ** (-80 / 20)
"""Amplitude at or below which a sample counts as silent (-80 dBFS)."""

LOUDEST = 2.0**32
"""Amplitude that no sound reaches, not even one in unscaled 32-bit integers."""

RATES = range(1_000, 768_001)
"""Sample rates in Hz that are believed; anything else is a damaged header."""

MAX_CHANNELS = 64

_STEP = 1024  # frames a read, towards damage that fails a larger one
_CHUNK = 1 << 20  # bytes a read, for the hash of a file
_REST = 1 << 16  # frames a read, after what is heard

_LENGTHS = re.compile(  # what libsndfile logs of WAV, AIFF, AU, W64 and RF64
    r"^ *(?:data|SSND|Data Size|riff|Riff size) *: (\d+) \(should be (\d+)\)", re.MULTILINE
)
_LENGTH_UNKNOWN = 0x7F000000  # or more: from programs that stream a file before its length is known
_OGG_CUT = "lacks an end-of-stream bit"
_NO_MP3_FRAME = 7  # libsndfile's code, whose own words speak of a file that does not exist


class _Sound(Protocol):
    """What is used of ``soundfile.SoundFile``."""

    samplerate: int
    channels: int
    frames: int
    format: str
    subtype: str
    extra_info: str

    def read(self, frames: int, dtype: str, always_2d: bool) -> Samples: ...
    def tell(self) -> int: ...


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

    Reads any format that libsndfile knows, recognised by content. Channels are averaged; where
    they cancel each other out, the loudest one is taken.

    Args:
        path: a sound file.
        seconds: how much to read at most, from just before the first sound.
        samples: how much in samples at the file's own rate, instead.
        hashed: whether the clip is to have hashes, for which the rest of the file is read, too.

    Returns:
        A clip at the file's own rate. Its ``remark`` says so where the file is cut short.

    Raises:
        AudioError: the file is missing, unreadable, empty, silent or not finite.
    """
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise AudioError(f"{path} is a folder that cannot be listed: allow reading it.")
        if not stat.S_ISREG(status.st_mode):
            raise AudioError(f"{path} is a pipe or a device: save its sound to a file first.")
        if status.st_size == 0:
            raise AudioError(f"{path} is empty (0 bytes): delete it or copy it again.")
        try:
            return _hear(path, seconds, samples, hashed)
        except soundfile.LibsndfileError:
            return _hear(path, seconds, samples, hashed, _STEP)
    except soundfile.LibsndfileError as error:
        reason = error.error_string.strip().rstrip(".") or "unknown reason"
        if error.code == _NO_MP3_FRAME:
            reason = "no whole frame of MP3 in it"
        raise AudioError(
            f"{path} is damaged or of a kind that cannot be read ({reason}): copy it again, or "
            "convert it to WAV or FLAC."
        ) from error
    except OSError as error:
        raise AudioError(
            f"{path} cannot be opened ({error.strerror or error}): see that it may be read."
        ) from error


def _hear(
    path: Path, seconds: float, samples: int | None, hashed: bool, step: int | None = None
) -> Clip:
    """Hear a file; a damaged one up to the damage if it is read in steps, else not at all."""
    with path.open("rb", buffering=0) as file:
        if plain := plain_wav(file):
            return _take(path, file, plain, seconds, samples, hashed, step)
        # By descriptor, for a name that ends in .raw would keep soundfile from looking inside; on
        # Windows by name, for a descriptor may belong to another C runtime than libsndfile's.
        file.seek(0)
        handle = str(path) if os.name == "nt" else file.fileno()
        with soundfile.SoundFile(handle, closefd=False) as sound:
            return _take(path, file, sound, seconds, samples, hashed, step)


def _take(
    path: Path,
    file: FileIO,
    sound: _Sound,
    seconds: float,
    samples: int | None,
    hashed: bool,
    step: int | None,
) -> Clip:
    """The clip of an open sound, and its hashes where they are wanted."""
    digest = hashlib.sha256() if hashed else None
    clip = _read(path, sound, samples or int(seconds * sound.samplerate), step, digest)
    if digest is None:
        return clip
    _read_rest(sound, digest, step)
    digest.update(f"{sound.samplerate} {sound.channels}".encode())
    return replace(clip, audio_hash=digest.hexdigest(), file_hash=_file_hash(file))


def _read(
    path: Path,
    sound: _Sound,
    wanted: int,
    step: int | None,
    digest: _Digest | None,
) -> Clip:
    rate, channels = sound.samplerate, sound.channels
    if rate not in RATES or not 1 <= channels <= MAX_CHANNELS:
        raise AudioError(
            f"{path} has a header that cannot be true ({rate} Hz, {channels} channels): "
            "export it again."
        )
    if sound.frames == 0:
        raise AudioError(f"{path} holds no sound (0 samples): export it again.")
    lead = wanted // 40
    heard = np.zeros((0, channels), np.float32)
    skipped = 0
    silent = True
    while len(heard) < wanted:
        block = _block(sound, wanted - len(heard), step)
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
    short = len(heard) < wanted and _is_cut(sound, skipped + len(heard))
    remark = f"the file is cut short: judged by the {len(heard) / rate:.2f} s that are left"
    return Clip(
        samples=to_mono(heard),
        rate=rate,
        duration=sound.frames / rate,
        remark=remark if short else "",
        start=skipped / rate,
        channels=channels,
        format=f"{sound.format} {sound.subtype}",
    )


def _file_hash(file: FileIO) -> str:
    """SHA-256 of all bytes; they were read a moment ago, so that the disk has nothing to do."""
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _read_rest(sound: _Sound, digest: _Digest, step: int | None) -> None:
    """Take the samples after those that are heard into ``digest``, up to the first damage."""
    with suppress(soundfile.LibsndfileError):
        while sound.tell() < sound.frames and len(block := _block(sound, _REST, step)):
            digest.update(block)


def _block(sound: _Sound, frames: int, step: int | None) -> Samples:
    """Up to ``frames`` more frames, shape ``(n, channels)``; in steps, none from damage on."""
    try:
        block: Samples = sound.read(min(frames, step or frames), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError:
        if step is None:
            raise
        return np.zeros((0, sound.channels), np.float32)
    return block


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


def _is_cut(sound: _Sound, read: int) -> bool:
    """Whether a file, of which ``read`` frames could be read, is to hold more by its header."""
    claimed = (map(int, lengths) for lengths in _LENGTHS.findall(sound.extra_info))
    return (
        read < sound.frames
        or _OGG_CUT in sound.extra_info
        or any(there < claim < _LENGTH_UNKNOWN for claim, there in claimed)
    )
