"""A run folder: the settings of a training run, and its results.

runs/<name>/
  run.json        the recipe, the classes, the machine, the time it took
  split.csv       the sounds, and the split that each was in
  checkpoint.pt   the state from which a stopped run goes on
  weights.pt      the weights, when it has ended
  log.csv         a line for each epoch; tensorboard/ holds the same
  evaluation/     a report for each split
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import torch
from torch import nn

from drumsort.errors import DataError
from drumsort.lab.checkpoint import Epoch
from drumsort.lab.data import Data, Manifest
from drumsort.lab.data.fetched import fetched
from drumsort.lab.data.rows import Row
from drumsort.lab.files import save_torch, written_whole
from drumsort.lab.network import build
from drumsort.lab.recipe import Recipe, from_dict
from drumsort.lab.targets import Targets
from drumsort.remote import as_path

WHOLE = "whole"
"""The run inside a cross-validation's folder that learned from all folds."""

BENCHMARK, BENCHMARK_OF_BOTH = "benchmark", "benchmark-both"
"""Folders of what ``lab benchmark`` measured: the run alone, and with a second opinion."""

_NOT_ENDED = "The run in {} has not ended: run the command that started it again."

HELD_OUT = ("val", "test")
"""Splits whose reports belong to a run."""


@dataclass(frozen=True)
class Run:
    """A run that has ended.

    Attributes:
        folder: its folder.
        recipe: its settings.
        targets: the families and labels that its network tells apart.
        root: the data folder; in a store, its ``Url``.
        data_sha256: a fingerprint of the sounds, their labels and their split.
        parameters: how many the network has.
        machine: the device and the versions that it was computed with.
        seconds: training time, over all epochs.
        temperature: divides the logits; chosen on held-out sounds.
        policies: name to the confidence that a verdict must reach; chosen on the same sounds.
    """

    folder: Path
    recipe: Recipe
    targets: Targets
    root: Path
    data_sha256: str
    parameters: int
    machine: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    temperature: float = 1.0
    policies: dict[str, float] = field(default_factory=lambda: {"balanced": 0.0})

    @property
    def name(self) -> str:
        """The name of its folder, or of the cross-validation that it belongs to."""
        folder = self.folder.resolve()
        return folder.parent.name if folder.name == WHOLE else folder.name

    def write(self, net: nn.Module) -> None:
        """Write the weights and ``run.json``."""
        save_torch(net.state_dict(), self.folder / "weights.pt")
        facts = {
            "recipe": asdict(self.recipe),
            "families": self.targets.families,
            "root": str(self.root),
            "data_sha256": self.data_sha256,
            "parameters": self.parameters,
            "machine": self.machine,
            "seconds": self.seconds,
            "temperature": self.temperature,
            "policies": self.policies,
        }
        with written_whole(self.folder / "run.json") as part:
            part.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Run":
        """Read the run in a folder; of a cross-validation, the run that learned from all folds.

        Raises:
            DataError: there is none, or it has not ended.
        """
        if (folder / WHOLE / "run.json").is_file():
            folder = folder / WHOLE
        try:
            facts = json.loads((folder / "run.json").read_text(encoding="utf-8"))
            families = {name: tuple(labels) for name, labels in facts.pop("families").items()}
            run = cls(
                folder,
                from_dict(facts.pop("recipe")),
                Targets(families),
                as_path(facts.pop("root")),
                **facts,
            )
        except FileNotFoundError as error:
            started = (folder / "checkpoint.pt").is_file() or (folder / "fold0").is_dir()
            raise DataError(
                _NOT_ENDED.format(folder)
                if started
                else f"{folder} is neither a run nor a model folder."
            ) from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(f"{folder / 'run.json'} cannot be read: {error}.") from error
        if folder.resolve().name == WHOLE and run.policies.keys() == {"balanced"}:
            raise DataError(_NOT_ENDED.format(folder.parent))  # its cross-validation was stopped
        return run

    def net(self) -> nn.Module:
        """The trained network, in evaluation mode.

        Raises:
            DataError: its weights are damaged.
        """
        net = build(
            self.recipe.network,
            len(self.targets.labels),
            self.recipe.front_end,
            self.recipe.options,
        )
        path = self.folder / "weights.pt"
        try:
            net.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
        except Exception as error:  # torch raises many types for a damaged file
            raise DataError(f"{path} is damaged: train again.") from error
        return net.eval()

    def fingerprint(self) -> dict[str, Any]:
        """What a measurement of it holds for: its data, weights and temperature."""
        weights = (self.folder / "weights.pt").read_bytes()
        return {
            "data_sha256": self.data_sha256,
            "weights_sha256": hashlib.sha256(weights).hexdigest(),
            "temperature": self.temperature,
        }

    def data(self) -> Data:
        """The sounds with the splits that the run was trained with; those of a store are fetched.

        Raises:
            DataError: the store gives none of them.
        """
        return fetched(Data(self.root, self.rows()))

    def rows(self) -> Sequence[Row]:
        """What is known of these sounds."""
        return Manifest(self.folder / "split.csv").read().rows

    def results(self) -> dict[str, Any]:
        """Split to the numbers measured on it."""
        reports = sorted((self.folder / "evaluation").glob("*.json"))
        return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in reports}

    def history(self) -> list[Epoch]:
        """The result of each epoch; the mean of other runs has none of its own."""
        if not (self.folder / "log.csv").is_file():
            return []
        return [Epoch(**line) for line in pl.read_csv(self.folder / "log.csv").to_dicts()]
