"""``drumsort tag``: write what each sound is into the file itself."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drumsort.cli import report, show
from drumsort.cli.params import (
    Input,
    catalog_option,
    chosen_catalog,
    company_option,
    ear_option,
    exclude_option,
    hidden_option,
    min_confidence_option,
    model_option,
    names_option,
    no_catalog_option,
    policy_option,
)
from drumsort.types import Action
from drumsort.workflows.progress import Step

if TYPE_CHECKING:
    from drumsort.workflows.tag import Tagging


@click.command("tag")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=Input())
@click.option("--dry-run", is_flag=True, help="Say what would be written and stop.")
@click.option("--clear", is_flag=True, help="Take out what drumsort wrote, and nothing else.")
@click.option(
    "--overwrite-comment", is_flag=True, help="Replace comments that are there already, too."
)
@exclude_option
@hidden_option
@policy_option
@min_confidence_option
@company_option
@names_option
@model_option
@ear_option
@catalog_option
@no_catalog_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON that names every file.")
def command(
    paths: tuple[Path, ...],
    dry_run: bool,
    clear: bool,
    overwrite_comment: bool,
    exclude: tuple[str, ...],
    hidden: bool,
    policy: str,
    min_confidence: float | None,
    company: str,
    names: str,
    model: Path | None,
    ear: str,
    catalog: Path | None,
    no_catalog: bool,
    as_json: bool,
) -> None:
    """Write what the sounds at or below PATH are into the files: label, family, key, keywords.

    Programs that read tags can then search for them. WAV gets ID3 and RIFF INFO; AIFF and MP3, ID3;
    FLAC, Ogg Vorbis and Opus, Vorbis comments. The samples stay as they are, bit for bit, and
    'drumsort undo' brings each file back to the byte.

    Tags that you or another program wrote are kept, comments too. Sounds that drumsort is unsure
    of get no tags. Files that are damaged, write-protected, or cannot carry tags are named and
    left as they are.

    \b
    drumsort tag Sorted --dry-run
    drumsort tag Sorted
    drumsort tag Samples/kick.wav --overwrite-comment
    drumsort tag Sorted --clear
    """
    from drumsort.workflows.tag import tag

    if clear and overwrite_comment:
        raise click.UsageError("--clear writes no comments: leave out --overwrite-comment.")
    with (
        show.steps({Step.PLACE: report.DOING[Action.TAG]}, hidden=as_json) as bars,
        report.how_to_end(bars, "Nothing has been tagged yet, and nothing was touched."),
    ):
        done = tag(
            paths,
            clear=clear,
            overwrite_comment=overwrite_comment,
            exclude=exclude,
            hidden=hidden,
            policy=policy,
            min_confidence=min_confidence,
            model=model,
            ear=ear,
            catalog=chosen_catalog(catalog, no_catalog),
            company=company == "on",
            names=names,
            dry_run=dry_run,
            progress=bars,
        )
    with report.of_what_is_done(done.run):
        if as_json:
            click.echo(json.dumps(_as_dict(done), indent=2))
        else:
            _show(done, clear)
    show.complain("Left without a change", done.failures.values(), all_in="--json")
    report.say_why_stopped(done.run)
    sys.exit(report.exit_code(done.run, done.failures))


def _as_dict(done: "Tagging") -> dict[str, Any]:
    run = done.run
    return {
        "run": (run.id if run else None) or None,
        "done": run.done if run else 0,
        "stopped": run.stopped if run else "",
        "already": done.already,
        "unsure": [str(path) for path in done.unsure],
        "tags": [
            {
                "path": str(op.source),
                "label": op.tags.label,
                "family": op.tags.family,
                "key": op.tags.key,
                "comment": op.tags.comment,
                "keywords": op.tags.keywords,
            }
            for op in done.checked.operations
            if op.tags
        ],
        "failures": {str(path): sentence for path, sentence in done.failures.items()},
    }


def _show(done: "Tagging", clear: bool) -> None:
    operations, run = done.checked.operations, done.run
    what = "cleared of drumsort's tags" if clear else "tagged"
    if run is None:
        most = len(operations) if show.verbose() else show.MOST_NAMED
        for op in operations[:most]:
            said = op.tags.comment if op.tags and op.tags.comment else "without drumsort's tags"
            show.out.print(f"{show.safe(op.source)}: {said}")
        if len(operations) > most:
            show.out.print(f"... and {len(operations) - most:,} more: -v names all")
        show.out.print(
            f"Dry run: {show.files(len(operations))} would be {what}, nothing was touched."
        )
    else:
        show.out.print(f"{show.files(run.done)} {what}.", style="bold")
    if done.already:
        has = "hold none" if clear else "have these tags already"
        show.out.print(f"{show.files(done.already)} left alone: they {has}.")
    if done.unsure:
        show.out.print(f"{show.files(len(done.unsure))} left alone: drumsort is unsure of them.")
    if run and run.done and not run.stopped:
        show.out.print("To take this back: drumsort undo", style="bold")
