"""What an undo finds: the files it can take back, and those that were changed, moved or deleted.

Reads only.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from drumsort.errors import SortError
from drumsort.files.hashes import file_hash, link_hash, points_to
from drumsort.sorting import disk
from drumsort.sorting.kin import tagged_since
from drumsort.sorting.owned import Owned, owned, refiled_since
from drumsort.sorting.record import RunRecord
from drumsort.sorting.refile import Output
from drumsort.sorting.tagging import is_tagged
from drumsort.types import Action, Run, Terms


def to_take_back(record: RunRecord) -> list[int]:
    """The files that an undo has to look at; after a tag, a temporary file may lie beside each."""
    return [
        index
        for index in range(len(record.operations))
        if index not in record.undone
        and (index in record.placed or index not in record.failed or record.action is Action.TAG)
    ]


def place(record: RunRecord, index: int) -> Path:
    """Where the run put a file; in a relink, the duplicate that became a link."""
    op = record.operations[index]
    return op.source if record.action is Action.RELINK else op.target


def missing(record: RunRecord, indices: Iterable[int]) -> tuple[dict[int, str], dict[int, str]]:
    """What is no longer where the run put it, though no undo took it away.

    Returns:
        Index to one sentence for each file that a person deleted, moved or renamed, and for each
        that a later sort re-filed.
    """
    if record.undoing and record.left is None:  # an undo was stopped: it may have removed them
        return {}, {}
    away = [
        index
        for index in indices
        if index in record.placed and not os.path.lexists(place(record, index))
    ]
    if not away:
        return {}, {}
    later = refiled_since(record)
    output = Output(record.into, owned(record.into))
    gone: dict[int, str] = {}
    refiled: dict[int, str] = {}
    for index in away:
        path = place(record, index)
        if path in later:
            now, run = later[path]
            refiled[index] = (
                f"{path} was re-filed to {now} by a later sort: first 'drumsort undo {run}'."
            )
        elif found := output.elsewhere(_as_owned(record, index)):
            gone[index] = f"{path} is {found} now, moved or renamed by hand, and was left there."
        else:
            gone[index] = f"{path} was no longer there."
    return gone, refiled


def _as_owned(record: RunRecord, index: int) -> Owned:
    op = record.operations[index]
    link = record.action is Action.SYMLINK
    digest = "" if link else record.placed[index]
    size = record.tagged[index].size if index in record.tagged else op.size
    root, terms = op.heard.parent, Terms()
    return Owned(op.target, op.heard, root, size, op.mtime_ns, digest, terms, record.action)


def preview(record: RunRecord, tick: Callable[[], None] = lambda: None) -> Run:
    """What an undo of a run would do, file by file; ``done`` is how many it would take back.

    Args:
        record: of the run.
        tick: called after each file.
    """
    todo = to_take_back(record)
    gone, failed = missing(record, todo)
    failed |= tagged_since(record, todo)
    back = []
    for index in todo:
        if index not in failed:
            try:
                _look(record, index)
            except SortError as error:
                failed[index] = str(error)
            except OSError as error:
                failed[index] = f"{place(record, index)} cannot be looked at: {error.strerror}."
            else:
                if index in record.placed or _is_done(record, index):
                    back.append(index)
        tick()
    return Run(
        record.id,
        record.action,
        record.into,
        len([index for index in back if index not in gone]),
        {place(record, index): why for index, why in failed.items()},
        gone={place(record, index): why for index, why in gone.items() if index not in failed},
    )


def _is_done(record: RunRecord, index: int) -> bool:
    """Whether a file is as the run would have it, if the journal does not say."""
    if record.action is Action.TAG:
        return is_tagged(record, index)
    return os.path.lexists(place(record, index))


def _look(record: RunRecord, index: int) -> None:
    """Raise what an undo would say if it cannot take a file back."""
    op, digest = record.operations[index], record.placed.get(index, "")
    action = record.action_of(index)
    is_link = op.target.is_symlink()
    moved_link = is_link and op.origin is not None
    if action is Action.TAG:
        _is_done(record, index)
    elif action is Action.RELINK:
        if digest and os.path.lexists(op.source) and file_hash(op.source) != digest:
            raise SortError(f"{op.source} changed since it was linked, so it was left as it is.")
    elif not os.path.lexists(op.target):
        if action is Action.MOVE and digest and not os.path.lexists(op.source):
            raise SortError(f"{op.target} is gone, so {op.source} could not be put back.")
    elif action is Action.SYMLINK:
        if not points_to(op.target, op.source):
            text = f"{op.target} is no longer a link to {op.source}, so it was left as it is."
            raise SortError(text)
    elif op.cut_from is not None and digest:
        disk.drop_made(op.target, op.cut_from, digest, only_look=True)
    elif moved_link and os.path.lexists(op.source):
        disk.drop_symlink(op.target, op.source, only_look=True)
    elif (
        action is Action.MOVE
        and digest
        and is_link == moved_link
        and not os.path.lexists(op.source)
    ):
        if (link_hash if moved_link else file_hash)(op.target) != digest:
            raise SortError(f"{op.target} changed in the meantime: it stays where it is.")
    elif not moved_link:
        disk.drop(op.target, op.source, digest, only_look=True)
