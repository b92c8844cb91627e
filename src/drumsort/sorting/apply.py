"""Carry out a checked plan, group by group, so that it may be interrupted at any instant.

For each group: put the files in place, make them durable, write the journal, and for a move remove
the sources.
"""

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from drumsort.errors import JournalError, PlanRefused, SortError
from drumsort.sorting import disk
from drumsort.sorting.check import check
from drumsort.sorting.folder_locks import folder_locks
from drumsort.sorting.groups import Progress, groups, ticker
from drumsort.sorting.history import newest
from drumsort.sorting.journal import Journal
from drumsort.sorting.record import RunRecord, RunState
from drumsort.sorting.relink import relink
from drumsort.sorting.transfer import Job, transfer
from drumsort.types import Action, CheckedPlan, Outcome, Plan, Run


def apply(checked: CheckedPlan | Plan, on_progress: Progress | None = None) -> Run:
    """Carry out ``checked``; name each file that fails and go on with the rest.

    A ``Plan`` is checked first. The result includes the failures that the check found. If there is
    nothing to do, no run is recorded and the id is ``""``.

    Raises:
        PlanRefused: the check refused the plan, or another process works there; nothing is touched.
        JournalError: the journal cannot be written; call ``resume`` or ``undo``.
        OSError: the disk reports a fault while it makes a group durable; likewise.
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
    folders = _missing_folders(op.target.parent for op in operations)
    roots = [root.absolute() for root in plan.roots]
    with (
        folder_locks(plan),
        Journal.create(plan.action, plan.into.absolute(), operations, folders, roots) as journal,
    ):
        run = _complete(journal, on_progress, resuming=False)
        return replace(run, failures=failed | dict(run.failures))


def resume(run_id: str | None = None, on_progress: Progress | None = None) -> Run:
    """Finish a run that was interrupted, by default the latest such run.

    A finished run is left as it is, and files that failed are not tried again.

    Raises:
        JournalError: there is no such run, its journal cannot be read or written, or an undo began.
        PlanRefused: another process works there.
        OSError: as for ``apply``.
    """
    if run_id is None:
        run_id = next(newest(RunState.UNFINISHED, otherwise="There is nothing to finish")).id
    with Journal.open(run_id) as journal, folder_locks(journal.record.plan):
        match journal.record.state:
            case RunState.FINISHED:
                return journal.record.run
            case RunState.UNFINISHED:
                return _complete(journal, on_progress, resuming=True)
            case _:
                raise JournalError(
                    f"The run {run_id} was undone, at least in part: sort again instead."
                )


def _complete(journal: Journal, on_progress: Progress | None, resuming: bool) -> Run:
    record = journal.record
    if record.action is Action.MOVE:
        _remove_sources(journal, record.placed)  # of the group that was interrupted
    todo = [
        i
        for i in range(len(record.operations))
        if i not in record.placed and i not in record.failed
    ]
    tick = ticker(on_progress, len(todo))
    for group in groups(todo, record.operations):
        jobs = [_job(record, index) for index in group]
        if record.action is Action.RELINK:
            done = relink(jobs, tick)
        else:
            done = transfer(record.action, jobs, tick, resuming)
        journal.add(placed=done.placed, failed=done.failed, ways=done.ways)
        if record.action is Action.MOVE:
            _remove_sources(journal, done.placed)
    journal.add(finished=True, done=len(record.placed))
    return record.run


def _job(record: RunRecord, index: int) -> Job:
    op = record.operations[index]
    place = op.source if record.action is Action.RELINK else op.target
    part = disk.part(record.id, index, place)
    return Job(index, op.source, op.target, op.size, op.mtime_ns, part)


def _remove_sources(journal: Journal, placed: Iterable[int]) -> None:
    kept = {}
    for index in placed:
        op = journal.record.operations[index]
        try:
            disk.drop(op.source, twin=op.target)
        except SortError as error:
            kept[index] = str(error)
        except OSError as error:
            kept[index] = f"{op.source} was sorted but could not be removed: {error.strerror}."
    if kept:
        journal.add(failed=kept)


def _missing_folders(folders: Iterable[Path]) -> list[Path]:
    """The folders that do not exist yet, parents first."""
    missing: set[Path] = set()
    for folder in set(folders):
        while folder not in missing and not os.path.lexists(folder):
            missing.add(folder)
            folder = folder.parent
    return sorted(missing)
