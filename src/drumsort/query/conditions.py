"""The parts of a query: each says of all sounds which of them it holds for."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from drumsort.query.fields import QUARTERS, WORDS
from drumsort.query.sounds import Sounds
from drumsort.query.values import Range

Mask = NDArray[np.bool_]


class Condition(Protocol):
    """A part of a query."""

    def __call__(self, sounds: Sounds) -> Mask:
        """Which of the sounds it holds for, shape ``(n,)``."""


@dataclass(frozen=True, slots=True)
class Contains:
    """The text of a field contains these words, folded as ``files.names.fold`` does."""

    field: str
    folded: str

    def __call__(self, sounds: Sounds) -> Mask:
        return sounds.texts(self.field).containing(self.folded)


@dataclass(frozen=True, slots=True)
class Is:
    """The text of a field is this, folded."""

    field: str
    folded: str

    def __call__(self, sounds: Sounds) -> Mask:
        return sounds.texts(self.field).equal_to(self.folded)


@dataclass(frozen=True, slots=True)
class Whole:
    """The text of a field, or one of those that commas part in it, is this, folded."""

    field: str
    folded: str

    def __call__(self, sounds: Sounds) -> Mask:
        return sounds.texts(self.field).listing(self.folded)


@dataclass(frozen=True, slots=True)
class Word:
    """One of the fields ``WORDS`` contains this, folded."""

    folded: str

    def __call__(self, sounds: Sounds) -> Mask:
        found = [Contains(field, self.folded)(sounds) for field in WORDS]
        return np.asarray(np.logical_or.reduce(found))


@dataclass(frozen=True, slots=True)
class Within:
    """The number of a field lies in a range; an unknown one does not."""

    field: str
    range: Range

    def __call__(self, sounds: Sounds) -> Mask:
        values, high = sounds.numbers(self.field), self.range.high
        below = values <= high if self.range.closed else values < high
        return np.asarray((values >= self.range.low) & below)


@dataclass(frozen=True, slots=True)
class Quarter:
    """A plain word of ``QUARTERS``: the number is in the lowest or highest quarter of all."""

    word: str

    def __call__(self, sounds: Sounds) -> Mask:
        field, highest = QUARTERS[self.word]
        values = sounds.numbers(field)
        known = values[~np.isnan(values)]
        if not len(known):
            return np.zeros(len(values), bool)
        quarter = max(1, len(known) // 4)
        if highest:
            return np.asarray(values >= np.partition(known, -quarter)[-quarter])
        return np.asarray(values <= np.partition(known, quarter - 1)[quarter - 1])


@dataclass(frozen=True, slots=True)
class Not:
    """A condition does not hold."""

    condition: Condition

    def __call__(self, sounds: Sounds) -> Mask:
        return ~self.condition(sounds)
