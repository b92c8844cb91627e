"""The chunks of a WAV or AIFF file, read strictly and written back byte for byte.

A file whose chunks do not fill it exactly is not touched: programs disagree about what is in it
(EBU Tech 3285 for WAV, Apple's "Audio Interchange File Format" of 1989 for AIFF). Only the byte
behind a last chunk of odd size may be missing, or not be counted: some programs forget it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_Order = Literal["little", "big"]

_DESCRIPTION = 256  # bytes at the start of a bext chunk
_INFO = {"comment": b"ICMT", "genre": b"IGNR", "keywords": b"IKEY"}


class NotWhole(ValueError):  # noqa: N818  (it says what the file is)
    """The chunks do not fill the file as its header says."""


@dataclass(slots=True)
class Chunk:
    """A chunk: its four letters, its content, and the byte that fills it up, if it has one."""

    name: bytes
    content: bytes
    fill: bytes = b""


class Form:
    """A WAV or AIFF file as a list of chunks.

    Attributes:
        chunks: in the order of the file.

    Args:
        data: the whole file.

    Raises:
        NotWhole: its sizes are wrong.
    """

    def __init__(self, data: bytes) -> None:
        self._order: _Order = "little" if data[:4] == b"RIFF" else "big"
        self._head = data[:4], data[8:12]
        self.chunks = list(_walk(data, 12, self._order))
        uncounted = len(data) - 8 - int.from_bytes(data[4:8], self._order)
        if not self.chunks or uncounted not in (0, len(self.chunks[-1].fill)):
            raise NotWhole

    def find(self, *names: bytes) -> Chunk | None:
        """The first chunk with one of these names."""
        return next((chunk for chunk in self.chunks if chunk.name in names), None)

    def info(self) -> Chunk | None:
        """The first ``LIST`` chunk of the kind ``INFO``."""
        lists = (chunk for chunk in self.chunks if chunk.name == b"LIST")
        return next((chunk for chunk in lists if chunk.content[:4] == b"INFO"), None)

    def write(self, chunk: Chunk | None, name: bytes, content: bytes) -> None:
        """Give a chunk other content, or take it out for none; a new one goes to the end."""
        if chunk is None:
            if content:
                last = self.chunks[-1]
                last.fill = bytes(len(last.content) % 2)
                self.chunks.append(Chunk(name, content, bytes(len(content) % 2)))
        elif not content:
            self.chunks = [one for one in self.chunks if one is not chunk]
        elif content != chunk.content:
            chunk.content, chunk.fill = content, bytes(len(content) % 2)

    def __bytes__(self) -> bytes:
        kind, form = self._head
        parts = [
            part
            for chunk in self.chunks
            for part in (
                chunk.name,
                len(chunk.content).to_bytes(4, self._order),
                chunk.content,
                chunk.fill,
            )
        ]
        size = 4 + sum(map(len, parts))
        return b"".join((kind, size.to_bytes(4, self._order), form, *parts))


def _walk(data: bytes, at: int, order: _Order) -> Iterator[Chunk]:
    while at < len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], order)
        end = at + 8 + size
        fill = data[end : end + size % 2]
        if end > len(data) or at + 8 > len(data):
            raise NotWhole
        yield Chunk(name, data[at + 8 : end], fill)
        at = end + size % 2


class Info:
    """The tags in the ``LIST INFO`` chunk of a WAV file, as Windows reads them.

    Args:
        content: of the chunk; ``b""`` for a new one.

    Raises:
        NotWhole: its sizes are wrong.
    """

    fields = tuple(_INFO)

    def __init__(self, content: bytes) -> None:
        self._tags = list(_walk(content, 4, "little"))

    def get(self, field: str) -> str:
        found = (tag.content.rstrip(b"\0") for tag in self._tags if tag.name == _INFO[field])
        return "\n".join(_text(value) for value in found if value)

    def set(self, field: str, value: str) -> None:
        self._tags = [tag for tag in self._tags if tag.name != _INFO[field]]
        if value:
            content = value.encode() + b"\0"
            self._tags.append(Chunk(_INFO[field], content, bytes(len(content) % 2)))

    def __bytes__(self) -> bytes:
        tags = (
            tag.name + len(tag.content).to_bytes(4, "little") + tag.content + tag.fill
            for tag in self._tags
        )
        return b"INFO" + b"".join(tags) if self._tags else b""


class Broadcast:
    """The description in the ``bext`` chunk of a broadcast WAV; its other fields are kept.

    Args:
        content: of the chunk.
    """

    fields = ("comment",)

    def __init__(self, content: bytes) -> None:
        self.content = content

    def get(self, field: str) -> str:
        return _text(self.content[:_DESCRIPTION].partition(b"\0")[0])

    def set(self, field: str, value: str) -> None:
        text = value.encode()[:_DESCRIPTION]
        self.content = text.ljust(_DESCRIPTION, b"\0") + self.content[_DESCRIPTION:]


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
