"""A training run, step by step: from labelled sounds to a run folder."""

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from drumsort.errors import DataError
from drumsort.lab import calibrate, said
from drumsort.lab.checkpoint import Checkpoint, Epoch
from drumsort.lab.data import Data, Manifest
from drumsort.lab.data.features import FeatureCache, Features, file_hashes
from drumsort.lab.data.rows import Row
from drumsort.lab.evaluate import Evaluation
from drumsort.lab.fit import TrainingData, fit, predict
from drumsort.lab.hardware import Hardware
from drumsort.lab.log import Log, write_history
from drumsort.lab.metrics import Verdicts
from drumsort.lab.network import build, published
from drumsort.lab.recipe import Recipe, teachers
from drumsort.lab.run import Run
from drumsort.lab.soft_targets import read_targets
from drumsort.lab.sounds import (
    FixedMels,
    Live,
    Sounds,
    sampling_weights,
    waveforms,
)
from drumsort.lab.start import graph, start_from
from drumsort.lab.targets import Targets
from drumsort.lab.teachers import Teachers
from drumsort.lab.trained import verdicts
from drumsort.lab.trees import in_company
from drumsort.lab.variants import variants
from drumsort.taxonomy import FAMILIES, NOT_A_DRUM

Progress = Callable[[int, int], None]
OnEpoch = Callable[[str, Epoch], None]
"""Called after each epoch, with the name of the run or teacher."""

_FOR_STATISTICS = 512  # sounds that tell a network which starts from a model its levels


@dataclass(frozen=True)
class Trained:
    """A run that has ended.

    Attributes:
        run: its folder and facts.
        val: the evaluation on the validation sounds, if there are any.
        failures: one sentence for each sound that could not be read.
    """

    run: Run
    val: Evaluation | None
    failures: Sequence[str]


def train(
    data: Data,
    folder: Path,
    recipe: Recipe,
    hardware: Hardware,
    *,
    validate: bool = True,
    on_sounds: Progress = lambda done, total: None,
    on_start: Callable[[torch.nn.Module], None] = lambda net: None,
    on_epoch: Callable[[Epoch], None] = lambda epoch: None,
    on_teacher: Callable[[str, Epoch], None] = lambda teacher, epoch: None,
) -> Trained:
    """Train on the ``train`` split of ``data`` and evaluate on its ``val`` split, if it has one.

    If the recipe has a distillation, its teachers are trained first, on the same sounds, in folders
    inside the run's folder.

    Args:
        data: labelled sounds, each with its split.
        folder: of the run; a run that was stopped there goes on.
        recipe: the settings.
        hardware: the devices.
        validate: whether there must be validation sounds.
        on_sounds: called while sounds are read, with how many are done and how many there are.
        on_start: called with the network before the first epoch.
        on_epoch: called after each epoch.
        on_teacher: called after each epoch of a teacher, with its name.

    Returns:
        The run, and its evaluation on the validation sounds.

    Raises:
        DataError: the data or an earlier checkpoint cannot be used.
    """
    targets = Targets.of(recipe.classes, data.rows)
    _check(data, targets, validate)
    _check_table(recipe)
    train_sounds, val = Data(data.root, data.of("train")), Data(data.root, data.of("val"))
    val_features = FeatureCache(recipe.front_end).features(val, on_sounds)
    heard, sounds, failures = _sounds(train_sounds, val_features, recipe, on_sounds)
    val_rows = val_features.data.rows
    used = Data(data.root, [*heard.rows, *val_rows, *data.of("test")])
    _check(used, targets, validate)
    learning = TrainingData(
        sounds,
        targets.mask(heard.rows),
        sampling_weights(heard.rows, targets, recipe.sampling),
        torch.from_numpy(val_features.log_mels()),
        targets.mask(val_rows),
        soft=_soft(recipe, heard.rows, targets),
        groups=_numbers([row.group for row in heard.rows]),
    )
    nets = [
        train(
            data,
            folder / name,
            teacher,
            hardware,
            validate=validate,
            on_sounds=on_sounds,
            on_epoch=partial(on_teacher, name),
        ).run.net()
        for name, teacher in teachers(recipe).items()
    ]
    torch.manual_seed(recipe.seed)
    net = build(recipe.network, len(targets.labels), recipe.front_end, recipe.options)
    if published(recipe.network):
        net.start()  # type: ignore[operator]
    if recipe.start is not None:
        some = some_of(len(heard.rows), _FOR_STATISTICS)
        one = sounds.batches(torch.stack([some, some], 1), len(some), torch.device("cpu"), 0)
        start_from(net, recipe.start, next(one)[0])
    on_start(net)
    facts = {
        "recipe": json.loads(json.dumps(asdict(recipe))),  # with lists for tuples
        "data": fingerprint(used),
        **_files(recipe),
        **{name: hardware.facts()[name] for name in ("device", "devices", "precision")},
    }
    checkpoint = Checkpoint(folder / "checkpoint.pt", facts, best=recipe.keep == "best")
    fabric = hardware.start()
    learning = replace(learning, teachers=Teachers(nets, fabric) if nets else None)
    _make(folder)
    if fabric.is_global_zero and not checkpoint.path.exists():
        _forget(folder)
    with Log(folder) as log:

        def note(epoch: Epoch) -> None:
            log.write(checkpoint.history)
            on_epoch(epoch)

        net = fit(net, learning, targets, recipe, checkpoint, fabric, note)
    run = Run(
        folder,
        recipe,
        targets,
        data.root.resolve(),
        facts["data"],
        sum(parameter.numel() for parameter in net.parameters()),
        hardware.facts(),
        round(sum(line.seconds for line in checkpoint.history), 1),
    )
    failures = [*val_features.failures, *failures]
    report = None
    if val_rows:
        run, judged = calibrated(run, predict(net, learning.val_mels), val_rows)
        report = Evaluation(run.name, "val", judged, val_rows, run.policies["balanced"], failures)
        if fabric.is_global_zero:
            said.write(folder, judged, val_rows)
    if fabric.is_global_zero:
        write_history(folder, checkpoint.history)  # a run may have been killed before it wrote this
        Manifest(folder / "split.csv").write(used.rows)
        run.write(net)
    return Trained(run, report, failures)


def under(on_epoch: OnEpoch, run: str, teacher: str, epoch: Epoch) -> None:
    """Tell of an epoch of a teacher by the name of its run and its own."""
    on_epoch(f"{run}/{teacher}", epoch)


def check_epochs(recipe: Recipe) -> None:
    """Check that no network of a recipe chooses its epoch by the sounds that it is measured on.

    Raises:
        DataError: one does.
    """
    for one in (recipe, *teachers(recipe).values()):
        if one.keep == "best" or one.patience is not None:
            raise DataError(
                f"The recipe {one.name} chooses its epoch by the sounds that its networks are "
                "measured on: choose keep=last and patience=none."
            )


def calibrated(run: Run, logits: Tensor, rows: Sequence[Row]) -> tuple[Run, Verdicts]:
    """The run with a temperature and policies chosen on held-out sounds, and its verdicts.

    Policies are for sounds in their folders, where these are known; the verdicts are on each alone.

    Args:
        run: without them.
        logits: shape ``(n, n_labels)``.
        rows: the sounds.
    """
    temperature = calibrate.temperature(logits, run.targets.mask(rows))
    p = (logits / temperature).softmax(1).numpy()
    together = verdicts(run.targets, in_company(run.targets, p, rows), rows)
    trusted = replace(run, temperature=temperature, policies=calibrate.policies(together))
    return trusted, verdicts(run.targets, p, rows)


def _sounds(
    data: Data, val: Features, recipe: Recipe, on_sounds: Progress
) -> tuple[Data, Sounds, list[str]]:
    """The training sounds, as the recipe changes them, and what could not be read."""
    change, front_end = recipe.augmentation, recipe.front_end
    if change is not None and not change.variants:
        heard, waves, failures = waveforms(data, front_end, on_sounds)
        labels = [row.label for row in heard.rows]
        live = Live(waves, front_end, change)
        return heard, Sounds(live, front_end, change, labels), failures
    features = FeatureCache(front_end).features(data, on_sounds)
    if change is None:
        sounds = Sounds(FixedMels(torch.from_numpy(features.log_mels())), front_end)
    else:
        made = variants(features, val, front_end, change, on_sounds)
        labels = [row.label for row in features.data.rows]
        sounds = Sounds(made, front_end, change, labels)
    return features.data, sounds, features.failures


def _soft(recipe: Recipe, rows: Sequence[Row], targets: Targets) -> Tensor | None:
    """What the table of a recipe says of each sound, where it names one."""
    if recipe.distillation is None or recipe.distillation.targets is None:
        return None
    path = Path(recipe.distillation.targets)
    said = read_targets(path, rows, targets.labels)
    versions = 1 + (recipe.augmentation.variants if recipe.augmentation else 0)
    if said.shape[1] not in (1, versions):
        raise DataError(
            f"The targets {path} are for {said.shape[1] - 1} variants of each sound: say "
            f"--set augmentation.variants={said.shape[1] - 1}."
        )
    return said


def _check_table(recipe: Recipe) -> None:
    """Check that what a recipe names as its table of targets is one."""
    if recipe.distillation is None or recipe.distillation.targets is None:
        return
    path = Path(recipe.distillation.targets)
    if path.is_dir():
        raise DataError(
            f"{path} has a table of targets for each run of a cross-validation: name one of them "
            f"with --set distillation.targets={path / 'fold0.parquet'} and --fold 0, or choose "
            "'drumsort lab crossval'."
        )
    if not path.exists():
        raise DataError(
            f"There are no targets {path}: make them with 'drumsort lab targets', or choose --set "
            "distillation=none to learn from the labels alone."
        )


def _files(recipe: Recipe) -> dict[str, str]:
    """SHA-256 of the files besides the sounds that decide what a run learns."""
    distillation = recipe.distillation
    named = {
        "table of targets": distillation and distillation.targets,
        "model to start from": recipe.start and str(graph(recipe.start)),
        "wheel": published(recipe.network) and recipe.options.get("pretrained"),
    }
    there = {what: path for what, path in named.items() if path}
    return dict(zip(there, file_hashes(list(there.values())), strict=True))


def some_of(n: int, most: int) -> Tensor:
    """Numbers of at most ``most`` of ``n`` sounds, the same each time, in no order of theirs.

    Neighbours in a manifest are of one source, and a batch of them has statistics of its own.
    """
    return torch.randperm(n, generator=torch.Generator().manual_seed(0))[:most]


def _numbers(names: Sequence[str]) -> Tensor:
    """A number for each name, the same for the same name, shape ``(n,)``."""
    order = {name: number for number, name in enumerate(sorted(set(names)))}
    return torch.tensor([order[name] for name in names])


def _check(data: Data, targets: Targets, validate: bool) -> None:
    """Check that there are validation sounds, and training sounds of every family.

    The families are those of the data, or those that the recipe names.
    """
    there = {targets.family(row) for row in data.rows}
    learned = {targets.family(row) for row in data.of("train")}
    held_out = {targets.family(row) for row in data.of("val")}
    wanted = there if targets.families.keys() == FAMILIES.keys() else targets.families
    missing = [family for family in wanted if family not in learned]
    if missing and learned:
        raise DataError(
            f"No sound of the class {missing[0]!r} is in the train split: add some, choose "
            "another split, or leave the class out."
        )
    if not learned or (validate and not held_out - {NOT_A_DRUM}):
        raise DataError(f"{data.root} has no sounds to train on or no drums to validate on.")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{folder} cannot be made ({error.strerror}): name another one.") from error


def _forget(folder: Path) -> None:
    """Remove the results of an earlier run in ``folder`` whose checkpoint is gone."""
    for name in ("run.json", "weights.pt", "log.csv", "split.csv", said.NAME):
        (folder / name).unlink(missing_ok=True)
    for name in ("evaluation", "tensorboard"):
        shutil.rmtree(folder / name, ignore_errors=True)


def fingerprint(data: Data) -> str:
    """A hash of the sounds, their labels and their splits."""
    paths = [str(data.path(row)) for row in data.rows]
    lines = sorted(
        f"{r.path}\t{r.label}\t{r.family}\t{r.group}\t{r.split}\t{file_hash}"
        for r, file_hash in zip(data.rows, file_hashes(paths), strict=True)
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
