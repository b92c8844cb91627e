"""A model folder: its contents, and the checks on them.

bundles/<name>/
  model.onnx      log-mel (n, n_mels, n_frames) -> logits (n, n_labels), embedding (n, d)
  bundle.json     everything else needed to use it
  MODEL_CARD.md   for people: data, results, limits
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from drumsort.errors import BundleError
from drumsort.features import VERSION, LogMel
from drumsort.files.outside import hash_outside, is_name, parsed, read_outside
from drumsort.model.classes import Classes

FORMAT = 1
"""The version of ``bundle.json`` that this code writes, and the newest it reads."""

DEFAULT = "drumnet-3"
"""Name of the shipped model."""


@dataclass(frozen=True)
class Bundle:
    """A checked model folder.

    Attributes:
        name: the model's name, shown to people and stored with its verdicts.
        front_end: turns a clip into the network's input.
        families: family to its labels; all labels, in this order, are the network's outputs.
        temperature: divides the logits, so that confidence means frequency
            (C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017).
        policies: name of a policy to its threshold, the family confidence a verdict must reach.
        outputs: role of an output (``logits``, ``embedding``, ``map``) to its name in the graph,
            or ``None`` if this model does not have it.
        training: the training data and method; facts for people.
        results: measured numbers; facts for people.
        folder: the model folder.
        crop: frames after the end of a sound are left out, in steps of this many; with ``None``
            the network sees all frames.
    """

    name: str
    front_end: LogMel
    families: Mapping[str, tuple[str, ...]]
    temperature: float
    policies: Mapping[str, float]
    outputs: Mapping[str, str | None]
    training: Mapping[str, Any]
    results: Mapping[str, Any]
    folder: Path
    crop: int | None = None

    @cached_property
    def classes(self) -> Classes:
        """Families and labels, in the order of the network's outputs."""
        return Classes(self.families)

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels, in the order of the network's outputs."""
        return self.classes.labels

    @property
    def id(self) -> str:
        """Name, and 12 hex digits that change with anything the scores depend on."""
        decisive = [
            _sha256(self.network),
            VERSION,
            asdict(self.front_end),
            list(self.families.items()),
            self.temperature,
            dict(self.outputs),
            self.crop,
        ]
        digest = hashlib.sha256(json.dumps(decisive, sort_keys=True).encode())
        return f"{self.name}-{digest.hexdigest()[:12]}"

    @property
    def network(self) -> Path:
        """The ONNX file."""
        return self.folder / "model.onnx"

    def save(self, folder: Path) -> None:
        """Write ``bundle.json`` into ``folder``, beside its ``model.onnx``."""
        facts = asdict(self)
        del facts["folder"]
        content = {"format": FORMAT, "model_sha256": _sha256(folder / "model.onnx"), **facts}
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        (folder / "bundle.json").write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path | None = None) -> "Bundle":
        """Read and check a model folder; the shipped one by default.

        Raises:
            BundleError: the folder is missing, incomplete or damaged, or has a newer format.
        """
        folder = folder or _shipped()
        try:
            facts = parsed(read_outside(folder / "bundle.json", _LARGEST_TEXT).decode())
            if facts.pop("format") > FORMAT:
                raise BundleError(
                    f"The model in {folder} has a newer format: update drumsort to use it."
                )
            if facts.pop("model_sha256") != _sha256(folder / "model.onnx"):
                raise BundleError(
                    f"{folder / 'model.onnx'} is not the file that bundle.json describes: "
                    "copy the model folder again."
                )
            facts["front_end"] = LogMel(**facts["front_end"])
            facts["families"] = checked_families(facts["families"])
            bundle = cls(**facts, folder=folder)
            _demand_sense(bundle)
            return bundle
        except FileNotFoundError as error:
            raise BundleError(
                f"{folder} is not a model folder: {Path(error.filename).name} is missing."
            ) from error
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BundleError(
                f"{folder / 'bundle.json'} cannot be read ({error}): copy the model folder again."
            ) from error


def checked_families(given: Any) -> dict[str, tuple[str, ...]]:
    """Family to labels, as a bundle or a catalog says; each name makes a folder.

    Raises:
        ValueError: they are not that.
    """
    if not isinstance(given, Mapping) or not 0 < len(given) <= _MOST_NAMES:
        raise ValueError("the families are missing")
    families = {}
    for family, labels in given.items():
        if not isinstance(labels, list | tuple) or not 0 < len(labels) <= _MOST_NAMES:
            raise ValueError(f"the family {str(family)[:100]!r} has no labels")
        for name in (family, *labels):
            if not is_name(name):
                raise ValueError(f"{str(name)[:100]!r} cannot be the name of a class")
        families[family] = tuple(labels)
    return families


def _demand_sense(bundle: Bundle) -> None:
    """Refuse numbers that no model has, before anything is made of them.

    Raises:
        TypeError, ValueError: one is not possible.
    """
    if not is_name(bundle.name):
        raise ValueError("the name of the model is not one")
    if not 0 <= bundle.policies["balanced"] <= 1:
        raise ValueError("policy 'balanced' is not within 0 and 1")
    for policy, threshold in bundle.policies.items():
        if not 0 <= threshold <= 1:
            raise ValueError(f"policy {policy[:100]!r} is not within 0 and 1")
    if not 0 < bundle.temperature < float("inf"):
        raise ValueError("the temperature is not a positive number")
    front_end = bundle.front_end
    for name, most in _MOST.items():
        if not isinstance(value := getattr(front_end, name), int) or not 0 < value <= most:
            raise ValueError(f"{name} is not within 1 and {most:,}")
    if front_end.rate is not None and not 1000 <= front_end.rate <= 1_000_000:
        raise ValueError("rate is not within 1,000 and 1,000,000")


_MOST = {"n_fft": 1 << 16, "hop": 1 << 16, "n_mels": 4096, "n_frames": 1 << 14}
_MOST_NAMES = 10_000
_LARGEST_TEXT = 1 << 24  # bytes
_LARGEST_NETWORK = 1 << 30


def _shipped() -> Path:
    return Path(str(resources.files("drumsort") / "bundles" / DEFAULT))


def _sha256(path: Path) -> str:
    return hash_outside(path, _LARGEST_NETWORK)
