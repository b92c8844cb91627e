"""Files that drumsort itself moved: the catalog follows them, so that they need not be found."""

import os
from collections.abc import Iterable
from pathlib import Path

from drumsort.library.catalog import Catalog
from drumsort.library.numbers import roots
from drumsort.sorting.journal import load
from drumsort.types import Action, Run

_FOLLOW = "UPDATE OR REPLACE files SET path = ?, root = ?, pack = ?, missing = 0 WHERE path = ?"


def follow_run(catalog: Catalog, run: Run) -> None:
    """Note where a run that moved files, or took a move back, left those that were known.

    Raises:
        CatalogError: the catalog cannot be written.
        JournalError: the journal of the run cannot be read.
    """
    if run.action is not Action.MOVE or not run.id:
        return
    record = load(run.id)
    ends = [(one.source, one.target) for one in record.operations]
    placed = record.placed.keys() - record.failed.keys() - record.undone
    _follow(catalog, (ends[index] for index in placed), run.into)
    if record.undone:
        back = [ends[index][::-1] for index in record.undone]
        _follow(catalog, back, _root_of(roots(catalog), (source for _, source in back)))


def _follow(catalog: Catalog, moves: Iterable[tuple[Path, Path]], root: Path) -> int:
    """Note that files lie elsewhere now; their numbers stay the same.

    Args:
        catalog: that knows them.
        moves: where each was, and where it is; those that were not known stay so.
        root: the folder that they all lie in now.

    Returns:
        How many were known.

    Raises:
        CatalogError: the catalog cannot be written.
    """
    rows = []
    for old, new in moves:
        path, top, pack = catalog.place(new, root)
        rows.append((path, top, pack, catalog.key(old)))
    with catalog.writing() as connection:
        before = connection.total_changes
        connection.executemany(_FOLLOW, rows)
        return connection.total_changes - before


def _root_of(known: Iterable[Path], files: Iterable[Path]) -> Path:
    """The folder to take for that in which files were found: one that is known, or the one that
    they share."""
    shared = Path(os.path.commonpath([file.parent for file in files]))
    holding = [root for root in known if shared.is_relative_to(root)]
    return max(holding, key=lambda root: len(root.parts), default=shared)
