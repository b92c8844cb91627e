"""What a sound is named: the words of its file's name and folders (``names.py``) as evidence.

A name and a sound err for different reasons. So the probability of each label is multiplied by how
likely such a name is for that label, as in naive Bayes: most names are right; a wrong one is that
of any other sound, so it names a family as often as the family occurs. A sound without a name that
says something keeps its scores, to the last bit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

from drumsort.errors import DrumsortError
from drumsort.model.classes import Classes
from drumsort.model.company import usual
from drumsort.model.evidence import Evidence, Floats, Weighed
from drumsort.names import IN_PART, NameRules, NameSays
from drumsort.taxonomy import LOOP, NOT_A_DRUM

Numbers = NDArray[np.float64]

HINT, IGNORE, TRUST = NAMES = ("hint", "ignore", "trust")
"""How names count: as much as they are worth, not at all, or above the sound."""

STRONG = 0.9
"""Confidence of a sound that a name for another family disputes: neither of them decides."""

_LEAST = 1e-12
_RULES = NameRules()


@dataclass(frozen=True)
class Worth:
    """How often names are right, fitted by ``benchmarks/names.py``.

    Attributes:
        right: share of names that say the right family.
        other: share of the exact ones among them that say another label of it.
    """

    right: float = 0.9
    other: float = 0.04


FITTED = Worth()
ALWAYS_RIGHT = Worth(1.0, 0.0)


@dataclass(frozen=True, eq=False)
class Named:
    """What ``n`` sounds of one model are named: an ``Evidence`` for them, in this order.

    Attributes:
        said: what the name of each says.
        worth: how often names are right.
    """

    said: Sequence[NameSays]
    worth: Worth = FITTED

    @property
    def name(self) -> str:
        """The name of this kind of evidence."""
        return "name"

    def weigh(self, so_far: Weighed) -> Weighed:
        """Multiply scores by the likelihood of the names, and say which sounds are disputed."""
        classes = so_far.classes
        named = [one.family if one.family in classes.families else "" for one in self.said]
        rows = np.array([nth for nth, family in enumerate(named) if family], np.intp)
        if not len(rows):
            return so_far
        one_of_each = {self.said[nth].label: self.said[nth] for nth in rows}
        table = {name: _likelihood(classes, one, self.worth) for name, one in one_of_each.items()}
        factors = np.stack([table[self.said[nth].label] for nth in rows])
        sound = classes.best(so_far.scores)
        differ = np.zeros(len(named), bool)
        differ[rows] = sound.family[rows] != [classes.names.index(named[nth]) for nth in rows]
        reasons = [""] * len(named)
        for nth in rows.tolist():
            heard = classes.labels[sound.label[nth]] if differ[nth] else ""
            reasons[nth] = _reason(self.said[nth].label, heard)
        alone = so_far.alone
        return so_far._replace(
            scores=_multiplied(so_far.scores, rows, factors),
            alone=None if alone is None else _multiplied(alone, rows, factors),
            reasons=reasons,
            named=named,
            disputed=None if self.worth == ALWAYS_RIGHT else differ & (sound.confidence >= STRONG),
        )


def named(paths: Iterable[str | PurePath], names: str = HINT) -> tuple[Evidence, ...]:
    """The evidence of names on sounds of one model; none if names do not count.

    Args:
        paths: of the sounds, from the folder downwards that was asked for.
        names: one of ``NAMES``.

    Raises:
        DrumsortError: names cannot count so.
    """
    if names not in NAMES:
        raise DrumsortError(f"Names cannot count as {names!r}: choose {', '.join(NAMES)}.")
    if names == IGNORE:
        return ()
    said = [_RULES.read(path) for path in paths]
    return (Named(said, FITTED if names == HINT else ALWAYS_RIGHT),)


def _likelihood(classes: Classes, said: NameSays, worth: Worth) -> Numbers:
    """How likely such a name is for a sound of each label, up to a factor; ``(n_labels,)``."""
    labels = classes.labels
    inside = classes.family_of_label == classes.names.index(said.family)
    exact = inside & [label == said.label for label in labels]
    whole = said.label in IN_PART or said.label == "percussion" or not exact.any()
    if whole or exact.sum() == inside.sum():
        within: Numbers = np.ones(len(labels))
    else:
        within = np.where(exact, 1 - worth.other, worth.other)
    shares = np.array([usual(label) for label in labels], np.float64)
    shares /= shares.sum()
    families = np.bincount(classes.family_of_label, shares)[classes.family_of_label]
    wrong = (1 - worth.right) * shares[inside].sum() / np.maximum(1 - families, _LEAST)
    likelihood: Numbers = np.where(inside, worth.right * within, wrong)
    return likelihood


def _multiplied(scores: Floats, rows: NDArray[np.intp], factors: Numbers) -> Floats:
    products = np.maximum(scores[rows].astype(np.float64), _LEAST) * factors
    out = scores.copy()
    out[rows] = products / products.sum(axis=1, keepdims=True)
    return out


def _reason(said: str, heard: str) -> str:
    """What to say of a sound by its name, and of how it sounds where that is something else."""
    sounds = {"": "", NOT_A_DRUM: ", does not sound like a drum", LOOP: ", sounds like a loop"}
    names = {NOT_A_DRUM: "as no drum", LOOP: "as a loop", **IN_PART}
    return f"named {names.get(said, said)}{sounds.get(heard, f', sounds like {heard}')}"
