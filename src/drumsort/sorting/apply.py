"""Carry out a checked plan, group by group, so that it may be interrupted at any instant.

For each group: put the files in place, make them durable, write the journal, and for a move remove
the sources.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from drumsort.errors import JournalError, PlanRefused
from drumsort.sorting import disk, scratch
from drumsort.sorting.check import check
from drumsort.sorting.folder_locks import folder_locks
from drumsort.sorting.groups import Progress, groups, ticker
from drumsort.sorting.halt import Faults, Halted
from drumsort.sorting.history import newest
from drumsort.sorting.journal import Journal
from drumsort.sorting.owned import made_folders
from drumsort.sorting.record import RunRecord, RunState
from drumsort.sorting.refile import emptied
from drumsort.sorting.relink import relink
from drumsort.sorting.standing import contradicts, lost_again
from drumsort.sorting.tagging import write_tags
from drumsort.sorting.transfer import Job, transfer
from drumsort.sorting.volumes import VolumeGone, demand, volumes
from drumsort.types import Action, CheckedPlan, Outcome, Plan, Run


def apply(checked: CheckedPlan | Plan, on_progress: Progress | None = None) -> Run:
    """Carry out ``checked``; name each file that fails and go on with the rest.

    An error that every further file would meet, as a full disk, stops the run: ``stopped`` of the
    result says why and how to go on.

    A ``Plan`` is checked first. The result includes the failures that the check found. If there is
    nothing to do, no run is recorded and the id is ``""``.

    Raises:
        PlanRefused: the check refused the plan, or another process works there; nothing is touched.
        JournalError: the journal cannot be written; call ``resume`` or ``undo``.
    """
    if isinstance(checked, Plan):
        checked = check(checked)
    plan = checked.plan
    if checked.refused:
        raise PlanRefused(" ".join(conflict.message for conflict in checked.refused))
    failed = {c.path: c.message for c in checked.conflicts if c.outcome is Outcome.FAILED}
    if not checked.operations:
        return Run("", plan.action, plan.into, 0, failed)
    operations = [
        replace(op, source=op.source.absolute(), target=op.target.absolute())
        for op in checked.operations
    ]
    tag = plan.action is Action.TAG  # which creates no folders
    folders = [] if tag else _missing_folders(op.target.parent for op in operations)
    into, roots = plan.into.absolute(), [root.absolute() for root in plan.roots]
    sides = volumes([into, *roots])
    with (
        folder_locks(plan),
        Journal.create(plan.action, into, operations, folders, roots, sides, plan.terms) as journal,
    ):
        run = _complete(journal, on_progress, resuming=False)
        return replace(run, failures=failed | dict(run.failures))


def resume(run_id: str | None = None, on_progress: Progress | None = None) -> Run:
    """Finish a run that was interrupted, by default the latest such run.

    The disk is believed rather than the journal: what a power cut took back is done again, also in
    a run that is finished. Files that failed are not tried again. By default, if no run was
    interrupted, the latest finished move or relink is finished again that the disk contradicts.

    Raises:
        JournalError: there is no such run, its journal cannot be read or written, or an undo began.
        PlanRefused: another process works there.
        VolumeGone: a drive of the run is not there; nothing is touched.
    """
    if run_id is None:
        run_id = _to_finish()
    with Journal.open(run_id) as journal, folder_locks(journal.record.plan):
        record = journal.record
        if record.state not in (RunState.FINISHED, RunState.UNFINISHED):
            raise JournalError(
                f"The run {run_id} was undone, at least in part: sort again instead."
            )
        try:
            demand(record.volumes)
        except VolumeGone as gone:
            raise VolumeGone(f"{gone}, then 'drumsort resume {run_id}' goes on.") from None
        lost = lost_again(record)
        if lost:
            journal.add(lost=lost, done=len(record.placed.keys() - set(lost)))
        elif record.state is RunState.FINISHED:
            return record.run
        return _complete(journal, on_progress, resuming=True)


def _to_finish() -> str:
    with suppress(JournalError):
        return next(newest(RunState.UNFINISHED, otherwise="")).id
    for record in newest(RunState.FINISHED, otherwise="There is nothing to finish"):
        if contradicts(record):
            return record.id
    raise JournalError("There is nothing to finish: 'drumsort history' lists what was sorted.")


def _complete(journal: Journal, on_progress: Progress | None, resuming: bool) -> Run:
    record = journal.record
    todo = [
        i
        for i in range(len(record.operations))
        if i not in record.placed and i not in record.failed
    ]
    tick = ticker(on_progress, len(todo))
    doubtful: dict[int, str] = {}
    halted: Halted | None = None
    try:
        _remove_sources(journal, record.placed)  # of the group that was interrupted
        for group in groups(todo, record.operations):
            halted = _place(journal, group, tick, resuming, doubtful)
            if halted:
                break
        into = record.into
        if not halted:
            disk.remove_folders(emptied(record.operations, into, partial(made_folders, into)))
    except Halted as why:
        halted = why
    except VolumeGone as gone:
        halted = Halted(str(gone))
    except OSError as error:
        halted = _of_the_disk(error, record.into)
    if not halted and not doubtful:
        journal.add(finished=True, done=len(record.placed))
        scratch.remove_all(record)
    return _told(record, doubtful, halted)


def _place(
    journal: Journal,
    group: Sequence[int],
    tick: Callable[[], None],
    resuming: bool,
    doubtful: dict[int, str],
) -> Halted | None:
    """Place one group; what keeps the others from being placed, if anything does.

    Raises:
        VolumeGone: a drive of the run is not there any more.
        OSError: the disk reports a fault.
    """
    record = journal.record
    if record.action is Action.TAG:
        tagged = write_tags(record, group, tick, lambda made: journal.add(tagged=made))
        demand(record.volumes)
        doubtful |= tagged.doubtful
        journal.add(placed=tagged.placed, failed=tagged.failed)
        return tagged.halted
    for action in dict.fromkeys(map(record.action_of, group)):
        jobs = [_job(record, index) for index in group if record.action_of(index) is action]
        if action is Action.RELINK:
            done = relink(jobs, tick, record.volumes)
        else:
            done = transfer(action, jobs, tick, resuming, record.volumes)
        doubtful |= done.doubtful
        journal.add(placed=done.placed, failed=done.failed | done.rests, ways=done.ways)
        _remove_sources(journal, done.placed)
        if done.halted:
            return done.halted
    return None


def _of_the_disk(error: OSError, into: Path) -> Halted:
    where = error.filename or into
    return Halted(f"The disk reports a fault at {where} ({error.strerror}): see to it")


def _told(record: RunRecord, doubtful: Mapping[int, str], halted: Halted | None) -> Run:
    """What the run did, with what it could not find out and why it stopped, if it did."""
    run = record.run
    failures = {record.operations[index].source: why for index, why in doubtful.items()}
    stopped = ""
    if halted or doubtful:
        why = halted or "Of some files the disk does not say whether they are in place: see to it"
        count = f"{len(record.placed):,} of {len(record.operations):,} files are in place"
        stopped = (
            f"{why}. {count}: then 'drumsort resume {run.id}' goes on, "
            f"'drumsort undo {run.id}' takes it back."
        )
    return replace(run, failures=dict(run.failures) | failures, stopped=stopped)


def _job(record: RunRecord, index: int) -> Job:
    op = record.operations[index]
    place = op.source if record.action is Action.RELINK else op.target
    part = disk.part(record.id, index, place)
    return Job(index, op.source, op.target, op.size, op.mtime_ns, part)


def _remove_sources(journal: Journal, placed: Iterable[int]) -> None:
    """Remove the sources of what is in place, durably.

    Raises:
        Halted: no source can be removed any more; resume tries again.
        VolumeGone: a drive went, so that what seems to be removed may not be.
        OSError: the disk reports a fault.
    """
    folders: set[Path] = set()
    faults = Faults(journal.record.volumes)
    for index in placed:
        if journal.record.action_of(index) not in (Action.MOVE, Action.SLICE):
            continue
        op = journal.record.operations[index]
        folders.add(op.source.parent)
        with faults.naming(index, op.source, 0, f"{op.source} was sorted but could not be removed"):
            if op.origin is not None and op.source.is_symlink():
                disk.drop_symlink(op.source, twin=op.target)
            else:
                disk.drop(op.source, twin=op.target)
        if faults.halted:
            break
    disk.barrier(folders)
    if faults.failed:
        journal.add(failed=faults.failed)
    if faults.halted:
        raise faults.halted
    demand(journal.record.volumes)


def _missing_folders(folders: Iterable[Path]) -> list[Path]:
    """The folders that do not exist yet, parents first."""
    missing: set[Path] = set()
    for folder in set(folders):
        while folder not in missing and not os.path.lexists(folder):
            missing.add(folder)
            folder = folder.parent
    return sorted(missing)
