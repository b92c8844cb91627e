"""An index of a matrix, for more sounds than are quickly compared one by one; by faiss.

The vectors are sorted into cells around centres, and kept there as 8-bit numbers: an inverted file
(Jégou, Douze and Schmid, "Product quantization for nearest neighbor search", 2011). A search looks
into the cells nearest to a vector. It gives rows, which are then compared exactly by the matrix. So
no similarity is approximate: only now and then a sound may be missed.

    what faiss writes
    ``MAGIC`` and JSON, padded with spaces to ``END`` bytes
"""

import json
import math
import os
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumsort.alike.matrix import Flags, Floats, Matrix
from drumsort.errors import DrumsortError
from drumsort.files.outside import parsed

MAGIC = b"drumsort index 1\n"
END = 512

PROBES = 32
"""Cells that a search looks into."""

AMONG = 4
"""So many times as many are looked into for the sounds of one family."""

_BLOCK = 100_000  # rows that are added at a time
_LEARN = 64  # rows for each centre that the centres are made of
_CHUNK = 1 << 20


class Index:
    """An index that is open; it is mapped into memory, where the system can.

    Args:
        path: its file.
        matrix: what it is an index of.

    Raises:
        ImportError: faiss is not installed.
        OSError: the file cannot be read.
        ValueError: it is damaged, or an index of another matrix.
    """

    def __init__(self, path: Path, matrix: Matrix) -> None:
        with path.open("rb") as stream:
            self._faiss = faiss = _library()
            stream.seek(-END, os.SEEK_END)
            size, end = stream.tell(), stream.read()
            if not end.startswith(MAGIC):
                raise ValueError(f"{path} is incomplete")
            known = parsed(end[len(MAGIC) :])
            if (known["state"], known["size"]) != (matrix.state, size):
                raise ValueError(f"{path} is an index of other sounds")
            stream.seek(0)
            if _checksum(stream, known["front"]) != known["checksum"]:
                raise ValueError(f"{path} is damaged")
        flags = faiss.IO_FLAG_MMAP if os.name == "posix" else 0
        try:
            self._index = faiss.read_index(os.fspath(path), flags)
        except RuntimeError as error:
            raise ValueError(f"{path} is damaged") from error
        self._rows = len(matrix)

    def nearest(self, vector: Floats, count: int, among: Flags | None = None) -> NDArray[np.intp]:
        """Rows that are among the nearest to a vector, in order of their numbers.

        Args:
            vector: shape ``(d,)``, unit length.
            count: how many at most.
            among: shape ``(rows,)``: which rows may be returned; all by default.
        """
        how = self._faiss.SearchParametersIVF(nprobe=PROBES)
        if among is not None:
            bits = np.packbits(among, bitorder="little")
            allowed = self._faiss.IDSelectorBitmap(bits)
            how = self._faiss.SearchParametersIVF(nprobe=AMONG * PROBES, sel=allowed)
        _, found = self._index.search(np.asarray(vector, np.float32)[None], count, params=how)
        rows = np.unique(found[0])
        return rows[(rows >= 0) & (rows < self._rows)]

    @staticmethod
    def write(
        path: Path,
        matrix: Matrix,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        """Make the index of a matrix: whole, or not at all.

        It takes 136 bytes of memory for each row, of 128 numbers.

        Args:
            path: the file; an existing one is replaced.
            matrix: what it is an index of.
            on_progress: called with how many rows are in it, and their total.

        Raises:
            DrumsortError: faiss is not installed.
            OSError: the file cannot be written.
        """
        faiss = require()
        rows, d = matrix.vectors.shape
        cells = max(1, math.isqrt(rows))
        on_progress(0, rows)
        index = faiss.index_factory(d, f"IVF{cells},SQ8", faiss.METRIC_INNER_PRODUCT)
        index.cp.min_points_per_centroid = 1  # or it prints a warning
        index.train(np.array(matrix.vectors[:: max(1, rows // (_LEARN * cells))]))
        for at in range(0, rows, _BLOCK):
            index.add(np.array(matrix.vectors[at : at + _BLOCK]))
            on_progress(min(at + _BLOCK, rows), rows)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            _save(faiss, index, part)
            size = part.stat().st_size
            with part.open("r+b") as stream:
                front = size - rows * (index.code_size + 8)  # all but what lies in the cells
                known = {
                    "state": matrix.state,
                    "size": size,
                    "front": front,
                    "checksum": _checksum(stream, front),
                }
                stream.seek(0, os.SEEK_END)
                stream.write((MAGIC + json.dumps(known).encode()).ljust(END))
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def require() -> Any:
    """The library that makes indexes.

    Raises:
        DrumsortError: it is not installed.
    """
    try:
        return _library()
    except ImportError as error:
        raise DrumsortError(
            "An index needs faiss: install drumsort with its 'index' extra."
        ) from error


def _library() -> Any:
    import faiss  # here, for it takes a while, and mostly there is no index

    return faiss


def _save(faiss: Any, index: Any, path: Path) -> None:
    try:
        faiss.write_index(index, os.fspath(path))
    except RuntimeError as error:  # faiss has no other, and its words are those of its code
        raise OSError(f"{path} cannot be written") from error


def _checksum(stream: Any, size: int) -> int:
    """Of the next ``size`` bytes of a file."""
    value = 0
    while size > 0 and (chunk := stream.read(min(_CHUNK, size))):
        value = zlib.crc32(chunk, value)
        size -= len(chunk)
    return value
