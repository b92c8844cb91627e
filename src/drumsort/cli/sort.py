"""``drumsort sort``: sort sounds into class folders."""

import json
import sys
from pathlib import Path

import click

from drumsort.cli import report, show
from drumsort.cli.params import (
    Folder,
    catalog_option,
    chosen_catalog,
    company_option,
    ear_option,
    min_confidence_option,
    model_option,
    no_catalog_option,
    one_of,
    policy_option,
)
from drumsort.types import Action
from drumsort.workflows.progress import Step


@click.command("sort")
@click.argument("folder", type=Folder(exists=True))
@click.option(
    "--into", required=True, metavar="OUT", type=Folder(), help="Where the class folders go."
)
@click.option("--copy", is_flag=True, help="Copy (the default).")
@click.option("--move", is_flag=True, help="Move; 'drumsort undo' moves back.")
@click.option("--link", is_flag=True, help="Make hard links: they use no space.")
@click.option("--symlink", is_flag=True, help="Make symbolic links.")
@click.option("--dry-run", is_flag=True, help="Show the plan as a tree and stop.")
@policy_option
@min_confidence_option
@company_option
@click.option(
    "--layout",
    default="{family}/{name}",
    show_default=True,
    help="Path below OUT: {family} {label} {pack} {name}.",
)
@model_option
@ear_option
@catalog_option
@no_catalog_option
@click.option("--json", "as_json", is_flag=True, help="Print the plan and the outcome as JSON.")
def command(
    folder: Path,
    into: Path,
    copy: bool,
    move: bool,
    link: bool,
    symlink: bool,
    dry_run: bool,
    policy: str,
    min_confidence: float | None,
    company: str,
    layout: str,
    model: Path | None,
    ear: str,
    catalog: Path | None,
    no_catalog: bool,
    as_json: bool,
) -> None:
    """Sort the sounds in FOLDER into class folders.

    Originals stay where they are unless you ask for --move. Nothing is overwritten. Sounds that
    drumsort is unsure of go to _unsure, and sounds that are not drums to _not-a-drum. Files that
    are not sounds are left alone.

    Sort into the same OUT again, and what was sorted before moves to where it belongs now, by your
    corrections or another policy. What you changed or moved there yourself is left, and named.

    \b
    drumsort sort Samples --into Sorted --dry-run
    drumsort sort Samples --into Sorted
    drumsort sort Samples --into Sorted --move --layout "{pack}/{family}/{name}"
    """
    from drumsort.workflows.sort import sort

    action = Action(one_of(copy=copy, move=move, link=link, symlink=symlink) or Action.COPY)
    with (
        show.steps({Step.PLACE: report.DOING[action]}) as bars,
        report.how_to_end(bars, "Nothing has been sorted yet, and nothing was touched."),
    ):
        done = sort(
            folder,
            into,
            action,
            layout=layout,
            policy=policy,
            min_confidence=min_confidence,
            model=model,
            ear=ear,
            catalog=chosen_catalog(catalog, no_catalog),
            company=company == "on",
            dry_run=dry_run,
            progress=bars,
        )
    with report.of_what_is_done(done.run):
        if as_json:
            click.echo(json.dumps(report.as_dict(done), indent=2))
        else:
            report.print_sort(done)
    if done.failures or (done.run and done.run.stopped):
        sys.exit(1)
