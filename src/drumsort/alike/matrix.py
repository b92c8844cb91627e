"""A file of unit vectors that is mapped into memory, and the exact search for the nearest.

The search is one matrix-vector product, so nothing is approximate and nothing has to be tuned.

    header    ``MAGIC`` and JSON, padded with spaces to ``START`` bytes
    vectors   shape (rows, d), float32
    measures  shape (4, rows), float32
    hashes    shape (rows, 32), uint8
    families  shape (rows,), uint8
"""

import json
import os
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from drumsort.alike.aspects import ON_SCALES
from drumsort.files.outside import parsed

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]


class Block(NamedTuple):
    """Some rows.

    Attributes:
        hashes: shape ``(n, 32)``, uint8.
        families: shape ``(n,)``, uint8.
        vectors: shape ``(n, d)``, float32.
        measures: shape ``(4, n)``, float32; see ``Matrix``.
        last: the number of the last one in the catalog.
    """

    hashes: Bytes
    families: Bytes
    vectors: Floats
    measures: Floats
    last: int = 0


MAGIC = b"drumsort similar 4\n"
START = 4096

_SCALES = len(ON_SCALES)
_GROUPS = 4096  # similarities are compared by group first: selecting from a million takes long


class Matrix:
    """An open file of vectors.

    Attributes:
        state: the token that was given to ``write``.
        last: the number of the last row in the catalog.
        vectors: shape ``(rows, d)``, float32.
        measures: shape ``(4, rows)``, float32: where each lies on the scales of ``aspects.py``.
        hashes: shape ``(rows, 32)``, uint8: the audio hash of each.
        families: shape ``(rows,)``, uint8: the index of each one's family.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is damaged, or of another version.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as stream:
            header = stream.read(START)
        if not header.startswith(MAGIC):
            raise ValueError(f"{path} is not a file of vectors")
        known = parsed(header[len(MAGIC) :])
        try:
            self.state = str(known["state"])
            rows, d, self.last = int(known["rows"]), int(known["d"]), int(known["last"])
        except (KeyError, TypeError) as error:
            raise ValueError(f"{path} has a damaged header") from error
        size = START + rows * (4 * d + 4 * _SCALES + 32 + 1)
        if rows < 1 or d < 1 or path.stat().st_size != size:
            raise ValueError(f"{path} is incomplete")
        content = np.asarray(np.memmap(path, np.uint8, "r"))
        ends = np.cumsum([rows * 4 * d, rows * 4 * _SCALES, rows * 32])
        vectors, measures, hashes, families = np.split(content[START:], ends)
        self.vectors: Floats = vectors.view("<f4").reshape(rows, d)
        self.measures: Floats = measures.view("<f4").reshape(_SCALES, rows)
        self.hashes: Bytes = hashes.reshape(rows, 32)
        self.families: Bytes = families

    def __len__(self) -> int:
        return len(self.vectors)

    def nearest(
        self, vector: Floats, count: int, among: Flags | None = None
    ) -> tuple[NDArray[np.intp], Floats]:
        """The rows nearest to a vector, and their cosine similarities, the highest first.

        Args:
            vector: shape ``(d,)``, unit length.
            count: how many at most.
            among: shape ``(rows,)``: which rows may be returned; all by default.
        """
        return highest(self.cosines(vector), count, among)

    def cosines(self, vector: Floats) -> Floats:
        """The cosine of the angle between a vector of unit length and each row; ``(rows,)``."""
        similar: Floats = self.vectors @ np.asarray(vector, np.float32)
        return similar

    @staticmethod
    def write(path: Path, state: str, blocks: Iterable[Block]) -> None:
        """Write a file: whole, or not at all.

        Args:
            path: the file; an existing one is replaced.
            state: a token that tells later whether the file is up to date.
            blocks: all rows, one at least, some at a time.

        Raises:
            OSError: the file cannot be written.
        """
        part = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.part")
        try:
            with part.open("xb") as stream:
                stream.seek(START)
                hashes, families, measures, d, last = [], [], [], 0, 0
                for block in blocks:
                    stream.write(np.ascontiguousarray(block.vectors, "<f4").data)
                    hashes.append(block.hashes.tobytes())
                    families.append(block.families.tobytes())
                    measures.append(block.measures)
                    d, last = block.vectors.shape[1], block.last
                stream.write(np.concatenate(measures, axis=1).astype("<f4").tobytes())
                stream.write(b"".join([*hashes, *families]))
                known = {"state": state, "rows": sum(map(len, families)), "d": d, "last": last}
                stream.seek(0)
                stream.write((MAGIC + json.dumps(known).encode()).ljust(START))
                stream.flush()
                os.fsync(stream.fileno())  # or a power cut could leave the name without the content
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def highest(
    similar: Floats, count: int, among: Flags | None = None
) -> tuple[NDArray[np.intp], Floats]:
    """The rows with the highest similarities, the highest first, and these.

    Args:
        similar: shape ``(rows,)``; those that may not be returned are overwritten.
        count: how many at most.
        among: shape ``(rows,)``: which rows may be returned; all by default.
    """
    if among is not None:
        similar[~among] = -np.inf
    count = min(count, len(similar) if among is None else int(among.sum()))
    if not count:
        return np.empty(0, np.intp), np.empty(0, np.float32)
    rows = np.flatnonzero(similar >= _bound(similar, count))
    rows = rows[np.argsort(-similar[rows], kind="stable")[:count]]
    return rows, similar[rows]


def _bound(similar: Floats, count: int) -> float:
    """A similarity that at least ``count`` rows reach, and not many more; not ``-inf``.

    The highest of each group are looked at: ``count`` groups reach the bound, so ``count`` rows do.
    """
    groups = max(_GROUPS, 4 * count)
    tops = similar
    if len(similar) > groups:  # neighbours, which may sound alike, fall into different groups
        tops = similar[: len(similar) // groups * groups].reshape(-1, groups).max(axis=0)
    bound = np.partition(tops, len(tops) - count)[len(tops) - count]
    return float(max(bound, np.finfo(np.float32).min))
