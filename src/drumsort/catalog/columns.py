"""The sounds of a catalog as columns, which the page needs for 100,000 sounds at once.

The verdicts equal those of ``Catalog.entries``, but are decided for many sounds at a time.
"""

import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumsort.catalog import trouble
from drumsort.catalog.catalog import Catalog
from drumsort.catalog.codes import Codes, text
from drumsort.catalog.fields import FILES, SHOWN, SOUNDS, TYPES, VERDICTS
from drumsort.catalog.judges import Judges
from drumsort.catalog.known_models import models
from drumsort.catalog.reads import BEST
from drumsort.catalog.siblings import Siblings
from drumsort.model.named import HINT
from drumsort.taxonomy import PITCHED

_BATCH = 20_000
_SEPARATOR = os.fsencode(os.sep)
_ALIASES = {SOUNDS: "s", VERDICTS: "v", FILES: "f"}
_SHOWN = ", ".join(f"{_ALIASES[table]}.{field.name}" for field, table in SHOWN.items())
_ROWS = """
    SELECT f.rowid AS id, f.path, f.root, f.pack, v.model, v.scores, {embedding} AS embedding,
           c.label AS correction, {shown}
    FROM files f
    JOIN sounds s ON s.audio_hash = f.audio_hash
    JOIN verdicts v ON v.audio_hash = f.audio_hash AND v.model = {best}
    LEFT JOIN corrections c ON c.audio_hash = f.audio_hash
    WHERE NOT f.missing {among} ORDER BY f.path
"""
_PATHS = "SELECT path FROM files WHERE rowid IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True)
class Columns:
    """Sounds, one per row.

    Attributes:
        values: column of ``TYPES`` to an array of shape ``(n,)``; unknown numbers are NaN. From
            ``blocks`` also ``"best"``: the best label, sure or not.
        names: the name of each file, UTF-8.
    """

    values: Mapping[str, NDArray[Any]]
    names: Sequence[bytes]

    def __len__(self) -> int:
        return len(self.names)

    def rows(self, chosen: NDArray[np.intp] | slice) -> "Columns":
        """Some of the rows."""
        names = (
            self.names[chosen]
            if isinstance(chosen, slice)
            else [self.names[row] for row in chosen.tolist()]
        )
        return Columns({name: values[chosen] for name, values in self.values.items()}, names)


def columns(
    catalog: Catalog,
    codes: Codes,
    ids: Iterable[int] | None = None,
    *,
    policy: str = "balanced",
    names: str = HINT,
    siblings: Siblings | None = None,
) -> Columns:
    """All ``blocks`` as one."""
    return joined(list(blocks(catalog, codes, ids, policy=policy, names=names, siblings=siblings)))


def blocks(
    catalog: Catalog,
    codes: Codes,
    ids: Iterable[int] | None = None,
    *,
    policy: str = "balanced",
    names: str = HINT,
    siblings: Siblings | None = None,
) -> Iterator[Columns]:
    """The sounds that were heard and are not missing, in path order, some at a time.

    Args:
        catalog: where to read them.
        codes: the numbers of names; new packs and folders are added.
        ids: only these files (``ids.py``).
        policy: names the threshold that a verdict must reach.
        names: as for ``Catalog.entries``.
        siblings: of all sounds, where they were read before (``all_siblings``).

    Raises:
        CatalogError: the catalog cannot be read.
        DrumsortError: a model has no such policy, or names cannot count so.
    """
    judges, ids = Judges(catalog, policy, names=names), None if ids is None else list(ids)
    among = "" if ids is None else "AND f.rowid IN (SELECT value FROM json_each(?))"
    best = _best(judges.models)
    embedding = "v.embedding" if judges.need_embeddings else "NULL"
    sql = _ROWS.format(best=best, among=among, embedding=embedding, shown=_SHOWN)
    rows = catalog.read(sql, () if ids is None else (json.dumps(ids),))
    if siblings is None and ids is None:
        siblings = all_siblings(catalog)
    elif siblings is None:
        siblings = Siblings(catalog, best)
        siblings.read_folders_of(path for (path,) in catalog.read(_PATHS, (json.dumps(ids),)))
    read = _Reader(codes, judges, siblings)
    try:
        while batch := list(islice(rows, _BATCH)):
            yield read(batch)
    except (KeyError, TypeError, ValueError) as problem:
        raise trouble.damaged(catalog.path, problem) from problem


def all_siblings(catalog: Catalog) -> Siblings:
    """What company makes of all sounds, whatever a person says of them.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    siblings = Siblings(catalog, _best(models(catalog)))
    siblings.read_all()
    return siblings


def _best(known: Collection[int]) -> str:
    """SQL for the model that counts; of one, a constant is quicker than a query for each file."""
    return str(next(iter(known))) if len(known) == 1 else BEST


def joined(parts: Sequence[Columns]) -> Columns:
    """The rows of several parts, in this order."""
    empty = {name: np.empty(0, kind) for name, kind in TYPES.items()}
    return Columns(
        {
            name: np.concatenate([empty[name], *(part.values[name] for part in parts)], dtype=kind)
            for name, kind in TYPES.items()
        },
        [name for part in parts for name in part.names],
    )


class _Reader:
    """Rows of ``_ROWS`` -> columns."""

    def __init__(self, codes: Codes, judges: Judges, siblings: Siblings) -> None:
        self._codes, self._judges, self._siblings = codes, judges, siblings
        self._families = {name: code for code, name in enumerate(codes.families)}
        self._labels = {name: code for code, name in enumerate(codes.labels)}

    def __call__(self, rows: Sequence[Any]) -> Columns:
        read = dict(zip(rows[0]._fields, zip(*rows, strict=True), strict=True))
        values: dict[str, NDArray[Any]] = {
            "id": np.array(read["id"], np.uint32),
            "pack": np.array([self._codes.pack(pack) for pack in read["pack"]], np.uint16),
            "folder": np.array(
                list(map(self._codes.folder, read["root"], read["path"])), np.uint32
            ),
        }
        for field in SHOWN:  # None becomes NaN
            values[field.column] = np.array(read[field.name], field.dtype)
        values |= self._verdicts(
            values["id"],
            np.array(read["model"]),
            read["scores"],
            read["embedding"],
            read["correction"],
            list(zip(read["path"], read["root"], strict=True)),
        )
        tuned = np.isin(values["best"], [self._labels[name] for name in PITCHED])
        values["pitch"] = np.where(tuned, values["pitch"], np.float32(np.nan))
        return Columns(values, [_name(path) for path in read["path"]])

    def _verdicts(
        self,
        ids: NDArray[Any],
        numbers: NDArray[Any],
        scores: Sequence[bytes],
        embeddings: Sequence[bytes | None],
        said: Sequence[str | None],
        places: Sequence[tuple[bytes, bytes]],
    ) -> dict[str, NDArray[Any]]:
        """The columns that depend on verdicts; ``best`` is the best label, sure or not."""
        names = ("family", "guess", "label", "best")
        out: dict[str, NDArray[Any]] = {name: np.zeros(len(numbers), np.uint8) for name in names}
        out["confidence"] = np.zeros(len(numbers), np.float32)
        named = np.array([label is not None for label in said])
        out["corrected"] = named.astype(np.uint8)
        there = np.array([embedding is not None for embedding in embeddings])
        for number in np.unique(numbers):
            judge = self._judges(number)
            for rows in (numbers == number) & ~there, (numbers == number) & there:
                if not rows.any():
                    continue
                some = np.flatnonzero(rows)
                paths, roots = zip(*(places[row] for row in some.tolist()), strict=True)
                evidence = self._siblings(number, ids[some]), *self._judges.of_names(paths, roots)
                found = judge.beside(*evidence).verdicts(
                    _table(scores, some),
                    _table(embeddings, some) if there[some[0]] else None,
                    [said[row] for row in some.tolist()] if named[some].any() else (),
                )
                families = np.array([self._families[name] for name in found.families])
                labels = np.array([self._labels[name] for name in found.labels])
                out["family"][some], out["guess"][some] = (
                    families[found.family],
                    families[found.guess],
                )
                out["label"][some], out["best"][some] = labels[found.label], labels[found.raw]
                out["confidence"][some] = found.confidence
        out["best"] = np.where(named, out["label"], out["best"])
        return out


def _table(blobs: Sequence[bytes | None], rows: NDArray[np.intp]) -> NDArray[np.float32]:
    """Some of the blobs, all of the same length, as rows of float32."""
    whole = b"".join(blobs[row] or b"" for row in rows.tolist())
    return np.frombuffer(whole, np.float32).reshape(len(rows), -1)


def _name(path: bytes) -> bytes:
    name = path[path.rfind(_SEPARATOR) + 1 :]
    return name if name.isascii() else text(name).encode()
