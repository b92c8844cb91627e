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
from drumsort.catalog.database import listed
from drumsort.catalog.fields import FILES, SHOWN, SOUNDS, TYPES, VERDICTS
from drumsort.catalog.hidden import hidden_ids
from drumsort.catalog.judges import Judges
from drumsort.catalog.known_models import models
from drumsort.catalog.lessons import Lesson
from drumsort.catalog.reads import BEST
from drumsort.catalog.siblings import Siblings
from drumsort.model.named import HINT
from drumsort.taxonomy import PITCHED, family_of

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
_SAID = """
    SELECT c.label, group_concat(f.rowid) AS ids
    FROM corrections c CROSS JOIN files f ON f.audio_hash = c.audio_hash GROUP BY c.label
"""
_SAID_OF = """
    SELECT c.label, group_concat(f.rowid) AS ids
    FROM files f JOIN corrections c ON c.audio_hash = f.audio_hash
    WHERE f.rowid IN (SELECT value FROM json_each(?)) GROUP BY c.label
"""

HEARD = {
    "heard_family": "uint8",
    "heard_label": "uint8",
    "heard_best": "uint8",
    "heard_confidence": "float32",
    "heard_pitch": "float32",
}
"""What the columns are without what a person said, and their dtypes; the page gets none of these.
``heard_best`` is the best label, sure or not; ``heard_pitch`` is that of any sound."""

_KEPT = {**TYPES, **HEARD}
_UNSAID = -1


@dataclass(frozen=True)
class Columns:
    """Sounds, one per row.

    Attributes:
        values: column of ``TYPES`` and ``HEARD`` to an array of shape ``(n,)``; unknown numbers are
            NaN. From ``blocks`` also ``"best"``: the best label, sure or not.
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
    lesson: Lesson | None = None,
) -> Columns:
    """All ``blocks`` as one."""
    read = blocks(catalog, codes, ids, policy=policy, names=names, siblings=siblings, lesson=lesson)
    return joined(list(read))


def blocks(
    catalog: Catalog,
    codes: Codes,
    ids: Iterable[int] | None = None,
    *,
    policy: str = "balanced",
    names: str = HINT,
    siblings: Siblings | None = None,
    lesson: Lesson | None = None,
) -> Iterator[Columns]:
    """The sounds that were heard and are not missing, in path order, some at a time.

    Args:
        catalog: where to read them.
        codes: the numbers of names; new packs and folders are added.
        ids: only these files (``ids.py``).
        policy: names the threshold that a verdict must reach.
        names: as for ``Catalog.entries``.
        siblings: of all sounds, where they were read before (``all_siblings``).
        lesson: to go by in place of the one that is switched on.

    Raises:
        CatalogError: the catalog cannot be read.
        DrumsortError: a model has no such policy, or names cannot count so.
    """
    judges = Judges(catalog, policy, names=names, lesson=lesson)
    ids = None if ids is None else list(ids)
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
    read = _Reader(codes, judges, siblings, hidden_ids(catalog))
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
    empty = {name: np.empty(0, kind) for name, kind in _KEPT.items()}
    return Columns(
        {
            name: np.concatenate([empty[name], *(part.values[name] for part in parts)], dtype=kind)
            for name, kind in _KEPT.items()
        },
        [name for part in parts for name in part.names],
    )


def said_of(
    catalog: Catalog, codes: Codes, ids: NDArray[Any], among: Sequence[int] | None = None
) -> NDArray[np.int64]:
    """What a person says of each of these files: a number of a label, or -1.

    Args:
        catalog: where to read it.
        codes: the numbers of labels.
        ids: of the files, shape ``(n,)``, rising or not.
        among: those to look up, where they are few; all others are -1.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    values = (_SAID,) if among is None else (_SAID_OF, (json.dumps(list(among)),))
    said = np.full(len(ids), _UNSAID)
    for row in catalog.read(*values):
        said[np.isin(ids, listed(row.ids))] = codes.labels.index(row.label)
    return said


def overlaid(
    heard: Mapping[str, NDArray[Any]], said: NDArray[np.int64], codes: Codes
) -> dict[str, NDArray[Any]]:
    """The columns that depend on what a person says.

    Args:
        heard: the columns ``HEARD``, shape ``(n,)``.
        said: of each sound the number of a label, or -1.
        codes: the meaning of the numbers.
    """
    families = {name: code for code, name in enumerate(codes.families)}
    family = np.array([families.get(family_of(name), 0) for name in codes.labels], np.uint8)
    named = said != _UNSAID
    best = np.where(named, said, heard["heard_best"])
    tuned = np.isin(best, [code for code, name in enumerate(codes.labels) if name in PITCHED])
    return {
        "family": np.where(named, family[said], heard["heard_family"]).astype(np.uint8),
        "label": np.where(named, said, heard["heard_label"]).astype(np.uint8),
        "best": best.astype(np.uint8),
        "confidence": np.where(named, np.float32(1), heard["heard_confidence"]),
        "corrected": named.astype(np.uint8),
        "pitch": np.where(tuned, heard["heard_pitch"], np.float32(np.nan)),
    }


class _Reader:
    """Rows of ``_ROWS`` -> columns."""

    def __init__(
        self, codes: Codes, judges: Judges, siblings: Siblings, hidden: NDArray[np.int64]
    ) -> None:
        self._codes, self._judges, self._siblings = codes, judges, siblings
        self._hidden = hidden
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
        values["hidden"] = np.isin(values["id"], self._hidden).astype(np.uint8)
        values["heard_pitch"] = values["pitch"]
        values |= self._heard(
            values["id"],
            np.array(read["model"]),
            read["scores"],
            read["embedding"],
            list(zip(read["path"], read["root"], strict=True)),
        )
        said = [_UNSAID if name is None else self._labels[name] for name in read["correction"]]
        values |= overlaid(values, np.array(said), self._codes)
        return Columns(values, [_name(path) for path in read["path"]])

    def _heard(
        self,
        ids: NDArray[Any],
        numbers: NDArray[Any],
        scores: Sequence[bytes],
        embeddings: Sequence[bytes | None],
        places: Sequence[tuple[bytes, bytes]],
    ) -> dict[str, NDArray[Any]]:
        """The columns that follow from verdicts before what a person says."""
        names = ("heard_family", "guess", "heard_label", "heard_best")
        out: dict[str, NDArray[Any]] = {name: np.zeros(len(numbers), np.uint8) for name in names}
        out["heard_confidence"] = np.zeros(len(numbers), np.float32)
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
                )
                families = np.array([self._families[name] for name in found.families])
                labels = np.array([self._labels[name] for name in found.labels])
                out["heard_family"][some] = families[found.family]
                out["guess"][some] = families[found.guess]
                out["heard_label"][some] = labels[found.label]
                out["heard_best"][some] = labels[found.raw]
                out["heard_confidence"][some] = found.confidence
        return out


def _table(blobs: Sequence[bytes | None], rows: NDArray[np.intp]) -> NDArray[np.float32]:
    """Some of the blobs, all of the same length, as rows of float32."""
    whole = b"".join(blobs[row] or b"" for row in rows.tolist())
    return np.frombuffer(whole, np.float32).reshape(len(rows), -1)


def _name(path: bytes) -> bytes:
    name = path[path.rfind(_SEPARATOR) + 1 :]
    return name if name.isascii() else text(name).encode()
