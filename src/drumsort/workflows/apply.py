"""Carry out a plan: lock, refuse what is unfinished, check, apply, let the catalog follow."""

from functools import partial
from pathlib import Path

from drumsort import sorting
from drumsort.catalog.moved import follow_run
from drumsort.errors import DrumsortError, PlanRefused
from drumsort.sorting import PastRun, RunState
from drumsort.types import Action, CheckedPlan, Plan, Run
from drumsort.workflows.catalogs import KnownOrNone, opened_if_any
from drumsort.workflows.progress import QUIET, Progress, Step


class Busy(PlanRefused):
    """Another process is sorting into this folder, or takes a sort back, right now.

    Args:
        into: the output folder.
    """

    def __init__(self, into: Path) -> None:
        super().__init__(
            f"Another drumsort is at work in {into} right now: wait until that is done, then run "
            "the same command again."
        )


class Unfinished(PlanRefused):
    """An earlier sort into this folder was stopped, and has to be finished or undone first.

    Args:
        run: the sort that was stopped.
    """

    def __init__(self, run: PastRun) -> None:
        tag = run.action is Action.TAG
        what = f"Tagging in {run.into}" if tag else f"An earlier sort into {run.into}"
        super().__init__(
            f"{what} was stopped: 'drumsort resume {run.id}' finishes it, "
            f"'drumsort undo {run.id}' takes it back."
        )


def apply(
    plan: Plan | CheckedPlan,
    *,
    catalog: KnownOrNone = None,
    away: bool = False,
    progress: Progress = QUIET,
) -> Run:
    """Do what a plan says; a file that cannot be handled is named, and the rest goes on.

    A plan that was not checked yet is checked first. Where nothing is left to do there is no run,
    and its id is ``""``.

    Args:
        plan: what ``plan``, ``check`` or ``Duplicates.plan`` returned.
        catalog: the catalog that is told where moved files are now: an open one or its path;
            ``False`` for none; by default the user's own, if there is one.
        away: whether moved files count as gone rather than as moved, as duplicates should.
        progress: receives the step ``PLACE``, and a warning if the catalog cannot be told.

    Returns:
        What was done, one sentence for each file that could not be handled, and in ``stopped`` why
        the run ended early, if it did: ``resume`` or ``undo`` it.

    Raises:
        PlanRefused: something stops the whole plan, or another process sorts there; nothing was
            touched. ``Unfinished`` if an earlier sort into the folder was stopped.
        JournalError: the journal cannot be written: ``resume`` or ``undo`` the run.
    """
    asked = plan.plan if isinstance(plan, CheckedPlan) else plan
    with sorting.folder_locks(asked):
        refuse_unfinished(asked.into)
        checked = sorting.check(plan) if isinstance(plan, Plan) else plan
        refuse_conflicts(checked)
        progress.at(Step.PLACE, 0, len(checked.operations))
        run = sorting.apply(checked, partial(progress.at, Step.PLACE))
    follow(run, catalog, progress, away=away)
    return run


def refuse_unfinished(into: Path) -> None:
    """Raise if another run into a folder is going on, or was stopped.

    Raises:
        Busy: a process is at work on such a run.
        Unfinished: a run was stopped before its end.
    """
    for run in sorting.history():
        if run.into == into and run.state is RunState.RUNNING:
            raise Busy(into)
        if run.into == into and run.state is RunState.UNFINISHED:
            raise Unfinished(run)


def refuse_conflicts(checked: CheckedPlan) -> None:
    """Raise if something stops the whole plan.

    Raises:
        PlanRefused: with one line for each reason.
    """
    if checked.refused:
        raise PlanRefused("\n".join(conflict.message for conflict in checked.refused))


def follow(run: Run, catalog: KnownOrNone, progress: Progress, *, away: bool = False) -> None:
    """Tell the catalog where moved files are now, of slices and of tags; warn if it cannot be told.

    Args:
        run: what was done or undone.
        catalog: as for ``apply``.
        progress: receives the warning.
        away: as for ``apply``.
    """
    changes = run.action in (Action.MOVE, Action.TAG, Action.SLICE) or run.refiled
    if not run.id or not changes:
        return
    try:
        with opened_if_any(catalog) as known:
            if known:
                follow_run(known, run, away=away)
    except DrumsortError as error:
        tagged = "Scan the tagged files again."
        moved = "Scan the moved files again, where they are now."
        progress.warn(f"{error} {tagged if run.action is Action.TAG else moved}")
