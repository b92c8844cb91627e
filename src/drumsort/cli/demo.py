"""``drumsort demo``: a folder of drum sounds to try drumsort on."""

import shlex
from pathlib import Path

import click

from drumsort.cli.params import Folder


@click.command("demo")
@click.argument("folder", type=Folder())
@click.option(
    "--per-label",
    default=6,
    show_default=True,
    type=click.IntRange(1),
    help="Sounds of each label.",
)
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(0),
    help="A different seed makes different sounds.",
)
def command(folder: Path, per_label: int, seed: int) -> None:
    """Fill the new FOLDER with synthesized drum sounds whose names say nothing.

    \b
    drumsort demo Samples
    drumsort sort Samples --into Sorted
    """
    from drumsort.cli import show
    from drumsort.synth import write_demo

    sounds = write_demo(folder, per_label, seed)
    show.out.print(f"{show.files(len(sounds))} of drum sounds in {show.safe(folder)}.")
    show.out.print(f"Now try: drumsort sort {shlex.quote(str(folder))} --into Sorted", style="bold")
