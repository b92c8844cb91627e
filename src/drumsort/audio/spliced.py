"""A file as it should be: stretches of another file, with bytes of our own between them."""

import io
import os
from collections.abc import Iterable

Piece = bytes | tuple[int, int]
"""Bytes, or a stretch of the file: where it begins, and how many bytes it has."""


class Spliced(io.RawIOBase):
    """A read-only file made of pieces; nothing is copied until it is read.

    Args:
        file: what the stretches are of; its own position moves when this is read.
        pieces: in order.
    """

    def __init__(self, file: io.FileIO, pieces: Iterable[Piece]) -> None:
        self._file = file
        self._pieces: list[tuple[int, int, Piece]] = []  # begins, ends, what it is
        self._at = self._size = 0
        for piece in pieces:
            length = len(piece) if isinstance(piece, bytes) else piece[1]
            if length:
                self._pieces.append((self._size, self._size + length, piece))
                self._size += length

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)  # libsndfile asks for -1 now and then
        return self._at

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        view = memoryview(buffer)
        done = 0
        for begins, ends, piece in self._pieces:
            if begins <= self._at < ends and done < len(view):
                wanted = min(len(view) - done, ends - self._at)
                part = self._part(piece, self._at - begins, wanted)
                view[done : done + len(part)] = part
                self._at += len(part)
                done += len(part)
                if len(part) < wanted:  # the file became shorter
                    break
        return done

    def _part(self, piece: Piece, start: int, length: int) -> bytes:
        if isinstance(piece, bytes):
            return piece[start : start + length]
        self._file.seek(piece[0] + start)
        return self._file.read(length) or b""
