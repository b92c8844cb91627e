"""Compare a plan with the disk and name every conflict; nothing is written."""

import stat
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

from drumsort.files.hashes import points_to, same_content
from drumsort.files.names import Names, unnumbered
from drumsort.sorting.check_relink import check_relink
from drumsort.sorting.check_tag import check_tag
from drumsort.sorting.listing import Folder, unseen, writable
from drumsort.sorting.owned import owned
from drumsort.sorting.premises import refusals
from drumsort.sorting.refile import refiled
from drumsort.sorting.sidecars import with_sidecars_of_refiled
from drumsort.types import Action, CheckedPlan, Conflict, ConflictKind, Operation, Outcome, Plan


def check(plan: Plan) -> CheckedPlan:
    """Look at every source and every target of ``plan``.

    The operations that remain have free target names. Those that cannot be done, or need not be,
    are left out. A conflict names each difference from the plan; those that refuse the run come
    first.
    """
    if plan.action is Action.RELINK:
        return check_relink(plan)
    if plan.action is Action.TAG:
        return check_tag(plan)
    asked = plan
    conflicts: list[Conflict] = []
    if plan.terms is not None and not any(op.origin for op in plan.operations):
        plan, conflicts = refiled(plan, owned(plan.into) if plan.operations else ())
    leaving = {op.source for op in plan.operations if op.origin}
    operations: list[Operation] = []
    names = Names(operation.target for operation in plan.operations)
    folder_of = cache(Folder)
    writable_once = cache(writable)
    for operation in plan.operations:
        folder = folder_of(operation.target.parent)
        conflict = _source_conflict(operation, plan.action) or _name_conflict(operation, folder)
        if conflict is None and (plan.action is Action.MOVE or operation.origin):
            conflict = _removal_conflict(operation, writable_once(operation.source.parent))
        if conflict is None:
            operation, conflict = _target_conflict(operation, plan.action, folder, names, leaving)
        if conflict is not None:
            conflicts.append(conflict)
        if conflict is None or conflict.outcome is Outcome.RENAMED:
            moves = plan.action is Action.MOVE or operation.origin
            operations.append(_with_mode(operation) if moves else operation)
    refused = refusals(plan, operations)
    return CheckedPlan(asked, with_sidecars_of_refiled(operations), (*refused, *conflicts))


def _with_mode(operation: Operation) -> Operation:
    """The same with the permissions of the source, which not every disk keeps, for an undo."""
    with suppress(OSError):
        return replace(operation, mode=stat.S_IMODE(operation.source.stat().st_mode))
    return operation


def _failed(kind: ConflictKind, operation: Operation, message: str) -> Conflict:
    return Conflict(kind, Outcome.FAILED, operation.source, message)


def _source_conflict(operation: Operation, action: Action) -> Conflict | None:
    source = operation.source
    try:
        now = source.stat()
    except OSError as error:
        kind, text = unseen(source, error, "sort again")
        return _failed(kind, operation, text)
    known = (operation.size, operation.mtime_ns)
    if not stat.S_ISREG(now.st_mode) or (now.st_size, now.st_mtime_ns) != known:
        text = f"{source} changed after it was heard: sort again to hear the new version."
        return _failed(ConflictKind.SOURCE_CHANGED, operation, text)
    if action is Action.MOVE and operation.origin is None and source.is_symlink():
        text = f"{source} is a symbolic link, which a move would break: copy it instead."
        return _failed(ConflictKind.NOT_POSSIBLE, operation, text)
    return None


def _name_conflict(operation: Operation, folder: Folder) -> Conflict | None:
    if folder.problem is not None:
        kind, why = folder.problem
        return _failed(kind, operation, f"{operation.source} stays where it is: {why}")
    if why := folder.why_not(operation.target.name):
        text = f"The name of {operation.source} {why}: rename the file."
        return _failed(ConflictKind.NAME_NOT_ALLOWED, operation, text)
    return None


def _removal_conflict(operation: Operation, allowed: bool) -> Conflict | None:
    if allowed:
        return None
    source = operation.source
    text = f"{source} is in a read-only folder and cannot be moved: copy it instead."
    return _failed(ConflictKind.NOT_WRITABLE, operation, text)


def _target_conflict(
    operation: Operation,
    action: Action,
    folder: Folder,
    names: Names,
    leaving: Collection[Path],
) -> tuple[Operation, Conflict | None]:
    source, target = operation.source, operation.target
    # If the plan already numbered the name, the new number replaces that one.
    own = operation.heard.name
    preferred = target.name if target.name.endswith(own) else unnumbered(target.name)
    taken = folder.alike(target.name)
    for path in (*taken, *folder.numbered(preferred, operation.size)):
        if path not in leaving and _holds(path, source, action):
            return operation, _already_there(operation, path, action)
    if not taken:
        return operation, None
    free = names.numbered(target.with_name(preferred))
    while folder.alike(free.name):
        free = names.numbered(target.with_name(preferred))
    renamed = replace(operation, target=free)
    if conflict := _name_conflict(renamed, folder):
        return operation, conflict
    if taken[0] == target:
        kind, why = ConflictKind.TARGET_TAKEN, f"{target} is another file"
    else:
        kind, why = ConflictKind.CASE_CLASH, f"{taken[0]} differs from it only in spelling"
    text = f"{source} will be named {free.name}, because {why}."
    return renamed, Conflict(kind, Outcome.RENAMED, target, text)


def _holds(path: Path, source: Path, action: Action) -> bool:
    """Whether ``path`` already is, or is as good as, what ``action`` would make of ``source``."""
    with suppress(OSError):
        if path.is_symlink():
            return action is Action.SYMLINK and points_to(path, source)
        return path.is_file() and same_content(path, source)
    return False


def _already_there(operation: Operation, path: Path, action: Action) -> Conflict:
    source = operation.source
    if operation.origin is not None:
        text = f"{source} is left where it is: {path}, where it belongs, has the same content."
        return Conflict(ConflictKind.TARGET_TAKEN, Outcome.LEFT, source, text)
    text = f"{source} is already at {path}"
    if action is Action.MOVE and not path.samefile(source):
        text += ": both are kept, delete the one you do not need"
    return Conflict(ConflictKind.ALREADY_THERE, Outcome.SKIPPED, path, f"{text}.", source)
