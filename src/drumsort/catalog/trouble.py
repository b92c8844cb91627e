"""What SQLite complains of -> one sentence for the person at the keyboard."""

import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drumsort.errors import CatalogError

BUSY_SECONDS = 5.0
"""How long another process may keep a catalog to itself before it is complained of."""

_SENTENCES = {
    sqlite3.SQLITE_BUSY: (
        "The catalog {path} is in use by another program: wait until that is done, then run the "
        "same command again."
    ),
    sqlite3.SQLITE_FULL: (
        "There is no room for the catalog {path}: make some on its disk, then run the same command "
        "again; what was heard before is kept."
    ),
    sqlite3.SQLITE_READONLY: (
        "The catalog {path} cannot be written: allow it, or name another place with --catalog."
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "The catalog {path} cannot be opened: see that its folder is there and may be written, or "
        "name another place with --catalog."
    ),
    sqlite3.SQLITE_IOERR: (
        "The catalog {path} cannot be read or written ({error}): see that its disk is there and "
        "has room, then run the same command again; what was heard before is kept."
    ),
}
_SENTENCES[sqlite3.SQLITE_LOCKED] = _SENTENCES[sqlite3.SQLITE_BUSY]
_SENTENCES[sqlite3.SQLITE_PERM] = _SENTENCES[sqlite3.SQLITE_CANTOPEN]
_DAMAGED = (
    "The catalog {path} is damaged, or no catalog at all ({error}): 'drumsort scan DIR --rebuild "
    "--catalog {quoted}' begins a new one, takes your corrections, classes and collections along "
    "and keeps the old file."
)
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
        sentence = _SENTENCES.get(code, _DAMAGED)
        raise CatalogError(_worded(sentence, path, error)) from error


def damaged(path: Path, error: object) -> CatalogError:
    """What to raise where a catalog holds what was never written."""
    return CatalogError(_worded(_DAMAGED, path, error))


def unknown(path: Path, folder: object) -> CatalogError:
    """What to raise where no sound was ever scanned in a folder that is asked for."""
    return CatalogError(
        f"The catalog {path} knows no sound in {folder}: 'drumsort scan DIR' enters those there "
        "are."
    )


def _worded(sentence: str, path: Path, error: object) -> str:
    return sentence.format(path=path, quoted=shlex.quote(str(path)), error=error)


def newer(path: Path) -> CatalogError:
    """What to raise for a catalog of a version to come."""
    return CatalogError(_NEWER.format(path=path))
