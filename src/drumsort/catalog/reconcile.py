"""The catalog against the disk: which files are unchanged, to be heard, or missing."""

import os
import stat as mode
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from drumsort.audio.find import Source
from drumsort.audio.part import Part
from drumsort.catalog.catalog import Catalog
from drumsort.catalog.contents import Content, content_of
from drumsort.catalog.database import inside
from drumsort.remote import is_url
from drumsort.types import Result

_KNOWN = """
    SELECT f.size, f.mtime_ns, f.root, f.pack, f.missing,
        f.error IS NULL AND v.model IS NOT NULL AND s.true_peak_db IS NOT NULL AS heard
    FROM files f LEFT JOIN verdicts v ON v.audio_hash = f.audio_hash AND v.model = ?
    LEFT JOIN sounds s ON s.audio_hash = f.audio_hash
    WHERE f.path = ?
"""
_THERE = "SELECT path FROM files WHERE path >= ? AND path < ? AND NOT missing"
_ONE = "SELECT path FROM files WHERE path = ? AND NOT missing"


class Sweep:
    """One pass over the files in some folders, which brings the catalog in line with the disk.

    Call ``is_new`` for every file on the disk, then ``end`` once to mark what is missing.

    Attributes:
        unchanged: how many files this model need not hear again.
        hidden: folders that cannot be listed.

    Args:
        catalog: what to compare with the disk.
        model: the number of the model that is listening.
    """

    def __init__(self, catalog: Catalog, model: int) -> None:
        self.unchanged = 0
        self._catalog, self._model = catalog, model
        self._empty = not self._any("SELECT 1 FROM files LIMIT 1")
        self._new = self._empty and not self._any("SELECT 1 FROM contents LIMIT 1")
        self._seen: set[bytes] = set()
        self.hidden: set[Path] = set()
        self._gone: set[bytes] = set()
        self._changes: list[tuple[bytes, bytes, bytes]] = []

    def is_new(self, source: Source) -> bool:
        """Whether a file has to be heard: one ``stat`` and one query decide."""
        key, here, pack = self._catalog.keys(source.path, source.root)
        if key in self._seen:
            return False
        self._seen.add(key)
        if self._empty:
            return True
        try:
            stat = source.path.stat()
        except (OSError, ValueError) as error:
            if is_url(source.path) and not isinstance(error, FileNotFoundError):
                self.hidden.add(source.path)  # it may be a folder of a store that does not answer
            return True  # hearing it says what is wrong
        if mode.S_ISDIR(stat.st_mode):  # it cannot be listed
            self.hidden.add(source.path)
            return True
        for row in self._catalog.read(_KNOWN, (self._model, key)):
            if row.missing or (row.root, row.pack) != (here, pack):
                self._changes.append((here, pack, key))
            if row.heard and (row.size, row.mtime_ns) == (stat.st_size, stat.st_mtime_ns):
                self.unchanged += 1
                return False
        return True

    def end(self, folders: Iterable[Path], part: Part | None = None) -> None:
        """Mark files that are gone from ``folders`` as missing, and those that came back as there.

        With a ``part``, only files that belong to it.

        Raises:
            CatalogError: the catalog cannot be written.
        """
        self._gone = {key for folder in folders for key in self._not_seen(folder, part)}
        with self._catalog.writing() as connection:
            connection.executemany(
                "UPDATE files SET missing = 1 WHERE path = ?", ((key,) for key in self._gone)
            )
            connection.executemany(
                "UPDATE files SET root = ?, pack = ?, missing = 0 WHERE path = ?", self._changes
            )

    def missing(self) -> int:
        """How many files are gone since the last scan and were not found elsewhere."""
        sql = "SELECT path FROM files WHERE path = ? AND missing"
        return sum(1 for key in self._gone for _ in self._catalog.read(sql, (key,)))

    def knows(self, folder: Path) -> bool:
        """Whether ``folder`` held any file at the last scan."""
        bounds = inside(os.fsencode(folder))
        return self._any(f"{_THERE} LIMIT 1", bounds)

    def twin(self, source: Source) -> tuple[Result, Content] | None:
        """What is known of a heard file with the same size, time of change and bytes, if any."""
        if self._new:
            return None
        try:
            stat = source.path.stat()
        except (OSError, ValueError):
            return None
        known = content_of(self._catalog, source.path, stat, self._model)
        result = Result(source.path, source.root, stat.st_size, stat.st_mtime_ns)
        return (result, known) if known else None

    def _any(self, sql: str, values: tuple[Any, ...] = ()) -> bool:
        return any(True for _ in self._catalog.read(sql, values))

    def _not_seen(self, folder: Path, part: Part | None) -> Iterator[bytes]:
        hidden = [inside(os.fsencode(path)) for path in self.hidden]
        for key in self._there(folder, part):
            if key not in self._seen and not any(low <= key < high for low, high in hidden):
                yield key

    def _there(self, folder: Path, part: Part | None) -> Iterator[bytes]:
        """The files below a folder that were there at the last scan."""
        if part is None:
            yield from (key for (key,) in self._catalog.read(_THERE, inside(os.fsencode(folder))))
            return
        for place in {*part.trees, *part.folders}:
            if folder != place and folder not in place.parents:
                continue
            key = os.fsencode(place)
            found = [*self._catalog.read(_ONE, (key,)), *self._catalog.read(_THERE, inside(key))]
            yield from (key for (key,) in found if Path(os.fsdecode(key)) in part)
