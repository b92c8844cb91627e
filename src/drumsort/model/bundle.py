"""A model folder: its contents, and the checks on them.

bundles/<name>/
  model.onnx      log-mel (n, n_mels, n_frames) -> logits (n, n_labels), embedding (n, d)
  second.onnx     a larger network for the second opinion, from a log-mel of its own; not every
                  model has one
  bundle.json     everything else needed to use them
  MODEL_CARD.md   for people: data, results, limits
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from drumsort.errors import BundleError, DrumsortError
from drumsort.features import VERSION, LogMel
from drumsort.files.outside import hash_outside, is_name, parsed, read_outside
from drumsort.model.classes import Classes

FORMAT = 3
"""The newest version of ``bundle.json`` that this code reads.

1 is one without a second opinion. In 2, the second opinion has the quick network's front end.
"""

DEFAULT = "drumnet-5"
"""Name of the shipped model."""

EARS = ("second", "quick")
"""Who hears: all networks that a model has, which is the default, or the quick one alone."""


@dataclass(frozen=True)
class Second:
    """The second opinion: a larger network, asked where the quick one is not sure.

    It has the same labels. Both verdicts then make one, the geometric mean of their probabilities:
    ``softmax(((1 - share) log p_quick + share log p_second) / mean_temperature)``. The embedding
    and the place on the map stay those of the quick network.

    Attributes:
        front_end: turns a clip into its input.
        sha256: of ``second.onnx``.
        temperature: divides the logits of the second network.
        threshold: it is asked if the quick network's confidence is below this, 0 to 1.
        share: its weight in the mean, 0 to 1.
        mean_temperature: divides the logarithm of the mean.
        quick_policies: the policies for the quick network alone.
        crop: frames after the end of a sound are left out, in steps of this many, see ``Bundle``.

    Raises:
        ValueError: a number is out of its range.
    """

    front_end: LogMel
    sha256: str
    temperature: float
    threshold: float
    share: float
    mean_temperature: float
    quick_policies: Mapping[str, float]
    crop: int | None = None

    def __post_init__(self) -> None:
        for name in ("threshold", "share"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name!r} of the second opinion is not within 0 and 1")
        for name in ("temperature", "mean_temperature"):
            if not 0 < getattr(self, name) < float("inf"):
                raise ValueError(f"{name!r} of the second opinion is not above 0")
        if not 0 <= self.quick_policies["balanced"] <= 1:
            raise ValueError("quick policy 'balanced' is not within 0 and 1")


@dataclass(frozen=True)
class Bundle:
    """A checked model folder, heard with by one ear or the other.

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
        second: the second opinion, or ``None`` where there is none or it is not asked.
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
    second: Second | None = None

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
        """Name, and 12 hex digits that change with what the folder says and ``features.VERSION``.

        Scores also depend on code that they do not see: how a sound is decoded, and what is a low
        tone (``analysis.low_tone``). Who changes that raises ``features.VERSION``.
        """
        decisive = [
            _sha256(self.network),
            VERSION,
            asdict(self.front_end),
            list(self.families.items()),
            self.temperature,
            dict(self.outputs),
            self.crop,
        ]
        if self.second:
            decisive += [v for k, v in asdict(self.second).items() if k != "quick_policies"]
        digest = hashlib.sha256(json.dumps(decisive, sort_keys=True).encode())
        return f"{self.name}-{digest.hexdigest()[:12]}"

    @property
    def network(self) -> Path:
        """The ONNX file."""
        return self.folder / "model.onnx"

    @property
    def second_network(self) -> Path:
        """The ONNX file of the second opinion, if there is one."""
        return self.folder / "second.onnx"

    def by_ear(self, ear: str) -> "Bundle":
        """This model as it is heard with by an ear, one of ``EARS``; it has an ``id`` of its own.

        Raises:
            DrumsortError: there is no such ear.
        """
        if ear not in EARS:
            raise DrumsortError(f"There is no ear {ear!r}: choose {' or '.join(EARS)}.")
        if ear == "quick" and self.second:
            return replace(self, policies=self.second.quick_policies, second=None)
        return self

    def save(self, folder: Path) -> None:
        """Write ``bundle.json`` into ``folder``, beside its ``model.onnx``."""
        facts = asdict(self)
        del facts["folder"]
        if self.second is None:
            del facts["second"]
        content = {
            "format": FORMAT if self.second else 1,
            "model_sha256": _sha256(folder / "model.onnx"),
            **facts,
        }
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        (folder / "bundle.json").write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path | None = None, ear: str = "second") -> "Bundle":
        """Read and check a model folder; the shipped one by default.

        Args:
            folder: the model folder.
            ear: ``second`` or ``quick``, see ``by_ear``.

        Raises:
            BundleError: the folder is missing, incomplete or damaged, or has a newer format.
            DrumsortError: there is no such ear.
        """
        folder = folder or _shipped()
        try:
            facts = parsed(read_outside(folder / "bundle.json", _LARGEST_TEXT).decode())
            if (version := facts.pop("format")) > FORMAT:
                raise BundleError(
                    f"The model in {folder} has a newer format: update drumsort to use it."
                )
            _check(folder / "model.onnx", facts.pop("model_sha256"))
            if second := facts.get("second"):
                if version < 3:
                    second |= {"front_end": facts["front_end"], "crop": facts.get("crop")}
                second["front_end"] = LogMel(**second["front_end"])
                facts["second"] = Second(**second)
                _check(folder / "second.onnx", facts["second"].sha256)
            facts["front_end"] = LogMel(**facts["front_end"])
            facts["families"] = checked_families(facts["families"])
            bundle = cls(**facts, folder=folder)
            _demand_sense(bundle)
        except FileNotFoundError as error:
            raise BundleError(
                f"{folder} is not a model folder: {Path(error.filename).name} is missing."
            ) from error
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BundleError(
                f"{folder / 'bundle.json'} cannot be read ({error}): copy the model folder again."
            ) from error
        return bundle.by_ear(ear)


def _check(path: Path, sha256: str) -> None:
    if _sha256(path) != sha256:
        raise BundleError(
            f"{path} is not the file that bundle.json describes: copy the model folder again."
        )


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
    for front_end in (bundle.front_end, *([bundle.second.front_end] if bundle.second else [])):
        _demand_sense_of(front_end)


def _demand_sense_of(front_end: LogMel) -> None:
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
