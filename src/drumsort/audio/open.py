"""Path -> an open sound: what it is, and its samples in order. Only this module opens sounds.

libsndfile reads them. Where it would not read all that is there, it is given other bytes: see
``chunks``, ``mpeg`` and ``ogg``, and docs/dependencies.md.
"""

import importlib.util
import io
import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from drumsort.audio import chunks, ffmpeg, mpeg, ogg
from drumsort.audio.kinds import HEAD, Kind, kind_of
from drumsort.audio.spliced import Piece, Spliced
from drumsort.audio.wav import PlainWav, plain_wav
from drumsort.errors import AudioError
from drumsort.remote import Url
from drumsort.remote.file import RemoteFile, size_of

RATES = range(1_000, 768_001)
"""Sample rates in Hz that are believed; any other comes from a damaged header."""

MAX_CHANNELS = 64

_STEP = 1024  # frames per read on the way to damage that fails a larger read
_CLAIMS = re.compile(  # what libsndfile logs about WAV, AIFF, AU, W64 and RF64
    r"^ *(?:data|SSND|Data Size|riff|Riff size) *: (\d+) \(should be (\d+)\)", re.MULTILINE
)
_UNKNOWN = 0x7F000000  # or more: written by programs that stream before they know the length
_OGG_CUT = "lacks an end-of-stream bit"
_MANY = 2**62  # frames or more: libsndfile knows no number
_CHUNKED = (b"RIFF", b"RF64", b"BW64", b"FORM", b"caff", b".snd")
_GUESSED = ("MP3 MPEG_LAYER_I", "MP3 MPEG_LAYER_II")  # which have no Xing frame
_HEADS = {
    "FLAC": b"fLaC\0\0\0\x22",
    "AIFF": b"AIFFCOMM",
    **dict.fromkeys(("WAV", "WAVEX", "RF64"), b"WAVEfmt "),
}
_MPEG_NAMES = (".mp1", ".mp2", ".mp3", ".mpa", ".mpga")
_MOST_ZEROS = 1 << 20  # bytes before a sound begins
_MOST_MPEG = 1 << 30  # bytes of a file whose frames are counted: seven hours at most bitrates
_NO_MP3_FRAME = 7  # libsndfile's code, whose own words speak of a file that does not exist

_DAMAGE = (soundfile.LibsndfileError, ffmpeg.FFmpegError)


class _Reader(Protocol):
    """What a decoder offers. ``frames`` is what the header claims."""

    samplerate: int
    channels: int
    frames: int
    format: str
    subtype: str

    @property
    def extra_info(self) -> str: ...
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
        claimed: how many frames its header claims; ``None`` if it does not say.
        position: how many frames have been read.
        damaged: whether reading stopped at damage, with bytes left behind it.
        mended: whether libsndfile is given other bytes than those of the file.
    """

    def __init__(self, path: Path, file: io.FileIO) -> None:
        self.path, self.file = path, file
        self.position = 0
        self.damaged = self.mended = False
        self._reader = reader = self._opened()
        self.rate, self.channels = reader.samplerate, reader.channels
        self.format = f"{reader.format} {reader.subtype}"
        guessed = self.format in _GUESSED or reader.frames >= _MANY
        self.claimed = None if guessed else reader.frames

    def read(self, frames: int, dtype: str = "float32") -> NDArray[Any]:
        """Up to ``frames`` more frames, shape ``(n, channels)``; none once the sound has ended.

        A damaged sound ends where the damage begins.
        """
        if self.claimed is not None:
            frames = min(frames, self.claimed - self.position)
        if self.damaged or not frames:
            return np.zeros((0, self.channels), dtype)
        try:
            block = self._reader.read(frames, dtype=dtype, always_2d=True)
        except _DAMAGE:
            block = self._before_damage(frames, dtype)
        self.position += len(block)
        return block

    @property
    def head(self) -> bytes:
        """What such a file begins with, to find another behind it that no player reads."""
        if isinstance(self._reader, PlainWav):
            return b""  # its size leaves no room
        return _HEADS.get(self.format.partition(" ")[0], b"")

    @property
    def is_cut(self) -> bool:
        """Whether the header promises more than could be read, once the sound has ended."""
        if self.damaged:
            return True
        claims = (map(int, sizes) for sizes in _CLAIMS.findall(self._reader.extra_info))
        return (
            (isinstance(self._reader, ffmpeg.Decoded) and self._reader.is_cut)
            or self.position < (self.claimed or 0)
            or _OGG_CUT in self._reader.extra_info
            or any(there < claim < _UNKNOWN for claim, there in claims)
        )

    def close(self) -> None:
        self._reader.close()

    def _opened(self) -> _Reader:
        self.file.seek(0)
        if plain := plain_wav(self.file):
            return plain
        try:
            return self._by_libsndfile()
        except soundfile.LibsndfileError:
            kind = kind_at_start(self.file)
            if kind is None or kind.advice:
                raise
            try:
                return ffmpeg.Decoded(self.file, _MANY)
            except (ImportError, ffmpeg.FFmpegError):
                self.file.seek(0)
            raise

    def _by_libsndfile(self) -> _Reader:
        streams = _streams(self.file, self.path.suffix.lower() in _MPEG_NAMES)
        self.mended = bool(streams)
        if not streams:
            # By descriptor, because a name that ends in .raw keeps soundfile from looking inside;
            # on Windows by name, because a descriptor may be another C runtime's than libsndfile's.
            self.file.seek(0)
            if isinstance(self.file, RemoteFile):
                return _Sequential(self.file)
            return _Sequential(str(self.path) if os.name == "nt" else self.file.fileno())
        if len(streams) == 1:
            return _spliced(self.file, streams[0])
        return _Chain(self.file, streams)

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
        except _DAMAGE:
            pass
        return np.concatenate(blocks)


class _Sequential(soundfile.SoundFile):  # type: ignore[misc]
    """libsndfile, told never to seek: after each read soundfile would seek to where it is."""

    def __init__(self, file: "str | int | io.RawIOBase") -> None:
        super().__init__(file, closefd=False)

    def seekable(self) -> bool:
        return False


class _Chain:
    """Streams one after the other, all in the form of the first."""

    frames = _MANY

    def __init__(self, file: io.FileIO, streams: Sequence[Sequence[Piece]]) -> None:
        self._left = [(file, pieces) for pieces in reversed(streams)]
        self._reader = _spliced(*self._left.pop())
        self.samplerate, self.channels = self._reader.samplerate, self._reader.channels
        self.format, self.subtype = self._reader.format, self._reader.subtype
        self._ready: NDArray[Any] | None = None  # a stream of another form, in that of the first

    @property
    def extra_info(self) -> str:
        info: str = self._reader.extra_info
        return info

    def read(self, frames: int, dtype: str, always_2d: bool) -> NDArray[Any]:
        blocks = [self._block(frames, dtype)]
        while (frames := frames - len(blocks[-1])) and self._left:
            self._next(dtype)
            blocks.append(self._block(frames, dtype))
        return np.concatenate(blocks)

    def close(self) -> None:
        self._reader.close()

    def _block(self, frames: int, dtype: str) -> NDArray[Any]:
        """Up to ``frames`` more of the stream that is open."""
        if self._ready is None:
            block: NDArray[Any] = self._reader.read(frames, dtype=dtype, always_2d=True)
            return block
        block, self._ready = self._ready[:frames], self._ready[frames:]
        return block

    def _next(self, dtype: str) -> None:
        reader = _spliced(*self._left.pop())  # where it is damaged, the one before stays open
        self.close()
        self._reader = reader
        form = self._reader.samplerate, self._reader.channels
        self._ready = None if form == (self.samplerate, self.channels) else self._alike(dtype)

    def _alike(self, dtype: str) -> NDArray[Any]:
        reader = self._reader
        whole: NDArray[Any] = reader.read(reader.frames, dtype="float32", always_2d=True)
        if reader.channels != self.channels:
            whole = whole.mean(axis=1, keepdims=True).repeat(self.channels, axis=1)
        whole = soxr.resample(whole, reader.samplerate, self.samplerate, quality="HQ")
        return whole if dtype == "float32" else (whole * (2.0**31 - 1)).astype(dtype)


def _spliced(file: io.FileIO, pieces: Sequence[Piece]) -> _Sequential:
    return _Sequential(Spliced(file, pieces))


def _streams(file: io.FileIO, mpeg_by_name: bool) -> Sequence[Sequence[Piece]]:
    """What libsndfile is to read in place of a file, one after the other; nothing if the file."""
    file.seek(0)
    head = file.read(64)
    size = size_of(file)
    start = _start(file, head)
    if start:
        file.seek(start)
        head = file.read(64)
    if head[:4] == bytes(4):  # nothing but zeros, as in a download that was only begun
        return []
    if head[:4] == b"OggS":
        links = ogg.links(file, start, size)
        return [[link] for link in links] if start or len(links) > 1 else []
    if head[:4] in _CHUNKED:
        pieces = chunks.mended(file, start, size)
    elif head[:4] == b"fLaC":
        pieces = None
    elif head[:1] == b"\xff" or start or mpeg_by_name or head[:8] == b"APETAGEX":
        file.seek(0)
        return mpeg.mended(file.readall()) if size <= _MOST_MPEG else []
    else:
        return []
    return [pieces] if pieces else [[(start, size - start)]] if start else []


def _start(file: io.FileIO, head: bytes) -> int:
    """Where the sound begins: behind ID3v2 tags, which belong to MP3 but stand before others."""
    start = 0
    while head[:3] == b"ID3" and len(head) >= 10:
        start += 10 + mpeg.id3_size(head)
        file.seek(start)
        head = file.read(64)
    if head[:4] == bytes(4):  # an MP4 begins with three of them at most
        file.seek(start)
        zeros = file.read(_MOST_ZEROS)
        return start + len(zeros) - len(zeros.lstrip(b"\0"))
    return start


@contextmanager
def open_sound(path: Path) -> Iterator[Sound]:
    """Open a sound file, recognised by its content.

    libsndfile reads it, or else FFmpeg, if PyAV is installed.

    Raises:
        AudioError: it is not a regular file, is empty, or holds no sound that can be read.
        OSError: it cannot be opened.
    """
    with open_file(path) as file:
        try:
            sound = Sound(path, file)
        except soundfile.LibsndfileError as error:
            raise AudioError(f"{path} {_refusal(kind_at_start(file), error)}") from error
        with closing(sound):
            if sound.rate not in RATES or not 1 <= sound.channels <= MAX_CHANNELS:
                raise AudioError(
                    f"{path} has a header that cannot be true ({sound.rate} Hz, {sound.channels} "
                    "channels): export it again."
                )
            yield sound


def open_file(path: Path) -> io.FileIO:
    """A regular file that is not empty, open for reading. A pipe or a device is not touched.

    Of an object in a store only what is read is fetched; what fails on the way is raised when it
    is closed.

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
    if isinstance(path, Url):
        return cast(io.FileIO, path.opened())  # read, seek and tell are all that is asked of it
    return io.FileIO(path)


def not_opened(path: Path, error: OSError) -> AudioError:
    """The error for a file that the system does not let be opened, or read."""
    why = error.strerror or error
    return AudioError(f"{path} cannot be opened ({why}): see that it may be read.")


def kind_at_start(file: io.FileIO) -> Kind | None:
    """What a file is that libsndfile does not read; a tag before it does not count."""
    file.seek(0)
    start = _start(file, file.read(HEAD))
    file.seek(start)
    return kind_of(file.read(HEAD))


def _refusal(kind: Kind | None, error: soundfile.LibsndfileError) -> str:
    """Why a file cannot be read, and what to do."""
    if kind and kind.advice:
        return f"is {kind.name}, which cannot be read: {kind.advice}."
    if kind and kind.rare and not _has_ffmpeg():
        return (
            f"is {kind.name} that is damaged or has a rare coding: copy it again, convert it to "
            "plain WAV or FLAC, or install drumsort with its 'formats' extra, which reads rare "
            "codings."
        )
    if kind and not _has_ffmpeg():
        return (
            f"is {kind.name}, which cannot be read without FFmpeg: install drumsort with its "
            "'formats' extra, or convert it to WAV or FLAC."
        )
    return (
        f"is damaged or of a kind that cannot be read ({_reason(error)}): copy it again, or "
        "convert it to WAV or FLAC."
    )


def _has_ffmpeg() -> bool:
    return importlib.util.find_spec("av") is not None


def _reason(error: soundfile.LibsndfileError) -> str:
    if error.code == _NO_MP3_FRAME:
        return "no whole frame of MP3 in it"
    return error.error_string.removeprefix("Error : ").strip().rstrip(".") or "unknown reason"
