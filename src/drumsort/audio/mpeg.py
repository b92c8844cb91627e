"""MPEG audio -> the same with its frames counted, and nothing but frames in it.

libsndfile takes the length of an MP3 from its Xing or Info frame, or guesses it by the first frame,
and reads no further, whatever follows. Here the frames are counted by their headers (ISO/IEC
11172-3, 13818-3), and where the count is not what libsndfile would find, it is given another Xing
frame in front of them.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise

from drumsort.audio.spliced import Piece

_RATES = (44_100, 48_000, 32_000)  # of MPEG 1; halved for 2, again for 2.5
_BITRATES = {  # kbit/s, by MPEG 1 or not and by layer
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_LAME_GAPS = 141  # bytes behind the start of a full Xing tag: delay and padding, 12 bits each
_FULL = 0x0F  # the flags of a full one: frames, bytes, table of contents, quality
_VBRI = 36  # where a VBRI tag begins, always
_TAG = 16  # bytes that a tag has at least, up to the number of bytes
_MOST_ZEROS = 1 << 20


_Key = tuple[int, int, int, bool]  # version, layer, rate, whether it is mono
_Stretch = tuple[int, int]  # where it begins and ends


@dataclass(frozen=True, slots=True)
class _Header:
    """What the four bytes of a frame's header say; ``key`` is the same all through a file."""

    layer: int
    length: int
    key: _Key
    tag: int  # where a Xing tag would begin


def mended(data: bytes) -> Sequence[Sequence[Piece]]:
    """What to read in place of an MP3, stream by stream; nothing if libsndfile reads all of it.

    Args:
        data: the whole file.
    """
    streams = [
        [(start, end) for start, end, _ in stream]
        for _, stream in groupby(_stretches(data), key=lambda stretch: stretch[2])
    ]
    if not streams or (len(streams) == 1 and _is_right(data, streams[0])):
        return []
    return [_whole(data, stream) for stream in streams]


def _is_right(data: bytes, stretches: Sequence[_Stretch]) -> bool:
    """Whether libsndfile finds the right length, or one that shows that the file is cut short."""
    start = stretches[0][0]
    tag = 10 + id3_size(data[:10]) if data[:3] == b"ID3" and not data[5] & 0x10 else 0
    if start != tag or any(one[1] != two[0] for one, two in pairwise(stretches)):
        return False
    first = _first(data, stretches)
    if first.layer != 3:
        return True
    tags = [_tag(data, at) for at, _ in stretches]
    frames = tags.count(None)
    if tags[0] is None or not _leave_sound(_gaps(data, tags[0]), first, frames):
        return False
    claimed = _claimed(data, tags[0])
    return len(stretches) == frames + 1 and (claimed == frames or (claimed or 0) > frames + 1)


def _whole(data: bytes, stretches: Sequence[_Stretch]) -> Sequence[Piece]:
    """The frames that hold sound, behind one that says how many they are."""
    first = _first(data, stretches)
    tags = [(at, _tag(data, at)) for at, _ in stretches]
    known = [(at, tag) for at, tag in tags if tag is not None]
    frames = [s for s, (_, tag) in zip(stretches, tags, strict=True) if tag is None]
    pieces: list[Piece] = [(start, end - start) for start, end in _joined(frames or stretches)]
    if first.layer != 3 or not frames:
        return pieces
    size = sum(end - start for start, end in frames)
    count = len(frames)
    head = None
    if known and known[0][0] == stretches[0][0]:
        claimed = _claimed(data, known[0][1]) or 0
        count = claimed if claimed > count + 1 else count  # it is cut short
        head = _counted(data, known, first, count, size)
    at = frames[0][0]
    return [head or _xing(data[at : at + 4], count, size), *pieces]


def _first(data: bytes, stretches: Sequence[_Stretch]) -> _Header:
    at = stretches[0][0]
    header = _header(data[at : at + 4])
    assert header is not None
    return header


def _stretches(data: bytes) -> Iterator[tuple[int, int, _Key]]:
    """Where each whole frame begins and ends, and its key; what is no frame is left out."""
    at = _behind_tags(data, 0)
    key = None
    while at + 4 <= len(data):
        header = _header(data[at : at + 4])
        if (
            header
            and at + header.length <= len(data)
            and (key == header.key or _follows(data, at + header.length, header.key))
        ):
            key = header.key
            yield at, at + header.length, key
            at += header.length
        else:
            behind = _behind_tags(data, at)
            at = behind if behind > at else _next_sync(data, at + 1, key)


def _follows(data: bytes, at: int, key: _Key, more: int = 1) -> bool:
    """Whether so many more frames of that kind begin at ``at``, or nothing but tags is left."""
    at = _behind_tags(data, at)
    header = _header(data[at : at + 4])
    if at >= len(data):
        return True
    if header is None or header.key != key:
        return False
    return more == 1 or _follows(data, at + header.length, key, more - 1)


def _next_sync(data: bytes, at: int, key: _Key | None) -> int:
    """Where the next frame begins that another one follows, or two if it is of another kind."""
    while (at := data.find(b"\xff", at)) >= 0:
        header = _header(data[at : at + 4])
        if (
            header
            and at + header.length <= len(data)
            and _follows(data, at + header.length, header.key, 1 if header.key == key else 2)
        ):
            return at
        at += 1
    return len(data)


def _behind_tags(data: bytes, at: int) -> int:
    """The first byte from ``at`` that belongs to no ID3 tag, APE tag or run of zeros."""
    while True:
        head = data[at : at + 32]
        if head[:3] == b"ID3" and len(head) >= 10:
            at += 10 + id3_size(head)
        elif head[:3] == b"TAG" and len(data) - at == 128:
            at += 128
        elif head[:8] == b"APETAGEX" and len(head) == 32:
            size, flags = struct.unpack_from("<IxxxxI", head, 12)
            at += 32 + (size if flags >> 29 & 1 else 0)
        elif head[:3] == b"3DI" and len(head) >= 10:
            at += 10
        elif head[:1] == b"\0":
            zeros = data[at : at + _MOST_ZEROS]
            at += len(zeros) - len(zeros.lstrip(b"\0"))
        else:
            return min(at, len(data))


def id3_size(head: bytes) -> int:
    """How many bytes follow the ten of the header of an ID3v2 tag, a footer counted."""
    size = sum((byte & 0x7F) << 7 * (3 - i) for i, byte in enumerate(head[6:10]))
    return size + (10 if head[3] >= 4 and head[5] & 0x10 else 0)


@lru_cache(4096)
def _header(content: bytes) -> _Header | None:
    if len(content) < 4 or content[0] != 0xFF or content[1] < 0xE0:
        return None
    version, layer = content[1] >> 3 & 3, 4 - (content[1] >> 1 & 3)
    speed, pace, padding = content[2] >> 4, content[2] >> 2 & 3, content[2] >> 1 & 1
    if version == 1 or layer == 4 or pace == 3 or not 1 <= speed <= 14:
        return None
    mpeg1, mono = version == 3, content[3] >> 6 == 3
    rate = _RATES[pace] >> {3: 0, 2: 1, 0: 2}[version]
    bits = 1000 * _BITRATES[mpeg1, layer][speed - 1]
    if layer == 1:
        length = (12 * bits // rate + padding) * 4
    else:
        length = (144 if mpeg1 or layer == 2 else 72) * bits // rate + padding
    side = (17 if mono else 32) if mpeg1 else (9 if mono else 17)
    return _Header(layer, length, (version, layer, pace, mono), 4 + side)


def _tag(data: bytes, at: int) -> int | None:
    """Where the Xing, Info or VBRI tag of a frame begins; ``None`` if the frame holds sound."""
    header = _header(data[at : at + 4])
    assert header is not None
    last = at + header.length - _TAG  # a frame that is too short for a tag has none
    for tag in (at + header.tag, at + header.tag + 2):  # with a checksum before it
        if tag <= last and data[tag : tag + 4] in (b"Xing", b"Info"):
            return tag
    tag = at + _VBRI
    return tag if tag <= last and data[tag : tag + 4] == b"VBRI" else None


def _claimed(data: bytes, tag: int) -> int | None:
    """How many frames follow a tag, as libsndfile takes it: it knows no VBRI."""
    if data[tag : tag + 4] == b"VBRI":
        return None
    flags, frames = struct.unpack_from(">II", data, tag + 4)
    return frames if flags & 1 else None


def _counted(
    data: bytes, tagged: Sequence[tuple[int, int]], first: _Header, frames: int, size: int
) -> bytes | None:
    """The first Xing frame with the right numbers, and the gap at the end that the last has.

    ``None`` if there is none that can be kept.
    """
    at, tag = tagged[0]
    if data[tag : tag + 4] == b"VBRI":
        return None
    frame = bytearray(data[at : at + first.length])
    if data[tag + 7] & _FULL != _FULL:
        return None
    struct.pack_into(">II", frame, tag - at + 8, frames, size + len(frame))
    gaps = [_gaps(data, tag) for _, tag in tagged]
    if not _leave_sound(gaps[0], first, frames):
        return None
    if None not in gaps and len(frame) >= tag - at + _LAME_GAPS + 3:
        delay, padding = gaps[0] >> 12, gaps[-1] & 0xFFF  # type: ignore[operator]
        where = tag - at + _LAME_GAPS
        frame[where : where + 3] = (delay << 12 | padding).to_bytes(3, "big")
    return bytes(frame)


def _gaps(data: bytes, tag: int) -> int | None:
    """Delay and padding of an encoder, 12 bits each, where a full tag gives them."""
    if data[tag + 7] & _FULL != _FULL or not data[tag + 120 : tag + 124].strip(b"\0"):
        return None
    return int.from_bytes(data[tag + _LAME_GAPS : tag + _LAME_GAPS + 3], "big")


def _leave_sound(gaps: int | None, first: _Header, frames: int) -> bool:
    """Whether delay and padding are less than all: some short files claim more, by mistake."""
    samples = frames * (1152 if first.key[0] == 3 else 576)  # MPEG 1 or not
    return gaps is None or (gaps >> 12) + (gaps & 0xFFF) < samples


def _xing(like: bytes, frames: int, size: int) -> bytes:
    """A Xing frame of the same kind as the frames that follow it."""
    for speed in range(1, 15):
        four = bytes([0xFF, like[1] | 1, speed << 4 | like[2] & 0x0C, like[3]])
        header = _header(four)
        if header and header.length >= header.tag + 16:
            tag = b"Xing" + struct.pack(">III", 3, frames, size + header.length)
            return (four + bytes(header.tag - 4) + tag).ljust(header.length, b"\0")
    raise AssertionError("the longest frame of each kind holds a tag")


def _joined(stretches: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The same with those that touch made one."""
    start, end = stretches[0]
    for one in stretches[1:]:
        if one[0] != end:
            yield start, end
            start = one[0]
        end = one[1]
    yield start, end
