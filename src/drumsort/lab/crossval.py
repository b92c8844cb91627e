"""Grouped cross-validation: a network for each fold, and one that learns from all folds.

runs/<name>/
  fold0/ .. fold4/  runs, each validated on the fifth that it did not learn from
  whole/            the run that learned from train and val, which is the one to export; or the
                    mean of the others

The predictions of the five for the sounds held out from them show what to expect of the whole one
on packs it has never heard. Its temperature and policies are chosen on them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import torch

from drumsort.errors import DataError
from drumsort.lab import said
from drumsort.lab.average import average
from drumsort.lab.data import Data
from drumsort.lab.data.features import FeatureCache
from drumsort.lab.data.rows import Row
from drumsort.lab.data.split import FOLDS, fold, whole
from drumsort.lab.fit import predict
from drumsort.lab.hardware import Hardware
from drumsort.lab.job import OnEpoch, Progress, calibrated, check_epochs, train, under
from drumsort.lab.layout import lay_out
from drumsort.lab.network import published
from drumsort.lab.recipe import Recipe
from drumsort.lab.run import WHOLE, Run


@dataclass(frozen=True)
class CrossValidation:
    """A cross-validation that has ended.

    Attributes:
        folds: the runs, each with its own ``val`` sounds held out.
        whole: the run that learned from all folds.
    """

    folds: Sequence[Run]
    whole: Run

    @classmethod
    def load(cls, folder: Path) -> "CrossValidation":
        """Read the folder of a cross-validation.

        Raises:
            DataError: it is not one, or it has not ended.
        """
        folds = [Run.load(folder / f"fold{n}") for n in range(FOLDS)]
        return cls(folds, Run.load(folder / WHOLE))


def crossval(
    data: Data,
    folder: Path,
    recipe: Recipe,
    hardware: Hardware,
    *,
    on_sounds: Progress = lambda done, total: None,
    on_epoch: OnEpoch = lambda run, epoch: None,
) -> CrossValidation:
    """Train a network for each fold and one on all folds; goes on with what was stopped.

    Where the recipe says so, the one on all folds is the mean of the others.

    Args:
        data: labelled sounds, each with its split; ``train`` and ``val`` are split again.
        folder: of the cross-validation.
        recipe: the settings of each run.
        hardware: the devices.
        on_sounds: called while sounds are read, with how many are done and how many there are.
        on_epoch: called after each epoch, with the name of the run or teacher.

    Raises:
        DataError: the data, the recipe or an earlier checkpoint cannot be used.
    """
    check_epochs(recipe)
    _check(recipe)
    parts = {f"fold{n}": Data(data.root, fold(data.rows, n)) for n in range(FOLDS)}
    for name, part in parts.items():
        if not part.of("val"):
            groups = len({row.group for row in data.rows if row.split != "test"})
            raise DataError(
                f"No group of {data.root} falls into {name}: cross-validation takes more than its "
                f"{groups} groups."
            )
    everything, averaged = whole(data), recipe.whole == "averaged"
    runs = [
        train(
            part,
            folder / name,
            _taught(recipe, name),
            hardware,
            validate=name != WHOLE,
            on_sounds=on_sounds,
            on_epoch=partial(on_epoch, name),
            on_teacher=partial(under, on_epoch, name),
        ).run
        for name, part in (parts if averaged else {**parts, WHOLE: everything}).items()
    ]
    if averaged:  # each time, for a fold may have been trained anew
        runs.append(average(runs, folder / WHOLE, everything))
    *folds, last = runs
    rows: list[Row] = []
    logits = []
    for run in folds:
        features = FeatureCache(recipe.front_end).features(Data(run.root, run.data().of("val")))
        rows += features.data.rows
        logits.append(predict(run.net(), torch.from_numpy(features.log_mels())))
    trusted, judged = calibrated(last, torch.cat(logits), rows)
    said.write(folder, judged, rows)
    lay_out(trusted)
    trusted.write(trusted.net())  # until then it has not ended
    return CrossValidation.load(folder)


def _check(recipe: Recipe) -> None:
    """Check that networks which are to be averaged start from the same weights."""
    if recipe.whole == "averaged" and not published(recipe.network) and recipe.start is None:
        raise DataError(
            f"Networks of the recipe {recipe.name} start from fresh weights, and their mean would "
            "hear nothing: choose --set whole=trained."
        )


def _taught(recipe: Recipe, name: str) -> Recipe:
    """The recipe, with the table of targets that is for the run ``name``."""
    distillation = recipe.distillation
    if distillation is None or distillation.targets is None:
        return recipe
    table = str(Path(distillation.targets) / f"{name}.parquet")
    return replace(recipe, distillation=replace(distillation, targets=table))
