"""From a checked plan to files in place, for every command that sorts or moves."""

from pathlib import Path

from drumsort.cli import show
from drumsort.errors import PlanRefused
from drumsort.types import CheckedPlan, Run


def stop_if_unfinished(into: Path) -> None:
    """Refuse to begin where an earlier run into this folder was stopped."""
    from drumsort import sorting

    for run in sorting.history():
        if run.into == into and run.state is sorting.RunState.UNFINISHED:
            raise PlanRefused(
                f"An earlier sort into {into} was stopped: 'drumsort resume {run.id}' finishes it, "
                f"'drumsort undo {run.id}' takes it back."
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
