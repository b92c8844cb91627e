"""A cross-validation and the one that gives it a second opinion, measured as one."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from drumsort.errors import DataError
from drumsort.lab.benchmark import Subject
from drumsort.lab.crossval import CrossValidation
from drumsort.lab.data import Data
from drumsort.lab.data.split import only
from drumsort.lab.metrics import Numbers
from drumsort.lab.run import BENCHMARK_OF_BOTH, Run
from drumsort.lab.second_opinion import choose
from drumsort.lab.trained import RunModel, Said
from drumsort.model.bundle import Second
from drumsort.model.infer import More, mean, unsure


class TwoRuns:
    """The networks of two runs; the second one is asked where ``how`` says so."""

    def __init__(self, quick: Run, second: Run, how: Second, min_confidence: float) -> None:
        self._quick, self._second, self._how = RunModel(quick), RunModel(second), how
        self.name = f"{quick.name} and {second.name}"
        self.front_end, self.targets = self._quick.front_end, self._quick.targets
        self.min_confidence = min_confidence

    def hear(self, mels: Numbers, more: More) -> Said:
        """As ``trained.Model`` says."""
        said = self._quick.hear(mels)
        asked = np.flatnonzero(unsure(self.targets, said.p, self._how))
        if not len(asked):
            return said
        larger = self._second.hear(more(self._second.front_end, asked.tolist()))
        p = said.p.copy()
        p[asked] = mean(said.p[asked], larger.p, self._how)
        return replace(said, p=p)


def open_both(
    quick: Path,
    second: Path,
    data: Data,
    on_sounds: Callable[[int, int], None] = lambda done, total: None,
) -> Subject:
    """Two cross-validations of the same sounds, out of fold and on test.

    Args:
        quick: folder of the one whose networks hear every sound.
        second: of the one that is asked where these are not sure.
        data: labelled sounds.
        on_sounds: called while sounds are read, with how many of a network's are done.

    Raises:
        DataError: one is no cross-validation, or they do not hold out the same sounds.
    """
    one, two = CrossValidation.load(quick), CrossValidation.load(second)
    for first, other in zip(one.folds, two.folds, strict=True):
        if {row.path for row in first.rows() if row.split == "val"} != {
            row.path for row in other.rows() if row.split == "val"
        }:
            raise DataError(
                f"{quick} and {second} hold out different sounds: cross-validate both on the same "
                "data."
            )
    how, policies, _ = choose(quick, second, data.root, on_sounds)

    def pair(first: Run, other: Run, split: str) -> tuple[TwoRuns, Data]:
        sounds = only(Data(data.root, first.rows()), (), split)
        first = replace(first, temperature=one.whole.temperature)
        other = replace(other, temperature=two.whole.temperature)
        return TwoRuns(first, other, how, policies["balanced"]), sounds

    folds = [pair(*runs, "val") for runs in zip(one.folds, two.folds, strict=True)]
    parts = {"out of fold": folds, "test": [pair(one.whole, two.whole, "test")]}
    name = f"{one.whole.name} and {two.whole.name}"
    networks = [one.whole.fingerprint(), two.whole.fingerprint()]
    return Subject(name, parts, policies, quick / BENCHMARK_OF_BOTH, networks)
