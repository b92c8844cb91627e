"""Lists of sounds that a person keeps: favourites, and others that the person names.

A list holds audio hashes, so a sound stays in it when its file is moved or renamed. A smart
collection has a query in place of a list; ``query.smart`` says what it finds.
"""

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drumsort.catalog.catalog import Catalog
from drumsort.catalog.database import time_now
from drumsort.catalog.fields import COLLECTED, COLLECTIONS
from drumsort.catalog.gone import first_there
from drumsort.catalog.reads import Entry, entries_of, entry_elsewhere
from drumsort.catalog.within import sound_of
from drumsort.errors import DrumsortError
from drumsort.files.names import fold
from drumsort.model.named import HINT
from drumsort.remote import as_path

FAVOURITES = 1
"""The number of the collection that always exists."""

LONGEST = 60
"""The most characters that a name may have."""

_ALL = """
    SELECT number, name, made_at,
        (SELECT count(*) FROM collected WHERE collection = number) AS count, query,
        kit IS NOT NULL AS kit
    FROM collections
"""
_SOUND = "SELECT audio_hash FROM files WHERE path = ? AND audio_hash IS NOT NULL"
_ADD_ALL = """
    INSERT INTO collected (collection, audio_hash, path, added_at)
    SELECT ?1, audio_hash, path, ?2 FROM files
    WHERE rowid IN (SELECT value FROM json_each(?3)) AND audio_hash IS NOT NULL ORDER BY path
    ON CONFLICT DO NOTHING
"""
_REMOVE_ALL = """
    DELETE FROM collected WHERE collection = ? AND audio_hash IN (
        SELECT audio_hash FROM files WHERE rowid IN (SELECT value FROM json_each(?))
    )
"""
_FILES = """
    SELECT k.audio_hash AS sound, k.path AS put_in, f.path AS found,
        EXISTS (SELECT 1 FROM files WHERE path = k.path) AS known
    FROM collected k
    LEFT JOIN files f ON f.audio_hash = k.audio_hash AND NOT f.missing
    WHERE k.collection = ? ORDER BY k.added_at, k.path, f.path = k.path DESC, f.path
"""


@dataclass(frozen=True, slots=True)
class Collection:
    """A list of sounds, or a query.

    Attributes:
        number: never changes; ``FAVOURITES`` always exists.
        name: given by the person; no two are equal, even when case is ignored.
        made_at: when it was created, ISO 8601, UTC.
        count: how many sounds are in the list; 0 if it is none.
        query: of a smart collection; ``None`` if it is a list.
        kit: whether the sounds of the list lie on pads (``kits.py``).
    """

    number: int
    name: str
    made_at: str
    count: int
    query: str | None = None
    kit: bool = False


class Collections:
    """The collections in a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def all(self) -> list[Collection]:
        """All collections: favourites first, the newest last."""
        return [_collection(row) for row in self.catalog.read(f"{_ALL} ORDER BY number")]

    def get(self, number: int) -> Collection:
        """The collection with this number.

        Raises:
            DrumsortError: there is none.
        """
        for row in self.catalog.read(f"{_ALL} WHERE number = ?", (number,)):
            return _collection(row)
        raise DrumsortError(
            f"There is no collection {number}: run 'drumsort collections list' to see all."
        )

    def named(self, name: str) -> Collection:
        """The collection with this name, in any case.

        Raises:
            DrumsortError: there is none.
        """
        if found := self.alike(name.strip()):
            return found
        known = ", ".join(collection.name for collection in self.all())
        raise DrumsortError(f"There is no collection {name!r}: choose one of {known}.")

    def alike(self, name: str, but: int = 0) -> Collection | None:
        """The collection with this name, in any case and form of accents, except ``but``."""
        same = (c for c in self.all() if c.number != but and fold(c.name) == fold(name))
        return next(same, None)

    def make(self, name: str, query: str | None = None, kit: str | None = None) -> Collection:
        """Create a collection: an empty list, an empty kit, or a smart one by its query.

        Raises:
            CatalogError: the catalog cannot be written.
            DrumsortError: the name is empty, too long, or taken.
        """
        name, now = _checked(name), time_now()
        with self.catalog.writing() as connection:
            self._refuse_taken(name)
            (number,) = connection.execute(
                f"{COLLECTIONS.insert(names=('name', 'made_at', 'query', 'kit'))} RETURNING number",
                {"name": name, "made_at": now, "query": query, "kit": kit},
            ).fetchone()
        return Collection(number, name, now, 0, query, kit is not None)

    def save(self, name: str, query: str) -> Collection:
        """Save a query under a name: as a new smart collection, or in place of its former query.

        Args:
            name: of the collection, in any case.
            query: as for ``drumsort find``; whoever calls this has understood it.

        Raises:
            CatalogError: the catalog cannot be written.
            DrumsortError: no collection may have this name, or a list of sounds has it.
        """
        known = self.alike(_checked(name))
        if known is not None and known.query is None:
            raise DrumsortError(
                f"{known.name} is a list of sounds, and no saved query: choose another name."
            )
        if known is None:
            return self.make(name, query)
        sql = "UPDATE collections SET query = ? WHERE number = ?"
        with self.catalog.writing() as connection:
            connection.execute(sql, (query, known.number))
        return self.get(known.number)

    def rename(self, number: int, name: str) -> Collection:
        """Rename a collection; raises what ``make`` and ``get`` raise."""
        self.get(number)
        name = _checked(name)
        with self.catalog.writing() as connection:
            self._refuse_taken(name, number)
            connection.execute("UPDATE collections SET name = ? WHERE number = ?", (name, number))
        return self.get(number)

    def delete(self, number: int) -> None:
        """Delete a collection; its files are not touched.

        Raises:
            CatalogError: the catalog cannot be written.
            DrumsortError: there is no such collection, or it is the favourites.
        """
        found = self.get(number)
        if number == FAVOURITES:
            raise DrumsortError(f"{found.name} cannot be deleted: remove its sounds instead.")
        with self.catalog.writing() as connection:
            connection.execute("DELETE FROM collections WHERE number = ?", (number,))

    def add(self, number: int, paths: Iterable[Path]) -> Mapping[Path, str]:
        """Add sounds to a collection; those that are already in it stay.

        Returns:
            Path to one sentence for each file that the catalog never heard.

        Raises:
            CatalogError: the catalog cannot be written.
            DrumsortError: there is no such collection, or a query says what is in it.
        """
        self._list(number)
        sounds, failures = self._sounds(paths)
        now = time_now()
        with self.catalog.writing() as connection:
            connection.executemany(
                f"{COLLECTED.insert()} ON CONFLICT DO NOTHING",
                [
                    {"collection": number, "audio_hash": sound, "path": key, "added_at": now}
                    for sound, key in sounds
                ],
            )
        return failures

    def add_to(
        self, name: str, paths: Sequence[Path]
    ) -> tuple[Collection | None, Mapping[Path, str]]:
        """Add sounds to the collection with this name, in any case; create it if there is none.

        Returns:
            The collection, and path to one sentence for each file that the catalog never heard;
            ``None`` instead of a new collection that would be empty.

        Raises:
            CatalogError: the catalog cannot be written.
            DrumsortError: no collection may have this name.
        """
        name = _checked(name)
        known = self.alike(name)
        if known is None:
            sounds, failures = self._sounds(paths)
            if not sounds:
                return None, failures
            known = self.make(name)
        failures = self.add(known.number, paths)
        return self.get(known.number), failures

    def remove(self, number: int, paths: Iterable[Path]) -> Mapping[Path, str]:
        """Remove sounds from a collection; see ``add``."""
        self._list(number)
        sounds, failures = self._sounds(paths)
        with self.catalog.writing() as connection:
            connection.executemany(
                "DELETE FROM collected WHERE collection = ? AND audio_hash = ?",
                [(number, audio_hash) for audio_hash, _ in sounds],
            )
        return failures

    def add_all(self, number: int, ids: Iterable[int]) -> None:
        """Add files by their numbers in the catalog, however many; see ``add``."""
        self._list(number)
        with self.catalog.writing() as connection:
            connection.execute(_ADD_ALL, (number, time_now(), json.dumps(list(ids))))

    def remove_all(self, number: int, ids: Iterable[int]) -> None:
        """Remove files by their numbers in the catalog, however many; see ``remove``."""
        self._list(number)
        with self.catalog.writing() as connection:
            connection.execute(_REMOVE_ALL, (number, json.dumps(list(ids))))

    def of(self, path: Path) -> list[int]:
        """The numbers of the collections that contain a file's sound."""
        sql = f"SELECT collection FROM collected WHERE audio_hash = ({_SOUND}) ORDER BY collection"
        return [number for (number,) in self.catalog.read(sql, (self.catalog.key(path),))]

    def files(self, number: int) -> tuple[list[Path], list[Path]]:
        """One file for each sound of a list, in the order they were added, and those that are gone.

        If several files have the same audio, one that exists is preferred, and the one that was
        added above all. One outside the library is there if a file of its name is.

        Raises:
            DrumsortError: there is no such collection.
        """
        self.get(number)
        put_in: dict[bytes, bytes] = {}
        known: defaultdict[bytes, list[bytes]] = defaultdict(list)
        for row in self.catalog.read(_FILES, (number,)):
            put_in[row.sound] = row.put_in
            if row.found:
                known[row.sound].append(row.found)
            elif not row.known and as_path(os.fsdecode(row.put_in)).exists():
                known[row.sound].append(row.put_in)
        there = dict.fromkeys(first_there(known[sound]) for sound in put_in if sound in known)
        lost = [path for sound, path in put_in.items() if sound not in known]
        return [as_path(os.fsdecode(path)) for path in there], [
            as_path(os.fsdecode(path)) for path in lost
        ]

    def entries(self, number: int, policy: str = "balanced", names: str = HINT) -> list[Entry]:
        """The entry of each file that ``files`` returns, judged as ``entries_of`` does."""
        found, _ = self.files(number)
        inside = {e.path: e for e in entries_of(self.catalog, found, policy, names=names)}
        listed = ([inside[p]] if p in inside else self._elsewhere(p, policy, names) for p in found)
        return [entry for some in listed for entry in some]

    def _elsewhere(self, path: Path, policy: str, names: str) -> list[Entry]:
        sound = sound_of(self.catalog, path)
        return [] if sound is None else entry_elsewhere(self.catalog, path, sound, policy, names)

    def _list(self, number: int) -> None:
        """Refuse what has a query: no sound is put in or taken out by hand."""
        found = self.get(number)
        if found.query is not None:
            raise DrumsortError(
                f"{found.name} is the saved query {found.query!r}: change that, or use a list."
            )

    def _refuse_taken(self, name: str, but: int = 0) -> None:
        if taken := self.alike(name, but):
            raise DrumsortError(
                f"There is a collection {taken.name!r} already: choose another name."
            )

    def _sounds(
        self, paths: Iterable[Path]
    ) -> tuple[list[tuple[bytes, bytes]], Mapping[Path, str]]:
        """Audio hash and key of each file, and a sentence for each that was never heard."""
        sounds, failures = [], {}
        for path in paths:
            if audio_hash := sound_of(self.catalog, path):
                sounds.append((audio_hash, self.catalog.key(path)))
            else:
                failures[path] = f"{path} was never heard, so no list can hold it."
        return sounds, failures


def _collection(row: Any) -> Collection:
    return Collection(**{**row._asdict(), "kit": bool(row.kit)})


def _checked(name: str) -> str:
    name = name.strip()
    if not name:
        raise DrumsortError("A collection needs a name, and this one is empty: enter one.")
    if len(name) > LONGEST or not name.isprintable():
        raise DrumsortError(
            f"{name[:LONGEST]!r} cannot be the name of a collection: use at most {LONGEST} "
            "printable characters."
        )
    return name
