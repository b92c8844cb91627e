"""Files that drumsort itself moved: the catalog follows them, so that they need not be found."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from drumsort.catalog.catalog import Catalog
from drumsort.catalog.ids import roots
from drumsort.sorting.journal import load
from drumsort.types import Action, Run

_FOLLOW = "UPDATE OR REPLACE files SET path = ?, root = ?, pack = ?, missing = 0 WHERE path = ?"
_MARK = "UPDATE files SET missing = ? WHERE path = ?"


def follow_run(catalog: Catalog, run: Run, *, away: bool = False) -> None:
    """Note where a run that moved files, or took a move back, left those that were known.

    Args:
        catalog: that knows them.
        run: what was done.
        away: whether what was moved counts as gone rather than as moved, as duplicates do.

    Raises:
        CatalogError: the catalog cannot be written.
        JournalError: the journal of the run cannot be read.
    """
    if run.action is not Action.MOVE or not run.id:
        return
    record = load(run.id)
    ends = [(one.source, one.target) for one in record.operations]
    placed = record.placed.keys() - record.failed.keys() - record.undone
    if away:
        _mark(catalog, (ends[index][0] for index in placed), missing=True)
    else:
        _follow(catalog, (ends[index] for index in placed), [run.into])
    if record.undone:
        back = (ends[index][::-1] for index in record.undone)
        _follow(catalog, back, roots(catalog), record.roots)
        _mark(catalog, (ends[index][0] for index in record.undone), missing=False)


def _mark(catalog: Catalog, files: Iterable[Path], *, missing: bool) -> None:
    with catalog.writing() as connection:
        connection.executemany(_MARK, [(missing, catalog.key(file)) for file in files])


def _follow(catalog: Catalog, moves: Iterable[tuple[Path, Path]], *known: Sequence[Path]) -> None:
    """Note that files lie elsewhere now; their numbers stay the same.

    Args:
        catalog: that knows them.
        moves: where each was, and where it is; those that were not known stay so.
        known: the folders that they may have been found in, the likeliest first.

    Raises:
        CatalogError: the catalog cannot be written.
    """
    rows = []
    for old, new in moves:
        path, top, pack = catalog.keys(new, _root_of(new, known))
        rows.append((path, top, pack, catalog.key(old)))
    with catalog.writing() as connection:
        connection.executemany(_FOLLOW, rows)


def _root_of(file: Path, known: Iterable[Sequence[Path]]) -> Path:
    """The innermost folder that holds a file, of the first that do; else the one that it is in."""
    for folders in known:
        holding = [folder for folder in folders if file.is_relative_to(folder)]
        if holding:
            return max(holding, key=lambda folder: len(folder.parts))
    return file.parent
