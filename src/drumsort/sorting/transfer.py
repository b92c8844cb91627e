"""Put one group of files in place, durably; used to apply a plan and to undo a move."""

import errno
import os
import stat
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from drumsort.errors import SortError
from drumsort.files.hashes import file_hash, link_hash, points_to, same_content
from drumsort.files.names import why_not_allowed
from drumsort.sorting import disk
from drumsort.sorting.halt import Faults, Halted
from drumsort.sorting.listing import LONGEST_NAME
from drumsort.sorting.volumes import Volume, demand
from drumsort.types import Action, Way


@dataclass(frozen=True, slots=True)
class Job:
    """One file to transfer; a copy is first written to the temporary name ``part``.

    Attributes:
        digest: the ``file_hash`` that the source must have, or ``""`` for any.
        stamps: the time and permissions that a copy gets, if not those of the source.
    """

    index: int
    source: Path
    target: Path
    size: int
    mtime_ns: int
    part: Path
    digest: str = ""
    stamps: disk.Stamps | None = None


@dataclass(slots=True)
class Transferred:
    """The result of one group of files; files that are in none of these were not tried.

    Attributes:
        placed: index to ``file_hash`` of each file that is now durably in place.
        failed: index to one sentence for each that is not.
        doubtful: the same for each that may be in place, but the disk does not say.
        rests: the same for each that is in place, beside a temporary file that stays.
        ways: way of copying to the number of files; links do not count.
        halted: what keeps this and all further files from being handled.
    """

    placed: dict[int, str] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    doubtful: dict[int, str] = field(default_factory=dict)
    rests: dict[int, str] = field(default_factory=dict)
    ways: Counter[Way] = field(default_factory=Counter)
    halted: Halted | None = None


def transfer(
    action: Action,
    jobs: Sequence[Job],
    tick: Callable[[], None],
    resuming: bool,
    volumes: Sequence[Volume] = (),
) -> Transferred:
    """Put each source at its target; no source is removed.

    Args:
        action: how. A move makes a hard link where it can, else a copy.
        jobs: one group of files.
        tick: called after each file.
        resuming: whether a target with the right content counts as put there by this run.
        volumes: where folders are made only as long as these are there.

    Raises:
        VolumeGone: one of ``volumes`` is not there any more.
        OSError: the disk reports a fault; no temporary file is left, nor after Ctrl-C.
    """
    return _Group(action, volumes, resuming).transfer(jobs, tick)


class _Group:
    """Files on their way to their places."""

    def __init__(self, action: Action, volumes: Sequence[Volume], resuming: bool) -> None:
        self._action, self._volumes, self._resuming = action, volumes, resuming
        self._faults = Faults(volumes)
        self._done = Transferred(failed=self._faults.failed)
        self._hashes: dict[int, str] = {}
        self._copied: list[tuple[Job, Way]] = []
        self._folders: set[Path] = set()

    def transfer(self, jobs: Sequence[Job], tick: Callable[[], None]) -> Transferred:
        try:
            for job in jobs:
                with self._faults.told_to(partial(self._fail, job)):
                    self._bring(job)
                if self._faults.halted:
                    break
                tick()
            self._publish()
        except BaseException:
            for job in jobs:
                with suppress(OSError):
                    disk.settle(job.part, job.target, job.size)
            raise
        demand(self._volumes)
        done = self._done
        done.halted = self._faults.halted
        done.placed = {i: digest for i, digest in self._hashes.items() if not self._is_out(i)}
        self._folders |= {job.target.parent for job in jobs if job.index in done.placed}
        disk.barrier(self._folders)
        done.ways = Counter(way for job, way in self._copied if job.index in done.placed)
        self._sweep(jobs)
        return done

    def _bring(self, job: Job) -> None:
        self._folders |= disk.make_folders(job.target.parent, lambda: demand(self._volumes))
        found = _found(self._action, job) if self._resuming else None
        digest = _link(self._action, job) if found is None else found
        if digest is None:
            digest, way = _copy(job)
            self._copied.append((job, way))
        elif found is not None and not job.target.is_symlink():
            disk.sync(job.target)
        self._hashes[job.index] = digest

    def _publish(self) -> None:
        # Write all files before waiting for the first, and wait for each by itself: os.sync would
        # hide which write failed, and a move relies on every one of them.
        faults = disk.sync_all([job.part for job, _ in self._copied])
        for (job, _), fault in zip(self._copied, faults, strict=True):
            with self._faults.told_to(partial(self._fail, job)):
                if fault is not None:
                    raise fault
                disk.publish(job.part, job.source, job.target, job.stamps)

    def _fail(self, job: Job, error: OSError | SortError) -> None:
        """Note what became of ``job`` after ``error``: failed, in doubt, or left for later."""
        done = self._done
        self._hashes.pop(job.index, None)
        if not isinstance(error, FileExistsError | SortError) and self._may_be_there(job):
            done.doubtful[job.index] = _sentence(error, job, self._action)
            return
        disk.discard(job.part)  # before it is asked whether the disk is full
        sentence = _sentence(error, job, self._action)
        self._faults.fail(job.index, error, job.target, job.size, sentence)

    def _may_be_there(self, job: Job) -> bool:
        try:
            return disk.is_there(job.target)
        except OSError:
            return True

    def _is_out(self, index: int) -> bool:
        return index in self._done.failed or index in self._done.doubtful

    def _sweep(self, jobs: Sequence[Job]) -> None:
        """Try once more to remove each temporary file that an error has left."""
        for job in jobs:
            if job.index in self._done.doubtful:  # it may be the only complete one
                continue
            why = disk.cannot_discard(job.part)
            if why and not self._done.halted:  # else resume or undo removes it
                sentence = f"{job.part} could not be removed ({why}): delete it."
                if job.index in self._done.failed:
                    sentence = f"{self._done.failed[job.index]} {sentence}"
                self._done.rests[job.index] = sentence


def _found(action: Action, job: Job) -> str | None:
    """The hash of what this run put at the target before it was killed, if anything."""
    disk.settle(job.part, job.target, job.size)
    if action is Action.SYMLINK:
        return "" if points_to(job.target, job.source) else None
    if job.source.is_symlink() and job.target.is_symlink():
        digest = link_hash(job.source)
        return digest if link_hash(job.target) == digest else None
    if not disk.is_there(job.target) or not stat.S_ISREG(job.target.lstat().st_mode):
        return None
    return file_hash(job.target) if same_content(job.target, job.source) else None


def _link(action: Action, job: Job) -> str | None:
    """Put the file in place by a link; ``None`` if it takes a copy."""
    if action is Action.SYMLINK:
        disk.symlink(job.source, job.target)
        return ""
    if action is Action.COPY:
        return None
    if action is Action.MOVE and job.source.is_symlink():
        return _move_symlink(job)
    if action is Action.MOVE and job.source.stat().st_dev != job.target.parent.stat().st_dev:
        return None
    digest = file_hash(job.source)
    _demand_unchanged(job, digest)
    try:
        disk.link(job.source, job.target)
    except FileExistsError:
        raise
    except OSError:  # whatever the reason, a copy either works or says what is wrong
        if action is Action.LINK:
            raise
        return None
    return digest


def _move_symlink(job: Job) -> str:
    """Make the same link at the target."""
    digest = link_hash(job.source)
    if job.digest not in ("", digest):
        raise SortError(f"{job.source} leads elsewhere by now: it stays where it is.")
    disk.symlink(job.source.readlink(), job.target)
    return digest


def _copy(job: Job) -> tuple[str, Way]:
    if os.path.lexists(job.target):
        raise FileExistsError
    digest, way = disk.copy(job.source, job.part)
    _demand_unchanged(job, digest)
    return digest, way


def _demand_unchanged(job: Job, digest: str) -> None:
    now = job.source.stat()
    known = job.digest in ("", digest)
    if not known or (now.st_size, now.st_mtime_ns) != (job.size, job.mtime_ns):
        raise SortError(f"{job.source} changed in the meantime: it stays where it is.")


def _sentence(error: OSError | SortError, job: Job, action: Action) -> str:
    if isinstance(error, SortError):
        return str(error)
    if isinstance(error, FileExistsError):
        return f"{job.target} is taken by now: {job.source} stays where it is."
    forbidden = why_not_allowed(job.target.name, LONGEST_NAME, windows=True)
    if error.errno == errno.EINVAL and forbidden:
        why = f"{forbidden}, which this disk does not allow"
        return f"The name of {job.source} {why}: rename the file."
    why = error.strerror or str(error)
    if action in (Action.LINK, Action.SYMLINK):
        return f"{job.source} cannot be linked at {job.target} ({why}): copy it instead."
    return f"{job.source} could not be put at {job.target}: {why}."
