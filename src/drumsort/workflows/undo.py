"""What was sorted before: list it, take it back, finish it."""

from dataclasses import replace
from functools import partial

from drumsort import sorting
from drumsort.errors import JournalError
from drumsort.sorting import PastRun, RunState, standing
from drumsort.sorting.journal import load
from drumsort.types import Run
from drumsort.workflows.apply import follow
from drumsort.workflows.catalogs import KnownOrNone
from drumsort.workflows.progress import QUIET, Progress, Step

__all__ = ["RunState", "history", "resume", "undo"]


def undo(
    run: Run | str | None = None,
    *,
    dry_run: bool = False,
    catalog: KnownOrNone = None,
    progress: Progress = QUIET,
) -> Run:
    """Restore what was there before a run, finished or not.

    Without a run, the latest one is undone of which something can still be taken back. One whose
    output folder was deleted or renamed is said once; the next undo passes it over. A file that
    changed since is left as it is and named in ``failures`` by the path it was sorted to, and so is
    a copy or a link whose original is gone or changed. Undo may be called again, also after a kill.

    Args:
        run: a run or its id.
        dry_run: whether only to look what would be taken back.
        catalog: the catalog that is told where moved files are now: an open one or its path;
            ``False`` for none; by default the user's own, if there is one.
        progress: receives the step ``TAKE_BACK``, and a warning if the catalog cannot be told.

    Raises:
        JournalError: there is no such run, or its journal cannot be read or written.
        PlanRefused: another process sorts there.
        UnseenError: the output folder cannot be listed, or a drive is not there; nothing was
            touched.
    """
    progress.at(Step.TAKE_BACK, 0)
    done = sorting.undo(run, partial(progress.at, Step.TAKE_BACK), dry_run=dry_run)
    if not dry_run:
        follow(done, catalog, progress)
    return done


def resume(
    run_id: str | None = None, *, catalog: KnownOrNone = None, progress: Progress = QUIET
) -> Run:
    """Finish a run that was stopped before its end, by default the latest.

    The disk is believed rather than the journal: what a power cut took back is done again, in a
    finished run too. Files that failed are not tried again.

    Args:
        run_id: the id of the run.
        catalog: as for ``undo``.
        progress: receives the step ``PLACE``, and a warning if the catalog cannot be told.

    Raises:
        JournalError: there is no such run, it cannot be read or written, or it was undone.
        PlanRefused: another process sorts there.
        SortError: a drive is not there; nothing was touched.
    """
    progress.at(Step.PLACE, 0)
    done = sorting.resume(run_id, partial(progress.at, Step.PLACE))
    follow(done, catalog, progress)
    return done


def history() -> list[PastRun]:
    """All runs that touched the disk, newest first; those with a damaged journal come last.

    A run that a process is at work on is ``RUNNING``. The disk is believed rather than the journal:
    of a run that is running or was stopped, ``done`` is how many files are in place. A finished run
    whose files lie where they came from is ``UNFINISHED``, and one that was undone but whose files
    are in the output is ``PARTLY_UNDONE``; a drive that is not there says nothing.
    """
    return [_by_the_disk(run) for run in sorting.history()]


def _by_the_disk(run: PastRun) -> PastRun:
    try:
        match run.state:
            case RunState.RUNNING | RunState.UNFINISHED:
                return replace(run, done=standing.in_place(load(run.id)))
            case RunState.FINISHED if standing.contradicts(record := load(run.id)):
                lost = standing.lost_again(record)
                return replace(run, state=RunState.UNFINISHED, done=run.done - len(lost))
            case RunState.UNDONE if sorting.back_again(record := load(run.id)):
                return replace(run, state=RunState.PARTLY_UNDONE)
    except JournalError:  # damaged where the history does not look
        pass
    return run
