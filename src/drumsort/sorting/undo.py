"""Take a run back, file by file, wherever that loses nothing."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from drumsort.errors import SortError
from drumsort.sorting import disk
from drumsort.sorting.folder_locks import folder_locks
from drumsort.sorting.groups import Progress, groups, ticker
from drumsort.sorting.history import newest
from drumsort.sorting.journal import Journal
from drumsort.sorting.record import RunRecord, RunState
from drumsort.sorting.relink import separate
from drumsort.sorting.transfer import Job, Transferred, transfer
from drumsort.types import Action, Run

_TO_UNDO = (RunState.FINISHED, RunState.UNFINISHED, RunState.PARTLY_UNDONE)


def undo(run: Run | str | None = None, on_progress: Progress | None = None) -> Run:
    """Restore what was there before a run, finished or not; by default before the latest.

    By default, a run that was undone in part is tried again, and if nothing more of it can be taken
    back, the run before it is undone. A file that changed since the run is left and named in
    ``failures`` by its sorted path, and so is a copy or a link whose original is gone or changed.
    You may undo again, also after a kill.

    Raises:
        JournalError: there is no such run, or its journal cannot be read or written.
        PlanRefused: another process works there.
        SortError: the output folder cannot be read; nothing is touched.
        OSError: the disk reports a fault while it makes a group durable; undo again.
    """
    if run is not None:
        return _undo(run.id if isinstance(run, Run) else run, on_progress)
    stuck: Run | None = None
    for record in newest(*_TO_UNDO, otherwise="There is nothing to take back"):
        done = _undo(record.id, on_progress)
        if done.done or not done.failures or record.left is None:
            return done
        stuck = stuck or done
    assert stuck is not None
    return stuck


def _undo(run_id: str, on_progress: Progress | None) -> Run:
    with Journal.open(run_id) as journal, folder_locks(journal.record.plan):
        record = journal.record
        before, failures = len(record.undone), dict[int, str]()
        if record.state is not RunState.UNDONE:
            failures = _take_back(journal, on_progress)
        named = {_place(record, index): why for index, why in failures.items()}
        return Run(record.id, record.action, record.into, len(record.undone) - before, named)


def _place(record: RunRecord, index: int) -> Path:
    """Where the run put the file."""
    op = record.operations[index]
    return op.source if record.action is Action.RELINK else op.target


def _take_back(journal: Journal, on_progress: Progress | None) -> dict[int, str]:
    record = journal.record
    _demand_to_see(record)
    journal.add(undoing=True, done=len(record.placed))
    failures: dict[int, str] = {}
    todo = [
        index
        for index in range(len(record.operations))
        if index not in record.undone and (index in record.placed or index not in record.failed)
    ]
    tick = ticker(on_progress, len(todo))
    for group in groups(todo, record.operations):
        back, failed = _group(record, group, tick)
        journal.add(undone=back)
        failures |= failed
    disk.remove_folders(reversed(record.folders))
    journal.add(left=len(failures), done=len(record.placed))
    return failures


def _demand_to_see(record: RunRecord) -> None:
    """Refuse if the output folder cannot be read: its files are not gone, its drive may be."""
    if not record.placed.keys() - record.undone:
        return
    try:
        with os.scandir(record.into):
            pass
    except OSError as error:
        raise SortError(
            f"{record.into} cannot be read ({error.strerror}), so nothing was taken back: if it is "
            "on a drive, plug that in. 'drumsort history' lists the other sorts."
        ) from error


def _group(
    record: RunRecord, group: Sequence[int], tick: Callable[[], None]
) -> tuple[list[int], dict[int, str]]:
    if record.action is Action.RELINK:
        return separate(record, group, tick)
    back: list[int] = []
    failed: dict[int, str] = {}
    fresh: dict[int, str] = {}
    for index in group:
        _settle(record, index)
    if record.action is Action.MOVE:
        back_in_place = _put_back(record, group)
        fresh, failed = back_in_place.placed, back_in_place.failed
    for index in group:
        try:
            if index not in failed and _remove_target(record, index, known=index in fresh):
                back.append(index)
        except SortError as error:
            failed[index] = str(error)
        except OSError as error:
            failed[index] = f"{record.operations[index].target} was left: {error.strerror}."
        tick()
    return back, failed


def _settle(record: RunRecord, index: int) -> None:
    op = record.operations[index]
    for end in (op.target, op.source):
        with suppress(OSError):  # what cannot be settled fails later, as a file in the way
            disk.settle(disk.part(record.id, index, end), end, op.size)


def _put_back(record: RunRecord, group: Sequence[int]) -> Transferred:
    """Bring moved files back to where they came from, durably; their targets stay."""
    jobs = []
    for index in group:
        op = record.operations[index]
        if index not in record.placed:
            continue
        if op.source.is_file():
            disk.sync(op.source)  # a kill may have come right after it was put back
            disk.sync(op.source.parent)
        elif op.target.is_file() and not op.target.is_symlink():
            now = op.target.stat()
            part = disk.part(record.id, index, op.source)
            digest = record.placed[index]
            jobs.append(
                Job(index, op.target, op.source, now.st_size, now.st_mtime_ns, part, digest)
            )
    return transfer(Action.MOVE, jobs, lambda: None, resuming=False)


def _is_there(path: Path) -> bool:
    """Whether there is a file or a link; raises OSError if that cannot be told."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _remove_target(record: RunRecord, index: int, known: bool) -> bool:
    """Remove what the run put in place; return whether there was anything to undo.

    Args:
        known: whether its hash was verified just now.
    """
    op = record.operations[index]
    placed = index in record.placed
    if not _is_there(op.target):
        if record.action is Action.MOVE and placed and not os.path.lexists(op.source):
            raise SortError(f"{op.target} is gone, so {op.source} could not be put back.")
        return placed
    if record.action is Action.SYMLINK:
        disk.unlink_symlink(op.target, op.source)
    else:
        disk.drop(op.target, op.source, "" if known else record.placed.get(index, ""))
    return True
