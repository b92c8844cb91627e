"""Sidecars: the files that other programs keep beside a sound; they go where it is moved."""

import os
import stat
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from drumsort.sorting.listing import Folder
from drumsort.types import CheckedPlan, Operation

_BEHIND = (".asd", ".reapeaks")
"""What Ableton Live and REAPER put behind the name: ``kick.wav.asd``, ``kick.wav.reapeaks``."""

_BEFORE = "._"
"""What macOS puts before it."""


def owner(path: Path) -> Path | None:
    """The file that ``path`` would be a sidecar of by its name, or ``None``."""
    name = path.name
    for end in _BEHIND:
        if name.endswith(end):
            return path.with_name(name.removesuffix(end))
    return path.with_name(name.removeprefix(_BEFORE)) if name.startswith(_BEFORE) else None


def followers(operations: Sequence[Operation]) -> set[int]:
    """The indices of those operations that take a sidecar along with its sound."""
    sources = {operation.source for operation in operations}
    return {i for i, operation in enumerate(operations) if owner(operation.source) in sources}


def refiled_sounds(operations: Sequence[Operation]) -> set[int]:
    """The indices of those operations that re-file a sound; its sidecars do not count."""
    again = {i for i, operation in enumerate(operations) if operation.origin is not None}
    return again - followers(operations)


def with_sidecars(checked: CheckedPlan, others: Iterable[Path]) -> CheckedPlan:
    """The same plan, in which each sidecar follows its sound, if its new name is free.

    Args:
        checked: a move.
        others: files that are not sounds, some of which may be sidecars.
    """
    beside: dict[Path, list[Path]] = {}
    for path in others:
        if sound := owner(path):
            beside.setdefault(sound, []).append(path)
    if not beside:
        return checked
    followed = _followed(checked.operations, lambda op: beside.get(op.source, ()))
    return replace(checked, operations=followed)


def with_sidecars_of_refiled(operations: Sequence[Operation]) -> tuple[Operation, ...]:
    """The same operations, in which the sidecars of what is re-filed follow, too.

    They came with a move, or another program wrote them beside the sorted file.
    """
    return _followed(operations, lambda op: _beside(op.source) if op.origin else ())


def _followed(
    operations: Sequence[Operation], sidecars: Callable[[Operation], Iterable[Path]]
) -> tuple[Operation, ...]:
    taken = {operation.target for operation in operations}
    folder_of = cache(Folder)
    all_of_them = []
    for operation in operations:
        all_of_them.append(operation)
        for path in sidecars(operation):
            follower = _follower(operation, path)
            if follower and follower.target not in taken:
                folder = folder_of(follower.target.parent)
                name = follower.target.name
                if not folder.why_not(name) and not folder.alike(name):
                    all_of_them.append(follower)
    return tuple(all_of_them)


def _beside(sound: Path) -> list[Path]:
    """The sidecars of a file, as they lie there now."""
    names = [*(sound.name + end for end in _BEHIND), _BEFORE + sound.name]
    return [path for name in names if os.path.lexists(path := sound.with_name(name))]


def _follower(operation: Operation, path: Path) -> Operation | None:
    before, _, behind = path.name.partition(operation.source.name)
    target = operation.target.with_name(f"{before}{operation.target.name}{behind}")
    try:
        now = path.lstat()
    except OSError:
        return None
    if not stat.S_ISREG(now.st_mode):
        return None
    origin = path if operation.origin else None
    mode = stat.S_IMODE(now.st_mode)
    return Operation(path, target, now.st_size, now.st_mtime_ns, mode, origin)
