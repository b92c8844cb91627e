"""Files that are gone for good: what the catalog knows of them goes as well."""

import os
from collections.abc import Iterable

from drumsort.catalog.catalog import Catalog
from drumsort.catalog.reads import inside
from drumsort.errors import CatalogError

_FILES = "SELECT path, audio_hash FROM files WHERE path = ? OR path >= ? AND path < ?"
_SOUND = """
    DELETE FROM sounds WHERE audio_hash = ?1
        AND NOT EXISTS (SELECT 1 FROM files WHERE audio_hash = ?1)
        AND NOT EXISTS (SELECT 1 FROM corrections WHERE audio_hash = ?1)
        AND NOT EXISTS (SELECT 1 FROM collected WHERE audio_hash = ?1)
"""


def forget(catalog: Catalog, folders: Iterable[str | os.PathLike[str]]) -> int:
    """Remove the entries of files in ``folders``, or of that name, that are not there now.

    What was heard of them goes too, unless another file holds the same audio, a person named it, or
    it is in a collection. Corrections and collections stay.

    Returns:
        How many files were forgotten; those that are still there are not.

    Raises:
        CatalogError: the catalog cannot be read or written, or knows no file in one of them.
    """
    gone: dict[bytes, bytes | None] = {}
    for folder in folders:
        place = catalog.folder(folder)
        rows = list(catalog.read(_FILES, (catalog.key(folder), *inside(os.fsencode(place)))))
        if not rows:
            raise CatalogError(f"The catalog {catalog.path} knows no file in {folder}.")
        gone.update((path, sound) for path, sound in rows if not is_there(path))
    with catalog.writing() as connection:
        connection.executemany("DELETE FROM files WHERE path = ?", ((path,) for path in gone))
        sounds = {sound for sound in gone.values() if sound is not None}
        connection.executemany(_SOUND, ((sound,) for sound in sounds))
    return len(gone)


def is_there(path: str | bytes | os.PathLike[str]) -> bool:
    """Whether there is such a file; one that may not be looked at counts as there."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True
