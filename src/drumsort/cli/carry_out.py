"""From a checked plan to files in place, for every command that sorts or moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drumsort.cli import show
from drumsort.errors import DrumsortError, PlanRefused
from drumsort.types import Action, CheckedPlan, Plan, Run


def stop_if_unfinished(into: Path) -> None:
    """Refuse to begin where an earlier run into this folder was stopped."""
    from drumsort import sorting

    for run in sorting.history():
        if run.into == into and run.state is sorting.RunState.UNFINISHED:
            # A run whose folder is locked is at work right now: the lock then says so instead.
            with sorting.folder_locks(Plan((), into, Action.COPY, ())):
                raise PlanRefused(
                    f"An earlier sort into {into} was stopped: 'drumsort resume {run.id}' finishes "
                    f"it, 'drumsort undo {run.id}' takes it back."
                )


def stop_if_refused(checked: CheckedPlan) -> None:
    """Say all that stands in the way of the whole run."""
    if checked.refused:
        raise PlanRefused("\n".join(conflict.message for conflict in checked.refused))


def apply(checked: CheckedPlan, bar: show.Bar) -> Run:
    """Apply; where the user stops it, say how to go on."""
    from drumsort import sorting

    try:
        return sorting.apply(checked, on_progress=bar.set)
    except KeyboardInterrupt:
        show.err.print("'drumsort resume' finishes this sort, 'drumsort undo' takes it back.")
        raise


@contextmanager
def goes_on(command: str, run_id: str | None) -> Iterator[None]:
    """Where the user stops ``command``, say that the same command goes on."""
    try:
        yield
    except KeyboardInterrupt:
        show.err.print(f"'drumsort {' '.join(filter(None, (command, run_id)))}' goes on with it.")
        raise


def follow(run: Run, catalog: Path | None = None, *, away: bool = False) -> None:
    """Let a catalog know where files are that were moved; one that cannot be told is scanned again.

    Args:
        run: what was done.
        catalog: that knows them; the default one, where there is one, by default.
        away: see ``follow_run``.
    """
    from drumsort.catalog import Catalog, default_path
    from drumsort.catalog.moved import follow_run

    if run.action is not Action.MOVE or (catalog is None and not default_path().exists()):
        return
    try:
        with Catalog(catalog, create=False) as opened:
            follow_run(opened, run, away=away)
    except DrumsortError as error:
        show.err.print(f"{show.safe(str(error))} What was moved has to be scanned there again.")
