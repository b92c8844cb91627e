"""``drumsort similar``: find the sounds most like one sound."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drumsort.cli.params import (
    FileOrUrl,
    catalog_option,
    complete_family,
    ear_option,
    model_option,
    policy_option,
)
from drumsort.taxonomy import UNSURE

if TYPE_CHECKING:
    from drumsort.catalog import Entry


@click.command("similar")
@click.argument("file", type=FileOrUrl(), required=False)
@click.option(
    "-n", "count", type=click.IntRange(1), default=20, show_default=True, help="How many to list."
)
@click.option(
    "--family",
    metavar="FAMILY",
    shell_complete=complete_family,
    help="List only sounds of this family.",
)
@catalog_option
@model_option
@ear_option
@policy_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@click.option(
    "--build-index",
    is_flag=True,
    help="Make an index of all sounds first, which is worth it from a few million on. Needs the "
    "'index' extra.",
)
def command(
    file: Path | None,
    count: int,
    family: str | None,
    catalog: Path | None,
    model: Path | None,
    ear: str,
    policy: str,
    as_json: bool,
    build_index: bool,
) -> None:
    """List the sounds of the catalog that sound most like FILE, the most similar first.

    'drumsort scan' fills the catalog; FILE need not be in it. Files with the same audio as FILE are
    left out, and any other sound is listed once, however many files have it. A similarity of 1
    means that the model hears no difference.

    \b
    drumsort similar Samples/snare.wav
    drumsort similar found.wav -n 5 --family snare --json
    drumsort similar --build-index
    """
    from drumsort.cli import show
    from drumsort.workflows import similar as workflow

    if build_index:
        with show.steps() as bar:
            sounds = workflow.build_index(catalog=catalog, model=model, ear=ear, progress=bar)
        show.err.print(f"Index: {show.counted(sounds, 'sound')}.")
        if file is None:
            return
    if file is None:
        raise click.UsageError("Missing argument 'FILE': name the sound to compare with.")
    with show.steps(hidden=True) as bar:
        found = workflow.similar(
            file,
            count,
            family,
            catalog=catalog,
            model=model,
            ear=ear,
            policy=policy,
            progress=bar,
        )
    if as_json:
        click.echo(json.dumps([_row(entry, similarity) for entry, similarity in found], indent=2))
    else:
        _show(found)


def _row(entry: "Entry", similarity: float) -> dict[str, Any]:
    return {
        "path": str(entry.path),
        "similarity": round(similarity, 4),
        "family": entry.family or UNSURE,
        "label": entry.label,
        "duration": round(entry.facts.duration, 4) if entry.facts else None,
    }


def _show(found: list[tuple["Entry", float]]) -> None:
    from rich.text import Text

    from drumsort.cli import show

    for entry, similarity in found:
        line = Text(f"{similarity:>6.3f}  ")
        style = show.COLOURS.get(entry.family or UNSURE, "")
        line.append(f"{entry.label or '-':<12}", style=style)
        seconds = f"{entry.facts.duration:.2f} s" if entry.facts else "-"
        line.append(f" {seconds:>8}  {show.safe(entry.path)}")
        show.out.print(line)
    if not found:
        show.out.print("The catalog has no other sound to compare with.")
