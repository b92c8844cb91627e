"""Files and folders that a person names -> files to look up in the catalog."""

import os
from collections.abc import Iterable
from pathlib import Path

from drumsort.catalog.database import Database, inside

_KNOWN = "SELECT 1 FROM files WHERE path = ?"
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
        bounds = inside(os.fsencode(os.path.realpath(path)))
        found = [Path(os.fsdecode(key)) for (key,) in catalog.read(_WITHIN, bounds)]
        files.update(dict.fromkeys(found))
        if not found:
            failures[path] = (
                f"The catalog knows no sound in {path}: run 'drumsort scan' on it first."
            )
    return list(files), failures
