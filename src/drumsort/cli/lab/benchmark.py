"""``drumsort lab benchmark``: everything that is published about a model, in one run."""

import json
import os
import sys
from pathlib import Path

import click

from drumsort.cli import show
from drumsort.cli.lab.params import data_option, lab_extra
from drumsort.cli.params import Folder
from drumsort.errors import DataError


@click.command("benchmark")
@click.argument("model", required=False, type=Folder(exists=True))
@data_option
@click.option(
    "--second",
    type=Folder(exists=True),
    metavar="RUN2",
    help="Measure a cross-validation with the second opinion of this one.",
)
@click.option(
    "--split",
    type=click.Choice(["val", "test", "all"]),
    default="test",
    show_default=True,
    help="Which sounds. A run keeps the split it was trained with; a model folder takes the "
    "manifest's. 'all' is for a model folder and sounds of your own. A cross-validation is always "
    "measured on what each fold held out, and on test.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    help="Measure robustness on at most this many sounds.  [default: all]",
)
@click.option(
    "--into",
    type=Folder(),
    help="Folder for the report.  [default: RUN/benchmark, or benchmark/MODEL]",
)
@click.option("--json", "as_json", is_flag=True, help="Print all numbers as JSON.")
def command(
    model: Path | None,
    data: Path,
    second: Path | None,
    split: str,
    limit: int | None,
    into: Path | None,
    as_json: bool,
) -> None:
    """Measure MODEL in every way: a cross-validation, a run, a model folder, or the shipped model.

    Covers families, exact labels, sources, calibration, policies, drums against other sounds, the
    embedding, and how verdicts hold when sounds are changed (band limit, MP3, silence, cut, room,
    noise, pitch). Writes JSON, Markdown and a picture of the worst mistakes. Needs the 'lab' extra.

    \b
    drumsort lab benchmark runs/drumnet-5 --data Drums
    drumsort lab benchmark runs/drumnet-5 --second runs/aisfx-taught --data Drums
    drumsort lab benchmark --data Drums --split val --limit 300 --into Report
    """
    with lab_extra():
        from drumsort.lab.benchmark import measure, open_subject
        from drumsort.lab.both import open_both
        from drumsort.lab.data import open_data
        from drumsort.lab.report import benchmark
    if second and not model:
        raise DataError("--second needs the cross-validation MODEL that it belongs to: name it.")
    with (
        show.progress("Listening", None, "sounds") as heard,
        show.progress("Changing", None, "sounds") as changed,
    ):
        if model and second:
            subject = open_both(model, second, open_data(data), heard.set)
        else:
            subject = open_subject(model, open_data(data), split)
        measured = measure(
            subject.name, subject.parts, subject.policies, limit, heard.set, changed.set
        )
    into = into or subject.folder
    numbers = benchmark.write(measured, into, subject.networks)
    if as_json:
        click.echo(json.dumps(numbers, indent=2))
    else:
        for name, values in benchmark.headline(numbers):
            show.out.print(f"{name}: {'; '.join(values)}")
        page = show.safe(os.path.relpath(into / "benchmark.md"))
        show.out.print(f"\nReport: {page}", style="bold")
    failures = [sentence for part in measured.parts for sentence in part.pool.failures]
    show.complain("Cannot be read, left out", failures)
    if failures:
        sys.exit(1)
