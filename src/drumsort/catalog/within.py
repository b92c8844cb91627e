"""Files and folders that a person names -> files to look up in the catalog, and their sounds."""

import os
from collections.abc import Iterable
from pathlib import Path

from drumsort.catalog.contents import content_of
from drumsort.catalog.database import Database, inside
from drumsort.remote import as_path

_KNOWN = "SELECT 1 FROM files WHERE path = ?"
_FILE = "SELECT audio_hash, size, mtime_ns, error FROM files WHERE path = ?"
_WITHIN = """
    SELECT path FROM files
    WHERE path >= ? AND path < ? AND NOT missing AND audio_hash IS NOT NULL ORDER BY path
"""


def files_of(catalog: Database, paths: Iterable[Path]) -> tuple[list[Path], dict[Path, str]]:
    """Replace each folder by the sounds that the catalog knows in it; keep all other paths.

    Returns:
        Files, each once, and path to one sentence for each folder in which no sound is known.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    files: dict[Path, None] = {}
    failures: dict[Path, str] = {}
    for path in paths:
        if any(catalog.read(_KNOWN, (catalog.key(path),))) or not path.is_dir():
            files[path] = None
            continue
        bounds = inside(os.fsencode(catalog.folder(path)))
        found = [as_path(os.fsdecode(key)) for (key,) in catalog.read(_WITHIN, bounds)]
        files.update(dict.fromkeys(found))
        if not found:
            failures[path] = (
                f"The catalog knows no sound in {path}: run 'drumsort scan' on it first."
            )
    return list(files), failures


def sound_of(catalog: Database, path: Path) -> bytes | None:
    """The audio hash of a file, or ``None`` if its sound was never heard.

    A file of the library is known by its path, also while its drive is away. Any other is known by
    its bytes, and so is one that changed since the scan.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    current, before = _sound(catalog, path)
    return current or before


def is_known(catalog: Database, path: Path) -> bool:
    """Whether the sound that a file holds now is known, or all that can be known of it is.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    current, before = _sound(catalog, path)
    return current is not None or (before is not None and not os.path.lexists(path))


def _sound(catalog: Database, path: Path) -> tuple[bytes | None, bytes | None]:
    """The audio hash of what a file holds now, and of what it held at the last scan."""
    row = next(catalog.read(_FILE, (catalog.key(path),)), None)
    before = row.audio_hash if row else None
    try:
        stat = path.stat()
    except (OSError, ValueError):
        return None, before
    if row and row.error is None and (row.size, row.mtime_ns) == (stat.st_size, stat.st_mtime_ns):
        return before, before
    known = content_of(catalog, path, stat)
    return (known.audio_hash if known else None), before
