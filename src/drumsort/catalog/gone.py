"""Files that are gone: which of several to name, and how the catalog forgets them for good."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from drumsort.catalog.catalog import Catalog
from drumsort.catalog.database import inside
from drumsort.catalog.known_models import removing_verdicts
from drumsort.errors import CatalogError
from drumsort.remote import as_path, is_url

_FILES = "SELECT path, audio_hash FROM files WHERE path = ? OR path >= ? AND path < ?"
_SOUND = """
    DELETE FROM sounds WHERE audio_hash = ?1
        AND NOT EXISTS (SELECT 1 FROM files WHERE audio_hash = ?1)
        AND NOT EXISTS (SELECT 1 FROM corrections WHERE audio_hash = ?1)
        AND NOT EXISTS (SELECT 1 FROM collected WHERE audio_hash = ?1)
        AND NOT EXISTS (SELECT 1 FROM keywords WHERE audio_hash = ?1)
        AND NOT EXISTS (SELECT 1 FROM hidden_sounds WHERE audio_hash = ?1)
"""
_OTHERS = "SELECT 1 FROM files WHERE (path < ? OR path >= ?) AND NOT missing LIMIT 1"
_ELSEWHERE = """
    SELECT DISTINCT other.path FROM files here
    JOIN files other ON other.audio_hash = here.audio_hash
    WHERE here.path >= ? AND here.path < ? AND NOT here.missing AND NOT other.missing
        AND NOT (other.path >= ? AND other.path < ?)
"""


def mark_replaced(catalog: Catalog, folders: Iterable[Path]) -> int:
    """Mark files outside ``folders`` as missing that no longer exist, if their sound is in there.

    So it is after a library was renamed or moved to another drive. A file whose sound is nowhere
    else may be on a drive that is unplugged: it is left alone.

    Returns:
        How many files were marked.

    Raises:
        CatalogError: the catalog cannot be read or written.
    """
    gone: set[bytes] = set()
    for folder in folders:
        bounds = inside(os.fsencode(folder))
        if any(catalog.read(_OTHERS, bounds)):
            gone.update(p for (p,) in catalog.read(_ELSEWHERE, bounds * 2) if not may_be_there(p))
    if gone:
        with catalog.writing() as connection:
            connection.executemany(
                "UPDATE files SET missing = 1 WHERE path = ?", ((path,) for path in gone)
            )
    return len(gone)


def forget(catalog: Catalog, folders: Iterable[str | os.PathLike[str]]) -> int:
    """Delete the entries of files that are in ``folders``, or have that name, and no longer exist.

    What was heard in them is deleted too, unless another file holds the same audio, a person named
    it, gave it a keyword or hid it, or it is in a collection. What a person said stays.

    Returns:
        How many files were forgotten; files that still exist are kept.

    Raises:
        CatalogError: the catalog cannot be read or written, or knows no file in one of the folders.
    """
    gone: dict[bytes, bytes | None] = {}
    for folder in folders:
        bounds = inside(os.fsencode(catalog.folder(folder)))
        rows = list(catalog.read(_FILES, (catalog.key(folder), *bounds)))
        if not rows:
            raise CatalogError(f"The catalog {catalog.path} knows no file in {folder}.")
        gone.update((row.path, row.audio_hash) for row in rows if not may_be_there(row.path))
    with catalog.writing() as connection:
        connection.executemany("DELETE FROM files WHERE path = ?", ((path,) for path in gone))
        sounds = {sound for sound in gone.values() if sound is not None}
        with removing_verdicts(connection):
            connection.executemany(_SOUND, ((sound,) for sound in sounds))
    return len(gone)


def first_there(paths: Sequence[bytes]) -> bytes:
    """The first of some paths that exists; the first of all if none does, or there is but one."""
    return next((path for path in paths[1:] and paths if may_be_there(path)), paths[0])


def may_be_there(path: str | bytes | os.PathLike[str]) -> bool:
    """Whether a file exists; one in a folder that may not be read counts as existing."""
    if is_url(text := os.fsdecode(path)):
        return as_path(text).exists()
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True
