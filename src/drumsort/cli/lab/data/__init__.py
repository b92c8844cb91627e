"""``drumsort lab data COMMAND``: labelled sounds, before anything is trained on them."""

import click

from drumsort.cli.lazy import LazyGroup

COMMANDS = {
    "fetch": "Download a data set from Zenodo.",
    "label": "Label sounds by their file names.",
    "stats": "Show what a data set is like.",
    "show": "Draw log-mel spectrograms of each class.",
    "features": "Write log-mels and what belongs to them as Parquet.",
    "rebuild": "Fetch the sounds that the shipped model learnt from.",
}
"""Command to its one-line help; each is a module of this package."""


@click.group(
    "data", cls=LazyGroup, package="drumsort.cli.lab.data", sections={"Commands": COMMANDS}
)
def command() -> None:
    """Labelled sounds: fetch, label, look at, check. Needs the 'lab' extra.

    A data folder has one sub-folder for each class, or a manifest.csv (or .parquet) with at least
    the columns path and label; family, group and split are used where they are there.

    \b
    drumsort lab data fetch zenodo:3665275 Freesound
    drumsort lab data label Freesound
    drumsort lab data stats Freesound --html stats.html
    """
