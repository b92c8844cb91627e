"""The catalog: one SQLite file that remembers every sound that was heard.

``Catalog`` opens it, ``Catalog.entries`` reads it, ``Notes`` writes what was heard, ``Recall``
gives a file's verdict without hearing it again, ``Sweep`` holds it against the disk, and
``rebuild`` replaces a damaged one. A module that keeps more in it goes through ``Catalog.read``
and ``Catalog.writing``; SQL stays in this room.
"""

from drumsort.catalog.catalog import Catalog
from drumsort.catalog.database import default_path
from drumsort.catalog.one_writer import one_writer
from drumsort.catalog.reads import Entry
from drumsort.catalog.rebuild import rebuild
from drumsort.catalog.recall import Recall
from drumsort.catalog.reconcile import Sweep
from drumsort.catalog.writer import Notes

__all__ = [
    "Catalog",
    "Entry",
    "Notes",
    "Recall",
    "Sweep",
    "default_path",
    "one_writer",
    "rebuild",
]
