"""Keywords: words of their own that a person gives sounds, as many as they like.

A keyword belongs to the audio, so a sound keeps it when its file is moved or renamed. It is in the
catalog alone until ``drumsort tag`` writes it into the file, among the keywords there.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from drumsort.catalog.catalog import Catalog
from drumsort.catalog.database import time_now
from drumsort.catalog.fields import KEYWORDS
from drumsort.catalog.within import sound_of
from drumsort.errors import DrumsortError
from drumsort.files.names import fold

LONGEST = 60
"""The most characters that a keyword may have."""

_FORBIDDEN = ',;"'
"""What parts keywords in files and in queries."""

_AMONG = "IN (SELECT value FROM json_each(?))"
_ALL = "SELECT keyword, count(*) AS count FROM keywords GROUP BY keyword"
_OF_SOUND = "SELECT keyword FROM keywords WHERE audio_hash = ?"
_OF_FILE = """
    SELECT k.keyword FROM keywords k JOIN files f ON f.audio_hash = k.audio_hash WHERE f.path = ?
"""
_FILES = f"""
    SELECT DISTINCT f.rowid AS id, f.path
    FROM keywords k JOIN files f ON f.audio_hash = k.audio_hash
    WHERE NOT f.missing AND k.keyword {_AMONG} ORDER BY f.path
"""
_AMONG_FILES = f"""
    SELECT k.keyword, count(*) AS count
    FROM keywords k JOIN files f ON f.audio_hash = k.audio_hash
    WHERE f.rowid {_AMONG} GROUP BY k.keyword
"""
_ADD_ALL = f"""
    INSERT INTO keywords (audio_hash, keyword, path, made_at)
    SELECT audio_hash, ?, path, ? FROM files
    WHERE rowid {_AMONG} AND audio_hash IS NOT NULL ORDER BY path ON CONFLICT DO NOTHING
"""
_REMOVE_ALL = f"""
    DELETE FROM keywords WHERE keyword = ? AND audio_hash IN (
        SELECT audio_hash FROM files WHERE rowid {_AMONG}
    )
"""


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword, and how many sounds have it."""

    name: str
    count: int


class Keywords:
    """The keywords in a catalog; one that no sound has is gone."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def all(self) -> list[Keyword]:
        """All of them, in the order of their names.

        Raises:
            CatalogError: the catalog cannot be read.
        """
        found = (Keyword(row.keyword, row.count) for row in self.catalog.read(_ALL))
        return sorted(found, key=lambda keyword: (fold(keyword.name), keyword.name))

    def among(self, ids: Iterable[int]) -> list[Keyword]:
        """The keywords of some files, by their numbers in the catalog; counts are of these files.

        Raises:
            CatalogError: the catalog cannot be read.
        """
        rows = self.catalog.read(_AMONG_FILES, (json.dumps(list(ids)),))
        return [Keyword(row.keyword, row.count) for row in rows]

    def named(self, name: str) -> Keyword:
        """The keyword of this name, in any case.

        Raises:
            CatalogError: the catalog cannot be read.
            DrumsortError: no sound has it.
        """
        every = self.all()
        for keyword in every:
            if fold(keyword.name) == fold(name.strip()):
                return keyword
        known = (
            f"choose one of {', '.join(one.name for one in every)}" if every else "there is none"
        )
        raise DrumsortError(f"No sound has the keyword {name!r}: {known}.")

    def add(self, name: str, paths: Iterable[Path]) -> tuple[int, Mapping[Path, str]]:
        """Give sounds a keyword; one that is known in another case keeps its spelling.

        Returns:
            How many sounds did not have it before, and path to one sentence for each file that the
            catalog never heard.

        Raises:
            CatalogError: the catalog cannot be read or written.
            DrumsortError: no keyword may be called so.
        """
        name, now = self._spelling(name), time_now()
        sounds, failures = self._sounds(paths)
        rows = [
            {"audio_hash": sound, "keyword": name, "path": self.catalog.key(path), "made_at": now}
            for path, sound in sounds.items()
        ]
        with self.catalog.writing() as connection:
            sql = f"{KEYWORDS.insert()} ON CONFLICT DO NOTHING"
            return connection.executemany(sql, rows).rowcount if rows else 0, failures

    def remove(self, name: str, paths: Iterable[Path]) -> tuple[int, Mapping[Path, str]]:
        """Take a keyword from sounds; returns how many had it, and failures, as ``add`` does.

        Raises:
            CatalogError: the catalog cannot be read or written.
            DrumsortError: no sound has it.
        """
        name = self.named(name).name
        sounds, failures = self._sounds(paths)
        with self.catalog.writing() as connection:
            sql = "DELETE FROM keywords WHERE keyword = ? AND audio_hash = ?"
            rows = [(name, sound) for sound in sounds.values()]
            return connection.executemany(sql, rows).rowcount if rows else 0, failures

    def add_all(self, name: str, ids: Iterable[int]) -> tuple[str, int]:
        """Give a keyword to files by their numbers in the catalog, however many.

        Returns:
            Its spelling, and how many sounds did not have it before; raises what ``add`` raises.
        """
        name = self._spelling(name)
        with self.catalog.writing() as connection:
            values = (name, time_now(), json.dumps(list(ids)))
            return name, connection.execute(_ADD_ALL, values).rowcount

    def remove_all(self, name: str, ids: Iterable[int]) -> tuple[str, int]:
        """Take a keyword from files by their numbers in the catalog; see ``remove``."""
        name = self.named(name).name
        with self.catalog.writing() as connection:
            return name, connection.execute(_REMOVE_ALL, (name, json.dumps(list(ids)))).rowcount

    def of(self, path: Path) -> list[str]:
        """The keywords of a file of the library, in order."""
        return _sorted(name for (name,) in self.catalog.read(_OF_FILE, (self.catalog.key(path),)))

    def of_sound(self, audio_hash: bytes) -> list[str]:
        """The keywords of a sound, by its audio hash, in order."""
        return _sorted(name for (name,) in self.catalog.read(_OF_SOUND, (audio_hash,)))

    def ids(self, names: Iterable[str]) -> list[int]:
        """The numbers of the files that have one of these keywords, in path order."""
        return [int(row.id) for row in self.catalog.read(_FILES, (json.dumps(list(names)),))]

    def _spelling(self, name: str) -> str:
        """The name as it is to be written: checked, and as it is known already."""
        name = checked(name)
        return next((one.name for one in self.all() if fold(one.name) == fold(name)), name)

    def _sounds(self, paths: Iterable[Path]) -> tuple[dict[Path, bytes], dict[Path, str]]:
        sounds, failures = {}, {}
        for path in paths:
            if audio_hash := sound_of(self.catalog, path):
                sounds[path] = audio_hash
            else:
                failures[path] = f"{path} was never heard, so it can have no keyword."
        return sounds, failures


def checked(name: str) -> str:
    """A keyword without the space around it.

    Raises:
        DrumsortError: no keyword may be called so.
    """
    name = name.strip()
    if not name:
        raise DrumsortError("The keyword is empty: enter a word.")
    if len(name) > LONGEST or not name.isprintable() or any(one in name for one in _FORBIDDEN):
        raise DrumsortError(
            f"{name[:LONGEST]!r} cannot be a keyword: use at most {LONGEST} printable characters, "
            'and no comma, semicolon or ".'
        )
    return name


def _sorted(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (fold(name), name))
