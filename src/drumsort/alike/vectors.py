"""A file of unit vectors that is mapped into memory, and the exact search for the nearest.

Embeddings fill few of their dimensions, so the file holds them turned to their main axes: what lies
on the first ``HEAD`` of them beside the length of the rest, and then that rest. The head gives an
upper bound of every similarity in one product over an eighth of the numbers; only the sounds whose
bound is high enough are compared in full. Nothing is approximate.

    MAGIC, length of the header, header (JSON), padding to ALIGN
    heads     (rows, HEAD + 1)  float32    tails  (rows, d - HEAD)  float32
    hashes    (rows, 32)        uint8      codes  (rows,)           uint8
    axes      (d, d)            float32
"""

import json
import math
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Block = tuple[Bytes, Bytes, Floats]
"""Hashes of shape ``(n, 32)``, codes ``(n,)`` and vectors ``(n, d)`` of some sounds."""

MAGIC = b"drumsort similar 1\n"
HEAD = 16
ALIGN = 4096

_FIRST = 500  # compared in full at first, to know which others have to be
_GROUPS = 4096  # of bounds whose highest are looked at, for all of them take long to sort
_ROUNDING = 1e-5  # what float32 may take from a bound


class Vectors:
    """An open file of vectors.

    Attributes:
        stamp: what was given to ``write``.
        hashes: shape ``(rows, 32)``, uint8: the audio hash of each.
        codes: shape ``(rows,)``, uint8: a number of the caller's for each.

    Raises:
        OSError: it cannot be read.
        ValueError: it is damaged, or of another version.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as stream:
            if stream.read(len(MAGIC)) != MAGIC:
                raise ValueError(f"{path} is no file of vectors")
            header = json.loads(stream.read(int.from_bytes(stream.read(4), "little")))
        try:
            self.stamp: dict[str, Any] = dict(header["stamp"])
            filled, room, d = (int(header[key]) for key in ("rows", "room", "d"))
            places, size = _places(room, d)
            if path.stat().st_size != size or not 0 <= filled <= room:
                raise ValueError(f"{path} is cut short")
        except (KeyError, TypeError) as error:
            raise ValueError(f"{path} has a damaged header") from error

        def mapped(name: str) -> Any:
            kind, shape, at = places[name]
            if not math.prod(shape):
                return np.zeros(shape, kind)
            return np.asarray(np.memmap(path, kind, "r", at, shape))

        self._heads: Floats = mapped("heads")[:filled]
        self._tails: Floats = mapped("tails")[:filled]
        self.hashes: Bytes = mapped("hashes")[:filled]
        self.codes: Bytes = mapped("codes")[:filled]
        self._axes: Floats = mapped("axes")

    def __len__(self) -> int:
        return len(self.codes)

    def nearest(
        self, vector: Floats, count: int, among: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.intp], Floats]:
        """The rows nearest to a vector, and their similarities, the highest first.

        Args:
            vector: shape ``(d,)``, unit length.
            count: how many; fewer are given where there are fewer.
            among: shape ``(rows,)``: which rows may be given; all by default.
        """
        turned = np.asarray(vector, np.float32) @ self._axes
        head, tail = turned[: self._heads.shape[1] - 1], turned[self._heads.shape[1] - 1 :]
        bounds = self._heads @ np.append(head, np.linalg.norm(tail)).astype(np.float32)
        there = len(bounds)
        if among is not None:
            bounds[~among] = -np.inf
            there = int(among.sum())
        count = min(count, there)
        if not count:
            return np.empty(0, np.intp), np.empty(0, np.float32)
        first = min(there, max(_FIRST, 2 * count))
        rows = _highest(bounds, first)
        lowest = np.sort(self._similar(rows, head, tail))[-count]
        rows = np.flatnonzero(bounds >= lowest - _ROUNDING)  # all others are lower for sure
        similar = self._similar(rows, head, tail)
        order = np.argsort(-similar, kind="stable")[:count]
        return rows[order], similar[order]

    def _similar(self, rows: NDArray[np.intp], head: Floats, tail: Floats) -> Floats:
        similar: Floats = self._heads[rows, :-1] @ head + self._tails[rows] @ tail
        return similar

    def blocks(self, keep: NDArray[np.bool_], size: int = 20_000) -> Iterable[Block]:
        """The rows where ``keep`` is true, as they were given to ``write``."""
        for at in range(0, len(self), size):
            rows = at + np.flatnonzero(keep[at : at + size])
            turned = np.concatenate([self._heads[rows, :-1], self._tails[rows]], axis=1)
            yield self.hashes[rows], self.codes[rows], turned @ self._axes.T

    @staticmethod
    def write(
        path: Path,
        stamp: Mapping[str, Any],
        room: int,
        sample: Floats,
        blocks: Iterable[Block],
    ) -> None:
        """Write a file: whole, or not at all.

        Args:
            path: the file; one that is there is replaced.
            stamp: kept as it is, for the caller; JSON.
            room: how many rows there are at most.
            sample: shape ``(n, d)``, some of the vectors, for the axes.
            blocks: all rows, some at a time.

        Raises:
            OSError: it cannot be written.
        """
        axes = _axes(sample)
        d = len(axes)
        places, size = _places(room, d)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            with part.open("xb") as stream:
                stream.truncate(size)
                at = 0
                for hashes, codes, vectors in blocks:
                    turned = vectors @ axes
                    rest = np.linalg.norm(turned[:, HEAD:], axis=1, keepdims=True)
                    heads = np.concatenate([turned[:, :HEAD], rest], axis=1)
                    columns = {
                        "heads": heads, "tails": turned[:, HEAD:], "hashes": hashes, "codes": codes,
                    }  # fmt: skip
                    for name, values in columns.items():
                        _put(stream, places[name], at, values)
                    at += len(codes)
                _put(stream, places["axes"], 0, axes)
                header = json.dumps({"stamp": stamp, "rows": at, "room": room, "d": d}).encode()
                stream.seek(0)
                stream.write(MAGIC + len(header).to_bytes(4, "little") + header)
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def _highest(bounds: Floats, count: int) -> NDArray[np.intp]:
    """Rows of the highest bounds, somewhat more than ``count``; none of those that are ``-inf``.

    Where fewer groups than ``count`` hold any, these are all rows but those.
    """
    groups = max(_GROUPS, 4 * count)
    tops = bounds
    if len(bounds) > groups:  # neighbours, which may be alike, fall in different groups
        tops = bounds[: len(bounds) // groups * groups].reshape(-1, groups).max(0)
    lowest = np.partition(tops, len(tops) - count)[len(tops) - count]
    return np.flatnonzero(bounds >= max(lowest, np.finfo(np.float32).min))


_Place = tuple[type[np.generic], tuple[int, ...], int]


def _places(rows: int, d: int) -> tuple[dict[str, _Place], int]:
    """Type, shape and offset of each part, and the size of the file."""
    head = min(HEAD, d)
    parts: dict[str, tuple[type[np.generic], tuple[int, ...]]] = {
        "heads": (np.float32, (rows, head + 1)),
        "tails": (np.float32, (rows, d - head)),
        "hashes": (np.uint8, (rows, 32)),
        "codes": (np.uint8, (rows,)),
        "axes": (np.float32, (d, d)),
    }
    places, at = {}, ALIGN
    for name, (kind, shape) in parts.items():
        places[name] = kind, shape, at
        at += -(-math.prod(shape) * np.dtype(kind).itemsize // ALIGN) * ALIGN
    return places, at


def _put(stream: BinaryIO, place: _Place, row: int, values: Any) -> None:
    kind, shape, at = place
    stream.seek(at + row * math.prod(shape[1:]) * np.dtype(kind).itemsize)
    stream.write(np.ascontiguousarray(values, kind).tobytes())


def _axes(sample: Floats) -> Floats:
    """The main axes of vectors as columns, shape ``(d, d)``, the one that says most first."""
    _, axes = np.linalg.eigh(sample.astype(np.float64).T @ sample)
    return np.ascontiguousarray(axes[:, ::-1], np.float32)
