"""Fit a network to labelled sounds: seeded, resumable, on one device or several."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from drumsort.errors import DataError
from drumsort.lab.augment import without_highs
from drumsort.lab.checkpoint import Checkpoint, Epoch
from drumsort.lab.loss import contrast, divergence, set_loss
from drumsort.lab.metrics import accuracy, balanced_accuracy
from drumsort.lab.recipe import Recipe
from drumsort.lab.sounds import Draws, Sounds, draw
from drumsort.lab.targets import Targets
from drumsort.lab.teachers import Teachers

if TYPE_CHECKING:
    from lightning_fabric import Fabric


@dataclass(frozen=True)
class TrainingData:
    """The sounds to learn from, and those to validate on.

    Attributes:
        sounds: of the training split.
        possible: shape ``(n, n_labels)``, bool: the labels that each of them can have.
        weights: how often each of them is drawn, shape ``(n,)``.
        val_mels: log-mels of the validation split, shape ``(m, n_mels, n_frames)``, dB.
        val_possible: shape ``(m, n_labels)``, bool.
        teachers: networks to agree with, where the recipe has a distillation with some.
        soft: probabilities to agree with, where it has a table of them, for each version of a sound
            or for all of them alike, shape ``(n, versions or 1, n_labels)``.
        groups: a number for the group of each, shape ``(n,)``.
    """

    sounds: Sounds
    possible: Tensor
    weights: Tensor
    val_mels: Tensor
    val_possible: Tensor
    teachers: Teachers | None = None
    soft: Tensor | None = None
    groups: Tensor | None = None


def fit(
    net: nn.Module,
    data: TrainingData,
    targets: Targets,
    recipe: Recipe,
    checkpoint: Checkpoint,
    fabric: "Fabric",
    on_epoch: Callable[[Epoch], None] = lambda epoch: None,
) -> nn.Module:
    """Train, or go on from the checkpoint.

    Args:
        net: log-mel -> logits, embedding; with fresh weights.
        data: the sounds to learn from, and those to validate on after every epoch.
        targets: families and labels.
        recipe: the run's settings.
        checkpoint: saves the state from which a stopped run goes on.
        fabric: the devices; several share each batch.
        on_epoch: called in the first process, when an epoch is saved on the disk.

    Returns:
        The network with the weights that the recipe keeps, on the CPU, in evaluation mode.

    Raises:
        DataError: the checkpoint is damaged or of another run, or the loss is not finite.
    """
    if recipe.batch_size % fabric.world_size:
        raise DataError(
            f"{fabric.world_size} devices cannot share a batch of {recipe.batch_size}: choose a "
            "multiple, with --set batch_size=..."
        )
    optimizer = _optimizer(net, recipe)
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    model: Any
    model, optimizer = fabric.setup(net, optimizer)
    schedule = _schedule(optimizer, recipe, len(data.weights))
    parts = {"net": net, "optimizer": optimizer, "schedule": schedule}
    checkpoint.load(parts)
    for number in range(len(checkpoint.history), recipe.epochs):
        if recipe.patience is not None and checkpoint.since_best >= recipe.patience:
            break
        started = time.monotonic()
        learning_rate = optimizer.param_groups[0]["lr"]
        learned = _learn(model, optimizer, schedule, data, targets, recipe, number, fabric)
        if not math.isfinite(learned[0]):
            raise DataError(
                f"The loss of epoch {number + 1} is not a finite number: choose a lower "
                "learning_rate."
            )
        line = Epoch(number + 1, 0.0, learning_rate, *learned, *_validate(model, data, targets))
        line = replace(line, seconds=round(time.monotonic() - started, 1))
        if fabric.is_global_zero:
            checkpoint.save(line, parts)
            on_epoch(line)
        else:
            checkpoint.history.append(line)
    if recipe.keep == "best" and checkpoint.best_weights:
        net.load_state_dict(checkpoint.best_weights)
    return net.cpu().eval()


def predict(net: nn.Module, mels: Tensor, batch: int = 128) -> Tensor:
    """Logits ``(n, n_labels)`` of log-mels ``(n, n_mels, n_frames)``, float32, on the CPU."""
    return outputs(net, mels, batch)[0]


def outputs(net: nn.Module, mels: Tensor, batch: int = 128) -> tuple[Tensor, Tensor]:
    """Logits ``(n, n_labels)`` and embeddings ``(n, d)`` of unit length, float32, on the CPU.

    Args:
        net: log-mel -> logits, embedding.
        mels: log-mels ``(n, n_mels, n_frames)``, dB.
        batch: how many to compute at once.
    """
    net.eval()
    device = next(net.parameters()).device
    with torch.inference_mode():
        parts = [mels[i : i + batch].to(device) for i in range(0, len(mels), batch)]
        heard = [net(part) for part in parts]
    logits, embeddings = (torch.cat([h[i].float().cpu() for h in heard]) for i in (0, 1))
    return logits, embeddings


def _learn(
    model: Any,
    optimizer: Any,
    schedule: Any,
    data: TrainingData,
    targets: Targets,
    recipe: Recipe,
    number: int,
    fabric: "Fabric",
) -> tuple[float, float]:
    """One epoch; loss and accuracy."""
    seed = recipe.seed * 10_000 + number
    torch.manual_seed(seed)
    model.train()
    draws = draw(data.weights, recipe.sampling.sounds if recipe.sampling else None, seed)
    even = len(draws) - len(draws) % fabric.world_size  # otherwise one device would wait for ever
    mine = draws[fabric.global_rank : even : fabric.world_size]
    size = recipe.batch_size // fabric.world_size
    losses, said, truth = [], [], []
    for mel, drawn in data.sounds.batches(mine, size, fabric.device, seed + fabric.global_rank):
        batch = _Batch.of(mel, drawn, data)
        logits, meant, loss = _step(model, batch, recipe, data.teachers)
        if recipe.consistency:
            loss = loss + recipe.consistency * disagreement(model, mel, batch.possible, recipe)
        optimizer.zero_grad()
        fabric.backward(loss)
        if recipe.clip is not None:
            torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
        optimizer.step()
        if recipe.schedule.kind == "one-cycle":
            schedule.step()
        losses.append(loss.detach())
        said.append(logits.detach())
        truth.append(meant)
    if recipe.schedule.kind == "step":
        for _ in range(recipe.schedule.steps_per_epoch):
            schedule.step()
    hits = targets.families_of(torch.cat(said)) == targets.families_of(torch.cat(truth))
    return (
        round(float(torch.stack(losses).mean()), 4),
        round(float(hits.float().mean()), 4),
    )


@dataclass(frozen=True)
class _Batch:
    """A part of the training data, on the device; see ``TrainingData``."""

    mel: Tensor
    possible: Tensor
    soft: Tensor | None
    groups: Tensor | None

    @classmethod
    def of(cls, mel: Tensor, drawn: Draws, data: TrainingData) -> "_Batch":
        index, number = drawn[:, 0], drawn[:, 1]
        soft = None if data.soft is None else data.soft[index, number % data.soft.shape[1]]
        groups = None if data.groups is None else data.groups[index]
        some = [None if t is None else t.to(mel.device) for t in (soft, groups)]
        return cls(mel, data.possible[index].to(mel.device), *some)


def _step(
    model: Any, batch: _Batch, recipe: Recipe, teachers: Teachers | None
) -> tuple[Tensor, Tensor, Tensor]:
    """Logits of a batch, the labels they should say, and the loss.

    With mixup, the batch is mixed with itself, and what counts the sounds' classes or neighbours
    takes the larger part.
    """
    mel, possible, soft, groups = batch.mel, batch.possible, batch.soft, batch.groups
    meant = possible
    if recipe.mixup:
        share = torch.distributions.Beta(recipe.mixup, recipe.mixup).sample().item()
        other = torch.randperm(len(mel), device=mel.device)
        mel = share * mel + (1 - share) * mel[other]
        if share < 0.5:
            meant = possible[other]
            groups = None if groups is None else groups[other]
    logits, embedding = (part.float() for part in model(mel))
    loss = set_loss(logits, possible, recipe.smoothing)
    if recipe.mixup:
        loss = share * loss + (1 - share) * set_loss(logits, possible[other], recipe.smoothing)
        soft = None if soft is None else share * soft + (1 - share) * soft[other]
    if recipe.distillation:
        weight = recipe.distillation.weight
        said = [teachers(mel)] if teachers else []
        said += [] if soft is None else [soft]
        loss = (1 - weight) * loss + weight * divergence(logits, torch.stack(said).mean(0))
    mean = loss.mean()
    if recipe.contrast and groups is not None:
        mean = mean + recipe.contrast * contrast(embedding, meant, groups)
    return logits, meant, mean


def disagreement(model: Any, mel: Tensor, possible: Tensor, recipe: Recipe) -> Tensor:
    """How much the predictions for some sounds differ from those without their highs.

    It is the Jensen-Shannon divergence of both (D. Hendrycks et al., "AugMix", ICLR 2020) plus a
    third of the loss on the changed sounds, for a third of the batch, to save time.
    """
    some = mel[: max(1, len(mel) // 3)]
    changed = without_highs(some, recipe.front_end)
    logits: Tensor = model(torch.cat([some, changed]))[0].float()
    as_they_are, without = logits.chunk(2)
    p, q = as_they_are.softmax(1), without.softmax(1)
    middle = ((p + q) / 2).clamp(min=1e-7).log()
    apart = p * (as_they_are.log_softmax(1) - middle) + q * (without.log_softmax(1) - middle)
    learned = set_loss(without, possible[: len(some)], recipe.smoothing)
    return apart.sum(1).mean() / 2 + learned.mean() / 3


def _validate(model: Any, data: TrainingData, targets: Targets) -> tuple[float, float, float]:
    """Loss, accuracy and balanced accuracy on the validation sounds; NaN if there are none."""
    if not len(data.val_mels):
        return math.nan, math.nan, math.nan
    logits = predict(model, data.val_mels)
    found, truth = targets.families_of(logits), targets.families_of(data.val_possible)
    confusion = np.zeros((len(targets.families),) * 2, np.int64)
    np.add.at(confusion, (truth.numpy(), found.numpy()), 1)
    return (
        round(float(set_loss(logits, data.val_possible).mean()), 4),
        round(float(accuracy(confusion)), 4),
        round(float(balanced_accuracy(confusion)), 4),
    )


def _optimizer(net: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    kind = torch.optim.Adam if recipe.optimizer == "adam" else torch.optim.AdamW
    own = getattr(net, "groups", None)  # of parameters, where they learn at different rates
    learned = own(recipe.learning_rate) if own else net.parameters()
    return kind(learned, recipe.learning_rate, weight_decay=recipe.weight_decay)


def _schedule(optimizer: Any, recipe: Recipe, sounds: int) -> Any:
    schedules = torch.optim.lr_scheduler
    if recipe.schedule.kind == "one-cycle":
        drawn = recipe.sampling.sounds if recipe.sampling else sounds
        steps = recipe.epochs * math.ceil(drawn / recipe.batch_size)
        peaks = [group["lr"] for group in optimizer.param_groups]
        return schedules.OneCycleLR(optimizer, peaks, steps, pct_start=0.15)
    factor = recipe.schedule.factor if recipe.schedule.kind == "step" else 1.0
    return schedules.StepLR(optimizer, recipe.schedule.every, factor)
