"""A trained model, wherever it lies: a run folder or a model folder, asked in the same way."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import nn

from drumsort.errors import DataError
from drumsort.features import LogMel
from drumsort.model.bundle import Bundle
from drumsort.model.infer import Network
from drumsort.train.data.rows import Row
from drumsort.train.fit import predict
from drumsort.train.metrics import Numbers, Verdicts
from drumsort.train.run import Run
from drumsort.train.targets import Targets


class Model(Protocol):
    """What is evaluated."""

    name: str
    front_end: LogMel
    targets: Targets
    min_confidence: float

    def probabilities(self, mels: Numbers) -> Numbers:
        """Log-mels ``(n, n_mels, n_frames)`` -> calibrated probabilities ``(n, n_labels)``."""


class RunModel:
    """The network of a run, computed by torch."""

    def __init__(self, run: Run, net: nn.Module | None = None) -> None:
        self.run, self._net = run, net or run.net()
        self.name = run.name
        self.front_end, self.targets = run.recipe.front_end, run.targets
        self.min_confidence = run.min_confidence

    def probabilities(self, mels: Numbers) -> Numbers:
        logits = predict(self._net, torch.from_numpy(mels))
        p: Numbers = (logits / self.run.temperature).softmax(1).numpy()
        return p


class BundleModel:
    """A model folder, computed by ONNX Runtime as ``classify`` does."""

    def __init__(self, folder: Path | None) -> None:
        self.bundle = Bundle.load(folder)
        self._network = Network(self.bundle)
        self.name, self.front_end = self.bundle.name, self.bundle.front_end
        self.targets = Targets(self.bundle.families)
        self.min_confidence = self.bundle.policies["balanced"]

    def probabilities(self, mels: Numbers) -> Numbers:
        return np.stack([self._network(mel).scores for mel in mels])


def open_model(folder: Path | None) -> RunModel | BundleModel:
    """A model from a run folder or a model folder; the shipped one by default.

    Raises:
        DataError: it is neither, or it is a run that has not ended.
        BundleError: the model folder cannot be used.
    """
    if folder is None or (folder / "bundle.json").is_file():
        return BundleModel(folder)
    if (folder / "run.json").is_file():
        return RunModel(Run.load(folder))
    if (folder / "checkpoint.pt").is_file():
        raise DataError(f"The run in {folder} has not ended: go on with drumsort train.")
    raise DataError(f"{folder} is neither a run nor a model folder.")


def verdicts(targets: Targets, p: Numbers, rows: Sequence[Row]) -> Verdicts:
    """Probabilities ``(n, n_labels)`` of labelled sounds, summed to families."""
    names = list(targets.families)
    edges = np.cumsum([0, *(len(labels) for labels in targets.families.values())])[:-1]
    truth = np.array([names.index(targets.family(row)) for row in rows], np.int64)
    return Verdicts(names, np.add.reduceat(p, edges, 1), truth, [row.group for row in rows])
