"""Soft targets: what networks say of sounds that they were not shown, to teach another network.

The sounds of ``train`` and ``val`` lie in five parts, those that cross-validation holds out. Of
each recipe, ten networks learn from three parts, so for any two parts there is one that was shown
neither. A fold's targets are taken from those that were not shown what the fold holds out.

runs/<name>/
  <recipe>/0_1/ .. 3_4/   runs, each named after the two parts that it was not shown
  fold0.parquet ..        the targets of each run of a cross-validation
  whole.parquet           those of the run that learns from all parts
  held-out.parquet        what the networks together say of groups that they were not shown
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  (torch's own convention)

from drumsort.errors import DataError
from drumsort.lab import said
from drumsort.lab.calibrate import temperature
from drumsort.lab.data import Data
from drumsort.lab.data.features import FeatureCache, Features
from drumsort.lab.data.rows import Row
from drumsort.lab.data.split import FOLDS, fold
from drumsort.lab.fit import predict
from drumsort.lab.hardware import Hardware
from drumsort.lab.job import OnEpoch, Progress, check_epochs, train, under
from drumsort.lab.metrics import Verdicts
from drumsort.lab.recipe import Recipe
from drumsort.lab.run import WHOLE, Run
from drumsort.lab.soft_targets import write_targets
from drumsort.lab.sounds import FixedMels, Source
from drumsort.lab.targets import Targets
from drumsort.lab.trained import verdicts
from drumsort.lab.variants import variants

Pair = tuple[int, int]

PAIRS: tuple[Pair, ...] = tuple(combinations(range(FOLDS), 2))
"""The parts that each network is not shown."""

_BATCH = 128


@dataclass(frozen=True)
class SoftTargets:
    """Tables of targets that have been written.

    Attributes:
        versions: of each sound, the unchanged one included.
        temperatures: name of a recipe to what its logits were divided by.
        verdicts: what all networks together say of the groups that they were not shown.
        failures: one sentence for each sound that could not be read.
    """

    versions: int
    temperatures: Mapping[str, float]
    verdicts: Verdicts
    failures: Sequence[str]


def soft_targets(
    data: Data,
    folder: Path,
    recipes: Sequence[Recipe],
    hardware: Hardware,
    versions: int | None = None,
    *,
    on_sounds: Progress = lambda done, total: None,
    on_epoch: OnEpoch = lambda run, epoch: None,
) -> SoftTargets:
    """Train ten networks of each recipe, and write what they say; goes on with what was stopped.

    Args:
        data: labelled sounds, each with its split; those of ``test`` are left out.
        folder: for the tables and the runs.
        recipes: of the networks; what they say is averaged.
        hardware: the devices.
        versions: of each sound in the tables, the unchanged one included; by default as many as
            every recipe makes.
        on_sounds: called while sounds are read, with how many are done and how many there are.
        on_epoch: called after each epoch, with the name of the run or teacher.

    Raises:
        DataError: the data, a recipe or an earlier checkpoint cannot be used.
    """
    _check(recipes)
    held = held_out(data.rows)
    if set(held.values()) != set(range(FOLDS)):
        raise DataError(f"{data.root} has too few groups: one falls into each of {FOLDS} parts.")
    used, failures = _readable(data, recipes, on_sounds)
    part = torch.tensor([part_of(row, held) for row in used.rows])
    classes = [Targets.of(recipe.classes, [*used.rows, *data.of("test")]) for recipe in recipes]
    targets = classes[0]
    for recipe, own in zip(recipes, classes, strict=True):
        if own.labels != targets.labels:
            raise DataError(
                f"The recipe {recipe.name} tells other classes apart than {recipes[0].name}: "
                "choose the same with --set classes=..."
            )
    runs = [_trained(used, data, part, folder, r, hardware, on_sounds, on_epoch) for r in recipes]
    probabilities, temperatures = [], {}
    for recipe, ten in zip(recipes, runs, strict=True):
        logits = _heard(used, part, recipe, ten, len(targets.labels), hardware, on_sounds)
        others = ~F.one_hot(part, FOLDS).bool()
        possible = targets.mask(used.rows).repeat_interleave(FOLDS - 1, 0)
        temperatures[recipe.name] = degree = temperature(logits[:, :, 0][others], possible)
        probabilities.append((logits / degree).softmax(-1))
    count = versions or min(p.shape[2] for p in probabilities)
    p = with_own(torch.stack([with_versions(one, count) for one in probabilities]).mean(0), part)
    for number in range(FOLDS):
        write_targets(folder / f"fold{number}.parquet", used.rows, targets.labels, p[:, number])
    whole = p[torch.arange(len(part)), part]
    write_targets(folder / f"{WHOLE}.parquet", used.rows, targets.labels, whole)
    apart = [i for i, row in enumerate(used.rows) if row.path in held]
    rows = [used.rows[i] for i in apart]
    judged = verdicts(targets, whole[apart, 0].numpy(), rows)
    said.write(folder, judged, rows)
    return SoftTargets(count, temperatures, judged, failures)


def held_out(rows: Sequence[Row]) -> dict[str, int]:
    """Path to its part, for all sounds that some fold of a cross-validation holds out."""
    return {
        row.path: number
        for number in range(FOLDS)
        for row in fold(rows, number)
        if row.split == "val"
    }


def part_of(row: Row, held: Mapping[str, int]) -> int:
    """Part of a sound; a group that is too large to be held out is spread over all parts."""
    of_path = int(hashlib.sha256(row.path.encode()).hexdigest(), 16) % FOLDS
    return held.get(row.path, of_path)


def with_own(p: Tensor, part: Tensor) -> Tensor:
    """The targets of each fold, and in a sound's own place the mean of the four that never saw it.

    Args:
        p: shape ``(n, FOLDS, versions, n_labels)``: at ``[i, k]`` what the network says that was
            shown neither part ``k`` nor that of sound ``i``; anything in the sound's own place.
        part: of each sound, shape ``(n,)``.
    """
    own = F.one_hot(part, FOLDS).bool()[..., None, None]
    mean = p.masked_fill(own, 0).sum(1, keepdim=True) / (FOLDS - 1)
    return torch.where(own, mean, p)


def with_versions(p: Tensor, count: int) -> Tensor:
    """``(..., versions, n_labels)`` with ``count`` versions; one that lacks is the others' mean."""
    lacking = max(0, count - p.shape[-2])
    mean = p.mean(-2, keepdim=True)
    return torch.cat([p[..., :count, :], *[mean] * lacking], -2)


def _trained(
    used: Data,
    data: Data,
    part: Tensor,
    folder: Path,
    recipe: Recipe,
    hardware: Hardware,
    on_sounds: Progress,
    on_epoch: OnEpoch,
) -> dict[Pair, Run]:
    """The ten runs of a recipe."""
    runs = {}
    for one, other in PAIRS:
        name = f"{recipe.name}/{one}_{other}"
        places = ["val" if number in (one, other) else "train" for number in part.tolist()]
        rows = [replace(row, split=at) for row, at in zip(used.rows, places, strict=True)]
        runs[one, other] = train(
            Data(data.root, [*rows, *data.of("test")]),
            folder / name,
            recipe,
            hardware,
            on_sounds=on_sounds,
            on_epoch=partial(on_epoch, name),
            on_teacher=partial(under, on_epoch, name),
        ).run
    return runs


def _heard(
    used: Data,
    part: Tensor,
    recipe: Recipe,
    runs: Mapping[Pair, Run],
    n_labels: int,
    hardware: Hardware,
    on_sounds: Progress,
) -> Tensor:
    """Logits ``(n, FOLDS, versions, n_labels)``, placed as ``with_own`` takes them."""
    source, count = _source(used, recipe, on_sounds)
    device = hardware.start().device
    logits = torch.zeros(len(part), FOLDS, count, n_labels)
    for done, ((one, other), run) in enumerate(runs.items(), start=1):
        net = run.net().to(device)
        some = ((part == one) | (part == other)).nonzero()[:, 0]
        for version in range(count):
            draws = torch.stack([some, torch.full_like(some, version)], 1)
            heard = source.heard(torch.split(draws, _BATCH), device)
            said_of = torch.cat([predict(net, mels, _BATCH) for mels in heard])
            logits[some, one + other - part[some], version] = said_of
        on_sounds(done * len(part), len(runs) * len(part))
    return logits


def _source(used: Data, recipe: Recipe, on_sounds: Progress) -> tuple[Source, int]:
    """The log-mels of sounds, and how many versions there are of each."""
    features, change = FeatureCache(recipe.front_end).features(used, on_sounds), recipe.augmentation
    if change is None or not change.variants:
        return FixedMels(torch.from_numpy(features.log_mels())), 1
    none = Features(Data(used.root, []), features.table.head(0), [])
    made = variants(features, none, recipe.front_end, change, on_sounds)
    return made, made.count


def _readable(data: Data, recipes: Sequence[Recipe], on_sounds: Progress) -> tuple[Data, list[str]]:
    """The sounds that every front end can read, without ``test``, and what could not be read."""
    used = Data(data.root, [row for row in data.rows if row.split != "test"])
    failures: list[str] = []
    for front_end in dict.fromkeys(recipe.front_end for recipe in recipes):
        features = FeatureCache(front_end).features(used, on_sounds)
        used, failures = features.data, [*failures, *features.failures]
    return used, failures


def _check(recipes: Sequence[Recipe]) -> None:
    """Check that each recipe has its own folder, and lets no network know of what it is asked."""
    for recipe in recipes:
        if [other.name for other in recipes].count(recipe.name) > 1:
            raise DataError(f"Two recipes are called {recipe.name}: rename the file of one.")
        if recipe.distillation is not None and recipe.distillation.targets is not None:
            raise DataError(
                f"The recipe {recipe.name} learns from a table of targets, whose networks may have "
                "been shown any sound: choose --set distillation.targets=none."
            )
        check_epochs(recipe)
