"""The file from which a stopped run goes on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import torch

from drumsort.errors import DataError
from drumsort.lab.files import save_torch


@dataclass(frozen=True)
class Epoch:
    """The result of an epoch; accuracies are of families, the last three on validation sounds.

    Attributes:
        epoch: its number, starting at 1.
        seconds: its duration, with validation.
        learning_rate: at its start.
        loss: mean over the batches.
        accuracy: share of training sounds that were right while the network learned from them.
        val_loss: negative log-likelihood of the labels.
        val_accuracy: share of validation sounds that are right.
        val_balanced: mean of the families' recalls.
    """

    epoch: int
    seconds: float
    learning_rate: float
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    val_balanced: float


class Stateful(Protocol):
    """What a checkpoint keeps."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state_dict: dict[str, Any], /) -> Any: ...


class Checkpoint:
    """Weights, optimizer, schedule and history after each epoch, in one file.

    Args:
        path: of the file.
        facts: what must be the same for a run to go on: recipe, data, files, device, precision.
        best: whether to keep the weights of the best epoch as well as the last ones.

    Attributes:
        history: the result of each epoch.
        best_weights: those of the epoch with the lowest validation loss, if ``best``.
    """

    def __init__(self, path: Path, facts: Mapping[str, Any], best: bool = False) -> None:
        self.path, self._facts, self._best = path, dict(facts), best
        self.best_weights: dict[str, Any] | None = None
        self.history: list[Epoch] = []

    def load(self, parts: Mapping[str, Stateful]) -> None:
        """Restore ``parts`` and the history, if there is a checkpoint.

        Raises:
            DataError: it is damaged or of another run.
        """
        if not self.path.exists():
            return
        try:
            saved = torch.load(self.path, map_location="cpu", weights_only=True)
            facts, history = saved["facts"], [Epoch(**line) for line in saved["history"]]
        except Exception as error:  # torch raises many types for a damaged file
            raise DataError(f"{self.path} is damaged: delete it to start again.") from error
        for name, value in self._facts.items():
            if facts.get(name) != value:
                other = "other data" if name == "data" else f"another {name}"
                raise DataError(
                    f"{self.path} belongs to {other}: name another folder with --run, or delete it "
                    "to start again."
                )
        for name, part in parts.items():
            part.load_state_dict(saved[name])
        self.history, self.best_weights = history, saved["best"]

    def save(self, line: Epoch, parts: Mapping[str, Stateful]) -> None:
        """Save ``parts`` as they are after the epoch ``line``."""
        self.history.append(line)
        state = {name: part.state_dict() for name, part in parts.items()}
        if self._best and self.since_best == 0:
            self.best_weights = {k: v.cpu().clone() for k, v in state["net"].items()}
        history = [asdict(line) for line in self.history]
        content = {"facts": self._facts, "history": history, "best": self.best_weights, **state}
        save_torch(content, self.path)

    @property
    def since_best(self) -> int:
        """Epochs since the lowest validation loss."""
        losses = [line.val_loss for line in self.history]
        return len(losses) - 1 - losses.index(min(losses)) if losses else 0
