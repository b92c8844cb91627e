"""``drumsort train``: a model from labelled sounds."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from drumsort.errors import DrumsortError


@click.command("train")
@click.option(
    "--data",
    envvar="DRUMSORT_DATA",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder with manifest.csv; DRUMSORT_DATA names it too.",
)
@click.option(
    "--run",
    default="runs/drumnet-1",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Where checkpoint, log and model go; a stopped run goes on from there.",
)
@click.option("--name", default="drumnet-1", show_default=True, help="Of the model.")
@click.option("--epochs", type=click.IntRange(1), help="Instead of the recipe's own.")
@click.option("--seed", type=int, help="Instead of the recipe's own.")
@click.option(
    "--fold",
    type=click.IntRange(0, 4),
    help="Cross-validate: hold out this fifth of the groups of train and val, in place of val.",
)
@click.option("--test", is_flag=True, help="Report on the test split too: once, at the end.")
def command(
    data: Path,
    run: Path,
    name: str,
    epochs: int | None,
    seed: int | None,
    fold: int | None,
    test: bool,
) -> None:
    """Train a model on labelled sounds and write a model folder.

    Needs the 'train' extra. Settings are chosen on the val split; the test split is for reporting.

    \b
    drumsort train --data ~/drums --run runs/mine
    drumsort sort Samples --into Sorted --model runs/mine/drumnet-1
    """
    try:
        from drumsort.train import job
        from drumsort.train.fit import Epoch
    except ModuleNotFoundError as error:
        raise DrumsortError(
            f"Training needs {error.name}: install drumsort with its 'train' extra."
        ) from error
    from drumsort.cli import show
    from drumsort.train.recipe import Recipe

    asked: dict[str, Any] = {"epochs": epochs, "seed": seed, "fold": fold}
    recipe = replace(Recipe(), **{name: n for name, n in asked.items() if n is not None})
    with show.progress("Training", recipe.epochs, "epochs") as bar:

        def on_epoch(epoch: Epoch) -> None:
            bar.set(epoch.epoch)
            show.err.print(
                f"epoch {epoch.epoch:3d}  loss {epoch.loss:.3f}  val loss {epoch.val_loss:.3f}  "
                f"six families {epoch.val_six:.1%}  eight {epoch.val_eight:.1%}  "
                f"{epoch.seconds:.0f} s"
            )

        bundle = job.train(data, run, name, recipe, test=test, on_epoch=on_epoch)
    for split, facts in bundle.results.items():
        low, high = facts["six_families_interval"]
        show.out.print(
            f"{split}: six families {facts['six_families_balanced']:.1%} "
            f"({low:.1%} to {high:.1%}), eight {facts['eight_families_balanced']:.1%}"
        )
    show.out.print(f"Model folder: {show.safe(os.path.relpath(bundle.folder))}", style="bold")
