"""Sidecars: the files that other programs keep beside a sound; they go where it is moved."""

from collections.abc import Iterable
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
    taken = {operation.target for operation in checked.operations}
    folder_of = cache(Folder)
    operations = []
    for operation in checked.operations:
        operations.append(operation)
        for path in beside.get(operation.source, ()):
            follower = _follower(operation, path)
            if follower and follower.target not in taken:
                folder = folder_of(follower.target.parent)
                name = follower.target.name
                if not folder.why_not(name) and not folder.alike(name):
                    operations.append(follower)
    return replace(checked, operations=tuple(operations))


def _follower(operation: Operation, path: Path) -> Operation | None:
    before, _, behind = path.name.partition(operation.source.name)
    target = operation.target.with_name(f"{before}{operation.target.name}{behind}")
    try:
        stat = path.stat()
    except OSError:
        return None
    if path.is_symlink():
        return None
    return Operation(path, target, stat.st_size, stat.st_mtime_ns)
