"""Sounds that lie in several files, which of these to keep, and a plan that moves the rest away."""

import os
import stat
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from drumsort.errors import CatalogError
from drumsort.library import near as near_
from drumsort.library.catalog import Catalog
from drumsort.library.entries import inside
from drumsort.sorting.names import Names
from drumsort.types import Action, Operation, Plan

_FILES = """
    SELECT path, root, size, mtime_ns, file_hash, audio_hash FROM files
    WHERE NOT missing AND error IS NULL AND audio_hash IS NOT NULL ORDER BY path
"""


class Keep(StrEnum):
    """Which file of a group is kept; where two are alike in that, the first in path order."""

    FIRST = "first"
    LONGEST_NAME = "longest-name"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Copy:
    """One of several files with the same sound.

    Attributes:
        path: the file, absolute.
        root: the folder that it was scanned with.
        size: bytes.
        mtime_ns: time of last change in nanoseconds.
        file_hash: SHA-256 of all bytes.
        likeness: 1 if it has the samples of the file that is kept, else how well the two
            correlate, 0 to 1.
    """

    path: Path
    root: Path
    size: int
    mtime_ns: int
    file_hash: bytes
    likeness: float = 1.0


@dataclass(frozen=True, slots=True)
class Group:
    """Files with the same sound: the one to keep, and the rest in path order."""

    kept: Copy
    rest: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What is there more than once.

    Attributes:
        groups: in path order of what is kept.
        stale: how many files were left out, for they are gone or changed since the last scan.
        roots: the folders that all files lie in which were compared.
    """

    groups: tuple[Group, ...]
    stale: int
    roots: tuple[Path, ...]

    @property
    def rest(self) -> tuple[Copy, ...]:
        """All files but those that are kept."""
        return tuple(copy for group in self.groups for copy in group.rest)

    def plan(self, into: str | os.PathLike[str]) -> Plan:
        """Decide where the rest should go: each below ``into``, in folders as those it lies in.

        ``drumsort.apply`` moves them, ``drumsort.undo`` moves them back.
        """
        into = Path(into)
        wishes = [into / c.root.name / c.path.relative_to(c.root) for c in self.rest]
        names = Names(wishes)
        operations = tuple(
            Operation(copy.path, names.give(wish), copy.size, copy.mtime_ns)
            for copy, wish in zip(self.rest, wishes, strict=True)
        )
        return Plan(self.roots, into, Action.MOVE, operations)

    def link_plan(self) -> Plan:
        """Decide whose names should become names of the file that is kept, to save space.

        These are files with all its bytes; the same sound in another format or with other tags is
        left out, and so is what is near. ``drumsort.apply`` links, and ``drumsort.undo`` makes each
        a file of its own again.
        """
        operations = tuple(
            Operation(copy.path, group.kept.path, copy.size, copy.mtime_ns)
            for group in self.groups
            for copy in group.rest
            if copy.file_hash == group.kept.file_hash
        )
        into = self.roots[0] if self.roots else Path()
        return Plan(self.roots, into, Action.RELINK, operations)


def duplicates(
    catalog: Catalog,
    below: Iterable[str | os.PathLike[str]] = (),
    *,
    near: bool = False,
    keep: Keep | str = Keep.FIRST,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Duplicates:
    """Find files with the same sound among those that a catalog knows.

    Two files hold the same if all their samples, rate and channels are alike, whatever the format
    or the tags. A file under two names, as by hard links, counts once, and symbolic links do not
    count. Every file of the rest is compared with the one that is kept, never by way of a third.

    Args:
        catalog: what is known; files that are gone or changed since are left out.
        below: only files in these folders; all by default.
        near: whether to find the same recording at another level, rate or format, too.
        keep: which file of each group is kept.
        on_progress: called with how many sounds were heard, of how many, where ``near`` needs it;
            then with how many pairs were compared.

    Raises:
        CatalogError: it cannot be read, or knows no sound in one of the folders.
    """
    key = _KEYS[Keep(keep)]
    files = _files(catalog, [os.path.realpath(folder) for folder in below])
    roots = tuple(dict.fromkeys(copy.root for copies in files.values() for copy in copies))
    alike = near_.candidates(catalog, files) if near else ()
    wanted = {sound for pair in alike for sound in pair}
    wanted |= {sound for sound, copies in files.items() if len(copies) > 1}
    there: dict[bytes, list[Copy]] = {}
    stale = 0
    for sound in wanted:
        fresh, gone = _fresh(sorted(files[sound], key=key))
        stale += gone
        if fresh:
            there[sound] = fresh
    pairs = [(a, b) for a, b in alike if a in there and b in there]
    likeness = near_.confirmed(pairs, {s: there[s][0].path for s in there}, on_progress)
    groups = _groups(dict(sorted(there.items(), key=lambda item: key(item[1][0]))), likeness)
    groups.sort(key=lambda group: os.fsencode(group.kept.path))
    return Duplicates(tuple(groups), stale, roots)


_KEYS: Mapping[Keep, Callable[[Copy], tuple[int, bytes]]] = {
    Keep.FIRST: lambda copy: (0, os.fsencode(copy.path)),
    Keep.LONGEST_NAME: lambda copy: (-len(copy.path.name), os.fsencode(copy.path)),
    Keep.OLDEST: lambda copy: (copy.mtime_ns, os.fsencode(copy.path)),
}


def _files(catalog: Catalog, folders: Sequence[str]) -> Mapping[bytes, list[Copy]]:
    """Audio hash to the files that hold it, those in ``folders`` only."""
    files: dict[bytes, list[Copy]] = defaultdict(list)
    bounds = [(os.fsencode(folder), *inside(os.fsencode(folder))) for folder in folders]
    empty = set(range(len(bounds)))
    for path, root, size, mtime_ns, digest, sound in catalog.read(_FILES):
        held = {i for i, (top, low, high) in enumerate(bounds) if path == top or low <= path < high}
        empty -= held
        if held or not bounds:
            place = Path(os.fsdecode(path))
            files[sound].append(Copy(place, Path(os.fsdecode(root)), size, mtime_ns, digest))
    for i in empty:
        raise CatalogError(
            f"The catalog {catalog.path} knows no sound in {folders[i]}: 'drumsort scan DIR' "
            "enters those there are."
        )
    return files


def _fresh(copies: Iterable[Copy]) -> tuple[list[Copy], int]:
    """The files that are as they were scanned, each under one name, and how many are not."""
    fresh, seen, stale = [], set(), 0
    for copy in copies:
        try:
            now = copy.path.lstat()
        except OSError:
            stale += 1
            continue
        if stat.S_ISLNK(now.st_mode) or (now.st_dev, now.st_ino) in seen:
            continue
        if (now.st_size, now.st_mtime_ns) != (copy.size, copy.mtime_ns):
            stale += 1
            continue
        seen.add((now.st_dev, now.st_ino))
        fresh.append(copy)
    return fresh, stale


def _groups(
    sounds: Mapping[bytes, Sequence[Copy]], likeness: Mapping[tuple[bytes, bytes], float]
) -> list[Group]:
    """Each sound that is left, in this order, with all that is left of what is like it."""
    near: dict[bytes, dict[bytes, float]] = defaultdict(dict)
    for (one, other), value in likeness.items():
        near[one][other] = near[other][one] = value
    left = dict(sounds)
    groups = []
    for sound in sounds:
        if sound not in left:
            continue
        kept, *rest = left.pop(sound)
        for other, value in near[sound].items():
            rest += [replace(copy, likeness=value) for copy in left.pop(other, ())]
        if rest:
            rest.sort(key=lambda copy: os.fsencode(copy.path))
            groups.append(Group(kept, tuple(rest)))
    return groups
