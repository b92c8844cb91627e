"""A trained model, from a run folder or a model folder, with one interface for both."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import nn

from drumsort.features import LogMel
from drumsort.lab.data.rows import Row
from drumsort.lab.fit import outputs
from drumsort.lab.metrics import Numbers, Verdicts
from drumsort.lab.run import Run
from drumsort.lab.targets import Targets
from drumsort.model.bundle import Bundle
from drumsort.model.infer import More, Network


@dataclass(frozen=True)
class Said:
    """A model's predictions for some sounds.

    Attributes:
        p: shape ``(n, n_labels)``, calibrated probabilities.
        embedding: shape ``(n, d)``, of unit length; ``None`` if the model has none.
    """

    p: Numbers
    embedding: Numbers | None


class Model(Protocol):
    """A model to evaluate."""

    name: str
    front_end: LogMel
    targets: Targets
    min_confidence: float

    def hear(self, mels: Numbers, more: More) -> Said:
        """Log-mels ``(n, n_mels, n_frames)``, dB -> the predictions for each.

        ``more`` gives the log-mels of another front end, if the model has a second opinion.
        """


class RunModel:
    """The network of a run, computed by torch."""

    def __init__(self, run: Run, net: nn.Module | None = None) -> None:
        self.run, self._net = run, net or run.net()
        self.name = run.name
        self.front_end, self.targets = run.recipe.front_end, run.targets
        self.min_confidence = run.policies["balanced"]

    def hear(self, mels: Numbers, more: More | None = None) -> Said:
        logits, embedding = outputs(self._net, torch.from_numpy(mels))
        return Said((logits / self.run.temperature).softmax(1).numpy(), embedding.numpy())


class BundleModel:
    """A model folder, computed by ONNX Runtime as ``classify`` does, but for low tones."""

    def __init__(self, folder: Path | None) -> None:
        self.bundle = Bundle.load(folder)
        self._network = Network(self.bundle)
        self.name, self.front_end = self.bundle.name, self.bundle.front_end
        self.targets = Targets(self.bundle.families)
        self.min_confidence = self.bundle.policies["balanced"]

    def hear(self, mels: Numbers, more: More) -> Said:
        heard = self._network.hear_log_mels(mels, more)
        embeddings = [h.embedding for h in heard if h.embedding is not None]
        return Said(
            np.stack([h.scores for h in heard]), np.stack(embeddings) if embeddings else None
        )


def open_model(folder: Path | None) -> RunModel | BundleModel:
    """A model from a run folder or a model folder; the shipped one by default.

    Raises:
        DataError: it is neither, or the run has not ended.
        BundleError: the model folder cannot be used.
    """
    if folder is None or (folder / "bundle.json").is_file():
        return BundleModel(folder)
    return RunModel(Run.load(folder))


def verdicts(targets: Targets, p: Numbers, rows: Sequence[Row]) -> Verdicts:
    """Probabilities ``(n, n_labels)`` of labelled sounds, summed to families."""
    names = list(targets.families)
    truth = np.array([names.index(targets.family(row)) for row in rows], np.int64)
    return Verdicts(names, targets.sums(p), truth, [row.group for row in rows])
