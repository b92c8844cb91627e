"""Lists of sounds that a person keeps: favourites, and others with names of their own.

A sound is kept by its audio, so that it stays in a list when its file is moved or renamed.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from drumsort.catalog.catalog import Catalog
from drumsort.catalog.fields import COLLECTED
from drumsort.catalog.reads import Entry
from drumsort.errors import DrumsortError
from drumsort.files.names import fold

FAVOURITES = 1
"""The number of the collection that is always there."""

LONGEST = 60
"""Characters that a name may have."""

_ALL = """
    SELECT number, name, made_at,
        (SELECT count(*) FROM collected WHERE collection = number) AS count FROM collections
"""
_SOUND = "SELECT audio_hash FROM files WHERE path = ? AND audio_hash IS NOT NULL"
_FILES = """
    SELECT k.path AS put_in, f.path AS found FROM collected k
    LEFT JOIN files f ON f.audio_hash = k.audio_hash AND NOT f.missing
    WHERE k.collection = ? ORDER BY k.added_at, k.path, f.path = k.path DESC, f.path
"""


@dataclass(frozen=True, slots=True)
class Collection:
    """A list of sounds.

    Attributes:
        number: names it for good; ``FAVOURITES`` is always there.
        name: what a person calls it; no two are alike, even where case is ignored.
        made_at: when, ISO 8601, UTC.
        count: how many sounds are in it.
    """

    number: int
    name: str
    made_at: str
    count: int


class Collections:
    """The collections in a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def all(self) -> list[Collection]:
        """All of them, favourites first, the latest last."""
        return [Collection(**row._asdict()) for row in self.catalog.read(f"{_ALL} ORDER BY number")]

    def get(self, number: int) -> Collection:
        """One of them.

        Raises:
            DrumsortError: there is none of that number.
        """
        for row in self.catalog.read(f"{_ALL} WHERE number = ?", (number,)):
            return Collection(**row._asdict())
        raise DrumsortError(f"There is no collection {number}: 'drumsort collections list'.")

    def named(self, name: str) -> Collection:
        """The one of that name, in any case.

        Raises:
            DrumsortError: there is none.
        """
        if found := self._alike(name.strip()):
            return found
        known = ", ".join(collection.name for collection in self.all())
        raise DrumsortError(f"There is no collection {name!r}: choose one of {known}.")

    def make(self, name: str) -> Collection:
        """Begin a new one.

        Raises:
            CatalogError: the catalog cannot be written.
            DrumsortError: the name is empty, too long, or taken.
        """
        name, now = _checked(name), _now()
        with self.catalog.writing() as connection:
            self._refuse_taken(name)
            (number,) = connection.execute(
                "INSERT INTO collections (name, made_at) VALUES (?, ?) RETURNING number",
                (name, now),
            ).fetchone()
        return Collection(number, name, now, 0)

    def rename(self, number: int, name: str) -> Collection:
        """Give one another name; see ``make`` and ``get`` for what is raised."""
        self.get(number)
        name = _checked(name)
        with self.catalog.writing() as connection:
            self._refuse_taken(name, number)
            connection.execute("UPDATE collections SET name = ? WHERE number = ?", (name, number))
        return self.get(number)

    def delete(self, number: int) -> None:
        """Do away with a list; its sounds stay where they are.

        Raises:
            CatalogError: the catalog cannot be written.
            DrumsortError: there is none of that number, or it is that of the favourites.
        """
        found = self.get(number)
        if number == FAVOURITES:
            raise DrumsortError(f"{found.name} cannot be deleted: remove its sounds instead.")
        with self.catalog.writing() as connection:
            connection.execute("DELETE FROM collections WHERE number = ?", (number,))

    def add(self, number: int, paths: Iterable[Path]) -> Mapping[Path, str]:
        """Put sounds into one; those that are in it already stay.

        Returns:
            Path to one sentence for each file that the catalog never heard.

        Raises:
            CatalogError: the catalog cannot be written.
            DrumsortError: there is none of that number.
        """
        self.get(number)
        sounds, failures = self._sounds(paths)
        now = _now()
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
        """Put sounds into the one of a name, in any case; begin a new one if there is none.

        Returns:
            The collection, and path to one sentence for each file that the catalog never heard;
            none, where it would be a new one without a sound.

        Raises:
            CatalogError: the catalog cannot be written.
            DrumsortError: no collection may have this name.
        """
        name = _checked(name)
        known = self._alike(name)
        if known is None:
            sounds, failures = self._sounds(paths)
            if not sounds:
                return None, failures
            known = self.make(name)
        failures = self.add(known.number, paths)
        return self.get(known.number), failures

    def remove(self, number: int, paths: Iterable[Path]) -> Mapping[Path, str]:
        """Take sounds out of one; see ``add``."""
        self.get(number)
        sounds, failures = self._sounds(paths)
        with self.catalog.writing() as connection:
            connection.executemany(
                "DELETE FROM collected WHERE collection = ? AND audio_hash = ?",
                [(number, audio_hash) for audio_hash, _ in sounds],
            )
        return failures

    def of(self, path: Path) -> list[int]:
        """The numbers of the collections that a file's sound is in."""
        sql = f"SELECT collection FROM collected WHERE audio_hash = ({_SOUND}) ORDER BY collection"
        return [number for (number,) in self.catalog.read(sql, (self.catalog.key(path),))]

    def files(self, number: int) -> tuple[list[Path], list[Path]]:
        """A file for each sound, in the order in which they were put in, and those not found.

        Of several files with the same audio, the one that was put in stands for all if it is there.

        Raises:
            DrumsortError: there is none of that number.
        """
        self.get(number)
        there: dict[bytes, Path | None] = {}
        for row in self.catalog.read(_FILES, (number,)):
            found = None if row.found is None else Path(os.fsdecode(row.found))
            there.setdefault(row.put_in, found)
        lost = [Path(os.fsdecode(put_in)) for put_in, path in there.items() if path is None]
        return [path for path in there.values() if path is not None], lost

    def entries(self, number: int, policy: str = "balanced") -> list[Entry]:
        """What is known of each file that ``files`` gives."""
        found, _ = self.files(number)
        return [e for path in found for e in self.catalog.entries(path, policy=policy)]

    def _alike(self, name: str, but: int = 0) -> Collection | None:
        """The one of that name, in any case and however accents are written; not number ``but``."""
        same = (c for c in self.all() if c.number != but and fold(c.name) == fold(name))
        return next(same, None)

    def _refuse_taken(self, name: str, but: int = 0) -> None:
        if taken := self._alike(name, but):
            raise DrumsortError(
                f"There is a collection {taken.name!r} already: choose another name."
            )

    def _sounds(
        self, paths: Iterable[Path]
    ) -> tuple[list[tuple[bytes, bytes]], Mapping[Path, str]]:
        """Audio hash and key of each file, and a sentence for each that was never heard."""
        sounds, failures = [], {}
        for path in paths:
            key = self.catalog.key(path)
            rows = [audio_hash for (audio_hash,) in self.catalog.read(_SOUND, (key,))]
            if rows:
                sounds.append((rows[0], key))
            else:
                failures[path] = (
                    f"{path} is not in the catalog, or could never be heard: scan its folder first "
                    "('drumsort scan')."
                )
        return sounds, failures


def _checked(name: str) -> str:
    name = name.strip()
    if not name:
        raise DrumsortError("A collection needs a name: it is empty.")
    if len(name) > LONGEST or not name.isprintable():
        raise DrumsortError(
            f"{name[:LONGEST]!r} cannot name a collection: take {LONGEST} printable characters at "
            "most."
        )
    return name


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
