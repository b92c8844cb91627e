"""The folders of the library: those that ``scan`` or the page was asked to remember."""

import os
from dataclasses import dataclass
from pathlib import Path

from drumsort.catalog.catalog import Catalog
from drumsort.remote import as_path

_FOLDERS = """
    SELECT root, sum(NOT missing AND audio_hash IS NOT NULL) AS sounds, sum(missing) AS missing
    FROM files GROUP BY root ORDER BY root
"""


@dataclass(frozen=True, slots=True)
class LibraryFolder:
    """One folder of the library.

    Attributes:
        path: the folder.
        sounds: how many sounds the last scan found there.
        missing: how many files were there once and were gone at the last scan.
    """

    path: Path
    sounds: int
    missing: int


def folders(catalog: Catalog) -> list[LibraryFolder]:
    """All folders, by path; a folder in which no sound was ever found is not among them.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    return [
        LibraryFolder(as_path(os.fsdecode(row.root)), row.sounds, row.missing)
        for row in catalog.read(_FOLDERS)
    ]
