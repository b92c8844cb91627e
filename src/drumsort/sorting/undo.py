"""Take a run back, file by file, wherever that loses nothing."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from drumsort.errors import SortError
from drumsort.sorting import disk, scratch
from drumsort.sorting.folder_locks import folder_locks
from drumsort.sorting.groups import Progress, groups, ticker
from drumsort.sorting.halt import Faults
from drumsort.sorting.history import later, newest, recorded
from drumsort.sorting.journal import Journal, load
from drumsort.sorting.kin import tagged_since
from drumsort.sorting.preview import missing, place, preview, to_take_back
from drumsort.sorting.record import RunRecord, RunState
from drumsort.sorting.relink import separate
from drumsort.sorting.standing import returned, unclaimed
from drumsort.sorting.tagging import take_out
from drumsort.sorting.transfer import Job, Transferred, transfer
from drumsort.sorting.volumes import VolumeGone, demand
from drumsort.types import Action, Run

_TO_UNDO = (RunState.FINISHED, RunState.UNFINISHED, RunState.PARTLY_UNDONE)


class UnseenError(SortError):
    """The output folder of a run cannot be seen: it was deleted, renamed, or its drive is away."""


def undo(
    run: Run | str | None = None, on_progress: Progress | None = None, *, dry_run: bool = False
) -> Run:
    """Restore what was there before a run, finished or not; by default before the latest.

    By default, a run that was undone in part is tried again, and if nothing more of it can be taken
    back, the run before it is undone. A run whose output folder cannot be seen is said once; the
    next undo passes it over, as long as that is so.

    A file that changed since the run is left and named in ``failures`` by its sorted path, and so
    is a copy or a link whose original is gone or changed. Files that a person deleted, moved or
    renamed are in ``gone``. You may undo again, also after a kill.

    Args:
        run: a run or its id.
        on_progress: called after each file.
        dry_run: whether only to look what would be done.

    Raises:
        JournalError: there is no such run, or its journal cannot be read or written.
        PlanRefused: another process works there.
        UnseenError: the output folder cannot be read; nothing is touched.
        VolumeGone: a drive of the run is not there; likewise.
    """
    take_back = _preview if dry_run else _undo
    if run is not None:
        return take_back(run.id if isinstance(run, Run) else run, on_progress)
    stuck: Run | None = None
    unseen: SortError | None = None
    for record in newest(*_TO_UNDO, otherwise="There is nothing to take back"):
        try:
            done = take_back(record.id, on_progress)
        except (UnseenError, VolumeGone) as error:
            if not record.unseen:
                if not dry_run:
                    _note_unseen(record.id)
                raise type(error)(f"{error}{_what_is_next(record)}") from error
            unseen = unseen or error
            continue
        if done.done or done.stopped or not done.failures or record.left is None:
            return done
        stuck = stuck or done
    if stuck is None:
        assert unseen is not None
        raise unseen
    return stuck


def _preview(run_id: str, on_progress: Progress | None) -> Run:
    record = load(run_id)
    if record.state is RunState.UNDONE:
        return Run(record.id, record.action, record.into, 0, {})
    _demand_to_see(record)
    return preview(record, ticker(on_progress, len(to_take_back(record))))


def _note_unseen(run_id: str) -> None:
    with Journal.open(run_id) as journal:
        journal.add(unseen=True)


def _what_is_next(record: RunRecord) -> str:
    """What the next undo takes back, if anything."""
    runs = [run for run in recorded() if run.state in _TO_UNDO]
    before = runs[[run.id for run in runs].index(record.id) + 1 :]
    return (
        f" 'drumsort undo' again takes back {before[0].id}, the sort before it." if before else ""
    )


def _undo(run_id: str, on_progress: Progress | None) -> Run:
    with Journal.open(run_id) as journal, folder_locks(journal.record.plan):
        record = journal.record
        _demand_to_see(record)
        again = back_again(record)
        if record.state is RunState.UNDONE and not again:
            return Run(record.id, record.action, record.into, 0, {})
        gone, later_run = missing(record, to_take_back(record))
        later_run |= tagged_since(record, to_take_back(record))
        journal.add(undoing=True, returned=again, done=len(record.placed))
        before = set(record.undone)
        failures, stopped = _take_back(journal, later_run, on_progress)
        back = record.undone - before
        return Run(
            record.id,
            record.action,
            record.into,
            len(back - gone.keys()),
            failures,
            stopped=stopped,
            refiled=record.refiled(back),
            gone={place(record, index): gone[index] for index in gone if index in back},
        )


def back_again(record: RunRecord) -> list[int]:
    """The files that were taken back, but lie in the output again, and no later run put them there.

    A drive that is not there says nothing.
    """
    try:
        demand(record.volumes)
    except VolumeGone:
        return []
    found = returned(record)
    return unclaimed(record, found, later(record)) if found else []


def _take_back(
    journal: Journal, later_run: Mapping[int, str], on_progress: Progress | None
) -> tuple[dict[Path, str], str]:
    """Take back what can be; one sentence for each path that could not, and why it stopped.

    Args:
        journal: of the run.
        later_run: index to one sentence for each file that a later run moved or tagged.
        on_progress: called after each file.
    """
    record = journal.record
    failures = dict(later_run)
    todo = [index for index in to_take_back(record) if index not in failures]
    tick = ticker(on_progress, len(todo))
    halted: str = ""
    try:
        for group in groups(todo, record.operations):
            back, failed, halted = _group(record, group, tick)
            demand(record.volumes)  # or what seems to be gone may not be
            journal.add(undone=back)
            failures |= failed
            if halted:
                break
        folders = {} if halted else disk.remove_folders(reversed(record.folders))
        if not halted:
            scratch.remove_all(record)
    except VolumeGone as gone:
        halted = str(gone)
    except OSError as error:
        halted = f"The disk reports a fault ({error.strerror}): see to it"
    named = {place(record, index): why for index, why in failures.items()}
    if halted:
        return named, f"{halted}, then 'drumsort undo {record.id}' goes on."
    named |= {
        folder: f"{folder} could not be removed ({error.strerror}): undo again, or remove it."
        for folder, error in folders.items()
    }
    journal.add(left=len(named), done=len(record.placed))
    return named, ""


def _demand_to_see(record: RunRecord) -> None:
    """Refuse if a drive of the run is not there, or the output folder cannot be read.

    Its files are not gone then, and nothing may be put back below an empty mount point.
    """
    if not record.placed:
        return
    try:
        demand(record.volumes)
    except VolumeGone as gone:
        raise VolumeGone(f"{gone}. Nothing was taken back of {record.id}.") from None
    if not record.placed.keys() - record.undone:
        return
    try:
        with os.scandir(record.into):
            pass
    except OSError as error:
        raise UnseenError(
            f"{record.into} cannot be read ({error.strerror}), so nothing was taken back of "
            f"{record.id}. If it was renamed, name it as before; if it is on a drive, plug that in."
        ) from error


def _group(
    record: RunRecord, group: Sequence[int], tick: Callable[[], None]
) -> tuple[list[int], dict[int, str], str]:
    """Take one group back, durably; what is back, what is not, and why it stopped.

    Raises:
        OSError: the disk reports a fault.
    """
    if record.action is Action.RELINK:
        return separate(record, group, tick)
    if record.action is Action.TAG:
        return take_out(record, group, tick)
    back: list[int] = []
    fresh: dict[int, str] = {}
    faults = Faults(record.volumes)
    for index in group:
        _settle(record, index, faults.failed)
    moved = [i for i in group if i not in faults.failed and record.action_of(i) is Action.MOVE]
    if moved:
        back_in_place = _put_back(record, moved)
        fresh, faults.halted = back_in_place.placed, back_in_place.halted
        faults.failed |= back_in_place.failed | back_in_place.doubtful | back_in_place.rests
    for index in group:
        target = record.operations[index].target
        if index not in faults.failed and not (faults.halted and index not in fresh):
            with faults.naming(index, target, 0, f"{target} was left"):
                if _remove_target(record, index, known=index in fresh):
                    back.append(index)
        tick()
    disk.barrier(record.operations[index].target.parent for index in group)
    return back, faults.failed, str(faults.halted or "")


def _settle(record: RunRecord, index: int, failed: dict[int, str]) -> None:
    op = record.operations[index]
    for end in (op.target, op.source):
        part = disk.part(record.id, index, end)
        try:
            disk.settle(part, end, op.size)
        except OSError as error:
            failed[index] = f"{part} could not be removed: {error.strerror}."


def _put_back(record: RunRecord, group: Sequence[int]) -> Transferred:
    """Bring moved files back to where they came from, durably; their targets stay."""
    jobs = []
    for index in group:
        op = record.operations[index]
        if index not in record.placed:
            continue
        if op.origin is not None and op.target.is_symlink() and not os.path.lexists(op.source):
            part = disk.part(record.id, index, op.source)
            digest = record.placed[index]
            jobs.append(Job(index, op.target, op.source, op.size, op.mtime_ns, part, digest))
        elif op.source.is_file():
            disk.sync(op.source)  # a kill may have come right after it was put back
            disk.sync(op.source.parent)
        elif op.target.is_file() and not op.target.is_symlink():
            now = op.target.stat()
            jobs.append(
                Job(
                    index,
                    op.target,
                    op.source,
                    now.st_size,
                    now.st_mtime_ns,
                    disk.part(record.id, index, op.source),
                    record.placed[index],
                    (op.mtime_ns, op.mode) if op.mode else None,
                )
            )
    return transfer(Action.MOVE, jobs, lambda: None, resuming=False, volumes=record.volumes)


def _remove_target(record: RunRecord, index: int, known: bool) -> bool:
    """Remove what the run put in place; return whether there was anything to undo.

    Args:
        known: whether its hash was verified just now.
    """
    op = record.operations[index]
    placed = index in record.placed
    if not disk.is_there(op.target):
        moved = record.action_of(index) is Action.MOVE
        if moved and placed and not disk.is_there(op.source):
            raise SortError(f"{op.target} is gone, so {op.source} could not be put back.")
        return placed
    if op.origin is not None and op.target.is_symlink():
        disk.drop_symlink(op.target, op.source)
    elif record.action_of(index) is Action.SYMLINK:
        disk.unlink_symlink(op.target, op.source)
    elif op.cut_from is not None and placed:
        disk.drop_made(op.target, op.cut_from, record.placed[index])
    else:
        disk.drop(op.target, op.source, "" if known else record.placed.get(index, ""))
    return True
