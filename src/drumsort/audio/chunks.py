"""WAV, AIFF, AU and CAF files whose sizes are wrong -> the same with sizes that are right.

A recorder that was switched off, or a program that writes into a pipe, leaves the sizes at 0 or at
the highest number. Some programs forget the byte that follows a chunk of odd size. libsndfile
reads no sound then, or none behind that chunk.
"""

import io
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from drumsort.audio.spliced import Piece

_NAMES = frozenset(
    b"fmt |data|fact|LIST|bext|cue |smpl|inst|id3 |ID3 |JUNK|junk|PAD |FLLR|minf|elm1|regn|umid|"
    b"DGDA|acid|strc|iXML|_PMX|cart|chna|axml|PEAK|afsp|DISP|levl|plst|ds64|r64m|labl|note|"
    b"COMM|SSND|NAME|AUTH|(c) |ANNO|MARK|INST|MIDI|AESD|APPL|COMT|CHAN|FVER|basc|trns|cate".split(
        b"|"
    )
)
_MOST_CHUNKS = 10_000
_UNKNOWN = 0xFFFFFFFF

_Order = Literal["little", "big"]


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Where the content of a chunk begins, and how many bytes its header claims."""

    name: bytes
    start: int
    length: int


def mended(file: io.FileIO, start: int, size: int) -> Sequence[Piece] | None:
    """What to read in place of ``file``, or ``None`` if it is sound as it is.

    Args:
        file: a WAV, RF64, BW64, AIFF, AU or CAF.
        start: where it begins in the file.
        size: where the file ends.
    """
    file.seek(start)
    head = file.read(12)
    if head[8:12] == b"WAVE" and head[:4] in (b"RIFF", b"RF64", b"BW64"):
        return _wave(file, head, start, size)
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return _aiff(file, head, start, size)
    if head[:4] == b"caff":
        return _caf(file, start, size)
    if head[:4] == b".snd" and head[8:12] == bytes(4):
        return [head[:8] + b"\xff" * 4, (start + 12, size - start - 12)]
    return None


def _wave(file: io.FileIO, head: bytes, start: int, size: int) -> Sequence[Piece] | None:
    chunks = list(_walk(file, start + 12, size, "little"))
    data = next((chunk for chunk in chunks if chunk.name == b"data"), None)
    form = _complete(chunks, b"fmt ", size)
    if data is None or form is None:
        return None
    there = size - data.start
    length = data.length
    long_ = head[:4] != b"RIFF"
    if long_ and length == _UNKNOWN:
        long_size = next((chunk for chunk in chunks if chunk.name == b"ds64"), None)
        content = _content(file, long_size) if long_size else b""
        length = int.from_bytes(content[8:16], "little")
    never_closed = length == 0 and not _is_chunks(file, data.start, size, "little")
    if never_closed or (long_ and length >= 2**63):
        length = there
    elif head[:4] != b"BW64" and not _lacks_padding(chunks, data):
        return None
    kept = filter(None, (form, _complete(chunks, b"fact", size)))
    parts = [piece for chunk in kept for piece in _whole(chunk, "little")]
    sizes = struct.pack("<IQQQI", 28, 4 + length, length, 0, 0)
    first = b"RF64\xff\xff\xff\xffWAVEds64" + sizes if long_ else b"RIFF\xff\xff\xff\xffWAVE"
    claim = _UNKNOWN if long_ else min(length, _UNKNOWN)
    return [first, *parts, b"data" + struct.pack("<I", claim), (data.start, min(length, there))]


def _aiff(file: io.FileIO, head: bytes, start: int, size: int) -> Sequence[Piece] | None:
    end = 8 + int.from_bytes(head[4:8], "big")
    file.seek(start + end)
    if file.read(4) == b"FORM":  # another file behind it, at which libsndfile stumbles
        return [(start, end)]
    chunks = list(_walk(file, start + 12, size, "big"))
    data = next((chunk for chunk in chunks if chunk.name == b"SSND"), None)
    form = _complete(chunks, b"COMM", size)
    if data is None or form is None:
        return None
    there = size - data.start
    never_closed = data.length <= 8 < there and not _is_chunks(
        file, data.start + data.length, size, "big"
    )
    if not never_closed and not _lacks_padding(chunks, data):
        return None
    length = there if never_closed else min(data.length, there)
    parts = _whole(form, "big")
    whole = 4 + 8 + form.length + form.length % 2 + 8 + length
    return [
        *(b"FORM" + struct.pack(">I", min(whole, _UNKNOWN)) + head[8:12], *parts),
        *(b"SSND" + struct.pack(">I", min(length, _UNKNOWN)), (data.start, length)),
    ]


def _caf(file: io.FileIO, start: int, size: int) -> Sequence[Piece] | None:
    """Its data may be the last chunk and have the size -1, which libsndfile does not know."""
    at = start + 8
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        header = file.read(12)
        if len(header) < 12:
            return None
        name, length = struct.unpack(">4sq", header)
        if name == b"data" and length <= 0 and size > at + 16:
            return [
                *((start, at - start), struct.pack(">4sq", b"data", size - at - 12)),
                (at + 12, size - at - 12),
            ]
        if length < 0:
            return None
        at += 12 + length
    return None


def _walk(file: io.FileIO, at: int, size: int, order: _Order) -> Iterator[_Chunk]:
    """The chunks of a file, those behind one of odd size with or without the byte between."""
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        header = file.read(8)
        if len(header) < 8:
            return
        chunk = _Chunk(header[:4], at + 8, int.from_bytes(header[4:], order))
        yield chunk
        at += 8 + chunk.length
        if chunk.length % 2:
            file.seek(at)
            near = file.read(5)
            at += not (near[:4] in _NAMES and near[1:] not in _NAMES)
        if at >= size:
            return


def _complete(chunks: Sequence[_Chunk], name: bytes, size: int) -> _Chunk | None:
    """The first chunk of a name, if all that its header claims is in the file."""
    found = next((chunk for chunk in chunks if chunk.name == name), None)
    return found if found and found.start + found.length <= size else None


def _lacks_padding(chunks: Sequence[_Chunk], data: _Chunk) -> bool:
    """Whether a chunk of odd size is followed at once by another, up to the sound."""
    return any(
        one.length % 2 and two.start == one.start + one.length + 8
        for one, two in pairwise(chunks[: chunks.index(data) + 1])
    )


def _is_chunks(file: io.FileIO, at: int, size: int, order: _Order) -> bool:
    """Whether nothing but whole chunks of known names lies from ``at`` to the end."""
    if at >= size:
        return True
    chunks = list(_walk(file, at, size, order))
    last = chunks[-1] if chunks else None
    return (
        last is not None
        and all(chunk.name in _NAMES for chunk in chunks)
        and last.start + last.length <= size
    )


def _content(file: io.FileIO, chunk: _Chunk) -> bytes:
    file.seek(chunk.start)
    return file.read(min(chunk.length, 1 << 16))


def _whole(chunk: _Chunk, order: _Order) -> list[Piece]:
    header = chunk.name + chunk.length.to_bytes(4, order)
    return [header, (chunk.start, chunk.length), bytes(chunk.length % 2)]
