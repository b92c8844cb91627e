"""What the disk says of a run, where that is other than what its journal says.

A journal can be right about what was done and wrong about what is: a drive that was pulled, or that
promised to have written what it had not, takes files back to where they were. Reads only.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from drumsort.files.hashes import points_to
from drumsort.sorting import disk
from drumsort.sorting.record import RunRecord
from drumsort.sorting.volumes import VolumeGone, demand
from drumsort.types import Action, Operation

_COARSEST = 2_000_000_000  # ns: FAT stores times in steps of two seconds


def lost_again(record: RunRecord) -> list[int]:
    """The files that are in place by the journal, but lie where they came from by the disk.

    What was removed from both places is not among them: that was somebody else.
    """
    return [
        index
        for index in sorted(record.placed)
        if _is_lost(record.action_of(index), record.operations[index])
    ]


def contradicts(record: RunRecord) -> bool:
    """Whether the disk shows that a finished run is not, and nobody else can have done that.

    Copies and links may have been deleted on purpose; moved files do not return by themselves.
    """
    try:
        demand(record.volumes)
    except VolumeGone:
        return False
    return any(
        _is_lost(record.action_of(index), record.operations[index])
        for index in record.placed
        if index not in record.failed and record.action_of(index) in (Action.MOVE, Action.RELINK)
    )


def returned(record: RunRecord) -> list[int]:
    """The files that are taken back by the journal, but lie in the output again by the disk."""
    return [index for index in sorted(record.undone) if _is_returned(record, index)]


def in_place(record: RunRecord) -> int:
    """How many files are where the run puts them."""
    if record.action is Action.RELINK:
        return sum(_are_one(op) for op in record.operations)
    if record.action is Action.TAG:
        return sum(_has_tags(record, index) for index in record.tagged)
    return sum(os.path.lexists(op.target) for op in record.operations)


def _is_lost(action: Action, op: Operation) -> bool:
    try:
        if action is Action.TAG:
            return _as_before(op.source, op)
        if action is Action.RELINK:
            return _as_before(op.source, op) and not _are_one(op) and op.target.is_file()
        if disk.is_there(op.target):
            return action is Action.MOVE and _as_before(op.source, op)
        return _as_before(op.source, op)
    except OSError:  # it cannot be told now
        return False


def _is_returned(record: RunRecord, index: int) -> bool:
    op = record.operations[index]
    try:
        match record.action_of(index):
            case Action.TAG:
                return _has_tags(record, index)
            case Action.RELINK:
                return _are_one(op)
            case Action.SYMLINK:
                return points_to(op.target, op.source)
            case _:
                return _as_before(op.target, op, _COARSEST) and disk.is_there(op.source)
    except OSError:
        return False


def _has_tags(record: RunRecord, index: int) -> bool:
    made = record.tagged[index]
    try:
        now = record.operations[index].source.lstat()
    except OSError:
        return False
    return (now.st_size, now.st_mtime_ns) == (made.size, made.mtime_ns)


def _as_before(path: Path, op: Operation, tolerance: int = 0) -> bool:
    try:
        now = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return now.st_size == op.size and abs(now.st_mtime_ns - op.mtime_ns) <= tolerance


def _are_one(op: Operation) -> bool:
    try:
        return op.source.samefile(op.target)
    except OSError:
        return False


def unclaimed(record: RunRecord, indices: list[int], later: Iterator[RunRecord]) -> list[int]:
    """Those of ``indices`` that no run in ``later`` has put there."""
    claimed = {
        other.operations[index].target
        for other in later
        for index in other.placed.keys() - other.undone
    }
    return [index for index in indices if record.operations[index].target not in claimed]
