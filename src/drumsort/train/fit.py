"""Fit the network to labelled sounds: seeded, resumable, one checkpoint file."""

import csv
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor

from drumsort.errors import DataError
from drumsort.features import LogMel
from drumsort.taxonomy import LABELS
from drumsort.train.data import Example
from drumsort.train.evaluate import EIGHT, SIX, balanced_accuracy
from drumsort.train.loss import set_loss
from drumsort.train.network import DrumNet
from drumsort.train.recipe import Recipe
from drumsort.train.sounds import Sounds, batches, log_mels, possible_labels, sampling_weights


@dataclass(frozen=True)
class Epoch:
    """One line of the training log; accuracies are balanced, on the validation sounds."""

    epoch: int
    seconds: float
    loss: float
    val_loss: float
    val_six: float
    val_eight: float


class Stateful(Protocol):
    """What a checkpoint keeps."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state_dict: dict[str, Any], /) -> Any: ...


def fit(
    train: Sequence[Example],
    val: Sequence[Example],
    recipe: Recipe,
    run: Path,
    front_end: LogMel,
    on_epoch: Callable[[Epoch], None] = lambda epoch: None,
) -> DrumNet:
    """Train, or go on training where ``run/checkpoint.pt`` stopped.

    Args:
        train: what is learnt from.
        val: what is only reported on, after every epoch.
        recipe: the run's settings.
        run: folder for ``checkpoint.pt`` and ``log.csv``; made if need be.
        front_end: turns samples into log-mel.
        on_epoch: called after each epoch.

    Returns:
        The network after the last epoch, on the CPU, in evaluation mode.

    Raises:
        DataError: the checkpoint in ``run`` is damaged or of another recipe.
    """
    run.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(recipe.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net = DrumNet(len(LABELS), front_end.n_mels, recipe.width)
    net.to(device)
    optimizer = torch.optim.AdamW(net.parameters(), recipe.rate, weight_decay=recipe.weight_decay)
    steps = recipe.epochs * (recipe.sounds_per_epoch // recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.rate, steps, pct_start=0.15)
    checkpoint = _Checkpoint(
        run / "checkpoint.pt", recipe, {"net": net, "optimizer": optimizer, "schedule": schedule}
    )
    sounds, weights = Sounds(train, front_end, recipe), sampling_weights(train, recipe)
    val_mels, val_possible = log_mels(val, front_end), possible_labels(val)
    for number in range(checkpoint.load(), recipe.epochs):
        started = time.monotonic()
        torch.manual_seed(recipe.seed * 10_000 + number)
        net.train()
        losses = []
        for mel, possible in batches(sounds, weights, recipe, number, os.cpu_count() or 1):
            loss = _mixed_loss(net, mel.to(device), possible.to(device), recipe)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.detach())
        logits = predict(net, val_mels)
        p = logits.softmax(1).numpy()
        line = Epoch(
            epoch=number + 1,
            seconds=round(time.monotonic() - started, 1),
            loss=round(float(torch.stack(losses).mean()), 4),
            val_loss=round(float(set_loss(logits, val_possible).mean()), 4),
            val_six=round(balanced_accuracy(p, val, SIX), 4),
            val_eight=round(balanced_accuracy(p, val, EIGHT), 4),
        )
        _log(run / "log.csv", line)
        checkpoint.save(number + 1)
        on_epoch(line)
    net.cpu().eval()
    return net


def predict(net: DrumNet, mels: Tensor, batch: int = 256) -> Tensor:
    """Logits ``(n, n_labels)`` of log-mels ``(n, n_mels, n_frames)``, on the CPU."""
    net.eval()
    device = next(net.parameters()).device
    with torch.inference_mode():
        return torch.cat([net(part.to(device))[0].cpu() for part in torch.split(mels, batch)])


def _mixed_loss(net: DrumNet, mel: Tensor, possible: Tensor, recipe: Recipe) -> Tensor:
    if not recipe.mixup:
        return set_loss(net(mel)[0], possible, recipe.smoothing).mean()
    share = torch.distributions.Beta(recipe.mixup, recipe.mixup).sample().item()
    other = torch.randperm(len(mel))
    logits, _ = net(share * mel + (1 - share) * mel[other])
    loss = share * set_loss(logits, possible, recipe.smoothing)
    return (loss + (1 - share) * set_loss(logits, possible[other], recipe.smoothing)).mean()


class _Checkpoint:
    """The one file that a stopped run goes on from."""

    def __init__(self, path: Path, recipe: Recipe, parts: Mapping[str, Stateful]) -> None:
        self._path, self._recipe, self._parts = path, asdict(recipe), parts

    def load(self) -> int:
        """Restore the parts; how many epochs they have seen."""
        if not self._path.exists():
            return 0
        try:
            saved = torch.load(self._path, map_location="cpu", weights_only=True)
            recipe, epoch = saved["recipe"], int(saved["epoch"])
        except Exception as error:  # torch raises many types for a damaged file
            raise DataError(f"{self._path} is damaged: delete it to start anew.") from error
        if recipe != self._recipe:
            raise DataError(f"{self._path} is of another recipe: name another folder with --run.")
        for name, part in self._parts.items():
            part.load_state_dict(saved[name])
        return epoch

    def save(self, epoch: int) -> None:
        """Keep the parts as they are after ``epoch`` epochs."""
        state = {name: part.state_dict() for name, part in self._parts.items()}
        half_written = self._path.with_suffix(".part")
        torch.save({"recipe": self._recipe, "epoch": epoch, **state}, half_written)
        half_written.replace(self._path)


def _log(path: Path, line: Epoch) -> None:
    first = line.epoch == 1
    with path.open("w" if first else "a", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(asdict(line)))
        if first:
            writer.writeheader()
        writer.writerow(asdict(line))
