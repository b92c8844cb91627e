"""What was sorted before: list it, take it back, finish it."""

import os
from dataclasses import replace
from functools import partial
from pathlib import Path

from drumsort import sorting
from drumsort.errors import JournalError
from drumsort.sorting import PastRun, RunState
from drumsort.sorting.journal import load
from drumsort.types import Action, Run
from drumsort.workflows.apply import follow
from drumsort.workflows.catalogs import KnownOrNone
from drumsort.workflows.progress import QUIET, Progress, Step

__all__ = ["RunState", "history", "resume", "undo"]


def undo(
    run: Run | str | None = None, *, catalog: KnownOrNone = None, progress: Progress = QUIET
) -> Run:
    """Restore what was there before a run, finished or not.

    Without a run, the latest one is undone of which something can still be taken back. A file that
    changed since is left as it is and named in ``failures`` by the path it was sorted to, and so is
    a copy or a link whose original is gone or changed. Undo may be called again, also after a kill.

    Args:
        run: a run or its id.
        catalog: the catalog that is told where moved files are now: an open one or its path;
            ``False`` for none; by default the user's own, if there is one.
        progress: receives the step ``TAKE_BACK``, and a warning if the catalog cannot be told.

    Raises:
        JournalError: there is no such run, or its journal cannot be read or written.
        PlanRefused: another process sorts there.
        SortError: the output folder cannot be listed; nothing was touched.
        OSError: the disk reports a fault: undo again then.
    """
    progress.at(Step.TAKE_BACK, 0)
    done = sorting.undo(run, partial(progress.at, Step.TAKE_BACK))
    follow(done, catalog, progress)
    return done


def resume(
    run_id: str | None = None, *, catalog: KnownOrNone = None, progress: Progress = QUIET
) -> Run:
    """Finish a run that was stopped before its end, by default the latest.

    A finished run is left as it is, and files that failed are not tried again.

    Args:
        run_id: the id of the run.
        catalog: as for ``undo``.
        progress: receives the step ``PLACE``, and a warning if the catalog cannot be told.

    Raises:
        JournalError: there is no such run, it cannot be read or written, or it was undone.
        PlanRefused: another process sorts there.
        OSError: the disk reports a fault: resume again then.
    """
    progress.at(Step.PLACE, 0)
    done = sorting.resume(run_id, partial(progress.at, Step.PLACE))
    follow(done, catalog, progress)
    return done


def history() -> list[PastRun]:
    """All runs that touched the disk, newest first; those with a damaged journal come last.

    A run that a process is at work on is ``RUNNING``. Of a run that is running or was stopped,
    ``done`` is how many files are in place on the disk, which its journal need not know yet.
    """
    return [
        replace(run, done=_in_place(run)) if _is_open(run) else run for run in sorting.history()
    ]


def _is_open(run: PastRun) -> bool:
    return run.state in (RunState.RUNNING, RunState.UNFINISHED)


def _in_place(run: PastRun) -> int:
    try:
        operations = load(run.id).operations
    except JournalError:  # damaged where the history does not look
        return run.done
    if run.action is Action.RELINK:  # whose target is the file that is kept
        return sum(_are_one(one.source, one.target) for one in operations)
    return sum(os.path.lexists(one.target) for one in operations)


def _are_one(name: Path, other: Path) -> bool:
    try:
        return name.samefile(other)
    except OSError:
        return False
