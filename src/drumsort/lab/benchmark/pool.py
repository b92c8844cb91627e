"""Several models, each with sounds that it never trained on, measured as if they were one.

In cross-validation, no model has verdicts on all sounds, but each sound was held out from one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from drumsort.errors import DataError
from drumsort.lab.data.features import FeatureCache
from drumsort.lab.data.rows import Data, Row
from drumsort.lab.metrics import Numbers, Verdicts
from drumsort.lab.targets import Targets
from drumsort.lab.trained import Model, Said, verdicts

Pair = tuple[Model, Data]
"""A model, and sounds that it never trained on."""


@dataclass(frozen=True)
class Held:
    """One model, and its predictions for the sounds that were held out from it."""

    model: Model
    data: Data
    said: Said


@dataclass(frozen=True)
class Pool:
    """The predictions of all models.

    Attributes:
        held: one for each model; all have the same labels and the same front end.
        failures: one sentence for each sound that could not be read.
    """

    held: Sequence[Held]
    failures: Sequence[str]

    @property
    def targets(self) -> Targets:
        """Families and labels, the same for all models."""
        return self.held[0].model.targets

    @cached_property
    def rows(self) -> list[Row]:
        """The sounds, those of the first model first; arrays have the same order."""
        return [row for held in self.held for row in held.data.rows]

    @cached_property
    def p(self) -> Numbers:
        """Probabilities of labels, shape ``(n, n_labels)``."""
        p: Numbers = np.concatenate([held.said.p for held in self.held])
        return p

    @cached_property
    def verdicts(self) -> Verdicts:
        """The verdict on each sound's family."""
        return verdicts(self.targets, self.p, self.rows)


def hear(
    pairs: Sequence[Pair], on_sounds: Callable[[int, int], None] = lambda done, total: None
) -> Pool:
    """Let each model hear its sounds.

    Args:
        pairs: models with the same labels and front end, each with its sounds.
        on_sounds: called while sounds are read, with how many of the model's are done.

    Raises:
        DataError: there is no model; the models differ in their labels or front ends; they do not
            know a label; a sound occurs twice; or no sound of a model can be read.
    """
    if not pairs:
        raise DataError("There is no model to measure.")
    first, _ = pairs[0]
    for model, data in pairs:
        if model.targets != first.targets or model.front_end != first.front_end:
            raise DataError(
                f"{first.name} and {model.name} differ in their labels or front ends: measure them "
                "separately."
            )
        for row in data.rows:
            model.targets.possible(row)
    paths = [data.path(row) for _, data in pairs for row in data.rows]
    if len(set(paths)) < len(paths):
        twice = next(path for i, path in enumerate(paths) if path in paths[:i])
        raise DataError(f"{twice} is held out from two models: give it to one.")
    held, failures = [], []
    for model, data in pairs:
        features = FeatureCache(model.front_end).features(data, on_sounds)
        failures += features.failures
        said = model.hear(features.log_mels(), features.more)
        held.append(Held(model, features.data, said))
    return Pool(held, failures)
