"""``drumsort lab evaluate``: a model, measured on labelled sounds."""

import json
import os
import sys
from pathlib import Path

import click

from drumsort.cli import show
from drumsort.cli.lab.params import lab_extra, source_option
from drumsort.cli.params import Folder, FolderOrUrl, Renamed


@click.command("evaluate")
@click.argument("model", required=False, type=Folder(exists=True))
@click.option(
    "--data",
    envvar="DRUMSORT_DATA",
    type=FolderOrUrl(),
    help="Class folders, or a folder with a manifest. For a run, the default is its own data.",
)
@click.option(
    "--split",
    type=click.Choice(["train", "val", "test", "all"]),
    default="test",
    show_default=True,
    help="Which sounds. A run keeps the split it was trained with; a model folder takes the "
    "manifest's, which may differ from the split it was trained with.",
)
@source_option
@click.option(
    "--into",
    "--out",
    "out",
    cls=Renamed,
    type=Folder(),
    help="Folder for the reports.  [default: RUN/evaluation for val and test of a run, else "
    "evaluation/MODEL]",
)
@click.option("--json", "as_json", is_flag=True, help="Print all numbers as JSON.")
def command(
    model: Path | None,
    data: Path | None,
    split: str,
    sources: tuple[str, ...],
    out: Path | None,
    as_json: bool,
) -> None:
    """Measure MODEL: a run, a model folder, or by default the shipped model.

    Prints accuracy, balanced accuracy and macro-F1 with intervals, the most frequent mistakes, and
    how far confidence can be trusted. Writes all of it, with the files behind each mistake, as
    HTML, Markdown and JSON. Needs the 'lab' extra.

    \b
    drumsort lab evaluate runs/student-basic
    drumsort lab evaluate runs/student-basic --data Others --split all
    drumsort lab evaluate --data Drums --split val
    """
    with lab_extra():
        from drumsort.lab.data import Data, open_data
        from drumsort.lab.data import split as splits
        from drumsort.lab.evaluate import evaluate
        from drumsort.lab.report import evaluation
        from drumsort.lab.run import HELD_OUT
        from drumsort.lab.trained import RunModel, open_model
    asked = open_model(model)
    run = asked.run if isinstance(asked, RunModel) else None
    if run and (split != "all" or data is None):
        sounds = Data(open_data(data).root, run.rows()) if data else run.data()
    elif data:
        sounds = open_data(data)
    else:
        raise click.UsageError("Name the data folder with --data or DRUMSORT_DATA.")
    sounds = splits.only(sounds, sources, None if split == "all" else split)
    with show.progress("Listening", None, "sounds") as bar:
        measured = evaluate(asked, sounds, split, bar.set)
    numbers = measured.numbers()
    if out is None:
        out = Path("evaluation") / asked.name
        if run and split in HELD_OUT and not sources:
            out = run.folder / "evaluation"
    page = evaluation.write(numbers, out, evaluation.training(run) if run else None)
    if as_json:
        click.echo(json.dumps(numbers, indent=2))
    else:
        for name, value in evaluation.headline(numbers):
            show.out.print(f"{name}: {value}")
        for c in numbers["confusions"][:5]:
            files = ", ".join(show.safe(f["path"]) for f in c["files"][:2])
            show.out.print(f"{c['sounds']:4d} x {c['truth']} for {c['verdict']}: {files}")
        show.out.print(f"\nReport: {show.safe(os.path.relpath(page))}", style="bold")
    show.complain("Cannot be read, left out", measured.failures)
    if measured.failures:
        sys.exit(1)
