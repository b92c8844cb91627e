"""The catalog: one SQLite file that remembers every sound that was heard.

``Catalog`` opens it, ``Catalog.entries`` reads it, ``Notes`` writes what was heard, ``Recall``
gives a file's verdict without hearing it again, ``Sweep`` holds it against the disk, and
``rebuild`` replaces a damaged one. A module that keeps more in it goes through ``Catalog.read``
and ``Catalog.writing``; SQL stays in this room.
"""

from drumsort.library.alone import alone
from drumsort.library.catalog import Catalog, default_path
from drumsort.library.corrections import Correction, Corrections
from drumsort.library.entries import Entry
from drumsort.library.notes import Notes
from drumsort.library.rebuild import rebuild
from drumsort.library.recall import Recall
from drumsort.library.sweep import Sweep

__all__ = [
    "Catalog",
    "Correction",
    "Corrections",
    "Entry",
    "Notes",
    "Recall",
    "Sweep",
    "alone",
    "default_path",
    "rebuild",
]
