"""``drumsort lab data fetch``: a data set from Zenodo."""

import shlex
from pathlib import Path

import click

from drumsort.cli.lab.params import lab_extra
from drumsort.cli.params import Folder


@click.command("fetch")
@click.argument("record", metavar="zenodo:NUMBER")
@click.argument("folder", metavar="DIR", type=Folder())
@click.option("--only", metavar="GLOB", help="Fetch only files whose names match, such as '*.zip'.")
@click.option("--no-unpack", is_flag=True, help="Do not unpack zip archives.")
@click.option(
    "--base-url",
    metavar="URL",
    envvar="DRUMSORT_ZENODO",
    show_envvar=True,
    default="https://zenodo.org",
    show_default=True,
    help="Another server with Zenodo's interface.",
)
def command(record: str, folder: Path, only: str | None, no_unpack: bool, base_url: str) -> None:
    """Download the files of a Zenodo record into DIR.

    Each file is checked against Zenodo's MD5. Files that are there already are not downloaded
    again; to go on with a stopped download, run the same command again. A zip is unpacked into a
    folder of the same name beside it. The licence on the record's page says what you may do with
    the sounds.

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
    show.out.print(f"Everything is in {show.safe(folder)}.")
    show.out.print(f"Now try: drumsort lab data label {shlex.quote(str(folder))}", style="bold")
