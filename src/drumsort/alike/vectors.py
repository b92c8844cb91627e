"""All vectors that a model has for the sounds of a catalog, and the search among them."""

from collections.abc import Callable, Collection, Iterator

import numpy as np

from drumsort.alike.index import Index
from drumsort.alike.matrix import Floats, Matrix, highest

Alike = Callable[[Matrix], Floats]
"""How alike each row of a matrix is to a sound."""

MOST = 2000
"""Neighbours for which an index is asked; more are looked for exactly."""

_MORE = 2  # so many times as many rows are asked for, for those of an index are not in order


class Vectors:
    """A matrix, what came since it was written, and an index of it if there is one.

    Attributes:
        matrix: of all sounds at one moment.
        newer: of those that came or changed since.
        index: of ``matrix``; without one, the search is exact.
    """

    def __init__(self, matrix: Matrix, newer: Matrix | None, index: Index | None) -> None:
        self.matrix, self.newer, self.index = matrix, newer, index
        self._changed = {row.tobytes() for row in newer.hashes} if newer else set()

    def __len__(self) -> int:
        return len(self.matrix) + (len(self.newer) if self.newer else 0)

    def nearest(
        self,
        vector: Floats,
        first: int,
        families: Collection[int] | None = None,
        alike: Alike | None = None,
    ) -> Iterator[tuple[bytes, float]]:
        """Audio hashes and similarities of all sounds, the highest first.

        Some may have left the catalog.

        Args:
            vector: shape ``(d,)``, unit length.
            first: how many are looked for at first; more, once more are asked for.
            families: only those of these families, by their indices.
            alike: what to go by in place of cosines; no index helps with that.
        """
        given: set[bytes] = set()
        asked = first
        while True:
            found, are_all = self._some(vector, asked, families, alike)
            for audio_hash, similarity in found:
                if audio_hash not in given:
                    given.add(audio_hash)
                    yield audio_hash, similarity
            if are_all:
                return
            asked *= 4

    def _some(
        self,
        vector: Floats,
        count: int,
        families: Collection[int] | None,
        alike: Alike | None,
    ) -> tuple[list[tuple[bytes, float]], bool]:
        """The nearest ``count`` sounds, and whether they are all that there are."""
        found, are_all = self._of(self.matrix, self.index, vector, count, families, alike)
        if self.newer is None:
            return found, are_all
        found = [pair for pair in found if pair[0] not in self._changed]
        more, are_all_newer = self._of(self.newer, None, vector, count, families, alike)
        found = sorted(found + more, key=lambda pair: -pair[1])
        are_all = are_all and are_all_newer
        return found if are_all else found[:count], are_all

    def _of(
        self,
        matrix: Matrix,
        index: Index | None,
        vector: Floats,
        count: int,
        families: Collection[int] | None,
        alike: Alike | None,
    ) -> tuple[list[tuple[bytes, float]], bool]:
        among = None if families is None else np.isin(matrix.families, list(families))
        rows = similar = None
        if alike is not None:
            rows, similar = highest(alike(matrix), count, among)
        elif index is not None and count <= MOST:
            rows = index.nearest(vector, _MORE * count, among)
            similar = matrix.vectors[rows] @ vector
            order = np.argsort(-similar, kind="stable")[:count]
            rows, similar = rows[order], similar[order]
        if rows is None or similar is None or (alike is None and len(rows) < count):
            rows, similar = matrix.nearest(vector, count, among)
        pairs = zip(matrix.hashes[rows], similar.tolist(), strict=True)
        return [(row.tobytes(), min(1.0, value)) for row, value in pairs], len(rows) < count
