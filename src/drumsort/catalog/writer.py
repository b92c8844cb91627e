"""What was heard -> the catalog, some hundred files in one transaction."""

import os
import sqlite3
import time
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

import numpy as np

from drumsort.catalog.catalog import Catalog
from drumsort.types import Facts, Prediction, Result

BATCH = 500
"""Files that are written together at most."""

SECONDS = 1.0
"""What was heard is written after this time at the latest: so much a kill may cost."""

_SOUND = """
    INSERT INTO sounds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
_VERDICT = """
    INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_FILE = """
    INSERT INTO files
        (path, root, pack, size, mtime_ns, file_hash, audio_hash, format, note, error, missing)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 0)
    ON CONFLICT DO UPDATE SET
        size = excluded.size, mtime_ns = excluded.mtime_ns, file_hash = excluded.file_hash,
        audio_hash = excluded.audio_hash, format = excluded.format, note = excluded.note,
        error = NULL, missing = 0
"""
_FAILED = """
    INSERT INTO files (path, root, pack, size, mtime_ns, format, note, error)
    VALUES (?, ?, ?, ?, ?, '', '', ?)
    ON CONFLICT DO UPDATE SET
        file_hash = CASE WHEN unchanged THEN file_hash END,
        audio_hash = CASE WHEN unchanged THEN audio_hash END,
        size = excluded.size, mtime_ns = excluded.mtime_ns, error = excluded.error, missing = 0
""".replace("unchanged", "size = excluded.size AND mtime_ns = excluded.mtime_ns")
_LOST = "SELECT EXISTS (SELECT 1 FROM files WHERE missing)"
_LEFT = """
    DELETE FROM files WHERE NOT EXISTS (SELECT 1 FROM files WHERE path = ?) AND path =
        (SELECT path FROM files WHERE audio_hash = ? AND missing ORDER BY path LIMIT 1)
"""


class Kind(StrEnum):
    """What a file turned out to be when it was written."""

    HEARD = "heard"
    TWIN = "twin"
    MOVED = "moved"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Twin:
    """A file that holds, byte by byte, what another held that was heard."""

    file_hash: bytes
    audio_hash: bytes
    format: str
    note: str


class Notes:
    """Takes down what one model hears; a context manager that writes the rest at its end.

    A new file that holds the audio of one that is missing is that file, moved: the old entry goes.

    Attributes:
        counts: how many files of each kind are written.

    Args:
        catalog: where to write.
        model: the number of the model.
        failures: whether to take down what could not be heard, too.
    """

    def __init__(self, catalog: Catalog, model: int, *, failures: bool = False) -> None:
        self.counts: Counter[Kind] = Counter()
        self._catalog, self._model, self._failures = catalog, model, failures
        self._waiting: list[tuple[Result, Twin | None]] = []
        self._written = time.monotonic()

    def add(self, result: Result, twin: Twin | None = None) -> None:
        """Take down a file that was heard, failed, or is the twin of one that was heard.

        Raises:
            CatalogError: it cannot be written.
        """
        failed = result.error is not None and result.mtime_ns  # else there is no file
        if twin or result.facts or (self._failures and failed):
            self._waiting.append((result, twin))
        if len(self._waiting) >= BATCH or time.monotonic() - self._written >= SECONDS:
            self.write()

    def write(self) -> None:
        """Write what waits.

        Raises:
            CatalogError: it cannot be written.
        """
        if self._waiting:
            with self._catalog.writing() as connection:
                (lost,) = connection.execute(_LOST).fetchone()
                kinds = [self._enter(connection, *noted, lost) for noted in self._waiting]
            self.counts.update(kinds)
            self._waiting.clear()
        self._written = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.write()

    def _enter(
        self, connection: sqlite3.Connection, result: Result, twin: Twin | None, lost: bool
    ) -> Kind:
        """Write one file; ``lost`` says whether there are any that this one may have been."""
        kind = Kind.TWIN if twin else Kind.HEARD
        place = (*self._catalog.place(result.path, result.root), result.size, result.mtime_ns)
        if result.facts and result.prediction:
            facts = result.facts
            audio_hash = bytes.fromhex(facts.audio_hash)
            connection.execute(_SOUND, _sound(audio_hash, facts))
            connection.execute(_VERDICT, _verdict(audio_hash, self._model, result.prediction))
            twin = Twin(bytes.fromhex(facts.file_hash), audio_hash, facts.format, facts.note)
        if twin is None:
            connection.execute(_FAILED, (*place, os.fsencode(result.error or "")))
            return Kind.FAILED
        if lost and connection.execute(_LEFT, (place[0], twin.audio_hash)).rowcount:
            kind = Kind.MOVED
        connection.execute(_FILE, (*place, twin.file_hash, twin.audio_hash, twin.format, twin.note))
        return kind


def _sound(audio_hash: bytes, facts: Facts) -> tuple[Any, ...]:
    measured = facts.analysis
    return (
        audio_hash,
        facts.duration,
        facts.rate,
        facts.channels,
        measured.loudness_db,
        measured.peak_db,
        measured.onset_s,
        measured.brightness_hz,
        measured.pitch_hz,
    )


def _verdict(audio_hash: bytes, model: int, prediction: Prediction) -> tuple[Any, ...]:
    embedding, place = prediction.embedding, prediction.place
    return (
        audio_hash,
        model,
        prediction.raw,
        prediction.confidence,
        np.array(list(prediction.scores.values()), np.float32).tobytes(),
        None if embedding is None else embedding.astype(np.float32).tobytes(),
        *((None, None) if place is None else place.tolist()),
    )
