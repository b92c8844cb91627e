"""Files that are gone for good: the catalog forgets them, and what was heard only in them."""

import os
from collections.abc import Iterable

from drumsort.catalog.catalog import Catalog
from drumsort.catalog.database import inside
from drumsort.catalog.known_models import verdicts_changed
from drumsort.errors import CatalogError

_FILES = "SELECT path, audio_hash FROM files WHERE path = ? OR path >= ? AND path < ?"
_SOUND = """
    DELETE FROM sounds WHERE audio_hash = ?1
        AND NOT EXISTS (SELECT 1 FROM files WHERE audio_hash = ?1)
        AND NOT EXISTS (SELECT 1 FROM corrections WHERE audio_hash = ?1)
        AND NOT EXISTS (SELECT 1 FROM collected WHERE audio_hash = ?1)
"""


def forget(catalog: Catalog, folders: Iterable[str | os.PathLike[str]]) -> int:
    """Delete the entries of files that are in ``folders``, or have that name, and no longer exist.

    What was heard in them is deleted too, unless another file holds the same audio, a person named
    it, or it is in a collection. Corrections and collections stay.

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
        gone.update((row.path, row.audio_hash) for row in rows if not is_there(row.path))
    with catalog.writing() as connection:
        connection.executemany("DELETE FROM files WHERE path = ?", ((path,) for path in gone))
        sounds = {sound for sound in gone.values() if sound is not None}
        if connection.executemany(_SOUND, ((sound,) for sound in sounds)).rowcount > 0:
            verdicts_changed(connection)
    return len(gone)


def is_there(path: str | bytes | os.PathLike[str]) -> bool:
    """Whether a file exists; one in a folder that may not be read counts as existing."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True
