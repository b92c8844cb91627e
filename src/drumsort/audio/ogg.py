"""Chained Ogg streams -> each for itself: libsndfile reads the first alone (RFC 3533, 4)."""

import io
from collections.abc import Iterator
from itertools import pairwise

_HEAD = 27  # bytes of a page's header before the lengths of its segments
_BEGINS = 0x02  # the flag of the first page of a stream


def links(file: io.FileIO | io.BytesIO, start: int, size: int) -> list[tuple[int, int]]:
    """Where each stream of a chain begins, and how many bytes it has.

    Args:
        file: an Ogg file.
        start: where its first page begins.
        size: where the file ends.
    """
    begins: list[int] = []
    before = False  # whether the page before began a stream, too
    for at, first in _pages(file, start, size):
        if first and not before:
            begins.append(at)
        before = first
    return [(at, end - at) for at, end in pairwise([*begins, size])]


def _pages(file: io.FileIO | io.BytesIO, at: int, size: int) -> Iterator[tuple[int, bool]]:
    """Where each page begins, and whether it is the first of a stream; up to what is no page."""
    while at + _HEAD <= size:
        file.seek(at)
        head = file.read(_HEAD + 255)
        if head[:4] != b"OggS":
            return
        yield at, bool(head[5] & _BEGINS)
        at += _HEAD + head[26] + sum(head[_HEAD : _HEAD + head[26]])
