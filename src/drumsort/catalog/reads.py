"""Rows of a catalog -> entries, one for each known file."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from drumsort.catalog import trouble
from drumsort.catalog.database import Database, inside
from drumsort.catalog.fields import FILES, SOUNDS
from drumsort.catalog.judges import Judges
from drumsort.catalog.siblings import Siblings
from drumsort.model.infer import Heard
from drumsort.model.named import HINT
from drumsort.model.verdict import corrected
from drumsort.taxonomy import PITCHED, family_of
from drumsort.types import Analysis, Facts, Prediction

HEARD = "v.scores, v.embedding, v.x, v.y"
"""The columns of ``verdicts`` that ``heard`` takes from a row."""

_MEASURED = tuple(field.name for field in fields(Analysis))
BEST = """
    (SELECT model FROM verdicts JOIN models ON number = model
     WHERE audio_hash = f.audio_hash ORDER BY used DESC LIMIT 1)
"""
"""The number of the model whose verdict on a file ``f`` counts: the one used last."""

_SQL = f"""
    SELECT f.rowid AS id, {FILES.select("f")}, {SOUNDS.select("s", {"audio_hash"})},
           v.model AS model, {HEARD}, c.label AS correction
    FROM {{files}} f
    LEFT JOIN sounds s ON s.audio_hash = f.audio_hash
    LEFT JOIN corrections c ON c.audio_hash = f.audio_hash
    LEFT JOIN verdicts v ON v.audio_hash = f.audio_hash AND v.model = {{best}}
    WHERE {{where}} ORDER BY f.path
"""
_ELSEWHERE = """
    (SELECT 0 AS rowid, :path AS path, :root AS root, :pack AS pack, size, mtime_ns, file_hash,
            audio_hash, format, note, NULL AS error, 0 AS missing,
            NULL AS added_at
     FROM contents WHERE audio_hash = :sound LIMIT 1)
"""

_BATCH = 1000  # sounds that are judged at once
_MODEL = "(SELECT number FROM models WHERE id = ?)"
_FILE = "SELECT path FROM files WHERE path = ?"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file that the catalog knows.

    Attributes:
        path: the file, absolute.
        root: the folder that it was last scanned with.
        pack: the pack that it came in (``packs.py``), or the name of ``root``.
        size: bytes, at the last scan.
        mtime_ns: time of last change in nanoseconds, at the last scan.
        missing: whether it was gone at the last scan of its folder.
        error: why it could not be heard when last tried, or ``None``.
        facts: what is known of it besides the verdict; ``None`` if it was never heard.
        prediction: the verdict before what a person said; ``None`` if it was not heard, or not by
            that model.
        model: the id of the model whose verdict that is, or ``None``.
        correction: the label that a person gave it, or ``None``.
    """

    path: Path
    root: Path
    pack: str
    size: int
    mtime_ns: int
    missing: bool
    error: str | None
    facts: Facts | None
    prediction: Prediction | None
    model: str | None
    correction: str | None

    @property
    def verdict(self) -> Prediction | None:
        """The final verdict, that of a person who named the sound, else ``prediction``."""
        return self.prediction and corrected(self.prediction, self.correction)

    @property
    def label(self) -> str | None:
        """The final label, what a person said, else the verdict's; ``None`` without one."""
        return self.correction or (self.prediction.label if self.prediction else None)

    @property
    def family(self) -> str | None:
        """The family of that label, or ``"unsure"``; ``None`` without a verdict."""
        if self.correction:
            return family_of(self.correction)
        return self.prediction.family if self.prediction else None

    @property
    def pitch_hz(self) -> float | None:
        """The pitch of a drum that is tuned, in Hz; ``None`` for all others."""
        label = self.correction or (self.prediction.raw if self.prediction else None)
        return self.facts.analysis.pitch_hz if self.facts and label in PITCHED else None


def heard(row: Any) -> Heard:
    """What the network said, to the last bit, from a row that has the columns ``HEARD``."""
    return Heard(
        np.frombuffer(row.scores, np.float32),
        None if row.embedding is None else np.frombuffer(row.embedding, np.float32),
        None if row.x is None else np.array([row.x, row.y], np.float32),
    )


def entry_elsewhere(
    catalog: Database, path: Path, audio_hash: bytes, policy: str, names: str = HINT
) -> list[Entry]:
    """A file outside the library as an entry, if what its bytes hold was heard.

    Args:
        catalog: where to look it up.
        path: the file.
        audio_hash: of its sound.
        policy: names the threshold that a verdict must reach.
        names: as for ``entries_of``.

    Raises:
        CatalogError: the catalog cannot be read.
        DrumsortError: a model has no such policy, or names cannot count so.
    """
    key, root, pack = catalog.keys(path, path.parent)
    values = {"path": key, "root": root, "pack": pack, "sound": audio_hash}
    judges = Judges(catalog, policy, names=names)
    sql = _SQL.format(files=_ELSEWHERE, best=BEST, where="TRUE")
    return list(_read(catalog, catalog.read(sql, values), judges, None))


def entries(
    catalog: Database,
    below: str | os.PathLike[str] | None,
    model: str | None,
    judges: Judges,
    missing: bool,
    company: bool,
) -> Iterator[Entry]:
    """See ``Catalog.entries``."""
    siblings = siblings_for(catalog, model) if company else None
    where: list[str] = [] if missing else ["NOT f.missing"]
    if below is None:
        if siblings:
            siblings.read_all()
        yield from _entries(catalog, where, (), model, judges, siblings)
        return
    file, folder = catalog.key(below), os.fsencode(catalog.folder(below))
    if siblings:
        siblings.read_below(folder)
        siblings.read_folders_of(row.path for row in catalog.read(_FILE, (file,)))
    where.append("(f.path = ? OR f.path >= ? AND f.path < ?)")
    yield from _entries(catalog, where, (file, *inside(folder)), model, judges, siblings)


def entries_of(
    catalog: Database,
    paths: Iterable[str | os.PathLike[str]],
    policy: str,
    model: str | None = None,
    siblings: Siblings | None = None,
    names: str = HINT,
) -> Iterator[Entry]:
    """The entries of files that are not missing, in the order of ``paths``.

    Args:
        catalog: where to read them.
        paths: the files.
        policy: names the threshold that a verdict must reach.
        model: as for ``Catalog.entries``.
        siblings: of this model, to keep what was read from one call to the next.
        names: how names count in the verdicts: ``hint``, ``ignore`` or ``trust``.

    Raises:
        CatalogError: the catalog cannot be read.
        DrumsortError: a model has no such policy, or names cannot count so.
    """
    judges = Judges(catalog, policy, names=names)
    siblings = siblings or siblings_for(catalog, model)
    keys = [catalog.key(path) for path in paths]
    siblings.read_folders_of(keys)
    for key in keys:
        where = ["NOT f.missing", "f.path = ?"]
        yield from _entries(catalog, where, (key,), model, judges, siblings)


def siblings_for(catalog: Database, model: str | None) -> Siblings:
    """Siblings by the verdicts that ``entries`` returns for this model; none are read yet.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    return Siblings(catalog, BEST) if model is None else Siblings(catalog, _MODEL, (model,))


def _entries(
    catalog: Database,
    where: Sequence[str],
    values: Sequence[bytes],
    model: str | None,
    judges: Judges,
    siblings: Siblings | None,
) -> Iterator[Entry]:
    best = BEST if model is None else _MODEL
    sql = _SQL.format(files="files", best=best, where=" AND ".join(["TRUE", *where]))
    rows = catalog.read(sql, (*([] if model is None else [model]), *values))
    yield from _read(catalog, rows, judges, siblings)


def _read(
    catalog: Database, rows: Iterator[Any], judges: Judges, siblings: Siblings | None
) -> Iterator[Entry]:
    for row, prediction in _judged(catalog, rows, judges, siblings):
        try:
            facts = None if row.duration is None else facts_of(row)
        except (KeyError, TypeError, ValueError) as problem:
            raise trouble.damaged(catalog.path, problem) from problem
        path, root = trouble.located(catalog.path, row.path, row.root)
        yield Entry(
            path=path,
            root=root,
            pack=os.fsdecode(row.pack),
            size=row.size,
            mtime_ns=row.mtime_ns,
            missing=bool(row.missing),
            error=None if row.error is None else os.fsdecode(row.error),
            facts=facts,
            prediction=prediction,
            model=None if row.model is None else judges.models[row.model].id,
            correction=row.correction,
        )


def _judged(
    catalog: Database, rows: Iterator[Any], judges: Judges, siblings: Siblings | None
) -> Iterator[tuple[Any, Prediction | None]]:
    """Each row and its verdict; ``None`` where the sound was not heard."""
    while batch := list(islice(rows, _BATCH)):
        try:
            predictions = _predictions(batch, judges, siblings)
        except (KeyError, TypeError, ValueError) as problem:
            raise trouble.damaged(catalog.path, problem) from problem
        yield from zip(batch, predictions, strict=True)


def _predictions(
    batch: Sequence[Any], judges: Judges, siblings: Siblings | None
) -> list[Prediction | None]:
    alike: defaultdict[tuple[int, bool], list[int]] = defaultdict(list)
    for nth, row in enumerate(batch):
        if row.model is not None:
            alike[row.model, row.embedding is None].append(nth)
    found: list[Prediction | None] = [None] * len(batch)
    for (number, _), some in alike.items():
        sounds = [heard(batch[nth]) for nth in some]
        remarks = [batch[nth].note for nth in some]
        judge = judges(number)
        if siblings:
            judge = judge.beside(siblings(number, [batch[nth].id for nth in some]))
        paths, roots = [batch[nth].path for nth in some], [batch[nth].root for nth in some]
        judge = judge.beside(*judges.of_names(paths, roots))
        for nth, verdict in zip(some, judge.predictions(sounds, remarks), strict=True):
            found[nth] = verdict
    return found


def facts_of(row: Any) -> Facts:
    """What is known of a file, from a row that has the columns of ``files`` and ``sounds``."""
    return Facts(
        file_hash=row.file_hash.hex(),
        audio_hash=row.audio_hash.hex(),
        duration=row.duration,
        rate=row.rate,
        channels=row.channels,
        format=row.format,
        remark=row.note,
        analysis=Analysis(**{name: getattr(row, name) for name in _MEASURED}),
    )
