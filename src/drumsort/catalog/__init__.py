"""The catalog: one SQLite file that remembers every sound that was heard.

``Catalog`` opens it, ``Catalog.entries`` reads it, ``Writer`` writes what was heard, ``Recall``
returns a file's verdict without hearing the file again, ``Sweep`` compares the catalog with the
disk, and ``repair`` replaces a damaged one. ``fields.py`` declares what is in it.
"""

from drumsort.catalog.catalog import Catalog
from drumsort.catalog.database import default_path
from drumsort.catalog.reads import Entry
from drumsort.catalog.recall import Recall
from drumsort.catalog.reconcile import Sweep
from drumsort.catalog.repair import repair
from drumsort.catalog.writer import Writer
from drumsort.catalog.writer_lock import CatalogBusy, writer_lock

__all__ = [
    "Catalog",
    "CatalogBusy",
    "Entry",
    "Recall",
    "Sweep",
    "Writer",
    "default_path",
    "repair",
    "writer_lock",
]
