"""Compare a plan to link duplicates with the disk; nothing is written."""

import os
import stat
from dataclasses import replace
from pathlib import Path

from drumsort.sorting.listing import unseen, writable
from drumsort.types import CheckedPlan, Conflict, ConflictKind, Operation, Outcome, Plan


def check_relink(plan: Plan) -> CheckedPlan:
    """``check`` for a relink; it also records the permissions of each duplicate for an undo."""
    conflicts: list[Conflict] = []
    operations: list[Operation] = []
    for operation in plan.operations:
        try:
            now, kept = operation.source.lstat(), operation.target.lstat()
        except OSError as error:
            kind, text = unseen(Path(error.filename), error, "scan again")
            conflicts.append(_failed(kind, operation, text))
            continue
        conflict = _conflict(operation, now, kept)
        if conflict is None:
            operations.append(replace(operation, mode=stat.S_IMODE(now.st_mode)))
        else:
            conflicts.append(conflict)
    return CheckedPlan(plan, tuple(operations), tuple(conflicts))


def _failed(kind: ConflictKind, operation: Operation, message: str) -> Conflict:
    return Conflict(kind, Outcome.FAILED, operation.source, message)


def _conflict(operation: Operation, now: os.stat_result, kept: os.stat_result) -> Conflict | None:
    source, target = operation.source, operation.target
    if (now.st_dev, now.st_ino) == (kept.st_dev, kept.st_ino):
        text = f"{source} is already a name of {target}."
        return Conflict(ConflictKind.ALREADY_THERE, Outcome.SKIPPED, source, text)
    if not stat.S_ISREG(now.st_mode) or not _as_heard(now, operation):
        text = f"{source} changed after it was heard: scan again to hear the new version."
        return _failed(ConflictKind.SOURCE_CHANGED, operation, text)
    if why := _why_not(operation, now, kept):
        return _failed(ConflictKind.NOT_POSSIBLE, operation, f"{source} {why}.")
    if not writable(source.parent):
        text = f"{source} is in a read-only folder: change its permissions."
        return _failed(ConflictKind.NOT_WRITABLE, operation, text)
    return None


def _as_heard(now: os.stat_result, operation: Operation) -> bool:
    return (now.st_size, now.st_mtime_ns) == (operation.size, operation.mtime_ns)


def _why_not(operation: Operation, now: os.stat_result, kept: os.stat_result) -> str:
    target = operation.target
    if now.st_dev != kept.st_dev:
        return (
            f"is on another disk than {target}, and hard links cannot cross disks: move it instead"
        )
    if not stat.S_ISREG(kept.st_mode) or now.st_size != kept.st_size:
        return f"does not have the same bytes as {target}: scan again to hear both again"
    if now.st_nlink > 1:
        return "already has other names, and a link would separate it from them"
    if (now.st_uid, now.st_gid) != (kept.st_uid, kept.st_gid):
        return f"belongs to another user or group than {target}: change that, or move it instead"
    return ""
