"""What a person hid: sounds and packs that page, kits, similar and find leave out.

It stays hidden when it is scanned again, and its files are sorted like all others. A sound of a
hidden pack may be shown by itself. Sounds are known by their audio, packs by their names.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drumsort.catalog.catalog import Catalog
from drumsort.catalog.database import Database, listed, time_now

_AMONG = "IN (SELECT value FROM json_each(?))"
_IDS = """
    SELECT rowid AS id FROM files
    WHERE audio_hash IN (SELECT audio_hash FROM hidden_sounds WHERE hidden)
    UNION SELECT rowid FROM files
    WHERE pack IN (SELECT pack FROM hidden_packs)
        AND audio_hash NOT IN (SELECT audio_hash FROM hidden_sounds WHERE NOT hidden)
"""
_SEEN = """
    SELECT path FROM files WHERE audio_hash = ?1 AND NOT missing
        AND NOT EXISTS (SELECT 1 FROM hidden_sounds WHERE audio_hash = ?1 AND hidden)
        AND (pack NOT IN (SELECT pack FROM hidden_packs)
             OR EXISTS (SELECT 1 FROM hidden_sounds WHERE audio_hash = ?1 AND NOT hidden))
    ORDER BY path
"""
_PACKS = "SELECT pack FROM hidden_packs ORDER BY pack"
_PUT = """
    INSERT INTO hidden_sounds (audio_hash, hidden, path, made_at)
    SELECT audio_hash, :hidden, path, :now FROM files
    WHERE {which} AND audio_hash IS NOT NULL ORDER BY path
    ON CONFLICT (audio_hash) DO UPDATE
    SET hidden = excluded.hidden, path = excluded.path, made_at = excluded.made_at
    WHERE hidden != excluded.hidden
"""
_PUT_ALL = _PUT.format(which="rowid IN (SELECT value FROM json_each(:ids))")
_PUT_SHOWN = _PUT.format(
    which="rowid IN (SELECT value FROM json_each(:ids)) AND pack IN (SELECT pack FROM hidden_packs)"
)
_PUT_PACK = "INSERT INTO hidden_packs VALUES (?, ?) ON CONFLICT DO NOTHING"
_OWN = f"""
    DELETE FROM hidden_sounds WHERE hidden AND audio_hash IN (
        SELECT audio_hash FROM files WHERE rowid {_AMONG}
    )
"""
_AGAIN = """
    DELETE FROM hidden_sounds WHERE NOT hidden AND audio_hash IN (
        SELECT audio_hash FROM files WHERE pack = ?
    )
"""
_ID = "SELECT rowid FROM files WHERE path = ? AND audio_hash IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Changed:
    """What was hidden or shown.

    Attributes:
        count: how many files of the library are hidden now that were not, or the other way round.
        failures: path to one sentence for each that is not known.
    """

    count: int
    failures: Mapping[Path, str]


def hidden_ids(catalog: Database) -> NDArray[np.int64]:
    """The numbers of the files that are hidden.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    (row,) = catalog.read(f"SELECT group_concat(id) AS ids FROM ({_IDS})")
    return listed(row.ids)


def files_seen(catalog: Database, audio_hash: bytes) -> list[bytes]:
    """The keys of the files of a sound that are neither missing nor hidden, in path order.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    return [path for (path,) in catalog.read(_SEEN, (audio_hash,))]


class Hidden:
    """What is hidden in a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def packs(self) -> list[bytes]:
        """The packs that are hidden, in the order of their names.

        Raises:
            CatalogError: the catalog cannot be read.
        """
        return [pack for (pack,) in self.catalog.read(_PACKS)]

    def hide(self, ids: Iterable[int]) -> int:
        """Hide files by their numbers in the catalog, however many; all that hold their sounds.

        Returns:
            How many files are hidden now that were not.

        Raises:
            CatalogError: the catalog cannot be read or written.
        """
        before = self._count()
        with self.catalog.writing() as connection:
            values = {"hidden": 1, "now": time_now(), "ids": json.dumps(list(ids))}
            connection.execute(_PUT_ALL, values)
        return self._count() - before

    def show(self, ids: Iterable[int]) -> int:
        """Show files by their numbers in the catalog, also those of a hidden pack; see ``hide``."""
        before, listed = self._count(), json.dumps(list(ids))
        with self.catalog.writing() as connection:
            connection.execute(_OWN, (listed,))
            connection.execute(_PUT_SHOWN, {"hidden": 0, "now": time_now(), "ids": listed})
        return before - self._count()

    def hide_packs(self, packs: Iterable[bytes]) -> int:
        """Hide all sounds of some packs, also those that a later scan finds; see ``hide``."""
        before = self._count()
        with self.catalog.writing() as connection:
            for pack in packs:
                connection.execute(_AGAIN, (pack,))
                connection.execute(_PUT_PACK, (pack, time_now()))
        return self._count() - before

    def show_packs(self, packs: Iterable[bytes]) -> int:
        """Show some packs; sounds in them that were hidden by themselves stay hidden."""
        before = self._count()
        with self.catalog.writing() as connection:
            for pack in packs:
                connection.execute(_AGAIN, (pack,))
                connection.execute("DELETE FROM hidden_packs WHERE pack = ?", (pack,))
        return before - self._count()

    def ids_of(self, paths: Iterable[Path]) -> tuple[list[int], dict[Path, str]]:
        """The numbers of files of the library, and one sentence for each path that is none."""
        ids: list[int] = []
        failures: dict[Path, str] = {}
        for path in paths:
            found = [row for (row,) in self.catalog.read(_ID, (self.catalog.key(path),))]
            ids += found
            if not found:
                failures[path] = f"{path} is no sound of the library: scan its folder first."
        return ids, failures

    def _count(self) -> int:
        return next(int(count) for (count,) in self.catalog.read(f"SELECT count(*) FROM ({_IDS})"))
