"""``drumsort lab export``: a model folder from a training run."""

import os
from pathlib import Path

import click

from drumsort.cli import show
from drumsort.cli.lab.params import lab_extra
from drumsort.cli.params import Folder


@click.command("export")
@click.argument("run", type=Folder(exists=True))
@click.option("--into", type=Folder(), help="The model folder to write.  [default: RUN/model]")
@click.option("--name", help="Name of the model.  [default: the run's]")
def command(run: Path, into: Path | None, name: str | None) -> None:
    """Make a model folder from a finished RUN, for the option --model of 'classify' and 'sort'.

    RUN may be a cross-validation; the model is then the network that learnt from all groups. The
    folder holds the network as ONNX, the settings to use it with, and a model card with what
    'benchmark' or 'evaluate' measured. Making it needs the 'lab' extra; using it does not.

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
