"""``drumsort sort``: sounds into class folders."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drumsort.cli import report, show
from drumsort.cli.params import Folder, min_confidence_option, model_option, policy_option
from drumsort.errors import PlanRefused
from drumsort.types import Action, CheckedPlan, Result, Run

if TYPE_CHECKING:
    from drumsort.audio.files import Source
    from drumsort.pipeline import Ear


@click.command("sort")
@click.argument("folder", type=Folder(exists=True))
@click.option(
    "--into", required=True, metavar="OUT", type=Folder(), help="Where the class folders go."
)
@click.option("--copy", "action", flag_value="copy", default="copy", help="Copy (the default).")
@click.option("--move", "action", flag_value="move", help="Move; 'drumsort undo' moves back.")
@click.option("--link", "action", flag_value="link", help="Hard links: no space used.")
@click.option("--symlink", "action", flag_value="symlink", help="Symbolic links.")
@click.option("--dry-run", is_flag=True, help="Show the plan as a tree and stop.")
@policy_option
@min_confidence_option
@click.option(
    "--layout",
    default="{family}/{name}",
    show_default=True,
    help="Path below OUT: {family} {label} {pack} {name}.",
)
@model_option
@click.option("--json", "as_json", is_flag=True, help="The plan and what became of it, as JSON.")
def command(
    folder: Path,
    into: Path,
    action: str,
    dry_run: bool,
    policy: str,
    min_confidence: float | None,
    layout: str,
    model: Path | None,
    as_json: bool,
) -> None:
    """Sort the sounds in FOLDER into class folders.

    Originals stay where they are unless you ask for --move. Nothing is overwritten. What drumsort
    is not sure of goes to _unsure, what is no drum to _not-a-drum, and files that are not sounds
    are left alone.

    \b
    drumsort sort Samples --into Sorted --dry-run
    drumsort sort Samples --into Sorted
    drumsort sort Samples --into Sorted --move --layout "{pack}/{family}/{name}"
    """
    from drumsort import sorting
    from drumsort.audio.files import find
    from drumsort.pipeline import Ear

    folder, into = folder.resolve(), into.resolve()
    # What cannot be done at all is said before anything is heard.
    empty = sorting.plan([], into, Action(action), layout)
    _stop_if_refused(sorting.check(replace(empty, roots=(folder,))))
    _stop_if_unfinished(into)
    ear = Ear(model, policy, min_confidence)
    found = list(find([folder]))
    sources = [source for source, is_sound in found if is_sound]
    results = _hear(ear, sources)
    checked = sorting.check(sorting.plan(results, into, Action(action), layout))
    _stop_if_refused(checked)
    if dry_run:
        run = None
    else:
        with show.progress(report.DOING[checked.plan.action], len(checked.operations)) as bar:
            run = _apply(checked, bar)
    summary = report.Summary(results, len(found) - len(sources), checked, run)
    if as_json:
        click.echo(json.dumps(summary.as_dict(), indent=2))
    else:
        summary.show()
    if summary.failures:
        sys.exit(1)


def _hear(ear: "Ear", sources: "list[Source]") -> list[Result]:
    results = []
    try:
        with show.progress("Listening", len(sources)) as bar:
            for result in ear.hear_all(sources):
                results.append(result)
                bar.set(len(results))
    except KeyboardInterrupt:
        show.err.print("Nothing was sorted yet, and nothing was touched.")
        raise
    return results


def _stop_if_unfinished(into: Path) -> None:
    from drumsort import sorting

    for run in sorting.history():
        if run.into == into and run.state is sorting.RunState.UNFINISHED:
            raise PlanRefused(
                f"An earlier sort into {into} was stopped: 'drumsort resume {run.id}' finishes it, "
                f"'drumsort undo {run.id}' takes it back."
            )


def _stop_if_refused(checked: CheckedPlan) -> None:
    if checked.refused:
        raise PlanRefused("\n".join(conflict.message for conflict in checked.refused))


def _apply(checked: CheckedPlan, bar: show.Bar) -> Run:
    """Apply; where the user stops it, say how to go on."""
    from drumsort import sorting

    try:
        return sorting.apply(checked, on_progress=bar.set)
    except KeyboardInterrupt:
        show.err.print("'drumsort resume' finishes this sort, 'drumsort undo' takes it back.")
        raise
