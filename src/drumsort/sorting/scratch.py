"""A folder for what a run makes itself, on the disk of its output, until it is put in place.

Each output folder has one, with a name of its own, so that what a kill leaves behind is found and
removed by the next run. Whoever uses it holds the lock of the output folder.
"""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from drumsort.sorting import disk
from drumsort.sorting.listing import nearest
from drumsort.sorting.record import RunRecord
from drumsort.types import Action

_PREFIX = ".drumsort-slices-"


def make(into: Path) -> Path:
    """Make the folder of an output folder, empty, in the nearest folder that exists.

    No earlier run into ``into`` may be unfinished: it would lose its files.

    Raises:
        OSError: it cannot be made.
    """
    name = _name(into)
    for above in (into, *into.parents):
        disk.remove_private(above / name)
    folder = nearest(into) / name
    disk.make_private(folder)
    return folder


def remove(into: Path) -> None:
    """Remove the folder of an output folder, wherever it is."""
    for above in (into, *into.parents):
        disk.remove_private(above / _name(into))


def make_durable(files: Sequence[Path]) -> None:
    """Wait until files that were just written are on the disk, before links to them count.

    Raises:
        OSError: one of them could not be written.
    """
    for fault in disk.sync_all(files):
        if fault is not None:
            raise fault


def remove_all(record: RunRecord) -> None:
    """Remove what a slice left: nothing of it is needed once the run, or its undo, is over."""
    if record.action is Action.SLICE:
        for folder in {operation.source.parent for operation in record.operations}:
            if folder.name.startswith(_PREFIX):
                disk.remove_private(folder)


def _name(into: Path) -> str:
    return _PREFIX + hashlib.sha256(os.fsencode(into)).hexdigest()[:16]
