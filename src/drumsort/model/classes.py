"""The classes of a model: families, their labels, and how label scores add up to families."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.floating[Any]]
Sums = NDArray[np.float64]
Indices = NDArray[np.intp]

_ONE = np.ones(())


class Best(NamedTuple):
    """The best guess for each of ``n`` sounds.

    Attributes:
        family: index of the family with the highest sum, shape ``(n,)``.
        label: index of the best label in that family, shape ``(n,)``.
        confidence: probability of that family, shape ``(n,)``, float64, at most 1.
    """

    family: Indices
    label: Indices
    confidence: Sums


@dataclass(frozen=True)
class Classes:
    """Families and their labels, in the order of the scores."""

    families: Mapping[str, tuple[str, ...]]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All families, in the order of the scores."""
        return tuple(self.families)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """All labels, in the order of the scores."""
        return tuple(label for labels in self.families.values() for label in labels)

    @cached_property
    def family_of_label(self) -> Indices:
        """Index of each label's family, shape ``(n_labels,)``."""
        sizes = [len(labels) for labels in self.families.values()]
        return np.repeat(np.arange(len(sizes)), sizes)

    def with_own(self, names: Iterable[str]) -> "Classes":
        """These and the user's own classes, each a family with one label of the same name."""
        return Classes({**self.families, **{name: (name,) for name in names}})

    def sums(self, scores: Scores) -> Sums:
        """Scores of families: the sums of their labels' scores.

        Labels are added one by one, in order and in double precision. So a sound gets the same sums
        alone and among others, to the last bit.

        Args:
            scores: shape ``(n, n_labels)``.

        Returns:
            Shape ``(n, n_families)``, float64.

        Raises:
            ValueError: there is not one score for each label.
        """
        if scores.shape[1:] != (len(self.labels),):
            raise ValueError(f"{len(self.labels)} labels, but scores of shape {scores.shape}")
        columns, there = self._nth_labels
        terms = scores.astype(np.float64).take(columns, axis=1)
        terms *= there
        total: Sums = np.add.reduce(terms, axis=1)
        return total

    def within(self, scores: Scores, family: Indices) -> Scores:
        """Scores of shape ``(n, n_labels)``, 0 for labels outside the ``family`` of each sound."""
        return scores * self._inside.take(family, axis=0)

    def best(self, scores: Scores) -> Best:
        """The best family of each sound and the best label in it; the first of equals wins.

        Args:
            scores: probabilities, shape ``(n, n_labels)``.
        """
        sums = self.sums(scores)
        family = sums.argmax(axis=1)
        label = self.within(scores, family).argmax(axis=1)
        return Best(family, label, np.minimum(sums.max(axis=1), _ONE))

    @cached_property
    def _inside(self) -> NDArray[np.float32]:
        """1 where a label is of a family, else 0; shape ``(n_families, n_labels)``."""
        families = np.arange(len(self.families))[:, None]
        inside: NDArray[np.bool_] = self.family_of_label == families
        return inside.astype(np.float32)

    @cached_property
    def _nth_labels(self) -> tuple[Indices, Sums]:
        """Column of the n-th label of each family, and 1 where it has one, else 0.

        Both of shape ``(most labels of a family, n_families)``.
        """
        sizes = np.array([len(labels) for labels in self.families.values()], np.intp)
        starts = np.cumsum(sizes) - sizes
        there = np.arange(sizes.max(initial=1))[:, None] < sizes
        columns = np.where(there, starts + np.arange(len(there))[:, None], 0)
        return columns, there.astype(np.float64)
