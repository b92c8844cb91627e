"""What it takes to make the bytes of one file from those of another: stretches, and the rest.

The tags of a file change its first or its last bytes, and move what lies between them. So nearly
all of the file as it was lies in the file as it is, at one of a few distances.
"""

import base64
import json
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_LEAST = 24  # bytes of a stretch: a shorter one costs more than it saves
_ANCHOR = 64  # bytes to look for, to find how far a part has moved
_ANCHORS = 9


def between(there: bytes, wanted: bytes) -> str:
    """What makes ``wanted`` from ``there``: a line of text."""
    moves = sorted({0, len(there) - len(wanted), *_moves(there, wanted)})
    runs = [_runs(there, wanted, move) for move in moves]
    pieces: list[tuple[int, int] | int] = []  # a stretch of ``there``, or a number of other bytes
    rest = bytearray()
    at = 0
    while at < len(wanted):
        best, start = max((_reach(run, at), -nth) for nth, run in enumerate(runs))
        if best - at >= _LEAST:
            pieces.append((at + moves[-start], best - at))
            at = best
            continue
        begins = [run[0][nth] for run in runs if (nth := _next(run, at)) is not None]
        end = int(min(begins, default=len(wanted)))
        rest += wanted[at:end]
        pieces.append(end - at)
        at = end
    return json.dumps([pieces, base64.b85encode(zlib.compress(bytes(rest), 9)).decode()])


def applied(there: bytes, patch: str) -> bytes:
    """What ``patch`` makes from ``there``.

    Raises:
        ValueError, TypeError: it is no patch.
    """
    pieces, text = json.loads(patch)
    try:
        rest = zlib.decompress(base64.b85decode(text))
    except zlib.error as error:
        raise ValueError(str(error)) from error
    parts: list[bytes] = []
    at = 0
    for piece in pieces:
        if isinstance(piece, int):
            parts.append(rest[at : at + piece])
            at += piece
        else:
            start, length = piece
            parts.append(there[start : start + length])
    return b"".join(parts)


_Runs = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Where stretches begin and end that are the same in both files at one distance, in order."""


def _moves(there: bytes, wanted: bytes) -> Sequence[int]:
    """How far some parts of ``wanted`` have moved."""
    found = []
    for nth in range(1, _ANCHORS + 1):
        at = nth * len(wanted) // (_ANCHORS + 1)
        anchor = wanted[at : at + _ANCHOR]
        place = there.find(anchor)
        if place >= 0 and anchor.strip(anchor[:1]):  # silence is everywhere
            found.append(place - at)
    return found


def _runs(there: bytes, wanted: bytes, move: int) -> _Runs:
    first, last = max(0, -move), min(len(wanted), len(there) - move)
    if last - first < _LEAST:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    one = np.frombuffer(wanted, np.uint8, last - first, first)
    other = np.frombuffer(there, np.uint8, last - first, first + move)
    same = np.concatenate([[False], one == other, [False]])
    edges = np.flatnonzero(same[1:] != same[:-1]) + first
    begins, ends = edges[::2], edges[1::2]
    long = ends - begins >= _LEAST
    return begins[long], ends[long]


def _reach(runs: _Runs, at: int) -> int:
    """How far the stretch goes on that ``at`` lies in, or ``at``."""
    nth = int(np.searchsorted(runs[0], at, "right")) - 1
    return max(at, int(runs[1][nth])) if nth >= 0 else at


def _next(runs: _Runs, at: int) -> int | None:
    """Which stretch is the next to begin behind ``at``."""
    nth = int(np.searchsorted(runs[0], at, "right"))
    return nth if nth < len(runs[0]) else None
