"""``drumsort lab COMMAND``: train, measure and compare models."""

import click

from drumsort.cli.lazy import LazyGroup

COMMANDS = {
    "data": "Fetch, label, inspect and check labelled sounds.",
    "train": "Train a model on labelled sounds.",
    "crossval": "Train, and estimate how well it does on packs it never heard.",
    "targets": "Make soft targets that a network learns to agree with.",
    "evaluate": "Measure a model on labelled sounds.",
    "benchmark": "Measure it in every way: sources, labels, noise, neighbours.",
    "compare": "Show training runs side by side.",
    "export": "Make a model folder from a training run.",
}
"""Command to its one-line help; each is a module of this package."""


@click.group("lab", cls=LazyGroup, package="drumsort.cli.lab", sections={"Commands": COMMANDS})
def command() -> None:
    """Train, measure and compare models of your own. Needs the 'lab' extra.

    \b
    drumsort lab data stats Drums
    drumsort lab train student-depthwise-se --data Drums --run runs/mine
    drumsort lab evaluate runs/mine
    drumsort lab export runs/mine
    """
