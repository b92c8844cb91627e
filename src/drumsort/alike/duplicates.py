"""Sounds that several files hold, which file to keep, and plans for the others."""

import math
import os
import stat
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from drumsort.alike import near as near_
from drumsort.audio.formats import bits
from drumsort.catalog import trouble
from drumsort.catalog.catalog import Catalog
from drumsort.catalog.database import inside
from drumsort.files.names import Names, is_called_a_copy
from drumsort.remote import is_url, resolved
from drumsort.types import Action, Operation, Plan

_FILES = """
    SELECT path, root, size, mtime_ns, file_hash, audio_hash,
           format, rate, channels, duration, peak_db
    FROM files JOIN sounds USING (audio_hash)
    WHERE NOT missing AND error IS NULL ORDER BY path
"""
_NEEDED = 0.8  # of half a rate: a sound that goes no higher was resampled to it
_STEPS = 6  # an octave: in less, two sounds go equally high
_MISSING = "SELECT path FROM files WHERE missing AND audio_hash IS NOT NULL"


class Keep(StrEnum):
    """Which file of a group to keep; of two that are equal in this, the first in path order."""

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
        quality: the higher, the better: whether it is lossless, then up to what frequency it goes
            (where that is known) and whether its rate is no higher than that needs, then rate, bits
            per sample (0 if lossy), channels, duration and peak.
        likeness: 1 if its samples equal those of the file to keep, else the correlation of the
            two, 0 to 1.
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
    """The sounds that several files hold.

    Attributes:
        groups: in path order of the file to keep.
        stale: how many files were left out because they are gone or changed since the last scan.
        roots: the scanned folders that hold the compared files.
        keep: the rule that chose the file to keep.
        back: how many files were left out because they were missing at the last scan; they exist
            again.
    """

    groups: tuple[Group, ...]
    stale: int
    roots: tuple[Path, ...]
    keep: Keep = Keep.FIRST
    back: int = 0

    @property
    def rest(self) -> tuple[Copy, ...]:
        """All files except those to keep."""
        return tuple(copy for group in self.groups for copy in group.rest)

    def plan(self, into: str | os.PathLike[str]) -> Plan:
        """A plan that moves the rest into ``into``, in the same folders as now.

        ``drumsort.apply(plan, away=True)`` moves the files, ``drumsort.undo`` moves them back.
        """
        into = Path(into)
        targets = [into / c.root.name / c.path.relative_to(c.root) for c in self.rest]
        names = Names(targets)
        operations = tuple(
            Operation(copy.path, names.give(target), copy.size, copy.mtime_ns)
            for copy, target in zip(self.rest, targets, strict=True)
            if not is_url(copy.path)  # in a store nothing is moved
        )
        return Plan(self.roots, into, Action.MOVE, operations)

    def link_plan(self) -> Plan:
        """A plan that replaces files with hard links to an identical file, to save space.

        The link leads to the first file of the group with the same bytes, the kept one if it has
        them. The same sound in another format or with other tags is left alone, as are
        near-duplicates. ``drumsort.apply`` links, ``drumsort.undo`` turns the links back into
        files of their own.
        """
        operations = tuple(
            Operation(copy.path, target, copy.size, copy.mtime_ns)
            for group in self.groups
            for copy, target in _same_bytes(group)
            if not is_url(copy.path) and not is_url(target)
        )
        into = self.roots[0] if self.roots else Path()
        return Plan(self.roots, into, Action.RELINK, operations)


def duplicates(
    catalog: Catalog,
    below: Iterable[str | os.PathLike[str]] = (),
    *,
    near: bool = False,
    keep: Keep | str | None = None,
    prefer: Iterable[str | os.PathLike[str]] = (),
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Duplicates:
    """Find files with the same sound among those that a catalog knows.

    Two files hold the same sound if their samples, rate and channels are equal, whatever the format
    and the tags. A file with several names (hard links) counts once; symbolic links do not count.
    Each file of the rest is compared with the file to keep itself, never by way of a third file.

    Args:
        catalog: the files to compare; those that are gone or changed since the scan are left out.
        below: only files in these folders, or below their URLs in stores; all by default.
        near: whether to find the same recording at another level, rate or format, too.
        keep: which file of each group to keep; by default the best with ``near``, else the first.
        prefer: folders; a file in one of them is kept rather than any other.
        on_progress: with ``near``, called with the number of sounds heard and their total, then
            with the number of pairs compared and their total.

    Raises:
        CatalogError: the catalog cannot be read, or knows no sound in one of the folders.
    """
    keep = Keep(keep or (Keep.BEST if near else Keep.FIRST))
    folders, preferred = ([os.fspath(resolved(f)) for f in some] for some in (below, prefer))
    key = _Order(keep, [_bounds(folder) for folder in preferred])
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
    found = near_.confirmed(pairs, {s: there[s][0].path for s in there}, on_progress)
    for sound, hertz in found.highest.items():
        there[sound] = sorted((_reaching(copy, hertz) for copy in there[sound]), key=key)
    ordered = dict(sorted(there.items(), key=lambda item: key(item[1][0])))
    groups = _groups(ordered, found.likeness)
    groups.sort(key=lambda group: os.fsencode(group.kept.path))
    return Duplicates(tuple(groups), stale, roots, keep, _back(catalog, folders))


def _same_bytes(group: Group) -> Iterator[tuple[Copy, Path]]:
    """Each file of the rest with the bytes of an earlier file of the group, and that file."""
    first = {group.kept.file_hash: group.kept.path}
    for copy in group.rest:
        target = first.setdefault(copy.file_hash, copy.path)
        if target != copy.path:
            yield copy, target


_KEYS: Mapping[Keep, Callable[[Copy], tuple[Any, ...]]] = {
    Keep.FIRST: lambda copy: (),
    Keep.BEST: lambda copy: tuple(-value for value in copy.quality),
    Keep.LONGEST_NAME: lambda copy: (-len(copy.path.name),),
    Keep.OLDEST: lambda copy: (copy.mtime_ns,),
}


@dataclass(frozen=True, slots=True)
class _Order:
    """Sorts files, the one to keep first; of two that are equal, none that is called a copy."""

    keep: Keep
    preferred: Sequence[tuple[bytes, bytes]]

    def __call__(self, copy: Copy) -> tuple[Any, ...]:
        path = os.fsencode(copy.path)
        elsewhere = not any(low <= path < high for low, high in self.preferred)
        is_copy = is_called_a_copy(copy.path)
        return (elsewhere, *_KEYS[self.keep](copy), is_copy, path)


def _reaching(copy: Copy, hertz: float) -> Copy:
    """A file whose sound is known to go up to so many Hz, which its rate may not need."""
    lossless, rate, *rest = copy.quality
    needed = hertz > _NEEDED * rate / 2
    return replace(copy, quality=(lossless, round(_STEPS * math.log2(hertz)), needed, rate, *rest))


def _files(catalog: Catalog, folders: Sequence[str]) -> Mapping[bytes, list[Copy]]:
    """Audio hash to the files in ``folders`` that hold it."""
    files: dict[bytes, list[Copy]] = defaultdict(list)
    bounds = [(os.fsencode(folder), *_bounds(folder)) for folder in folders]
    empty = set(range(len(bounds)))
    for row in catalog.read(_FILES):
        key = row.path
        held = {i for i, (top, low, high) in enumerate(bounds) if key == top or low <= key < high}
        empty -= held
        if held or not bounds:
            path, root = trouble.located(catalog.path, key, row.root)
            copy = Copy(path, root, row.size, row.mtime_ns, row.file_hash, _quality(row))
            files[row.audio_hash].append(copy)
    for i in empty:
        raise trouble.unknown(catalog.path, folders[i])
    return files


def _bounds(folder: str) -> tuple[bytes, bytes]:
    return inside(os.fsencode(folder))


def _quality(row: Any) -> tuple[float, ...]:
    kept = bits(row.format)
    return (kept > 0, row.rate, kept, row.channels, row.duration, row.peak_db)


def _back(catalog: Catalog, folders: Sequence[str]) -> int:
    """How many files in ``folders`` were missing at the last scan and exist now."""
    bounds = [(os.fsencode(folder), *_bounds(folder)) for folder in folders]
    return sum(
        os.path.lexists(path)
        for (path,) in catalog.read(_MISSING)
        if not bounds or any(path == top or low <= path < high for top, low, high in bounds)
    )


def _fresh(copies: Iterable[Copy]) -> tuple[list[Copy], int]:
    """The files that are unchanged since the scan, each under one name, and how many are not."""
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
    """A group for each sound, in this order, with the sounds like it that no earlier one took."""
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
