"""``drumsort sort``: sounds into class folders."""

import json
import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drumsort.cli import carry_out, report, show
from drumsort.cli.params import (
    Folder,
    catalog_option,
    min_confidence_option,
    model_option,
    no_catalog_option,
    one_of,
    open_catalog,
    policy_option,
)
from drumsort.types import Action, Result

if TYPE_CHECKING:
    from drumsort.audio.find import Source
    from drumsort.workflows.classify import Ear


@click.command("sort")
@click.argument("folder", type=Folder(exists=True))
@click.option(
    "--into", required=True, metavar="OUT", type=Folder(), help="Where the class folders go."
)
@click.option("--copy", is_flag=True, help="Copy (the default).")
@click.option("--move", is_flag=True, help="Move; 'drumsort undo' moves back.")
@click.option("--link", is_flag=True, help="Hard links: no space used.")
@click.option("--symlink", is_flag=True, help="Symbolic links.")
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
@catalog_option
@no_catalog_option
@click.option("--json", "as_json", is_flag=True, help="The plan and what became of it, as JSON.")
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
    layout: str,
    model: Path | None,
    catalog: Path | None,
    no_catalog: bool,
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
    from drumsort.audio.find import find
    from drumsort.workflows.classify import Ear

    action = Action(one_of(copy=copy, move=move, link=link, symlink=symlink) or Action.COPY)
    folder, into = folder.resolve(), into.resolve()
    # What cannot be done at all is said before anything is heard.
    empty = replace(sorting.plan([], into, action, layout), roots=(folder,))
    carry_out.stop_if_refused(sorting.check(empty))
    known = open_catalog(catalog, no_catalog)
    ear = Ear(model, policy, min_confidence, known)
    with nullcontext() if dry_run else sorting.folder_locks(empty):
        carry_out.stop_if_unfinished(into)
        found = list(find([folder]))
        sources = [source for source, is_sound in found if is_sound]
        results = _hear(ear, sources)
        checked = sorting.check(sorting.plan(results, into, action, layout))
        carry_out.stop_if_refused(checked)
        if dry_run:
            run = None
        else:
            with show.progress(report.DOING[action], len(checked.operations)) as bar:
                run = carry_out.apply(checked, bar)
    if run and known:
        carry_out.follow(run, known.path)
    summary = report.Summary(folder, results, len(found) - len(sources), checked, run)
    with report.of_what_is_done(run):
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
    if ear.trouble:
        show.err.print(show.safe(ear.trouble), style="red")
    return results
