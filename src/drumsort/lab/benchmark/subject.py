"""What to measure: a cross-validation, a run or a model, and sounds it never learned from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from drumsort.errors import DataError
from drumsort.lab.benchmark.pool import Pair
from drumsort.lab.crossval import CrossValidation
from drumsort.lab.data import Data
from drumsort.lab.data.split import only
from drumsort.lab.run import BENCHMARK, WHOLE
from drumsort.lab.trained import RunModel, open_model


@dataclass(frozen=True)
class Subject:
    """Models, and sounds that none of them learned from.

    Attributes:
        name: in the report.
        parts: name of a part of the data to the models that hear it, with their sounds.
        policies: name to the confidence that a verdict must reach.
        folder: the default for its report.
        networks: what the measurement holds for: the fingerprint of each run; a model folder has
            none.
    """

    name: str
    parts: Mapping[str, Sequence[Pair]]
    policies: Mapping[str, float]
    folder: Path
    networks: Sequence[Mapping[str, Any]] = ()


def open_subject(folder: Path | None, data: Data, split: str) -> Subject:
    """The model or models in ``folder``; the shipped model by default.

    Args:
        folder: of a cross-validation, whose folds hear what was held out from each; of a run, which
            hears ``split`` as it was in training; or of a model.
        data: labelled sounds.
        split: ``val``, ``test``, or for a model folder ``all``. A cross-validation ignores it, and
            hears its held-out sounds and ``test``.

    Raises:
        DataError: it is none of these, or there is no sound in the split.
        BundleError: the model folder cannot be used.
    """
    if folder is not None and (folder / WHOLE).is_dir():
        return _cross_validated(folder, data)
    asked = open_model(folder)
    if isinstance(asked, RunModel):
        data, policies = Data(data.root, asked.run.rows()), asked.run.policies
        into = asked.run.folder / BENCHMARK
    else:
        policies, into = dict(asked.bundle.policies), Path("benchmark") / asked.name
    if split == "all" and isinstance(asked, RunModel):
        raise DataError(
            f"{asked.name} learned from some of these sounds: choose --split val or test."
        )
    sounds = only(data, (), None if split == "all" else split)
    networks = [asked.run.fingerprint()] if isinstance(asked, RunModel) else []
    return Subject(asked.name, {split: [(asked, sounds)]}, policies, into, networks)


def _cross_validated(folder: Path, data: Data) -> Subject:
    done = CrossValidation.load(folder)
    whole = done.whole
    folds = [
        (
            RunModel(replace(run, temperature=whole.temperature, policies=whole.policies)),
            only(Data(data.root, run.rows()), (), "val"),
        )
        for run in done.folds
    ]
    test = only(Data(data.root, whole.rows()), (), "test")
    parts = {"out of fold": folds, "test": [(RunModel(whole), test)]}
    networks = [whole.fingerprint()]
    return Subject(folder.resolve().name, parts, whole.policies, folder / BENCHMARK, networks)
