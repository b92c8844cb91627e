"""Rows of a catalog -> what is known of each file."""

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from drumsort.catalog import trouble
from drumsort.catalog.database import Database
from drumsort.catalog.judges import Judges
from drumsort.model.infer import Heard
from drumsort.model.verdict import corrected
from drumsort.taxonomy import PITCHED, family_of
from drumsort.types import Analysis, Facts, Prediction

HEARD = "v.scores, v.embedding, v.x, v.y"
"""The columns of ``verdicts`` that ``heard`` takes."""

_FACTS = """
    f.file_hash, f.audio_hash, s.duration, s.rate, s.channels, f.format, f.note,
    s.loudness_db, s.peak_db, s.onset_s, s.brightness_hz, s.pitch_hz
"""
BEST = """
    (SELECT model FROM verdicts JOIN models ON number = model
     WHERE audio_hash = f.audio_hash ORDER BY used DESC LIMIT 1)
"""
"""The number of the model whose verdict on a file ``f`` counts: the one used last that heard it."""

_BATCH = 1000  # sounds that are judged at once
_MODEL = "(SELECT number FROM models WHERE id = ?)"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file that the catalog knows.

    Attributes:
        path: the file, absolute.
        root: the folder that it was last scanned with.
        pack: name of the top folder below ``root`` that holds it, or that of ``root``.
        size: bytes, when it was last looked at.
        mtime_ns: time of last change in nanoseconds, then.
        missing: whether it was gone at the last scan of its folder.
        error: why it could not be heard when that was last tried, or ``None``.
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
        """The final verdict: that of a person who named the sound, else ``prediction``."""
        return self.prediction and corrected(self.prediction, self.correction)

    @property
    def label(self) -> str | None:
        """The final label: what a person said, else the verdict's; ``None`` without one."""
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


def heard(scores: bytes, embedding: bytes | None, x: float | None, y: float | None) -> Heard:
    """What the network said, from the columns ``HEARD``: the same to the last bit."""
    return Heard(
        np.frombuffer(scores, np.float32),
        None if embedding is None else np.frombuffer(embedding, np.float32),
        None if x is None else np.array([x, y], np.float32),
    )


def entries(
    catalog: Database,
    below: str | os.PathLike[str] | None,
    model: str | None,
    policy: str,
    min_confidence: float | None,
    missing: bool,
) -> Iterator[Entry]:
    """See ``Catalog.entries``."""
    judges = Judges(catalog, policy, min_confidence)
    where = ["TRUE"]
    values: list[str | bytes] = [] if model is None else [model]
    if below is not None:
        where.append("(f.path = ? OR f.path >= ? AND f.path < ?)")
        values += [catalog.key(below), *inside(os.fsencode(os.path.realpath(below)))]
    if not missing:
        where.append("NOT f.missing")
    sql = f"""
        SELECT f.path, f.root, f.pack, f.size, f.mtime_ns, f.missing, f.error, c.label, v.model,
               {HEARD}, {_FACTS}
        FROM files f
        LEFT JOIN sounds s ON s.audio_hash = f.audio_hash
        LEFT JOIN corrections c ON c.audio_hash = f.audio_hash
        LEFT JOIN verdicts v
            ON v.audio_hash = f.audio_hash AND v.model = {BEST if model is None else _MODEL}
        WHERE {" AND ".join(where)} ORDER BY f.path
    """
    for row, prediction in _judged(catalog, catalog.read(sql, tuple(values)), judges):
        path, root, pack, size, mtime_ns, gone, error, label, number, *rest = row
        try:
            facts = _facts(*rest[4:]) if rest[5] is not None else None
        except (KeyError, TypeError, ValueError) as problem:
            raise trouble.damaged(catalog.path, problem) from problem
        yield Entry(
            path=Path(os.fsdecode(path)),
            root=Path(os.fsdecode(root)),
            pack=os.fsdecode(pack),
            size=size,
            mtime_ns=mtime_ns,
            missing=bool(gone),
            error=None if error is None else os.fsdecode(error),
            facts=facts,
            prediction=prediction,
            model=None if number is None else judges.models[number].id,
            correction=label,
        )


def _judged(
    catalog: Database, rows: Iterator[tuple[Any, ...]], judges: Judges
) -> Iterator[tuple[tuple[Any, ...], Prediction | None]]:
    """Each row and its verdict; ``None`` where the sound was not heard."""
    while batch := list(islice(rows, _BATCH)):
        try:
            predictions = _predictions(batch, judges)
        except (KeyError, TypeError, ValueError) as problem:
            raise trouble.damaged(catalog.path, problem) from problem
        yield from zip(batch, predictions, strict=True)


def _predictions(batch: Sequence[tuple[Any, ...]], judges: Judges) -> list[Prediction | None]:
    alike: defaultdict[tuple[int, bool], list[int]] = defaultdict(list)
    for nth, row in enumerate(batch):
        if row[8] is not None:
            alike[row[8], row[10] is None].append(nth)  # by model, and whether it has an embedding
    found: list[Prediction | None] = [None] * len(batch)
    for (number, _), some in alike.items():
        sounds = [heard(*batch[nth][9:13]) for nth in some]
        remarks = [batch[nth][19] for nth in some]
        for nth, verdict in zip(some, judges(number).predictions(sounds, remarks), strict=True):
            found[nth] = verdict
    return found


def inside(folder: bytes) -> tuple[bytes, bytes]:
    """The bounds of the keys of what lies in a folder: from the first up to before the second."""
    separator = os.fsencode(os.sep)
    start = folder if folder.endswith(separator) else folder + separator
    return start, start[:-1] + bytes([start[-1] + 1])


def _facts(
    file_hash: bytes,
    audio_hash: bytes,
    duration: float,
    rate: int,
    channels: int,
    format_: str,
    note: str,
    *measured: Any,
) -> Facts:
    return Facts(
        file_hash.hex(),
        audio_hash.hex(),
        duration,
        rate,
        channels,
        format_,
        note,
        Analysis(*measured),
    )
