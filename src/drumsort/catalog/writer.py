"""What was heard -> the catalog, a few hundred files in one transaction."""

import os
import sqlite3
import time
from collections import Counter
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

from drumsort.catalog.catalog import Catalog
from drumsort.catalog.contents import Content, remember
from drumsort.catalog.fields import FILES, SAID, SOUNDS, VERDICTS
from drumsort.catalog.known_models import verdicts_changed
from drumsort.types import Result

BATCH = 500
"""The most files that are written together."""

SECONDS = 1.0
"""The longest that a heard file waits to be written, and so the most work that a kill can lose."""

_MEASURED = [name for name in SOUNDS.names if name != "audio_hash"]
_SOUND = f"""
    {SOUNDS.insert()}
    ON CONFLICT DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _MEASURED)}
    WHERE true_peak_db IS NULL
"""
_VERDICT = VERDICTS.insert(replace=True)
_REFRESHED = [name for name in FILES.names if name not in ("path", "root", "pack", "added_at")]
_FILE = f"""
    {FILES.insert()}
    ON CONFLICT DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _REFRESHED)}
"""
_UNCHANGED = "size = excluded.size AND mtime_ns = excluded.mtime_ns"
_FAILED = f"""
    {FILES.insert()}
    ON CONFLICT DO UPDATE SET
        file_hash = CASE WHEN {_UNCHANGED} THEN file_hash END,
        audio_hash = CASE WHEN {_UNCHANGED} THEN audio_hash END,
        size = excluded.size, mtime_ns = excluded.mtime_ns, error = excluded.error, missing = 0
"""
_NOTHING: dict[str, Any] = {
    "file_hash": None, "audio_hash": None, "format": "", "note": "", "error": None, "missing": 0,
}  # fmt: skip
_READ_ANEW = """
    SELECT audio_hash FROM files WHERE path = ? AND file_hash = ? AND audio_hash != ?
        AND NOT EXISTS (SELECT 1 FROM files other
                        WHERE other.audio_hash = files.audio_hash AND other.path != files.path)
"""
_SAID_OF = [
    f"UPDATE OR IGNORE {table.name} SET audio_hash = ? WHERE audio_hash = ?"
    for table in SAID
    if "audio_hash" in table.names
]
_LOST = "SELECT EXISTS (SELECT 1 FROM files WHERE missing)"
_LEFT = """
    DELETE FROM files WHERE NOT EXISTS (SELECT 1 FROM files WHERE path = ?) AND path =
        (SELECT path FROM files WHERE audio_hash = ? AND missing ORDER BY path LIMIT 1)
    RETURNING added_at
"""


class Kind(StrEnum):
    """What a file turned out to be when it was written."""

    HEARD = "heard"
    TWIN = "twin"
    MOVED = "moved"
    FAILED = "failed"


class Writer:
    """Writes what one model hears into the catalog; a context manager that flushes when it ends.

    In the library, a new file with the audio of a missing one is that file, moved: the old entry is
    deleted. Where the same bytes are read as other samples than by an older version, what a person
    said of the sound goes with them.

    Attributes:
        counts: how many files of each kind were written.

    Args:
        catalog: where to write.
        model: the number of the model.
        library: whether the files are in the library: they are written with their paths then, also
            those that could not be heard. Else only what their bytes hold is.
    """

    def __init__(self, catalog: Catalog, model: int, *, library: bool = False) -> None:
        self.counts: Counter[Kind] = Counter()
        self._catalog, self._model, self._library = catalog, model, library
        self._waiting: list[tuple[Result, Content | None]] = []
        self._written = time.monotonic()

    def add(self, result: Result, twin: Content | None = None) -> None:
        """Add a file that was heard, that failed, or that is the twin of one that was heard.

        Raises:
            CatalogError: the catalog cannot be written.
        """
        failed = result.error is not None and result.mtime_ns  # without a time there is no file
        if twin or result.facts or (self._library and failed):
            self._waiting.append((result, twin))
        if len(self._waiting) >= BATCH or time.monotonic() - self._written >= SECONDS:
            self.write()

    def write(self) -> None:
        """Write the files that are waiting.

        Raises:
            CatalogError: the catalog cannot be written.
        """
        if self._waiting:
            with self._catalog.writing() as connection:
                (lost,) = connection.execute(_LOST).fetchone()
                kinds = [self._enter(connection, *waiting, lost) for waiting in self._waiting]
                if Kind.HEARD in kinds or Kind.MOVED in kinds:
                    verdicts_changed(connection, self._model)
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
        self, connection: sqlite3.Connection, result: Result, twin: Content | None, lost: bool
    ) -> Kind:
        """Write one file; ``lost`` says whether any file is missing, which this one may be."""
        kind = Kind.TWIN if twin else Kind.HEARD
        if result.facts and result.prediction:
            connection.execute(_SOUND, SOUNDS.row(result))
            connection.execute(_VERDICT, VERDICTS.row(result) | {"model": self._model})
            twin = Content.of(result.facts)
            if not self._library:
                remember(connection, result, twin)
                return kind
        keys = self._catalog.keys(result.path, result.root)
        row = FILES.row(result) | dict(zip(("path", "root", "pack"), keys, strict=True))
        if twin is None:
            error = os.fsencode(result.error or "")
            connection.execute(_FAILED, row | _NOTHING | {"error": error})
            return Kind.FAILED
        anew = (row["path"], twin.file_hash, twin.audio_hash)
        for (before,) in connection.execute(_READ_ANEW, anew).fetchall():
            for follow in _SAID_OF:
                connection.execute(follow, (twin.audio_hash, before))
        left = connection.execute(_LEFT, (row["path"], twin.audio_hash)) if lost else ()
        for (row["added_at"],) in left:  # of the one entry that it has left
            kind = Kind.MOVED
        heard = {
            "file_hash": twin.file_hash,
            "audio_hash": twin.audio_hash,
            "format": twin.format,
            "note": twin.remark,
        }
        connection.execute(_FILE, row | _NOTHING | heard)
        return kind
