"""Run -> model folder, whose outputs agree with the run's within 1e-4."""

import json
import logging
import shutil
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from drumsort.errors import DataError
from drumsort.features import LogMel
from drumsort.lab.card import accuracies, card
from drumsort.lab.data import Manifest
from drumsort.lab.layout import Mapped, load_head
from drumsort.lab.report import benchmark
from drumsort.lab.run import HELD_OUT, Run
from drumsort.model.bundle import Bundle

OUTPUTS = ("logits", "embedding", "map")
"""The outputs of the graph; ``map`` is there only if a map was laid out."""

_FILES = ("model.onnx", "bundle.json", "MODEL_CARD.md")
_FOR_PEOPLE = (
    "confusion", "calibration", "confusions", "failures", "model", "split", "sources",
)  # fmt: skip


def write_bundle(trained: Path, folder: Path, name: str) -> Bundle:
    """Write ``folder`` with ``model.onnx``, ``bundle.json`` and ``MODEL_CARD.md``.

    The folder appears whole or not at all, and replaces an older model.

    Args:
        trained: folder of a run, or of a cross-validation, of which the whole run is taken. What
            ``evaluate`` or ``benchmark`` measured goes into the model folder.
        folder: the model folder to write.
        name: name of the model.

    Raises:
        DataError: ``trained`` has not ended, or ``folder`` holds something that is not a model.
    """
    run, results, measured = _measured(trained)
    folder = folder.resolve()
    there = {path.name for path in folder.iterdir()} if folder.exists() else set()
    if there - set(_FILES) or (there and "bundle.json" not in there):
        raise DataError(
            f"{folder} has files that are not a model's: name another folder with --into."
        )
    rows = Manifest(run.folder / "split.csv").read().of("train")
    net, head = run.net(), load_head(run.folder)
    given = OUTPUTS if head else OUTPUTS[:2]
    bundle = Bundle(
        name=name,
        front_end=run.recipe.front_end,
        families=run.targets.families,
        temperature=run.temperature,
        policies=run.policies,
        outputs={name: name if name in given else None for name in OUTPUTS},
        training={
            "sounds": len(rows),
            "data_sha256": run.data_sha256,
            "recipe": asdict(run.recipe),
            "seconds": run.seconds,
            **run.machine,
        },
        results=results,
        folder=folder,
        crop=getattr(net, "crop", None),
    )
    half_made, old = (folder.with_name(folder.name + end) for end in (".part", ".old"))
    shutil.rmtree(half_made, ignore_errors=True)
    half_made.mkdir(parents=True)
    try:
        heard = Cropped(net) if bundle.crop else net
        graph = Mapped(heard, head) if head else heard
        to_onnx(graph, half_made / "model.onnx", bundle.front_end, bundle.crop)
        bundle.save(half_made)
        text = card(bundle, rows, run.parameters, measured)
        (half_made / "MODEL_CARD.md").write_text(text, encoding="utf-8")
        if there:
            folder.rename(old)
        elif folder.exists():
            folder.rmdir()
        half_made.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        if not folder.exists() and old.exists():
            old.rename(folder)
        shutil.rmtree(half_made, ignore_errors=True)
    return bundle


def _measured(trained: Path) -> tuple[Run, dict[str, Any], str]:
    """The run, its results, and the same results as tables for the card."""
    run = Run.load(trained)
    path = trained / "benchmark" / "benchmark.json"
    if path.is_file():
        numbers = json.loads(path.read_text(encoding="utf-8"))
        results = {name: _short(part) for name, part in numbers["parts"].items()}
        for part in numbers["parts"].values():
            part["confusions"] = []  # their picture is not part of the model folder
        tables = benchmark.markdown(numbers).partition("\n")[2].replace("\n## ", "\n### ").strip()
        return run, results, tables
    results = {name: _short(part) for name, part in run.results().items() if name in HELD_OUT}
    return run, results, accuracies(results)


def _short(numbers: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in numbers.items() if key not in _FOR_PEOPLE}


class Cropped(nn.Module):
    """A network that takes log-mels cut at the end of their sounds."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        said: tuple[Tensor, Tensor] = self.net.cropped(mel)  # type: ignore[operator]
        return said


def to_onnx(net: nn.Module, path: Path, front_end: LogMel, crop: int | None = None) -> None:
    """Write the graph ``mel (n, n_mels, n_frames) -> logits, embedding, map`` to one file.

    ``map`` is there only if ``net`` is ``Mapped``. With ``crop``, ``n_frames`` can be any multiple
    of it.
    """
    net.cpu().eval()
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # without its remarks about itself
    shape: dict[int, Any] = {0: torch.export.Dim("n")}
    if crop:
        shape[2] = crop * torch.export.Dim("steps", max=front_end.n_frames // crop)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net,
            (torch.zeros(2, front_end.n_mels, front_end.n_frames),),
            path,
            input_names=["mel"],
            output_names=list(OUTPUTS if isinstance(net, Mapped) else OUTPUTS[:2]),
            dynamic_shapes={"mel": shape},
            dynamo=True,
            external_data=False,
            verbose=False,
        )
