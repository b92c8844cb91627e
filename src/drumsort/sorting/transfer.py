"""Put one group of files in place, durably; used to apply a plan and to undo a move."""

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
    """One file to transfer; a copy is first written to the temporary name ``part``.

    Attributes:
        digest: the ``file_hash`` that the source must have, or ``""`` for any.
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
    """The result of one group of files.

    Attributes:
        placed: index to ``file_hash`` of each file that is now durably in place.
        failed: index to one sentence for each that is not.
        ways: way of copying to the number of files; links do not count.
    """

    placed: dict[int, str]
    failed: dict[int, str]
    ways: Counter[Way]


def transfer(
    action: Action, jobs: Sequence[Job], tick: Callable[[], None], resuming: bool
) -> Transferred:
    """Put each source at its target; no source is removed.

    Args:
        action: how. A move makes a hard link where it can, else a copy.
        jobs: one group of files.
        tick: called after each file.
        resuming: whether a target with the right content counts as put there by this run.

    Raises:
        OSError: the disk reports a fault; no temporary file is left, nor after Ctrl-C.
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
        # Write all files before waiting for the first, and wait for each by itself: os.sync would
        # hide which write failed, and a move relies on every one of them.
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
    """Turns an error with one file into a sentence that names the file."""

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
    """The hash of what this run put at the target before it was killed, if anything."""
    disk.settle(job.part, job.target, job.size)
    if action is Action.SYMLINK:
        return "" if points_to(job.target, job.source) else None
    if job.target.is_symlink() or not job.target.is_file():
        return None
    return file_hash(job.target) if same_content(job.target, job.source) else None


def _link(action: Action, job: Job) -> str | None:
    """Put the file in place by a link; ``None`` if it takes a copy."""
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
    except OSError:  # whatever the reason, a copy either works or says what is wrong
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
        raise SortError(f"{job.source} changed in the meantime: it stays where it is.")


def _sentence(error: OSError | SortError, job: Job, action: Action) -> str:
    if isinstance(error, SortError):
        return str(error)
    if isinstance(error, FileExistsError):
        return f"{job.target} is taken by now: {job.source} stays where it is."
    why = error.strerror or str(error)
    if action in (Action.LINK, Action.SYMLINK):
        return f"{job.source} cannot be linked at {job.target} ({why}): copy it instead."
    return f"{job.source} could not be put at {job.target}: {why}."
