"""A second sort moves what the first one put in place, instead of making another copy.

Only what is still as drumsort left it is moved. What a person changed, moved or renamed is left.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from enum import Enum, auto
from functools import cached_property
from pathlib import Path

from drumsort.files.hashes import file_hash, points_to, same_content
from drumsort.files.names import fold, unnumbered
from drumsort.sorting.kin import Kin
from drumsort.sorting.owned import Owned
from drumsort.types import Action, Conflict, ConflictKind, Operation, Outcome, Plan


class State(Enum):
    """What became of a file that drumsort put in place."""

    UNCHANGED = auto()
    CHANGED = auto()
    GONE = auto()


class Output:
    """An output folder and what drumsort put there.

    Args:
        into: the folder.
        files: what drumsort put there.
    """

    def __init__(self, into: Path, files: Sequence[Owned]) -> None:
        self._into, self.files = into, files
        self._states: dict[Path, State] = {}

    def state(self, own: Owned) -> State:
        """Whether a file is as drumsort left it; its bytes are read if size or time differ."""
        if own.path not in self._states:
            self._states[own.path] = self._look(own)
        return self._states[own.path]

    def _look(self, own: Owned) -> State:
        try:
            now = own.path.lstat()
            if own.is_link or own.path.is_symlink():
                same = own.is_link and points_to(own.path, own.origin)
            else:
                same = (now.st_size, now.st_mtime_ns) == (own.size, own.mtime_ns)
                same = same or self.kin.are(file_hash(own.path), own.digest)
        except (FileNotFoundError, NotADirectoryError):
            return State.GONE
        except OSError:
            return State.CHANGED  # whatever it is now, it is not what was sorted
        return State.UNCHANGED if same else State.CHANGED

    def elsewhere(self, own: Owned) -> Path | None:
        """Where in the folder a person moved a file that is gone, if it is there."""
        sizes = {-1} if own.is_link else {own.size, *self.kin.sizes(own.digest)}
        with suppress(OSError):
            for path in (path for size in sizes for path in self._others[size]):
                if self._is_it(own, path):
                    return path
        return None

    def _is_it(self, own: Owned, path: Path) -> bool:
        if own.is_link:
            return points_to(path, own.origin)
        return self.kin.are(file_hash(path), own.digest)

    @cached_property
    def kin(self) -> Kin:
        """Tells a file that drumsort tagged from one that somebody else changed."""
        return Kin()

    @cached_property
    def _others(self) -> dict[int, list[Path]]:
        """Size to the files that drumsort did not put where they are; -1 to symbolic links."""
        ours = {own.path for own in self.files}
        sizes: defaultdict[int, list[Path]] = defaultdict(list)
        for folder, _, names in os.walk(self._into):
            for path in (Path(folder, name) for name in sorted(names)):
                if path not in ours:
                    with suppress(OSError):
                        sizes[-1 if path.is_symlink() else path.stat().st_size].append(path)
        return sizes


def left(own: Owned, output: Output) -> Conflict | None:
    """Why a person's hand keeps a file from being re-filed, or ``None``; one that is gone without a
    trace is no reason."""
    match output.state(own):
        case State.CHANGED:
            text = f"{own.path} was changed after it was sorted, so it is left as it is."
            return Conflict(ConflictKind.NO_LONGER_OURS, Outcome.LEFT, own.path, text)
        case State.GONE if (found := output.elsewhere(own)) is not None:
            text = f"{found} is left where it is: it was moved there by hand from {own.path}."
            return Conflict(ConflictKind.NO_LONGER_OURS, Outcome.LEFT, found, text)
    return None


def is_in_place(own: Owned, target: Path) -> bool:
    """Whether a file is at ``target``, or beside it with another number."""
    wanted, mine = ({fold(n) for n in (p.name, unnumbered(p.name))} for p in (target, own.path))
    if wanted.isdisjoint(mine):
        return False
    folder, other = target.parent.absolute(), own.path.parent
    return folder == other or os.path.realpath(folder) == os.path.realpath(other)


def move(own: Owned, target: Path) -> Operation:
    """The operation that re-files a file.

    Raises:
        OSError: it cannot be looked at.
    """
    now = own.path.stat()
    return Operation(own.path, target, now.st_size, now.st_mtime_ns, origin=own.origin)


def refiled(plan: Plan, files: Sequence[Owned]) -> tuple[Plan, list[Conflict]]:
    """Let a plan move what earlier sorts made of the same files, where that is in another place.

    Args:
        plan: of a sort.
        files: what drumsort put into its output folder.

    Returns:
        The plan, and one conflict for each file that is left because a person changed or moved what
        was sorted.
    """
    output = Output(plan.into, files)
    mine = _Mine(plan, files, output)
    operations: list[Operation] = []
    conflicts: list[Conflict] = []
    for op in plan.operations:
        now = _now(op, plan.action, mine(op), output)
        if isinstance(now, Conflict):
            conflicts.append(now)
        else:
            operations.append(now)
    return replace(plan, operations=tuple(operations)), conflicts


def _now(
    op: Operation, action: Action, mine: Sequence[Owned], output: Output
) -> Operation | Conflict:
    """What to do with a file that earlier sorts made ``mine`` of."""
    there = [own for own in mine if is_in_place(own, op.target)]
    for own in there or mine:
        moved = own.action is Action.MOVE
        if not moved and (conflict := left(own, output)):
            return conflict
        if output.state(own) is State.UNCHANGED:
            with suppress(OSError):
                if not moved and not there:
                    return move(own, op.target)
                tags = ", with other tags" if not own.is_link and _other_tags(own, op) else ""
                if moved or tags:
                    return _already_there(op, action, own, tags)
    return op


def _already_there(op: Operation, action: Action, own: Owned, tags: str) -> Conflict:
    text = f"{op.source} is already at {own.path}{tags}"
    if action is Action.MOVE:
        text += ": both are kept, delete the one you do not need"
    kind, outcome = ConflictKind.ALREADY_THERE, Outcome.SKIPPED
    return Conflict(kind, outcome, own.path, f"{text}.", op.source)


def _other_tags(own: Owned, op: Operation) -> bool:
    """Whether a file and what was made of it, which differ in tags at most, do differ."""
    now = own.path.stat()
    if (now.st_size, now.st_mtime_ns) == (op.size, op.mtime_ns):
        return False
    return not same_content(own.path, op.source)


class _Mine:
    """Finds what earlier sorts made of a file, if it has the same content now."""

    def __init__(self, plan: Plan, files: Sequence[Owned], output: Output) -> None:
        self._output = output
        links = plan.action is Action.SYMLINK
        same = [own for own in files if own.is_link == links]
        sources = {op.source.absolute() for op in plan.operations}
        self._by_origin: defaultdict[Path, list[Owned]] = defaultdict(list)
        self._strays: defaultdict[int, list[Owned]] = defaultdict(list)
        for own in same:
            moved = own.action is Action.MOVE
            if own.origin in sources and not moved:
                self._by_origin[own.origin].append(own)
            elif (
                own.digest
                and _was_within(own, plan.roots)
                and (moved or not os.path.lexists(own.origin))
            ):
                self._strays[own.size].append(own)

    def __call__(self, op: Operation) -> list[Owned]:
        known = self._by_origin.get(op.source.absolute(), [])
        if known and (known[0].is_link or _as_sorted(op, known)):
            return known
        waiting = known or self._strays.get(op.size, [])
        if not waiting:
            return []
        with suppress(OSError):
            digest = file_hash(op.source)
            found = [own for own in waiting if self._output.kin.are(own.digest, digest)]
            if not known and found:
                if found[0].action is not Action.MOVE:
                    waiting.remove(found[0])  # the original was renamed; each copy stands for one
                return found[:1]
            return found
        return []


def _as_sorted(op: Operation, known: Sequence[Owned]) -> bool:
    """Whether a file is as it was in the one sort that is known of it."""
    return len(known) == 1 and (known[0].size, known[0].mtime_ns) == (op.size, op.mtime_ns)


def _was_within(own: Owned, roots: Collection[Path]) -> bool:
    return any(own.origin.is_relative_to(root.absolute()) for root in roots)


def emptied(
    operations: Sequence[Operation], into: Path, made: Callable[[], set[Path]]
) -> list[Path]:
    """The folders that re-filing may have emptied, children first: only such as drumsort made.

    Args:
        operations: of the run.
        into: the output folder, which stays.
        made: gives the folders that drumsort made.
    """
    parents = {op.source.parent for op in operations if op.origin is not None}
    if not parents:
        return []
    ours = made()
    return sorted((f for parent in parents for f in _up(parent, into) if f in ours), reverse=True)


def _up(folder: Path, into: Path) -> Iterator[Path]:
    while folder != into and folder.is_relative_to(into):
        yield folder
        folder = folder.parent
