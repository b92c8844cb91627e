"""Put one group of files in place, durably; an apply and the undo of a move both go through it."""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from drumsort.errors import SortError
from drumsort.files.hashes import file_hash, points_to, same_content
from drumsort.sorting import disk
from drumsort.types import Action, Way


@dataclass(frozen=True, slots=True)
class Job:
    """One file on its way; ``part`` is the temporary name a copy goes through.

    Attributes:
        digest: the ``file_hash`` that the source must have, ``""`` if any will do.
    """

    index: int
    source: Path
    target: Path
    size: int
    mtime_ns: int
    part: Path
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Transferred:
    """What became of one group of files.

    Attributes:
        placed: index to ``file_hash`` for what is now durably in place.
        failed: index to one sentence for what is not.
        ways: how many files were copied in each way; those that were linked do not count.
    """

    placed: dict[int, str]
    failed: dict[int, str]
    ways: Counter[Way]


def transfer(
    action: Action, jobs: Sequence[Job], tick: Callable[[], None], resuming: bool
) -> Transferred:
    """Put each source at its target; no source is removed.

    Args:
        action: how. A move makes a hard link where it can and a copy where it cannot.
        jobs: one group of files.
        tick: called after each file.
        resuming: whether a target that holds the right content counts as put there by this run.

    Raises:
        OSError: if the disk reports a fault; no temporary file is left then, nor after Ctrl-C.
    """
    placed: dict[int, str] = {}
    failed: dict[int, str] = {}
    copied: list[tuple[Job, Way]] = []
    folders: set[Path] = set()
    try:
        for job in jobs:
            with _Naming(failed, job, action):
                folders |= disk.make_folders(job.target.parent)
                found = _found(action, job) if resuming else None
                digest = _link(action, job) if found is None else found
                if digest is None:
                    digest, way = _copy(job)
                    copied.append((job, way))
                elif found is not None and action is not Action.SYMLINK:
                    disk.sync(job.target)
                placed[job.index] = digest
            tick()
        # All are written before the first is waited for, and each is waited for by itself: to wait
        # for the whole machine (os.sync) hides which write failed, and a move relies on them all.
        faults = disk.sync_all([job.part for job, _ in copied])
        for (job, _), fault in zip(copied, faults, strict=True):
            with _Naming(failed, job, action):
                if fault is not None:
                    raise fault
                disk.publish(job.part, job.source, job.target)
    except BaseException:
        for job in jobs:
            with suppress(OSError):
                disk.settle(job.part, job.target, job.size)
        raise
    placed = {index: digest for index, digest in placed.items() if index not in failed}
    folders |= {job.target.parent for job in jobs if job.index in placed}
    for fault in filter(None, disk.sync_all(list(folders))):
        raise fault
    return Transferred(placed, failed, Counter(way for job, way in copied if job.index in placed))


class _Naming:
    """Turns what goes wrong with one file into a sentence that names it."""

    def __init__(self, failed: dict[int, str], job: Job, action: Action) -> None:
        self.failed, self.job, self.action = failed, job, action

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, OSError | SortError):
            return False
        disk.discard(self.job.part)
        self.failed[self.job.index] = _sentence(error, self.job, self.action)
        return True


def _found(action: Action, job: Job) -> str | None:
    """The hash of what this run put at the target before it was killed, if it did."""
    disk.settle(job.part, job.target, job.size)
    if action is Action.SYMLINK:
        return "" if points_to(job.target, job.source) else None
    if job.target.is_symlink() or not job.target.is_file():
        return None
    return file_hash(job.target) if same_content(job.target, job.source) else None


def _link(action: Action, job: Job) -> str | None:
    """Put the file in place by a link; ``None`` where only a copy will do."""
    if action is Action.SYMLINK:
        disk.symlink(job.source, job.target)
        return ""
    if action is Action.COPY:
        return None
    if action is Action.MOVE and job.source.stat().st_dev != job.target.parent.stat().st_dev:
        return None
    digest = file_hash(job.source)
    _demand_unchanged(job, digest)
    try:
        disk.link(job.source, job.target)
    except FileExistsError:
        raise
    except OSError:  # whatever is wrong, a copy either does without it or names it
        if action is Action.LINK:
            raise
        return None
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
        raise SortError(f"{job.source} changed since: it was left where it is.")


def _sentence(error: OSError | SortError, job: Job, action: Action) -> str:
    if isinstance(error, SortError):
        return str(error)
    if isinstance(error, FileExistsError):
        return f"{job.target} is taken by now: {job.source} was left where it is."
    why = error.strerror or str(error)
    if action in (Action.LINK, Action.SYMLINK):
        return f"{job.source} cannot be linked at {job.target} ({why}): copy it instead."
    return f"{job.source} could not be put at {job.target}: {why}."
