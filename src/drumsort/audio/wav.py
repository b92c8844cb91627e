"""Plain WAV -> frames, without libsndfile, whose conversion costs several times as much.

Plain is what most samples are: one ``fmt`` and one ``data`` chunk that agree with each other and
with the size of the file, in 16 or 24 bits or 32-bit floats. Of anything else, damage above all,
nothing is said here: libsndfile judges it.
"""

import struct
from io import FileIO

import numpy as np
from numpy.typing import NDArray

from drumsort.remote.file import size_of
from drumsort.types import Samples

_HEAD = 4096  # bytes within which the data must begin
_EXTENSIBLE = 0xFFFE
_GUID = bytes.fromhex("0000 0000 1000 8000 00aa 0038 9b71")  # of a format tag that is the old one
_SUBTYPES = {(1, 16): "PCM_16", (1, 24): "PCM_24", (3, 32): "FLOAT"}  # tag and bits
_BYTES = {"PCM_16": 2, "PCM_24": 3, "FLOAT": 4}


class PlainWav:
    """The frames of a plain WAV file, read as ``soundfile.SoundFile`` does, bit for bit.

    Attributes:
        samplerate: in Hz.
        channels: how many.
        frames: how many.
        format: ``WAV``, or ``WAVEX`` where the header is the extensible one.
        subtype: ``PCM_16``, ``PCM_24`` or ``FLOAT``.
        extra_info: ``""``, for there is nothing wrong with it.
    """

    extra_info = ""

    def __init__(
        self, file: FileIO, form: tuple[str, str, int, int], start: int, frames: int
    ) -> None:
        self.format, self.subtype, self.samplerate, self.channels = form
        self.frames = frames
        self._file, self._start, self._at = file, start, 0
        self._frame = _BYTES[self.subtype] * self.channels
        self._before = self.subtype == "PCM_24"

    def read(self, frames: int, dtype: str = "float32", always_2d: bool = True) -> Samples:
        """Up to ``frames`` more frames, shape ``(n, channels)``, float32 within -1 and 1."""
        frames = min(frames, self.frames - self._at)
        self._file.seek(self._start + self._at * self._frame - self._before)
        content = self._file.read(frames * self._frame + self._before)
        frames = max(0, len(content) - self._before) // self._frame
        self._at += frames
        return self._decode(content, frames * self.channels).reshape(frames, self.channels)

    def close(self) -> None:
        """The file stays open: it belongs to the caller."""

    def _decode(self, content: bytes, count: int) -> Samples:
        if self.subtype == "FLOAT":
            return np.frombuffer(content, "<f4", count).astype(np.float32)
        if self.subtype == "PCM_16":
            return _scaled(np.frombuffer(content, "<i2", count), 15)
        # As the upper bytes of 32 bits; the lowest is the last of the sample before.
        widened = np.ndarray(count, "<i4", content, 0, (3,))
        return _scaled(widened & -256, 31)


def _scaled(values: NDArray[np.signedinteger], bits: int) -> Samples:
    scaled: Samples = np.multiply(values, np.float32(2.0**-bits), dtype=np.float32)
    return scaled


def plain_wav(file: FileIO) -> PlainWav | None:
    """Look at the header of ``file``, open at its start; ``None`` if it is not plain."""
    head = file.read(_HEAD)
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return None
    size = size_of(file)
    if _number(head, 4) + 8 != size:
        return None
    form = None
    at = 12
    while at + 8 <= len(head):
        name, length = head[at : at + 4], _number(head, at + 4)
        at += 8
        if name == b"data":
            return _checked(file, form, at, length, size)
        if name == b"fmt ":
            if form:
                return None
            form = head[at : at + length]
        at += length + length % 2
    return None


def _checked(
    file: FileIO, form: bytes | None, start: int, length: int, size: int
) -> PlainWav | None:
    """The file if all that its header says is true."""
    if form is None or len(form) not in (16, 18, 40) or not 0 < length <= size - start:
        return None
    tag, channels, rate, _, block, bits = struct.unpack_from("<HHIIHH", form)
    extensible = tag == _EXTENSIBLE
    if extensible:
        more, used, _, tag = struct.unpack_from("<HHIH", form.ljust(40), 16)
        if (more, used, form[26:]) != (22, bits, _GUID):
            return None
    subtype = _SUBTYPES.get((tag, bits))
    if subtype is None or block != channels * bits // 8 or not block or length % block:
        return None
    kind = "WAVEX" if extensible else "WAV"
    return PlainWav(file, (kind, subtype, rate, channels), start, length // block)


def _number(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 4], "little")
