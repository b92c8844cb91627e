"""``drumsort lab export``: a model folder of a training run."""

import os
from pathlib import Path

import click

from drumsort.cli import show
from drumsort.cli.lab.params import lab_extra
from drumsort.cli.params import Folder


@click.command("export")
@click.argument("run", type=Folder(exists=True))
@click.option("--into", type=Folder(), help="The model folder.  [default: RUN/model]")
@click.option("--name", help="Of the model.  [default: that of the run]")
def command(run: Path, into: Path | None, name: str | None) -> None:
    """Make a model folder of a RUN that has ended, for 'classify' and 'sort' to take with --model.

    RUN may be a cross-validation; the model is then the network that learnt from all. The folder
    holds it as ONNX, all that is needed to use it, and a model card with what 'benchmark' or
    'evaluate' measured. Using it needs no 'lab' extra; making it does.

    \b
    drumsort lab export runs/student-basic
    drumsort lab export runs/drumnet-3 --into mine
    drumsort sort Samples --into Sorted --model runs/student-basic/model
    """
    with lab_extra():
        from drumsort.lab.bundle_writer import write_bundle
    bundle = write_bundle(run, into or run / "model", name or run.resolve().name)
    show.out.print(f"Model folder: {show.safe(os.path.relpath(bundle.folder))}", style="bold")
    where = show.pasted(bundle.folder)
    show.out.print(f"Now try: drumsort sort Samples --into Sorted --model {where}")
