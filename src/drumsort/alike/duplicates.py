"""Sounds that lie in several files, which of these to keep, and a plan that moves the rest away."""

import os
import re
import stat
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from drumsort.alike import near as near_
from drumsort.catalog import trouble
from drumsort.catalog.catalog import Catalog
from drumsort.catalog.reads import inside
from drumsort.files.names import Names
from drumsort.types import Action, Operation, Plan

_FILES = """
    SELECT path, root, size, mtime_ns, file_hash, audio_hash,
           format, rate, channels, duration, peak_db
    FROM files JOIN sounds USING (audio_hash)
    WHERE NOT missing AND error IS NULL ORDER BY path
"""
_MISSING = "SELECT path FROM files WHERE missing AND audio_hash IS NOT NULL"
_BITS = re.compile(
    r"(?:PCM_[SU]?|ALAC_|DWVW_)(\d+)$"
)  # in libsndfile's names of what loses nothing
_FLOATS = {"FLOAT": 32, "DOUBLE": 64}


class Keep(StrEnum):
    """Which file of a group is kept; where two are alike in that, the first in path order."""

    FIRST = "first"
    BEST = "best"
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
        quality: the higher, the better: bits a sample if nothing is lost, else 0; each as far as
            the ones before are alike: lossless, rate, bits, channels, duration, peak.
        likeness: 1 if it has the samples of the file that is kept, else how well the two
            correlate, 0 to 1.
    """

    path: Path
    root: Path
    size: int
    mtime_ns: int
    file_hash: bytes
    quality: tuple[float, ...] = ()
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
        keep: the rule that says which file of a group is kept.
        back: how many files were left out, for they were gone at the last scan, and are back.
    """

    groups: tuple[Group, ...]
    stale: int
    roots: tuple[Path, ...]
    keep: Keep = Keep.FIRST
    back: int = 0

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
        """Decide whose names should become names of another file of the group, to save space.

        That is the first with the same bytes, beginning with the one that is kept; the same sound
        in another format or with other tags is left out, and so is what is near.
        ``drumsort.apply`` links, and ``drumsort.undo`` makes each a file of its own again.
        """
        operations = tuple(
            Operation(copy.path, target, copy.size, copy.mtime_ns)
            for group in self.groups
            for copy, target in _same_bytes(group)
        )
        into = self.roots[0] if self.roots else Path()
        return Plan(self.roots, into, Action.RELINK, operations)


def duplicates(
    catalog: Catalog,
    below: Iterable[str | os.PathLike[str]] = (),
    *,
    near: bool = False,
    keep: Keep | str | None = None,
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
        keep: which file of each group is kept; the best by default where ``near``, else the first.
        on_progress: called with how many sounds were heard, of how many, where ``near`` needs it;
            then with how many pairs were compared.

    Raises:
        CatalogError: it cannot be read, or knows no sound in one of the folders.
    """
    keep = Keep(keep or (Keep.BEST if near else Keep.FIRST))
    key = _KEYS[keep]
    folders = [os.path.realpath(folder) for folder in below]
    files = _files(catalog, folders)
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
    return Duplicates(tuple(groups), stale, roots, keep, _back(catalog, folders))


def _same_bytes(group: Group) -> Iterator[tuple[Copy, Path]]:
    """Each file of the rest that holds the bytes of one before it, and that one."""
    first = {group.kept.file_hash: group.kept.path}
    for copy in group.rest:
        target = first.setdefault(copy.file_hash, copy.path)
        if target != copy.path:
            yield copy, target


_KEYS: Mapping[Keep, Callable[[Copy], tuple[Any, ...]]] = {
    Keep.FIRST: lambda copy: (0, os.fsencode(copy.path)),
    Keep.BEST: lambda copy: (*(-value for value in copy.quality), os.fsencode(copy.path)),
    Keep.LONGEST_NAME: lambda copy: (-len(copy.path.name), os.fsencode(copy.path)),
    Keep.OLDEST: lambda copy: (copy.mtime_ns, os.fsencode(copy.path)),
}


def _files(catalog: Catalog, folders: Sequence[str]) -> Mapping[bytes, list[Copy]]:
    """Audio hash to the files that hold it, those in ``folders`` only."""
    files: dict[bytes, list[Copy]] = defaultdict(list)
    bounds = [(os.fsencode(folder), *inside(os.fsencode(folder))) for folder in folders]
    empty = set(range(len(bounds)))
    for path, root, size, mtime_ns, digest, sound, *facts in catalog.read(_FILES):
        held = {i for i, (top, low, high) in enumerate(bounds) if path == top or low <= path < high}
        empty -= held
        if held or not bounds:
            place = Path(os.fsdecode(path))
            top = Path(os.fsdecode(root))
            files[sound].append(Copy(place, top, size, mtime_ns, digest, _quality(*facts)))
    for i in empty:
        raise trouble.unknown(catalog.path, folders[i])
    return files


def _quality(
    format_: str, rate: int, channels: int, duration: float, peak_db: float
) -> tuple[float, ...]:
    encoding = format_.rpartition(" ")[2]
    whole = _BITS.match(encoding)
    bits = int(whole[1]) if whole else _FLOATS.get(encoding, 0)
    return (bits > 0, rate, bits, channels, duration, peak_db)


def _back(catalog: Catalog, folders: Sequence[str]) -> int:
    """How many files, of those in ``folders``, the last scan missed that are there now."""
    bounds = [(os.fsencode(folder), *inside(os.fsencode(folder))) for folder in folders]
    return sum(
        os.path.lexists(path)
        for (path,) in catalog.read(_MISSING)
        if not bounds or any(path == top or low <= path < high for top, low, high in bounds)
    )


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
