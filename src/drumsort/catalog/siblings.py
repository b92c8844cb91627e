"""The sounds of a catalog in the company of the others in their folders.

The catalog keeps what the network says of each sound by itself. So a verdict that is read depends
on the sounds that the catalog knows in the folder at that moment, in whatever order they came.
"""

import os
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumsort.catalog import trouble
from drumsort.catalog.database import Database, inside
from drumsort.catalog.known_models import Model, models
from drumsort.model.company import Company, stem
from drumsort.model.evidence import Weighed

_ROWS = """
    SELECT f.rowid AS id, f.path, v.model, v.scores FROM files f
    JOIN verdicts v ON v.audio_hash = f.audio_hash AND v.model = {model}
    WHERE NOT f.missing AND {where} ORDER BY f.path
"""
_BELOW = "f.path >= ? AND f.path < ?"
_IN_FOLDER = f"{_BELOW} AND instr(substr(f.path, ?), ?) = 0"
_SEPARATOR = os.fsencode(os.sep)
_AT_ONCE = 20_000


@dataclass(frozen=True, eq=False)
class InFolders:
    """What company makes of some sounds of one model, in this order: an ``Evidence``.

    Attributes:
        parts: which of them have company, as indices, and what it makes of those.
    """

    parts: Sequence[tuple[NDArray[np.intp], Company]]

    @property
    def name(self) -> str:
        """The name of this kind of evidence."""
        return "company"

    def weigh(self, so_far: Weighed) -> Weighed:
        """The scores in company; those of the other sounds stay."""
        scores, reasons = so_far.scores.copy(), [""] * len(so_far.scores)
        for which, company in self.parts:
            scores[which] = company.scores
            for nth, reason in zip(which.tolist(), company.reasons(), strict=True):
                reasons[nth] = reason
        return so_far._replace(scores=scores, reasons=reasons, alone=so_far.scores)


class Siblings:
    """What company makes of the sounds in some folders, one moment's knowledge of a catalog.

    Args:
        catalog: where to read them.
        model: SQL for the number of the model whose verdict on a file ``f`` counts.
        values: for the parameters of ``model``.

    Raises:
        CatalogError: the catalog cannot be read.
    """

    def __init__(self, catalog: Database, model: str, values: Sequence[str] = ()) -> None:
        self._catalog, self._model, self._values = catalog, model, values
        self._models = models(catalog)
        self._read: defaultdict[int, list[tuple[NDArray[np.int64], Company]]] = defaultdict(list)
        self._folders: set[bytes] = set()

    def read_all(self) -> None:
        """Read all folders."""
        self._add(self._rows("TRUE"))

    def read_below(self, folder: bytes) -> None:
        """Read a folder and those in it."""
        self._add(self._rows(_BELOW, *inside(folder)))

    def read_folders_of(self, paths: Iterable[bytes]) -> None:
        """Read the folders that some files lie in, unless they were read before."""
        folders = {path[: path.rfind(_SEPARATOR) + 1] for path in paths} - self._folders
        self._folders |= folders
        self._add(
            row
            for folder in sorted(folders)
            for row in self._rows(_IN_FOLDER, *inside(folder), len(folder) + 1, _SEPARATOR)
        )

    def __call__(self, model: int, ids: Sequence[int] | NDArray[Any]) -> InFolders:
        """The evidence on files, by their ids, that one model heard."""
        wanted, parts = np.asarray(ids, np.int64), []
        for known, company in self._read.get(model, ()):
            at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
            which = np.flatnonzero(known[at] == wanted)
            if len(which):
                parts.append((which, company.rows(at[which])))
        return InFolders(parts)

    def _rows(self, where: str, *values: Any) -> Iterator[Any]:
        sql = _ROWS.format(model=self._model, where=where)
        return self._catalog.read(sql, (*self._values, *values))

    def _add(self, rows: Iterable[Any]) -> None:
        of_model: defaultdict[int, _Scores] = defaultdict(_Scores)
        for row in rows:
            of_model[row.model].add(row.id, row.path, row.scores)
        for number, some in of_model.items():
            try:
                self._read[number].append(some.company(self._models[number]))
            except (KeyError, TypeError, ValueError) as problem:
                raise trouble.damaged(self._catalog.path, problem) from problem


class _Scores:
    """The scores of files, in a few bytes each: there may be a million."""

    def __init__(self) -> None:
        self._ids, self._folder, self._stem = array("q"), array("q"), array("q")
        self._scores = bytearray()
        self._folders: dict[bytes, int] = {}
        self._stems: dict[str, int] = {}

    def add(self, id_: int, path: bytes, scores: bytes) -> None:
        end = path.rfind(_SEPARATOR) + 1
        name = stem(os.fsdecode(path[end:]))
        self._ids.append(id_)
        self._folder.append(self._folders.setdefault(path[:end], len(self._folders)))
        self._stem.append(self._stems.setdefault(name, len(self._stems)))
        self._scores += scores

    def company(self, model: Model) -> tuple[NDArray[np.int64], Company]:
        """The ids of the files in rising order, and what company makes of them."""
        ids, folders, stems = (
            np.frombuffer(values, np.int64) for values in (self._ids, self._folder, self._stem)
        )
        scores = np.frombuffer(self._scores, np.float32).reshape(len(ids), -1)
        order = np.argsort(folders, kind="stable")
        found = Company.joined(
            [
                Company.of(
                    model.classes, scores[some], folders[some].tolist(), stems[some].tolist()
                )
                for some in _whole(order, folders)
            ]
        )
        by_id = np.argsort(ids[order])
        return ids[order][by_id], found.rows(by_id)


def _whole(order: NDArray[np.intp], folders: NDArray[np.int64]) -> Iterator[NDArray[np.intp]]:
    """Whole folders, some thousand sounds at a time, of rows in the order of their folders."""
    ends = np.flatnonzero(np.diff(folders[order], append=-1)) + 1
    start = 0
    while start < len(order):
        end = int(ends[np.searchsorted(ends, min(start + _AT_ONCE, len(order)))])
        yield order[start:end]
        start = end
