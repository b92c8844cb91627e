"""The catalog: one SQLite file that remembers every sound that was heard.

``Catalog`` opens it, ``Catalog.entries`` reads it, ``Writer`` writes what was heard, ``Recall``
gives a file's verdict without hearing it again, ``Sweep`` holds it against the disk, and
``rebuild`` replaces a damaged one. A module that keeps more in it goes through ``Catalog.read``
and ``Catalog.writing``; SQL stays in this room.
"""

from drumsort.catalog.catalog import Catalog
from drumsort.catalog.database import default_path
from drumsort.catalog.reads import Entry
from drumsort.catalog.recall import Recall
from drumsort.catalog.reconcile import Sweep
from drumsort.catalog.repair import repair
from drumsort.catalog.writer import Writer
from drumsort.catalog.writer_lock import writer_lock

__all__ = [
    "Catalog",
    "Entry",
    "Recall",
    "Sweep",
    "Writer",
    "default_path",
    "repair",
    "writer_lock",
]
