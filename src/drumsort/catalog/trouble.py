"""SQLite's errors -> one sentence that says what happened and what to do."""

import os
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drumsort.errors import CatalogError
from drumsort.remote import as_path

BUSY_SECONDS = 5.0
"""How long to wait for another process that has locked the catalog."""

_SENTENCES = {
    sqlite3.SQLITE_BUSY: (
        "The catalog {path} is in use by another program: wait until it is done, then run the "
        "same command again."
    ),
    sqlite3.SQLITE_FULL: (
        "There is no room for the catalog {path}: make room on its disk, then run the same command "
        "again. What was heard so far is kept."
    ),
    sqlite3.SQLITE_READONLY: (
        "The catalog {path} cannot be written: change its permissions, or name another path with "
        "--catalog."
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "The catalog {path} cannot be opened: make sure that its folder exists and can be written, "
        "or name another path with --catalog."
    ),
    sqlite3.SQLITE_IOERR: (
        "The catalog {path} cannot be read or written ({error}): make sure that its disk is "
        "connected and has room, then run the same command again. What was heard so far is kept."
    ),
}
_SENTENCES[sqlite3.SQLITE_NOMEM] = (
    "There is not enough memory for the catalog {path}: close programs, then run the same command "
    "again."
)
_SENTENCES[sqlite3.SQLITE_LOCKED] = _SENTENCES[sqlite3.SQLITE_BUSY]
_SENTENCES[sqlite3.SQLITE_PERM] = _SENTENCES[sqlite3.SQLITE_CANTOPEN]
_SEPARATOR = os.fsencode(os.sep)
_DAMAGED = (
    "The catalog {path} is damaged or is not a catalog ({error}): 'drumsort scan DIR --rebuild "
    "--catalog {quoted}' creates a new one with your corrections, classes and collections, and "
    "keeps the old file."
)
_OTHERWISE = (
    "The catalog {path} cannot be used ({error}): run the same command again, and copy the catalog "
    "to another disk if that does not help."
)
_OF_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_MISSING = ("no such table", "no such column", "has no column", "unsupported file format")
_NEWER = (
    "The catalog {path} was written by a newer drumsort: update this one, or name another catalog "
    "with --catalog."
)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the catalog at ``path`` into a ``CatalogError``."""
    try:
        yield
    except sqlite3.ProgrammingError:  # a mistake of ours
        raise
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        missing = code == sqlite3.SQLITE_ERROR and any(text in str(error) for text in _MISSING)
        if code in (sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_ERROR) and not missing:
            raise  # a mistake of ours, too
        sentence = _SENTENCES.get(code, _OTHERWISE)
        if missing or code in _OF_DAMAGE:
            sentence = _DAMAGED
        raise CatalogError(_worded(sentence, path, error)) from error


def damaged(path: Path, error: object) -> CatalogError:
    """The error for a catalog that holds something drumsort never wrote."""
    return CatalogError(_worded(_DAMAGED, path, error))


def located(catalog: Path, key: bytes, root: bytes) -> tuple[Path, Path]:
    """A file and the folder that it was scanned with, as a row of a catalog says.

    Raises:
        CatalogError: the file is not below the folder, which drumsort never writes.
    """
    top = root.rstrip(_SEPARATOR) + _SEPARATOR
    if not key.startswith(top) or b"\0" in key or b".." in key[len(top) :].split(_SEPARATOR):
        raise damaged(catalog, f"a path leads out of {os.fsdecode(root)}")
    return as_path(os.fsdecode(key)), as_path(os.fsdecode(root))


def unknown(path: Path, folder: object) -> CatalogError:
    """The error for a folder in which the catalog knows no sound."""
    return CatalogError(
        f"The catalog {path} knows no sound in {folder}: run 'drumsort scan DIR' on it first."
    )


def _worded(sentence: str, path: Path, error: object) -> str:
    return sentence.format(path=path, quoted=shlex.quote(str(path)), error=error)


def newer(path: Path) -> CatalogError:
    """The error for a catalog that a newer version wrote."""
    return CatalogError(_NEWER.format(path=path))
