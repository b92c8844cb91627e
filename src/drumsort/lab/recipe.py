"""Recipes: every setting that decides the result of a training run, in a TOML file.

The shipped recipes are in ``recipes/``; a TOML file of your own can have the same settings.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from importlib import resources
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from drumsort.errors import DataError
from drumsort.features import LogMel
from drumsort.lab.augment import Augmentation


@dataclass(frozen=True)
class Sampling:
    """Sounds are drawn with replacement, rare families and small groups more often.

    Attributes:
        sounds: drawn in an epoch.
        family_balance: 0 draws families as often as they occur, 1 draws all equally often.
        group_balance: the same for groups within a family.
        label_balance: the same for the labels of a family; sounds of which only the family is
            known count as one label.
        renders: what a sound weighs that was rendered by a synthesizer, where a recording weighs 1.
    """

    sounds: int = 6400
    family_balance: float = 0.6
    group_balance: float = 0.5
    label_balance: float = 0.0
    renders: float = 1.0


@dataclass(frozen=True)
class Schedule:
    """How the learning rate changes.

    Attributes:
        kind: ``constant``; ``step`` multiplies it by ``factor`` every ``every`` calls;
            ``one-cycle`` rises to it and falls along a cosine, with momentum the other way round
            (L. Smith, N. Topin, 2018).
        every: calls between two steps.
        factor: of each step.
        steps_per_epoch: calls of the scheduler; more than one only reproduces a mistake.
    """

    kind: Literal["constant", "step", "one-cycle"] = "constant"
    every: int = 10
    factor: float = 0.5
    steps_per_epoch: int = 1


@dataclass(frozen=True)
class Distillation:
    """What a network learns to agree with, besides the labels.

    Attributes:
        teacher: the recipe of larger networks, which are trained first; sounds, classes and front
            end are those of the small one. ``None`` has none.
        teachers: how many, with the seeds from 1 on; what they say is averaged.
        targets: a table of what other networks say of each sound, or of each of its variants, out
            of fold (``pairs.soft_targets``); of a cross-validation a folder with one for each of
            its runs. It counts as one more teacher. ``None`` has none.
        weight: of agreeing with them, 0 to 1; the rest is for the labels.
    """

    teacher: str | None = None
    teachers: int = 1
    targets: str | None = None
    weight: float = 0.7


@dataclass(frozen=True)
class Recipe:
    """The settings of a training run.

    Attributes:
        name: of the recipe.
        network: one of ``network.NETWORKS``.
        options: of that network.
        classes: the classes to tell apart, in this order; ``None`` takes those of the data, and
            ``"taxonomy"`` drumsort's own families and labels.
        front_end: what the network is shown.
        start: a model folder, or the name of a shipped model, whose weights training goes on from;
            ``None`` starts from fresh ones.
        seed: of weights, sampling and augmentation.
        epochs: at most; passes over the training sounds, or of ``sampling.sounds``.
        patience: stop after so many epochs without a better validation loss; ``None`` never does.
        keep: weights of the ``last`` epoch, or of the ``best`` one by validation loss.
        batch_size: sounds in a step, over all devices together.
        optimizer: ``adam`` or ``adamw``.
        learning_rate: of the optimizer; its peak where it is scheduled.
        weight_decay: of the optimizer.
        clip: largest norm of the gradient; ``None`` leaves it as it is.
        mixup: Beta parameter of mixup (H. Zhang et al., ICLR 2018); 0 switches it off.
        consistency: weight of agreeing on a sound and on the same sound without its highs; 0
            leaves it to chance.
        contrast: weight of lying near sounds of the same label from other groups; 0 leaves it to
            chance.
        smoothing: share of the target that is spread over all labels.
        schedule: how the rate changes.
        sampling: how sounds are drawn; ``None`` takes each once, in random order.
        augmentation: how sounds are changed; ``None`` leaves them as they are.
        distillation: which networks to agree with; ``None`` has the labels alone.
        whole: what comes out of a cross-validation: a network that is ``trained`` on all folds, or
            the folds' own ones ``averaged``, which must have started from the same weights.
    """

    name: str
    network: str
    epochs: int
    learning_rate: float
    batch_size: int
    options: Mapping[str, Any] = field(default_factory=dict)
    classes: tuple[str, ...] | Literal["taxonomy"] | None = None
    front_end: LogMel = field(default_factory=LogMel)
    start: str | None = None
    seed: int = 1
    patience: int | None = None
    keep: Literal["last", "best"] = "last"
    optimizer: Literal["adam", "adamw"] = "adam"
    weight_decay: float = 0.0
    clip: float | None = None
    mixup: float = 0.0
    consistency: float = 0.0
    contrast: float = 0.0
    smoothing: float = 0.0
    schedule: Schedule = field(default_factory=Schedule)
    sampling: Sampling | None = None
    augmentation: Augmentation | None = None
    distillation: Distillation | None = None
    whole: Literal["trained", "averaged"] = "trained"


def shipped() -> list[str]:
    """Names of the recipes that come with drumsort."""
    return sorted(Path(entry.name).stem for entry in _folder().iterdir())


def load(name: str, settings: Sequence[str] = ()) -> Recipe:
    """Read a shipped recipe by its name, or any by its path.

    Args:
        name: of the recipe, or the path of a TOML file.
        settings: what to change in it, as ``key=value``: ``epochs=12``, ``schedule.every=5``.

    Raises:
        DataError: there is no such recipe, or it has a wrong setting.
    """
    entry = _folder() / f"{name}.toml"
    path = Path(name)
    if path.suffix != ".toml" and not entry.is_file():
        raise DataError(
            f"There is no recipe {name!r}: choose one of {', '.join(shipped())}, or name a file "
            "that ends with .toml."
        )
    try:
        text = (path if path.suffix == ".toml" else entry).read_text(encoding="utf-8")
        facts = {"name": path.stem, **tomllib.loads(text)}
        for setting in settings:
            _change(facts, setting)
        return from_dict(facts)
    except (OSError, ValueError) as error:
        raise DataError(f"The recipe {name} cannot be read: {error}.") from error


def from_dict(facts: Mapping[str, Any]) -> Recipe:
    """A recipe from plain values.

    Raises:
        ValueError: a setting is missing, unknown, or has a wrong value.
    """
    parts = _native(facts)
    for name, kind in _PARTS.items():
        if isinstance(parts.get(name), Mapping):
            parts[name] = _build(kind, _native(parts[name]), f"{name}.")
    distillation = parts.get("distillation")
    if (
        isinstance(distillation, Distillation)
        and distillation.teacher is distillation.targets is None
    ):
        raise ValueError("distillation.teacher is missing")
    if isinstance(parts.get("classes"), list):
        parts["classes"] = tuple(parts["classes"])
    recipe: Recipe = _build(Recipe, parts, "")
    return recipe


def teachers(recipe: Recipe) -> dict[str, Recipe]:
    """Names and recipes of the teachers that ``recipe`` learns from.

    Raises:
        DataError: their recipe cannot be read.
    """
    if recipe.distillation is None or recipe.distillation.teacher is None:
        return {}
    shared = {name: getattr(recipe, name) for name in ("classes", "front_end")}
    teacher = replace(load(recipe.distillation.teacher), distillation=None, **shared)
    numbers = range(1, recipe.distillation.teachers + 1)
    return {f"teacher{n}": replace(teacher, seed=n) for n in numbers}


def _change(facts: dict[str, Any], setting: str) -> None:
    """Change one setting; its value is written as in TOML, and a bare word is a string."""
    key, equals, value = setting.partition("=")
    if not equals:
        raise ValueError(f"{setting!r} is not a setting: write it as KEY=VALUE")
    try:
        parsed = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        parsed = value
    *parents, last = key.strip().split(".")
    for parent in parents:
        facts = facts.setdefault(parent, {})
        if not isinstance(facts, dict):
            raise ValueError(f"{parent} is not a table of settings")
    facts[last] = parsed


_PARTS = {
    "front_end": LogMel,
    "schedule": Schedule,
    "sampling": Sampling,
    "augmentation": Augmentation,
    "distillation": Distillation,
}
_ABOVE_ZERO = 1e-12
_LOWEST: Mapping[str, float] = {
    "seed": 0, "patience": 0, "weight_decay": 0, "mixup": 0, "consistency": 0, "contrast": 0,
    "smoothing": 0, "family_balance": 0, "group_balance": 0, "label_balance": 0, "renders": 0,
    "range_db": 1, "lead": 0, "onset_db": 0, "fmin": 0, "pad_db": -math.inf,
}  # fmt: skip
"""Settings that may be zero or less; all others must be above."""


def _native(part: Mapping[str, Any]) -> dict[str, Any]:
    """TOML has no null: the word ``none`` stands for it."""
    return {key: None if value == "none" else value for key, value in part.items()}


def _build(kind: type[Any], values: Mapping[str, Any], where: str) -> Any:
    hints = get_type_hints(kind)
    for key, value in values.items():
        if key not in hints:
            raise ValueError(f"{where}{key} is not a setting; there are {', '.join(sorted(hints))}")
        if not _fits(value, hints[key]):
            raise ValueError(f"{where}{key} is {value!r}: it must be {_described(hints[key])}")
        numeric = isinstance(value, int | float) and kind is not Augmentation
        least = _LOWEST.get(key, _ABOVE_ZERO)
        if numeric and not least <= value < math.inf:
            bound = "above 0" if least == _ABOVE_ZERO else f"at least {least:g}"
            raise ValueError(f"{where}{key} is {value!r}: it must be a number {bound}")
    for part in fields(kind):
        if part.name not in values and part.default is part.default_factory is MISSING:
            raise ValueError(f"{where}{part.name} is missing")
    return kind(**values)


def _fits(value: Any, hint: Any) -> bool:
    """Whether ``value`` is of the type that ``hint`` says."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_fits(value, argument) for argument in arguments)
    if origin is Literal:
        return value in arguments
    if origin is tuple:
        return isinstance(value, tuple) and all(_fits(item, arguments[0]) for item in value)
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, origin or hint)


def _described(hint: Any) -> str:
    """A type in words."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return " or ".join(map(_described, arguments))
    if origin is Literal:
        return " or ".join(map(repr, arguments))
    names = {int: "a whole number", float: "a number", str: "a text", tuple: "a list of texts"}
    return names.get(origin or hint, "none" if hint is NoneType else "a table of settings")


def _folder() -> Any:
    return resources.files("drumsort") / "lab" / "recipes"
