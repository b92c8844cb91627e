"""Turn duplicates into hard links to one file, and back into files of their own.

Each name leads to the whole content at every instant. In a relink, an operation's ``source`` is the
duplicate that becomes a link, and ``target`` is the file that is kept.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from drumsort.errors import SortError
from drumsort.sorting import disk
from drumsort.sorting.halt import Faults
from drumsort.sorting.record import RunRecord
from drumsort.sorting.transfer import Job, Transferred
from drumsort.sorting.volumes import Volume, demand


def relink(
    jobs: Sequence[Job], tick: Callable[[], None], volumes: Sequence[Volume] = ()
) -> Transferred:
    """Make each job's source a hard link to its target, durably; targets are flushed first.

    Raises:
        VolumeGone: one of ``volumes`` is not there any more.
        OSError: the disk reports a fault in a folder; no temporary file is left, nor after Ctrl-C.
    """
    placed: dict[int, str] = {}
    faults = Faults(volumes)
    kept = list({job.target for job in jobs})
    synced = dict(zip(kept, disk.sync_all(kept), strict=True))
    with disk.no_rest([job.part for job in jobs]):
        for job in jobs:
            text = f"{job.source} cannot be linked to {job.target}"
            with faults.naming(job.index, job.source, job.size, text):
                if fault := synced[job.target]:
                    raise fault
                known = (job.size, job.mtime_ns)
                placed[job.index] = disk.swap_for_link(job.source, job.target, job.part, known)
            if faults.halted:
                break
            tick()
    demand(volumes)
    _sync_folders(job.source for job in jobs if job.index in placed)
    return Transferred(placed, faults.failed, halted=faults.halted)


def separate(
    record: RunRecord, group: Sequence[int], tick: Callable[[], None]
) -> tuple[list[int], dict[int, str], str]:
    """Make each link of ``group`` a file of its own again, with its former time and permissions.

    Returns:
        The indices of the files that are as they were, index to one sentence for the others, and
        why this and all further files cannot be handled, or ``""``.

    Raises:
        OSError: as for ``relink``.
    """
    back: list[int] = []
    copies: list[tuple[int, Path, disk.Signatures]] = []
    faults = Faults(record.volumes)

    def naming(index: int) -> AbstractContextManager[None]:
        source, size = record.operations[index].source, record.operations[index].size
        return faults.naming(index, source, size, f"{source} was left")

    with disk.no_rest([_part(record, index) for index in group]):
        for index in group:
            with naming(index):
                if _was_linked(record, index):
                    copies.append((index, _part(record, index), _copy(record, index)))
                elif index in record.placed:
                    back.append(index)
            if faults.halted:
                break
            tick()
        synced = disk.sync_all([part for _, part, _ in copies])
        for (index, part, before), fault in zip(copies, synced, strict=True):
            with naming(index):
                if fault is not None:
                    raise fault
                disk.swap_for_copy(record.operations[index].source, part, before)
                back.append(index)
    _sync_folders(record.operations[index].source for index in back)
    return back, faults.failed, str(faults.halted or "")


def _part(record: RunRecord, index: int) -> Path:
    return disk.part(record.id, index, record.operations[index].source)


def _was_linked(record: RunRecord, index: int) -> bool:
    """Whether the run linked this file, even if a kill kept it from noting so, and it exists."""
    op = record.operations[index]
    if not disk.is_there(op.source):
        return False  # removed after the run, and stays removed
    return index in record.placed or (op.target.exists() and op.source.samefile(op.target))


def _copy(record: RunRecord, index: int) -> disk.Signatures:
    op, part = record.operations[index], _part(record, index)
    digest, before = disk.copy_with_stamps(op.source, part, op.mtime_ns, op.mode)
    if digest != record.placed.get(index, digest):
        raise SortError(f"{op.source} changed since it was linked, so it was left as it is.")
    return before


def _sync_folders(files: Iterator[Path]) -> None:
    disk.barrier(path.parent for path in files)
