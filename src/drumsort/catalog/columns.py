"""The sounds of a catalog as columns: what a page needs of 100,000 of them, quickly.

The verdicts are those of ``Catalog.entries``, decided for many sounds at once.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumsort.catalog import trouble
from drumsort.catalog.catalog import Catalog
from drumsort.catalog.codes import Codes, text
from drumsort.catalog.lessons import Lesson, in_use
from drumsort.catalog.models import Model, models
from drumsort.catalog.reads import BEST
from drumsort.model.verdict import threshold
from drumsort.taxonomy import PITCHED, UNSURE, family_of

TYPES: Mapping[str, str] = {
    "id": "uint32",
    "x": "float32",
    "y": "float32",
    "family": "uint8",
    "guess": "uint8",
    "label": "uint8",
    "confidence": "float32",
    "corrected": "uint8",
    "duration": "float32",
    "pitch": "float32",
    "brightness": "float32",
    "loudness": "float32",
    "pack": "uint16",
    "folder": "uint32",
}
"""Column to its dtype, in the order in which they are shown."""

_BATCH = 20_000
_SEPARATOR = os.fsencode(os.sep)
_ROWS = """
    SELECT f.rowid, f.path, f.root, f.pack, v.model, v.scores, v.x, v.y, c.label,
           s.duration, s.loudness_db, s.brightness_hz, s.pitch_hz, {embedding}
    FROM files f
    JOIN sounds s ON s.audio_hash = f.audio_hash
    JOIN verdicts v ON v.audio_hash = f.audio_hash AND v.model = {best}
    LEFT JOIN corrections c ON c.audio_hash = f.audio_hash
    WHERE NOT f.missing {among} ORDER BY f.path
"""


@dataclass(frozen=True)
class Columns:
    """Sounds, one a row.

    Attributes:
        values: each of ``TYPES`` to an array of shape ``(n,)``; NaN stands for what is not known.
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
) -> Columns:
    """All of ``blocks`` at once."""
    return joined(list(blocks(catalog, codes, ids, policy=policy)))


def blocks(
    catalog: Catalog,
    codes: Codes,
    ids: Iterable[int] | None = None,
    *,
    policy: str = "balanced",
) -> Iterator[Columns]:
    """The sounds that are there and were heard, in the order of paths, some at a time.

    Args:
        catalog: where they are.
        codes: what the numbers mean; packs and folders that are new are entered.
        ids: only these files, by their numbers (``numbers.py``).
        policy: how sure a verdict must be to stand.

    Raises:
        CatalogError: it cannot be read.
        DrumsortError: a model has no such policy.
    """
    known = models(catalog)
    among = "" if ids is None else "AND f.rowid IN (SELECT value FROM json_each(?))"
    # One model is the rule, and a constant is quicker than a look for the best.
    best = str(next(iter(known))) if len(known) == 1 else BEST
    lesson = in_use(catalog)
    sql = _ROWS.format(best=best, among=among, embedding="v.embedding" if lesson else "NULL")
    rows = catalog.read(sql, () if ids is None else (json.dumps(list(ids)),))
    read = _Reader(codes, known, policy, lesson)
    try:
        while batch := list(islice(rows, _BATCH)):
            yield read(batch)
    except (KeyError, TypeError, ValueError) as problem:
        raise trouble.damaged(catalog.path, problem) from problem


def joined(parts: Sequence[Columns]) -> Columns:
    """The rows of several, one after the other."""
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

    def __init__(
        self, codes: Codes, known: Mapping[int, Model], policy: str, lesson: Lesson | None
    ) -> None:
        self._codes, self._known, self._policy, self._lesson = codes, known, policy, lesson
        self._families = {name: code for code, name in enumerate(codes.families)}
        self._labels = {name: code for code, name in enumerate(codes.labels)}

    def __call__(self, rows: Sequence[tuple[Any, ...]]) -> Columns:
        turned = zip(*rows, strict=True)
        ids, paths, roots, packs, numbers, scores, xs, ys, said = islice(turned, 9)
        durations, loud, bright, pitch, embeddings = turned
        values: dict[str, NDArray[Any]] = {
            "id": np.array(ids, np.uint32),
            "x": np.array(xs, np.float32),  # None becomes NaN
            "y": np.array(ys, np.float32),
            "duration": np.array(durations, np.float32),
            "brightness": np.array(bright, np.float32),
            "loudness": np.array(loud, np.float32),
            "pack": np.array([self._codes.pack(pack) for pack in packs], np.uint16),
            "folder": np.array(list(map(self._codes.folder, roots, paths)), np.uint32),
        }
        values |= self._verdicts(np.array(numbers), scores, embeddings)
        self._correct(values, said)
        tuned = np.isin(values.pop("best"), [self._labels[name] for name in PITCHED])
        values["pitch"] = np.where(tuned, np.array(pitch, np.float32), np.float32(np.nan))
        return Columns(values, [_name(path) for path in paths])

    def _verdicts(
        self,
        numbers: NDArray[Any],
        scores: Sequence[bytes],
        embeddings: Sequence[bytes | None],
    ) -> dict[str, NDArray[Any]]:
        """What ``decide`` makes of scores; ``best`` is the best label, sure or not."""
        names = ("family", "guess", "label", "best")
        out: dict[str, NDArray[Any]] = {name: np.zeros(len(numbers), np.uint8) for name in names}
        out["confidence"] = np.zeros(len(numbers), np.float32)
        there = np.array([embedding is not None for embedding in embeddings])
        for number in np.unique(numbers):
            model, lesson, rows = self._known[number], self._lesson, numbers == number
            learnt = there if lesson and lesson.model == model.id else np.zeros_like(there)
            plain, taught = np.flatnonzero(rows & ~learnt), np.flatnonzero(rows & learnt)
            table = _table(scores, plain, len(model.labels))
            self._decide(out, plain, table, model)
            if lesson is not None and len(taught):
                table = _table(scores, taught, len(model.labels))
                vectors = _table(embeddings, taught, len(lesson.head) - 1)
                self._decide(out, taught, lesson(table, vectors), lesson.of(model))
        return out

    def _decide(
        self,
        out: dict[str, NDArray[Any]],
        rows: NDArray[np.intp],
        table: NDArray[np.float32],
        model: Model,
    ) -> None:
        family, label, confidence = decided(table, model.families)
        sure = confidence >= threshold(model.id, model.policies, self._policy)
        family = np.array([self._families[name] for name in model.families])[family]
        label = np.array([self._labels[name] for name in model.labels])[label]
        out["guess"][rows], out["best"][rows] = family, label
        out["family"][rows] = np.where(sure, family, self._families[UNSURE])
        out["label"][rows] = np.where(sure, label, self._labels[UNSURE])
        out["confidence"][rows] = confidence

    def _correct(self, values: dict[str, NDArray[Any]], said: Sequence[str | None]) -> None:
        values["corrected"] = np.zeros(len(said), np.uint8)
        for row, label in enumerate(said):
            if label is not None:
                values["corrected"][row], values["confidence"][row] = 1, 1.0
                values["family"][row] = self._families[family_of(label)]
                values["label"][row] = values["best"][row] = self._labels[label]


def decided(
    scores: NDArray[np.float32], families: Mapping[str, Sequence[str]]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """The best family of each sound, the best label in it, and the confidence in the family.

    Args:
        scores: shape ``(n, n_labels)``, in the order of the labels of ``families``.
        families: family to its labels.

    Returns:
        Two indices, each of shape ``(n,)``, and a probability of that shape.
    """
    sums, firsts, bests = [], [], []
    at = 0
    for labels in families.values():
        part = scores[:, at : at + len(labels)]
        total = np.zeros(len(scores))
        for column in part.T:
            total = total + column
        sums.append(total)
        firsts.append(at)
        bests.append(part.argmax(axis=1))
        at += len(labels)
    table = np.stack(sums, axis=1)
    family = table.argmax(axis=1)
    rows = np.arange(len(scores))
    label = np.array(firsts)[family] + np.stack(bests, axis=1)[rows, family]
    return family, label, np.minimum(1.0, table[rows, family])


def _table(
    blobs: Sequence[bytes | None], rows: NDArray[np.intp], width: int
) -> NDArray[np.float32]:
    """Some of the blobs as rows of float32, shape ``(len(rows), width)``."""
    whole = b"".join(blobs[row] or b"" for row in rows.tolist())
    return np.frombuffer(whole, np.float32).reshape(len(rows), width)


def _name(path: bytes) -> bytes:
    name = path[path.rfind(_SEPARATOR) + 1 :]
    return name if name.isascii() else text(name).encode()
