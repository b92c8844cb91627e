"""Compare a plan to tag files with the disk; nothing is written."""

import os
import stat
from dataclasses import replace
from functools import cache
from pathlib import Path

from drumsort.sorting.listing import writable
from drumsort.tags import LARGEST, TagError, edited, may_hold_tags
from drumsort.types import CheckedPlan, Conflict, ConflictKind, Operation, Outcome, Plan, Tags


def check_tag(plan: Plan) -> CheckedPlan:
    """``check`` for a tag; it also records the permissions of each file for an undo.

    Raises:
        DrumsortError: what writes tags is not installed.
    """
    conflicts: list[Conflict] = []
    operations: list[Operation] = []
    may_write = cache(writable)
    for operation in plan.operations:
        path = operation.source
        try:
            now = path.lstat()
            conflict = (
                _nothing_to_clear(operation, now)
                or _conflict(operation, now)
                or _not_writable(path, now, may_write(path.parent))
                or _of_the_content(operation)
            )
        except OSError as error:
            text = (
                f"{path} cannot be read ({error.strerror}): see that it is there and may be read."
            )
            conflict = _failed(ConflictKind.SOURCE_GONE, path, text)
        if conflict is None:
            operations.append(replace(operation, mode=stat.S_IMODE(now.st_mode)))
        else:
            conflicts.append(conflict)
    return CheckedPlan(plan, tuple(operations), tuple(conflicts))


def _failed(kind: ConflictKind, path: Path, message: str) -> Conflict:
    return Conflict(kind, Outcome.FAILED, path, message)


def _nothing_to_clear(operation: Operation, now: os.stat_result) -> Conflict | None:
    """A file without tags of drumsort's, whatever else keeps it from being tagged."""
    path = operation.source
    plain = stat.S_ISREG(now.st_mode) and now.st_size <= LARGEST
    if operation.tags != Tags() or not plain or may_hold_tags(path.read_bytes()):
        return None
    text = f"{path} has no tags of drumsort's."
    return Conflict(ConflictKind.ALREADY_THERE, Outcome.SKIPPED, path, text)


def _conflict(operation: Operation, now: os.stat_result) -> Conflict | None:
    path = operation.source
    kind = ConflictKind.NOT_POSSIBLE
    if stat.S_ISLNK(now.st_mode):
        return _failed(kind, path, f"{path} is a symbolic link: tag the file that it leads to.")
    known = operation.size, operation.mtime_ns
    if not stat.S_ISREG(now.st_mode) or (now.st_size, now.st_mtime_ns) != known:
        text = f"{path} changed after it was heard: tag again to hear the new version."
        return _failed(ConflictKind.SOURCE_CHANGED, path, text)
    if now.st_nlink > 1:
        text = f"{path} has other names (hard links), and tags would separate it from them."
        return _failed(kind, path, text)
    if now.st_size > LARGEST:
        text = f"{path} is left without tags: it is larger than {LARGEST >> 20} MiB."
        return _failed(kind, path, text)
    return None


def _not_writable(path: Path, now: os.stat_result, folder: bool) -> Conflict | None:
    kind = ConflictKind.NOT_WRITABLE
    if not folder:
        text = f"{path} is in a read-only folder: change its permissions."
        return _failed(kind, path, text)
    if not now.st_mode & stat.S_IWUSR or not os.access(path, os.W_OK):
        return _failed(kind, path, f"{path} is write-protected: allow writing to it.")
    return None


def _of_the_content(operation: Operation) -> Conflict | None:
    path = operation.source
    assert operation.tags is not None
    data = path.read_bytes()
    try:
        new = edited(path, data, operation.tags)
    except TagError as error:
        return _failed(ConflictKind.NOT_POSSIBLE, path, str(error))
    if new == data:
        text = f"{path} has these tags already."
        return Conflict(ConflictKind.ALREADY_THERE, Outcome.SKIPPED, path, text)
    return None
