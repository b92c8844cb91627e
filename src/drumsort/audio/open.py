"""Path -> an open sound: what it is, and its samples in order. Only this module opens sounds."""

import io
import os
import re
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import soundfile
from numpy.typing import NDArray

from drumsort.audio.wav import plain_wav
from drumsort.errors import AudioError

RATES = range(1_000, 768_001)
"""Sample rates in Hz that are believed; any other comes from a damaged header."""

MAX_CHANNELS = 64

_STEP = 1024  # frames per read on the way to damage that fails a larger read
_CLAIMS = re.compile(  # what libsndfile logs about WAV, AIFF, AU, W64 and RF64
    r"^ *(?:data|SSND|Data Size|riff|Riff size) *: (\d+) \(should be (\d+)\)", re.MULTILINE
)
_UNKNOWN = 0x7F000000  # or more: written by programs that stream before they know the length
_OGG_CUT = "lacks an end-of-stream bit"
_NO_MP3_FRAME = 7  # libsndfile's code, whose own words speak of a file that does not exist


class _Reader(Protocol):
    """What a decoder offers. ``frames`` is what the header claims."""

    samplerate: int
    channels: int
    frames: int
    format: str
    subtype: str
    extra_info: str

    def read(self, frames: int, dtype: str, always_2d: bool) -> NDArray[Any]: ...
    def close(self) -> None: ...


class Sound:
    """An open sound file, read from its first frame to its last.

    Attributes:
        path: the file.
        file: its bytes, open for reading; reading them moves the sound's own position, so read
            all the samples first.
        rate: samples per second, in Hz.
        channels: how many.
        format: the container and the coding in libsndfile's terms: ``"WAV PCM_16"``.
        claimed: how many frames its header claims.
        position: how many frames have been read.
        damaged: whether reading stopped at damage, with bytes left behind it.
    """

    def __init__(self, path: Path, file: io.FileIO) -> None:
        self.path, self.file = path, file
        self.position = 0
        self.damaged = False
        self._reader = reader = self._opened()
        self.rate, self.channels, self.claimed = reader.samplerate, reader.channels, reader.frames
        self.format = f"{reader.format} {reader.subtype}"

    def read(self, frames: int, dtype: str = "float32") -> NDArray[Any]:
        """Up to ``frames`` more frames, shape ``(n, channels)``; none once the sound has ended.

        A damaged sound ends where the damage begins.
        """
        frames = 0 if self.damaged else min(frames, self.claimed - self.position)
        try:
            block = self._reader.read(frames, dtype=dtype, always_2d=True)
        except soundfile.LibsndfileError:
            block = self._before_damage(frames, dtype)
        self.position += len(block)
        return block

    @property
    def is_cut(self) -> bool:
        """Whether the header promises more than could be read, once the sound has ended."""
        claims = (map(int, sizes) for sizes in _CLAIMS.findall(self._reader.extra_info))
        return (
            self.position < self.claimed
            or _OGG_CUT in self._reader.extra_info
            or any(there < claim < _UNKNOWN for claim, there in claims)
        )

    def close(self) -> None:
        self._reader.close()

    def _opened(self) -> _Reader:
        self.file.seek(0)
        if plain := plain_wav(self.file):
            return plain
        # By descriptor, because a name that ends in .raw keeps soundfile from looking inside; on
        # Windows by name, because a descriptor may belong to another C runtime than libsndfile's.
        self.file.seek(0)
        handle = str(self.path) if os.name == "nt" else self.file.fileno()
        reader: _Reader = _Sequential(handle, closefd=False)
        return reader

    def _before_damage(self, frames: int, dtype: str) -> NDArray[Any]:
        """What can be read of a block that failed: start again and go up to it in small steps."""
        self.damaged = True
        self.close()
        self._reader = self._opened()
        blocks = [np.zeros((0, self.channels), dtype)]
        start, end = self.position, self.position + frames
        at = 0
        try:
            while at < end:
                step = min(_STEP, (start if at < start else end) - at)
                block = self._reader.read(step, dtype=dtype, always_2d=True)
                if not len(block):
                    break
                if at >= start:
                    blocks.append(block)
                at += len(block)
        except soundfile.LibsndfileError:
            pass
        return np.concatenate(blocks)


class _Sequential(soundfile.SoundFile):  # type: ignore[misc]
    """libsndfile, told never to seek: after each read soundfile would seek to where it is."""

    def seekable(self) -> bool:
        return False


@contextmanager
def open_sound(path: Path) -> Iterator[Sound]:
    """Open a sound file of any format that libsndfile knows, recognised by its content.

    Raises:
        AudioError: it is not a regular file, is empty, or holds no sound that can be read.
        OSError: it cannot be opened.
    """
    with open_file(path) as file:
        try:
            sound = Sound(path, file)
        except soundfile.LibsndfileError as error:
            raise AudioError(
                f"{path} is damaged or of a kind that cannot be read ({_reason(error)}): copy it "
                "again, or convert it to WAV or FLAC."
            ) from error
        with closing(sound):
            if sound.rate not in RATES or not 1 <= sound.channels <= MAX_CHANNELS:
                raise AudioError(
                    f"{path} has a header that cannot be true ({sound.rate} Hz, {sound.channels} "
                    "channels): export it again."
                )
            yield sound


def open_file(path: Path) -> io.FileIO:
    """A regular file that is not empty, open for reading. A pipe or a device is not touched.

    Raises:
        AudioError: it is not such a file.
        OSError: it cannot be opened.
    """
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise AudioError(
            f"{path} is a folder that cannot be listed or a folder where a file was: allow "
            "reading it, or scan the folder above it again."
        )
    if not stat.S_ISREG(status.st_mode):
        raise AudioError(f"{path} is a pipe or a device: save its sound to a file first.")
    if status.st_size == 0:
        raise AudioError(f"{path} is empty (0 bytes): delete it or copy it again.")
    return io.FileIO(path)


def _reason(error: soundfile.LibsndfileError) -> str:
    if error.code == _NO_MP3_FRAME:
        return "no whole frame of MP3 in it"
    return error.error_string.strip().rstrip(".") or "unknown reason"
