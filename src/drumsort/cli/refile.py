"""``drumsort refile``: move sorted files to where they belong now."""

import json
import sys
from pathlib import Path

import click

from drumsort.cli import report, show
from drumsort.cli.params import (
    Folder,
    catalog_option,
    chosen_catalog,
    min_confidence_option,
    model_option,
    no_catalog_option,
)
from drumsort.types import Action, Terms
from drumsort.workflows.progress import Step


@click.command("refile")
@click.argument("out", type=Folder(exists=True))
@click.option("--dry-run", is_flag=True, help="Show what would move and stop.")
@click.option(
    "--policy",
    type=click.Choice(["careful", "balanced", "everything"]),
    help="How sure drumsort must be of a sound before it names it.",
)
@min_confidence_option
@click.option(
    "--names",
    type=click.Choice(["hint", "ignore", "trust"]),
    help="How names count, as for 'sort'.",
)
@click.option("--layout", help="Path below OUT, as for 'sort'.")
@click.option("--rename", metavar="TEXT", help="New names, as for 'sort'; '' takes them back.")
@click.option(
    "--company",
    type=click.Choice(["on", "off"]),
    help="Whether the other sounds of its folder count, as for 'sort'.",
)
@model_option
@click.option(
    "--ear",
    type=click.Choice(["quick", "second"]),
    help="Whether to ask for a second opinion, as for 'sort'.",
)
@catalog_option
@no_catalog_option
@click.option("--json", "as_json", is_flag=True, help="Print the plan and the outcome as JSON.")
def command(
    out: Path,
    dry_run: bool,
    policy: str | None,
    min_confidence: float | None,
    names: str | None,
    layout: str | None,
    rename: str | None,
    company: str | None,
    model: Path | None,
    ear: str | None,
    catalog: Path | None,
    no_catalog: bool,
    as_json: bool,
) -> None:
    """Move what sorts put into OUT to where it belongs now, inside OUT.

    Verdicts change: by your corrections, a lesson, a new model, another policy. A second 'sort'
    re-files, too, but needs the originals; this does not, so it works after 'sort --move'. Files
    that you changed, moved or renamed yourself stay as they are, and are named; the files of other
    programs beside a sound (.asd, .reapeaks, ._NAME) go with it. What you do not ask for otherwise
    stays as it was sorted. 'drumsort undo' takes it back.

    \b
    drumsort correct Sorted/clap/PRT_047_F.wav --label snare
    drumsort refile Sorted --dry-run
    drumsort refile Sorted
    """
    from drumsort.workflows.refile import refile

    terms = Terms(
        layout,
        policy,
        min_confidence,
        str(model.absolute()) if model else None,
        None if company is None else company == "on",
        ear,
        rename,
        names,
    )
    with (
        show.steps({Step.PLACE: report.DOING[Action.MOVE]}, hidden=as_json) as bars,
        report.how_to_end(bars, "Nothing has been moved yet, and nothing was touched."),
    ):
        done = refile(
            out,
            terms,
            catalog=chosen_catalog(catalog, no_catalog),
            dry_run=dry_run,
            progress=bars,
        )
    with report.of_what_is_done(done.run):
        if as_json:
            click.echo(json.dumps(report.as_dict(done), indent=2))
        else:
            report.print_refile(done)
    sys.exit(report.exit_code(done.run, done.failures))
