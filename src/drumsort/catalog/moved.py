"""Files that drumsort moved, cut or tagged itself: the catalog follows them without a scan."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from drumsort.catalog.catalog import Catalog
from drumsort.catalog.ids import roots
from drumsort.sorting.journal import load
from drumsort.sorting.record import RunRecord
from drumsort.types import Action, Run

_FOLLOW = "UPDATE OR REPLACE files SET path = ?, root = ?, pack = ?, missing = 0 WHERE path = ?"
_REWRITTEN = """
    UPDATE files SET file_hash = ?, size = ?, mtime_ns = ? WHERE path = ? AND file_hash = ?
"""
_SAME_SOUND = """
    INSERT OR REPLACE INTO contents (file_hash, size, mtime_ns, audio_hash, format, note)
    SELECT ?, ?, ?, audio_hash, format, note FROM contents WHERE file_hash = ? LIMIT 1
"""
_MARK = "UPDATE files SET missing = ? WHERE path = ?"


def follow_run(catalog: Catalog, run: Run, *, away: bool = False) -> None:
    """Record what a run that moved, cut or tagged files, or an undo of one, made of the known ones.

    Args:
        catalog: where to record it.
        run: what was done.
        away: whether to mark the files as missing instead, as duplicates that were moved away are.

    Raises:
        CatalogError: the catalog cannot be written.
        JournalError: the journal of the run cannot be read.
    """
    if not run.id:
        return
    record = load(run.id)
    if record.action is Action.TAG:
        _follow_tags(catalog, record)
        return
    if record.action is Action.SLICE:
        targets = [one.target for one in record.operations]
        there = record.placed.keys() - record.failed.keys() - record.undone
        _mark(catalog, (targets[index] for index in there), missing=False)
        _mark(catalog, (targets[index] for index in record.undone), missing=True)
        return
    ends = [(one.source, one.target) for one in record.operations]
    moved = {index for index in range(len(ends)) if record.action_of(index) is Action.MOVE}
    placed = moved & (record.placed.keys() - record.failed.keys() - record.undone)
    undone = moved & record.undone
    if away:
        _mark(catalog, (ends[index][0] for index in placed), missing=True)
    else:
        _follow(catalog, (ends[index] for index in placed), roots(catalog), [run.into])
    if undone:
        back = (ends[index][::-1] for index in undone)
        _follow(catalog, back, roots(catalog), record.roots)
        _mark(catalog, (ends[index][0] for index in undone), missing=False)


def _follow_tags(catalog: Catalog, record: RunRecord) -> None:
    """Record the new bytes of tagged files, whose sounds are the same; or the old ones."""
    files: list[tuple[object, ...]] = []
    contents: list[tuple[object, ...]] = []
    for index in record.placed.keys() - record.failed.keys():
        op, made = record.operations[index], record.tagged[index]
        before, after = bytes.fromhex(made.before), bytes.fromhex(made.after)
        old, new = (before, op.size, op.mtime_ns), (after, made.size, made.mtime_ns)
        if index in record.undone:
            old, new = new, old
        files.append((*new, catalog.key(op.source), old[0]))
        contents.append((*new, old[0]))
    with catalog.writing() as connection:
        connection.executemany(_REWRITTEN, files)
        connection.executemany(_SAME_SOUND, contents)


def _mark(catalog: Catalog, files: Iterable[Path], *, missing: bool) -> None:
    with catalog.writing() as connection:
        connection.executemany(_MARK, [(missing, catalog.key(file)) for file in files])


def _follow(catalog: Catalog, moves: Iterable[tuple[Path, Path]], *known: Sequence[Path]) -> None:
    """Record the new paths of files, which keep their ids.

    Args:
        catalog: where to record it.
        moves: the old and the new path of each file; unknown files stay unknown.
        known: the folders that they may have been scanned with, the likeliest first.

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
    """The innermost folder of the first group that holds a file; else the file's own folder."""
    for folders in known:
        holding = [folder for folder in folders if file.is_relative_to(folder)]
        if holding:
            return max(holding, key=lambda folder: len(folder.parts))
    return file.parent
