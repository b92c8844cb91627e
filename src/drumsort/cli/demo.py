"""``drumsort demo``: a folder of drum sounds to try drumsort on."""

import shlex
from pathlib import Path

import click

from drumsort.cli.params import Folder


@click.command("demo")
@click.argument("folder", type=Folder())
def command(folder: Path) -> None:
    """Fill the new FOLDER with real drum sounds, as messy as a library gets.

    They are in the public domain; CREDITS.csv in FOLDER says what each is and where it comes from.

    \b
    drumsort demo Samples
    drumsort sort Samples --into Sorted
    """
    from drumsort.cli import show
    from drumsort.workflows.demo import demo

    count = demo(folder)
    show.out.print(f"{show.files(count)} of drum sounds in {show.safe(folder)}.")
    show.out.print(f"Now try: drumsort sort {shlex.quote(str(folder))} --into Sorted", style="bold")
