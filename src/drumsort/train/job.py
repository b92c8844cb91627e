"""A training run from the manifest to a model folder: the order of things."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import torch

from drumsort.features import LogMel
from drumsort.model.bundle import Bundle
from drumsort.taxonomy import FAMILIES
from drumsort.train import calibrate
from drumsort.train.card import card
from drumsort.train.data import fold, load, manifest_sha256, read_manifest
from drumsort.train.evaluate import report
from drumsort.train.export import OUTPUTS, export
from drumsort.train.fit import Epoch, fit, predict
from drumsort.train.recipe import Recipe
from drumsort.train.sounds import log_mels, possible_labels


def train(
    data: Path,
    run: Path,
    name: str,
    recipe: Recipe,
    *,
    test: bool = False,
    on_epoch: Callable[[Epoch], None] = lambda epoch: None,
) -> Bundle:
    """Train on the ``train`` split, calibrate on ``val``, and write the model folder.

    Args:
        data: folder with ``manifest.csv`` and the sounds it names.
        run: folder for the checkpoint and the log; a run that was stopped goes on from there.
        name: of the model; the model folder is ``run/name``.
        recipe: the settings.
        test: also report on the ``test`` split. Do this once, when nothing is left to choose.
        on_epoch: called after each epoch.

    Returns:
        The model folder that was written.

    Raises:
        DataError: the data or an earlier checkpoint cannot be used.
    """
    front_end = LogMel()
    rows = read_manifest(data)
    if recipe.fold is not None:
        rows = fold(rows, recipe.fold)
    of_split = {split: [row for row in rows if row.split == split] for split in ("train", "val")}
    if test:
        of_split["test"] = [row for row in rows if row.split == "test"]
    examples = {split: load(data, part, front_end) for split, part in of_split.items()}
    net = fit(examples["train"], examples["val"], recipe, run, front_end, on_epoch)

    logits = {s: predict(net, log_mels(examples[s], front_end)) for s in of_split if s != "train"}
    temperature = calibrate.temperature(logits["val"], possible_labels(examples["val"]))
    p = {split: (part / temperature).softmax(1).numpy() for split, part in logits.items()}
    threshold = calibrate.min_confidence(p["val"], examples["val"])
    bundle = Bundle(
        name=name,
        front_end=front_end,
        families={family: tuple(labels) for family, labels in FAMILIES.items()},
        temperature=temperature,
        policies={"balanced": threshold},
        outputs=OUTPUTS,
        training={
            "manifest_sha256": manifest_sha256(data),
            "sounds": len(examples["train"]),
            "recipe": asdict(recipe),
            "torch": torch.__version__.split("+")[0],
        },
        results={split: report(p[split], examples[split], threshold) for split in p},
        folder=run / name,
    )
    parameters = sum(parameter.numel() for parameter in net.parameters())
    export(net, bundle, card(bundle, of_split["train"], parameters))
    return bundle
