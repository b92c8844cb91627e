"""Run -> model folder, whose outputs agree with the run's: within 1e-4, but for those in 8 bits."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from drumsort.errors import DataError
from drumsort.lab.card import accuracies, card
from drumsort.lab.data import Data, Manifest
from drumsort.lab.data.features import FeatureCache
from drumsort.lab.data.fetched import fetched
from drumsort.lab.graph import OUTPUTS, Cropped, in_8_bits, to_onnx
from drumsort.lab.layout import Mapped, load_head
from drumsort.lab.report import benchmark
from drumsort.lab.run import BENCHMARK, BENCHMARK_OF_BOTH, HELD_OUT, Run
from drumsort.lab.second_opinion import choose
from drumsort.model.bundle import Bundle
from drumsort.model.infer import LogMels, until_the_end

LARGEST = 10_000_000
"""Bytes of the network for the second opinion, at most: it is part of what users download."""

EXAMPLES = 200
"""Sounds by which the scales of 8 bits are chosen."""

_FILES = ("model.onnx", "second.onnx", "bundle.json", "MODEL_CARD.md")
_FOR_PEOPLE = (
    "confusion", "calibration", "confusions", "failures", "model", "split", "sources",
)  # fmt: skip


@dataclass(frozen=True)
class Other:
    """The larger network of a model.

    Attributes:
        trained: its run, or the cross-validation that it is from.
        data: the folder of the sounds, if they are not where the networks learned from them.
        on_sounds: called while sounds are read, with how many of a network's are done.
    """

    trained: Path
    data: Path | None = None
    on_sounds: Callable[[int, int], None] = lambda done, total: None


def write_bundle(trained: Path, folder: Path, name: str, second: Other | None = None) -> Bundle:
    """Write ``folder`` with ``model.onnx``, ``bundle.json`` and ``MODEL_CARD.md``.

    The folder appears whole or not at all, and replaces an older model.

    Args:
        trained: folder of a run, or of a cross-validation, of which the whole run is taken. What
            ``evaluate`` or ``benchmark`` measured goes into the model folder.
        folder: the model folder to write.
        name: name of the model.
        second: gives second opinions; its network becomes ``second.onnx``.

    Raises:
        DataError: ``trained`` has not ended, other weights were measured than it has now,
            ``folder`` holds something that is not a model, or ``second`` does not fit or is too
            large.
    """
    run, results, measured = _measured(trained)
    of_both = _tables(trained, run, second)
    folder = folder.resolve()
    _check_free(folder)
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
        training={"sounds": len(rows), **_training(run)},
        results=results,
        folder=folder,
        crop=getattr(net, "crop", None),
    )
    with _whole(folder) as half_made:
        if second:
            bundle = _with_second(bundle, trained, second, half_made / "second.onnx")
        heard = Cropped(net) if bundle.crop else net
        graph = Mapped(heard, head) if head else heard
        to_onnx(graph, half_made / "model.onnx", bundle.front_end, bundle.crop)
        bundle.save(half_made)
        text = card(bundle, rows, run.parameters, of_both or measured, of_both=bool(of_both))
        (half_made / "MODEL_CARD.md").write_text(text, encoding="utf-8")
    return bundle


def _with_second(bundle: Bundle, trained: Path, other: Other, path: Path) -> Bundle:
    """The model with a second opinion, whose network is written to ``path``."""
    run = Run.load(other.trained)
    how, policies, gained = choose(trained, other.trained, other.data, other.on_sounds)
    net = run.net()
    to_onnx(Cropped(net) if how.crop else net, path, how.front_end, how.crop)
    in_8_bits(path, _examples(run, other.data, how.crop))
    content = path.read_bytes()
    if len(content) > LARGEST:
        raise DataError(
            f"The network of {other.trained} takes {len(content) / 1e6:.1f} MB, and a second "
            f"opinion may take {LARGEST / 1e6:.0f}: train a smaller one."
        )
    return replace(
        bundle,
        second=replace(how, sha256=hashlib.sha256(content).hexdigest()),
        policies=policies,
        training={**bundle.training, "second": _training(run)},
        results={**bundle.results, "second opinion": gained},
    )


def _examples(run: Run, data: Path | None, crop: int | None) -> Iterator[LogMels]:
    """Log-mels of some sounds that a run learned from, one by one, as they are heard."""
    rows = [row for row in run.rows() if row.split == "train"]
    some = np.random.default_rng(0).permutation(len(rows))[:EXAMPLES]
    part = fetched(Data(data or run.root, [rows[i] for i in some]))
    for mel in FeatureCache(run.recipe.front_end).features(part).log_mels():
        length = until_the_end(mel[None], crop)[0] if crop else None
        yield mel[None, :, :length]


def _training(run: Run) -> dict[str, Any]:
    """How a network was trained."""
    return {
        "data_sha256": run.data_sha256,
        "recipe": _without_folders(asdict(run.recipe)),
        "parameters": run.parameters,
        "seconds": run.seconds,
        **run.machine,
    }


def _without_folders(settings: Any) -> Any:
    """Settings whose paths, which are true on one machine only, are but names."""
    if isinstance(settings, Mapping):
        return {key: _without_folders(value) for key, value in settings.items()}
    if isinstance(settings, str) and Path(settings).is_absolute():
        return Path(settings).name
    return settings


def _check_free(folder: Path) -> None:
    there = {path.name for path in folder.iterdir()} if folder.exists() else set()
    if there - set(_FILES) or (there and "bundle.json" not in there):
        raise DataError(
            f"{folder} has files that are not a model's: name another folder with --into."
        )


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """A folder to fill, which then takes the place of ``folder`` at once, or not at all."""
    half_made, old = (folder.with_name(folder.name + end) for end in (".part", ".old"))
    shutil.rmtree(half_made, ignore_errors=True)
    half_made.mkdir(parents=True)
    try:
        yield half_made
        if folder.exists():
            folder.rename(old) if any(folder.iterdir()) else folder.rmdir()
        half_made.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        if not folder.exists() and old.exists():
            old.rename(folder)
        shutil.rmtree(half_made, ignore_errors=True)


def _measured(trained: Path) -> tuple[Run, dict[str, Any], str]:
    """The run, its results, and the same results as tables for the card."""
    run = Run.load(trained)
    numbers = _benchmark(trained / BENCHMARK, [run])
    if numbers:
        results = {name: _short(part) for name, part in numbers["parts"].items()}
        return run, results, _markdown(numbers)
    results = {name: _short(part) for name, part in run.results().items() if name in HELD_OUT}
    return run, results, accuracies(results)


def _tables(trained: Path, run: Run, second: Other | None) -> str:
    """What was measured of both networks together, as tables for the card; ``""`` if nothing."""
    if second is None:
        return ""
    numbers = _benchmark(trained / BENCHMARK_OF_BOTH, [run, Run.load(second.trained)])
    return _markdown(numbers) if numbers else ""


def _benchmark(folder: Path, runs: Sequence[Run]) -> dict[str, Any] | None:
    """What ``lab benchmark`` left in ``folder``.

    Raises:
        DataError: it measured other weights than the runs have now.
    """
    path = folder / "benchmark.json"
    if not path.is_file():
        return None
    numbers: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if numbers.get("networks") != [run.fingerprint() for run in runs]:
        raise DataError(
            f"{path} is not of the weights that are to be exported: measure them with 'drumsort "
            f"lab benchmark', or delete {folder}."
        )
    return numbers


def _markdown(numbers: dict[str, Any]) -> str:
    """The tables of a benchmark without its title, for the card."""
    for part in numbers["parts"].values():
        part["confusions"] = []  # their picture is not part of the model folder
    return benchmark.markdown(numbers).partition("\n")[2].replace("\n## ", "\n### ").strip()


def _short(numbers: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in numbers.items() if key not in _FOR_PEOPLE}
