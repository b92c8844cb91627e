"""Arguments that several lab commands take."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from drumsort.cli.params import FolderOrUrl
from drumsort.errors import DrumsortError


@contextmanager
def lab_extra() -> Iterator[None]:
    """Say in one sentence that the 'lab' extra is not installed, where it is not."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise DrumsortError(
            f"This needs {error.name}: install drumsort with its 'lab' extra."
        ) from error


source_option = click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="NAME",
    help="Use only the sounds of this source; can be given several times.",
)

split_option = click.option(
    "--split-by",
    type=click.Choice(["manifest", "group", "random"]),
    help="Split as the manifest says, by group, or at random (the last two 64/16/20).  [default: "
    "manifest if it has splits, else group if packs are known, else random]",
)

folder_argument = click.argument(
    "folder", metavar="DIR", envvar="DRUMSORT_DATA", type=FolderOrUrl()
)

data_option = click.option(
    "--data",
    envvar="DRUMSORT_DATA",
    required=True,
    type=FolderOrUrl(),
    help="Class folders, or a folder with a manifest, or the URL of one; DRUMSORT_DATA sets it, "
    "too.",
)

settings_option = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="Change a setting of the recipe for this run; can be given several times.",
)
