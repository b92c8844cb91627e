"""``drumsort lab data COMMAND``: labelled sounds, before training."""

import click

from drumsort.cli.lazy import LazyGroup

COMMANDS = {
    "fetch": "Download a data set from Zenodo.",
    "label": "Label sounds by their file names.",
    "stats": "Show classes, durations, duplicates and leaks.",
    "show": "Draw log-mel spectrograms of each class.",
    "features": "Write labels, facts and log-mels as a Parquet file.",
    "rebuild": "Download the labelled sounds that models learn from.",
}
"""Command to its one-line help; each is a module of this package."""


@click.group(
    "data", cls=LazyGroup, package="drumsort.cli.lab.data", sections={"Commands": COMMANDS}
)
def command() -> None:
    """Fetch, label, inspect and check labelled sounds. Needs the 'lab' extra.

    A data folder has one sub-folder per class, or a manifest.csv (or .parquet) with at least the
    columns path and label. The columns family, group and split are used if present.

    \b
    drumsort lab data fetch zenodo:3665275 Freesound
    drumsort lab data label Freesound
    drumsort lab data stats Freesound --html stats.html
    """
