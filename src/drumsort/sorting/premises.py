"""What must be true for a run as a whole; if it is not, nothing of the run is done."""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from drumsort.sorting.listing import nearest, writable
from drumsort.types import Action, Conflict, ConflictKind, Operation, Outcome, Plan


def refusals(plan: Plan, operations: Sequence[Operation]) -> Iterator[Conflict]:
    """The reasons why ``operations``, those of ``plan`` that remain, must not be carried out."""
    anchor = nearest(plan.into)
    for root in plan.roots:
        if _inside(plan.into, root):
            where = "is" if plan.into == root else f"lies inside {root},"
            text = f"{plan.into} {where} where the files come from: choose a folder outside it."
            yield _refused(ConflictKind.OUTPUT_INSIDE_INPUT, plan.into, text)
    if not anchor.is_dir():
        text = f"{anchor} is a file: choose another output folder."
        yield _refused(ConflictKind.NOT_WRITABLE, anchor, text)
    elif not writable(anchor):
        text = f"{anchor} cannot be written to: change its permissions or choose another folder."
        yield _refused(ConflictKind.NOT_WRITABLE, anchor, text)
    elif new := [operation for operation in operations if operation.origin is None]:
        yield from _of_the_disk(plan, new, anchor)


def _refused(kind: ConflictKind, path: Path, message: str) -> Conflict:
    return Conflict(kind, Outcome.REFUSED, path, message)


def _inside(path: Path, root: Path) -> bool:
    """Whether ``path`` is ``root`` or lies below it, however they are spelled."""
    resolved = Path(os.path.realpath(path))
    return root.exists() and any(
        folder.samefile(root) for folder in (resolved, *resolved.parents) if folder.exists()
    )


def _of_the_disk(plan: Plan, operations: Sequence[Operation], anchor: Path) -> Iterator[Conflict]:
    afar = operations if plan.action is Action.COPY else _afar(operations, anchor)
    if plan.action in (Action.COPY, Action.MOVE):
        needed = sum(operation.size for operation in afar)
        free = shutil.disk_usage(anchor).free
        if needed > free:
            text = (
                f"{plan.into} needs {_human(needed)}, but only {_human(free)} are free: make room "
                "or choose another disk."
            )
            yield _refused(ConflictKind.NO_SPACE, plan.into, text)
    if plan.action is Action.LINK and afar:
        text = (
            f"{afar[0].source} is on another disk than {plan.into}, and hard links cannot cross "
            "disks: use symbolic links or copy."
        )
        yield _refused(ConflictKind.NOT_POSSIBLE, afar[0].source, text)


def _afar(operations: Iterable[Operation], anchor: Path) -> list[Operation]:
    """Operations whose source is on another disk than ``anchor``."""
    device = cache(lambda folder: folder.stat().st_dev)
    here = device(anchor)
    return [operation for operation in operations if device(operation.source.parent) != here]


def _human(size: float) -> str:
    units = ["bytes", "kB", "MB", "GB", "TB"]
    while size >= 1000 and len(units) > 1:
        size /= 1000
        units.pop(0)
    return f"{size:.3g} {units[0]}"
