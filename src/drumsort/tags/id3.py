"""ID3v2 tags, alone or in front of an MP3. mutagen reads and writes them.

A tag keeps its version, 2.3 or 2.4; a new one is of version 2.3, which all readers know.
"""

import io
from collections.abc import Mapping

from mutagen.id3 import COMM, ID3, TCON, TKEY, TXXX, Frame, ID3NoHeaderError

from drumsort.tags.owned import (
    COMMENT,
    FAMILY,
    GENRE,
    KEY,
    KEYWORDS,
    LABEL,
    WROTE,
    TagError,
)

_TEXT = {GENRE: TCON, KEY: TKEY}
_UTF_8, _LATIN_1 = 3, 0
_OWN = {LABEL, FAMILY, WROTE}
_PLAIN = ("", "ID3v1 Comment")  # descriptions of what is just a comment
_DESCRIBED = {KEYWORDS: "KEYWORDS"} | {name: name for name in _OWN}


class Id3:
    """The ID3 tag at the beginning of some bytes, as a ``Store``.

    Args:
        data: the tag and what follows it.
        padded: whether room for changes may be left behind the tag.
        older: an ID3v1 tag, whose values go into a tag that is new.

    Raises:
        TagError: the tag is of a version that cannot be written, or holds what would be lost.
    """

    fields = (COMMENT, GENRE, KEY, KEYWORDS)

    def __init__(self, data: bytes, *, padded: bool = False, older: bytes = b"") -> None:
        self._data, self._padded = data, padded
        self._tag = _read(data) or _read(data + older, older=True) or ID3()
        self._new = not data.startswith(b"ID3")
        if self._tag.version[1] == 2 and not self._new:
            raise TagError("it has an ID3 tag of version 2.2, which cannot be written as it is")
        self._before = self._foreign(self._tag)

    def get(self, field: str) -> str:
        return "\n".join(text for frame in self._frames(field) for text in map(str, frame.text))

    def set(self, field: str, value: str) -> None:
        for frame in self._frames(field):
            del self._tag[frame.HashKey]
        if value:
            self._tag.add(self._made(field, value))

    def __bytes__(self) -> bytes:
        """The same bytes with the tag as it is now; no tag at all if nothing is left in it.

        Raises:
            TagError: a frame that is not drumsort's would be lost.
        """
        buffer = io.BytesIO(self._data)
        if not self._tag and not self._tag.unknown_frames:
            self._tag.delete(buffer, delete_v1=False)
            return buffer.getvalue()
        version = 3 if self._new or self._tag.version[1] == 3 else 4
        padding = None if self._padded else lambda now: 0
        self._tag.save(buffer, v1=0, v2_version=version, v23_sep=None, padding=padding)
        written = buffer.getvalue()
        if self._foreign(_read(written) or ID3()) != self._before:
            raise TagError("it has an ID3 tag that cannot be kept as it is")
        return written

    def _frames(self, field: str) -> list[Frame]:
        if field == COMMENT:
            return [frame for frame in self._tag.getall("COMM") if frame.desc in _PLAIN]
        if field in _TEXT:
            return list(self._tag.getall(_TEXT[field].__name__))
        return list(self._tag.getall(f"TXXX:{_DESCRIBED[field]}"))

    def _made(self, field: str, value: str) -> Frame:
        encoding = _LATIN_1 if value.isascii() else _UTF_8
        if field == COMMENT:
            return COMM(encoding=encoding, lang="eng", desc="", text=[value])
        if field in _TEXT:
            return _TEXT[field](encoding=encoding, text=[value])
        return TXXX(encoding=encoding, desc=_DESCRIBED[field], text=[value])

    def _foreign(self, tag: ID3) -> Mapping[str, object]:
        """All that drumsort never writes: each frame with its content, and what is unknown."""
        ours = {f"TXXX:{name}" for name in _DESCRIBED.values()} | {"TCON", "TKEY"}
        frames = {
            key: _content(frame)
            for key, frame in tag.items()
            if key not in ours and not (frame.FrameID == "COMM" and frame.desc in _PLAIN)
        }
        return {**frames, "": sorted(tag.unknown_frames)}


def _read(data: bytes, *, older: bool = False) -> ID3 | None:
    """The tag as it stands, without frames being turned into those of another version."""
    try:
        return ID3(io.BytesIO(data), translate=False, load_v1=older, v2_version=3)
    except ID3NoHeaderError:
        return None


def _content(frame: Frame) -> object:
    """What a frame holds, in whatever encoding."""
    return {
        k: v if isinstance(v, bytes) else str(v) for k, v in vars(frame).items() if k != "encoding"
    }
