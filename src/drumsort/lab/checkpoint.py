"""The one file that a stopped run goes on from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import torch

from drumsort.errors import DataError
from drumsort.lab.files import save_torch


@dataclass(frozen=True)
class Epoch:
    """What an epoch did; accuracies are of families, the last three on the validation sounds.

    Attributes:
        epoch: its number, from 1 on.
        seconds: it took, validation included.
        learning_rate: at its start.
        loss: mean over the batches.
        accuracy: share of training sounds that were told right while they were learnt from.
        val_loss: negative log-likelihood of the labels.
        val_accuracy: share that is told right.
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
        facts: what a run must agree in to go on: its recipe, its data, its arithmetic.
        best: whether the weights of the best epoch are kept beside the last ones.

    Attributes:
        history: what each epoch did.
        best_weights: of the epoch with the lowest validation loss, where they are kept.
    """

    def __init__(self, path: Path, facts: Mapping[str, Any], best: bool = False) -> None:
        self.path, self._facts, self._best = path, dict(facts), best
        self.best_weights: dict[str, Any] | None = None
        self.history: list[Epoch] = []

    def load(self, parts: Mapping[str, Stateful]) -> None:
        """Restore ``parts`` and the history, where there is a checkpoint.

        Raises:
            DataError: it is damaged or of another run.
        """
        if not self.path.exists():
            return
        try:
            saved = torch.load(self.path, map_location="cpu", weights_only=True)
            facts, history = saved["facts"], [Epoch(**line) for line in saved["history"]]
        except Exception as error:  # torch raises many types for a damaged file
            raise DataError(f"{self.path} is damaged: delete it to start anew.") from error
        for name, value in self._facts.items():
            if facts.get(name) != value:
                other = "other data" if name == "data" else f"another {name}"
                raise DataError(
                    f"{self.path} is of {other}: name another folder with --run, or delete it to "
                    "start anew."
                )
        for name, part in parts.items():
            part.load_state_dict(saved[name])
        self.history, self.best_weights = history, saved["best"]

    def save(self, line: Epoch, parts: Mapping[str, Stateful]) -> None:
        """Keep ``parts`` as they are after the epoch of ``line``."""
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
