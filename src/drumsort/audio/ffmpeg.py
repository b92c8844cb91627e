"""What libsndfile does not read, by FFmpeg: M4A, WMA, WavPack and more, if PyAV is installed."""

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

_CONTAINERS = {"mov": "MP4", "asf": "ASF", "wv": "WAVPACK", "matroska": "MATROSKA", "aac": "AAC"}
_EXACT = ("wv", "tta", "ape")  # whose headers say how many samples there are
_LOSSLESS = ("pcm_", "alac", "wavpack", "tta", "ape", "flac", "tak", "shorten", "mlp", "truehd")


class FFmpegError(Exception):
    """It cannot be decoded, from some point on or at all."""


class Decoded:
    """The first sound of a file, read as ``soundfile.SoundFile`` does.

    Args:
        file: open for reading; it stays open.
        frames: what to give as their number, which is known when all are read.

    Raises:
        ImportError: PyAV is not installed.
        FFmpegError: there is no sound in it that FFmpeg decodes.
    """

    extra_info = ""

    def __init__(self, file: io.FileIO, frames: int) -> None:
        import av

        self._av = av
        self._given = 0
        self.frames = frames
        file.seek(0)
        try:
            self._container: Any = av.open(file, metadata_errors="ignore")
            if not self._container.streams.audio:
                raise FFmpegError("there is no sound in it")
            stream = self._container.streams.audio[0]
        except av.FFmpegError as error:
            raise FFmpegError(error.strerror) from error
        codec = stream.codec_context
        if codec is None or not codec.sample_rate:
            raise FFmpegError("its coding is not known")
        self.samplerate, self.channels = codec.sample_rate, codec.channels
        self._blocks = self._decode(stream)
        self._block = next(self._blocks, None)
        if self._block is None:
            raise FFmpegError("no part of it can be decoded")
        name = self._container.format.name.split(",")[0]
        self._promised = 0.0
        if name in _EXACT and stream.duration:
            self._promised = self.samplerate * float(stream.duration * (stream.time_base or 0))
        self.format = _CONTAINERS.get(name, name.upper())
        self.subtype = _coding(codec, self._block)

    def read(self, frames: int, dtype: str, always_2d: bool) -> NDArray[Any]:
        parts = [np.zeros((0, self.channels), dtype)]
        while frames and self._block is not None:
            parts.append(_as(self._block[:frames], dtype))
            self._block = self._block[frames:]
            frames -= len(parts[-1])
            if not len(self._block):
                self._block = next(self._blocks, None)
        block = np.concatenate(parts)
        self._given += len(block)
        return block

    @property
    def is_cut(self) -> bool:
        """Whether its header promises clearly more than was read."""
        return self._given < 0.99 * self._promised

    def close(self) -> None:
        self._container.close()

    def _decode(self, stream: Any) -> Iterator[NDArray[Any]]:
        """Blocks of shape ``(n, channels)``, of whole numbers or floats."""
        form = self.samplerate, self.channels
        try:
            for frame in self._container.decode(stream):
                block = frame.to_ndarray()
                channels = frame.layout.nb_channels
                if (frame.sample_rate, channels) != form:
                    raise FFmpegError("its form changes on the way")
                yield block.T if frame.format.is_planar else block.reshape(-1, channels)
        except self._av.FFmpegError as error:
            raise FFmpegError(error.strerror) from error
        except ValueError as error:  # NumPy's arrays hold whole numbers of 64 bits, PyAV's do not
            raise FFmpegError("its samples are whole numbers of 64 bits") from error


def _as(block: NDArray[Any], dtype: str) -> NDArray[Any]:
    """As libsndfile scales it: float32 within -1 and 1, or whole numbers of 32 bits."""
    if block.dtype.kind == "f":
        if dtype == "float32":
            return block.astype(np.float32)
        whole: NDArray[Any] = np.clip(np.round(block * 2.0**31), -(2**31), 2**31 - 1).astype(dtype)
        return whole
    bits = block.dtype.itemsize * 8
    signed = block.astype(np.int64) - (128 if block.dtype == np.uint8 else 0)
    if dtype == "float32":
        return np.multiply(signed, np.float32(2.0 ** (1 - bits)), dtype=np.float32)
    return (signed << 32 >> bits).astype(dtype)


def _coding(codec: Any, block: NDArray[Any]) -> str:
    """A coding in libsndfile's terms where it loses nothing, else FFmpeg's name for it."""
    name: str = codec.name
    if not name.startswith(_LOSSLESS):
        return name.upper()
    if block.dtype.kind == "f":
        return "FLOAT" if block.dtype.itemsize == 4 else "DOUBLE"
    bits = block.dtype.itemsize * 8
    if bits == 32 and not (block & 0xFF).any():
        bits = 24  # which FFmpeg gives as the upper bits of 32
    return f"{'ALAC' if name == 'alac' else 'PCM'}_{bits}"
