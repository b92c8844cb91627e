"""``drumsort lab data fetch``: a data set from Zenodo."""

import shlex
from pathlib import Path

import click

from drumsort.cli.lab.params import lab_extra
from drumsort.cli.params import Folder


@click.command("fetch")
@click.argument("record", metavar="zenodo:NUMBER")
@click.argument("folder", metavar="DIR", type=Folder())
@click.option("--only", metavar="GLOB", help="Only files whose names match, such as '*.zip'.")
@click.option("--no-unpack", is_flag=True, help="Leave zip archives as they are.")
@click.option(
    "--base-url",
    metavar="URL",
    envvar="DRUMSORT_ZENODO",
    show_envvar=True,
    default="https://zenodo.org",
    show_default=True,
    help="A server that answers as Zenodo does.",
)
def command(record: str, folder: Path, only: str | None, no_unpack: bool, base_url: str) -> None:
    """Download the files of a Zenodo record into DIR.

    Each is checked by the MD5 that Zenodo states. What is there already is not fetched again, and
    what was stopped goes on where it was: call the same command again. A zip is unpacked to a
    folder of its name beside it. What you may do with the sounds is for their licence to say: it
    stands on the record's page.

    \b
    drumsort lab data fetch zenodo:3665275 Freesound
    drumsort lab data fetch zenodo:3665275 Freesound --only '*.txt'
    drumsort lab data fetch zenodo:3665275 Archives --no-unpack
    """
    with lab_extra():
        from drumsort.lab.data.zenodo import ZenodoRecord
    from drumsort.cli import show

    source = ZenodoRecord.parse(record, base_url)
    files = source.files(only)
    total = sum(file.size for file in files)
    show.out.print(f"{show.files(len(files))} of {record}, {show.size(total)}:")
    for file in files:
        show.out.print(f"  {show.size(file.size):>9}  {show.safe(file.name)}")
    try:
        with show.progress("Fetching", total, "bytes") as bar:
            source.fetch(
                folder,
                bar.set,
                only,
                unpack=not no_unpack,
                on_unpack=lambda zip: show.err.print(f"Unpacking {show.safe(zip.name)} ..."),
            )
    except KeyboardInterrupt:
        show.err.print("What was fetched is kept: the same command goes on from there.")
        raise
    show.out.print(f"All of it is in {show.safe(folder)}.")
    show.out.print(f"Now try: drumsort lab data label {shlex.quote(str(folder))}", style="bold")
