"""``drumsort lab export``: a model folder from a training run."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drumsort.cli import show
from drumsort.cli.lab.params import lab_extra
from drumsort.cli.params import Folder, FolderOrUrl

if TYPE_CHECKING:
    from drumsort.model.bundle import Bundle


@click.command("export")
@click.argument("run", type=Folder(exists=True))
@click.option("--into", type=Folder(), help="The model folder to write.  [default: RUN/model]")
@click.option("--name", help="Name of the model.  [default: the run's]")
@click.option(
    "--second",
    type=Folder(exists=True),
    metavar="RUN2",
    help="Let the larger network of this run give a second opinion.",
)
@click.option(
    "--data",
    type=FolderOrUrl(),
    help="The sounds to choose with when it is asked.  [default: where RUN learned from them]",
)
def command(
    run: Path, into: Path | None, name: str | None, second: Path | None, data: Path | None
) -> None:
    """Make a model folder from a finished RUN, for the option --model of 'classify' and 'sort'.

    RUN may be a cross-validation; the model is then the network that learned from all groups. The
    folder holds the network as ONNX, the settings to use it with, and a model card with what
    'benchmark' or 'evaluate' measured. Making it needs the 'lab' extra; using it does not.

    With --second, sounds that the network of RUN is not sure of are put to the network of RUN2 as
    well. When it is asked, and how much it counts, is chosen on sounds held out from both.

    \b
    drumsort lab export runs/student-basic
    drumsort lab export runs/drumnet-5 --into mine
    drumsort lab export runs/small --second runs/large --into mine
    drumsort sort Samples --into Sorted --model runs/student-basic/model
    """
    with lab_extra():
        from drumsort.lab.bundle_writer import Other, write_bundle
    with show.progress("Listening", None, "sounds", hidden=second is None) as heard:
        other = Other(second, data, heard.set) if second else None
        bundle = write_bundle(run, into or run / "model", name or run.resolve().name, other)
    if bundle.second:
        show.out.print(_gained(bundle))
    show.out.print(f"Model folder: {show.safe(os.path.relpath(bundle.folder))}", style="bold")
    where = show.pasted(bundle.folder)
    show.out.print(f"Now try: drumsort sort Samples --into Sorted --model {where}")


def _gained(bundle: "Bundle") -> str:
    """What the second opinion brings."""
    assert bundle.second is not None
    gained = bundle.results["second opinion"]
    right = gained["accuracy"]
    return (
        f"Second opinion: asked below {bundle.second.threshold:.2f}, about "
        f"{gained['asked']:.1%} of {gained['sounds']:,} sounds, with a share of "
        f"{bundle.second.share:.2f}. Accuracy {right['quick']:.1%} without it, {right['both']:.1%} "
        "with it."
    )
