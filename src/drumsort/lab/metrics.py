"""Scores of labelled sounds -> accuracy, F1, calibration, policies.

Accuracy, balanced accuracy and F1 all follow from a confusion matrix, and so do their intervals:
each group of sounds has one, and groups are drawn with replacement.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumsort.taxonomy import NOT_A_DRUM

Numbers = NDArray[np.floating[Any]]
Counts = NDArray[np.int64]

DRAWS = 1000
BINS = 15


@dataclass(frozen=True)
class Verdicts:
    """The verdicts of a model on labelled sounds.

    Attributes:
        families: names, in the order of the scores.
        scores: shape ``(n, n_families)``, probabilities.
        truth: shape ``(n,)``, index of the right family.
        groups: of each sound, its pack or machine.
    """

    families: Sequence[str]
    scores: Numbers
    truth: Counts
    groups: Sequence[str]

    @cached_property
    def best(self) -> Counts:
        """Index of the best family, shape ``(n,)``."""
        best: Counts = self.scores.argmax(1)
        return best

    @property
    def confidence(self) -> Numbers:
        """Probability of the best family, shape ``(n,)``."""
        confidence: Numbers = self.scores.max(1)
        return confidence

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether the best family is the right one, shape ``(n,)``."""
        right: NDArray[np.bool_] = self.best == self.truth
        return right

    @property
    def drums(self) -> NDArray[np.bool_]:
        """Whether it is a drum, shape ``(n,)``."""
        drums: NDArray[np.bool_] = np.array(
            [self.families[t] != NOT_A_DRUM for t in self.truth.tolist()], bool
        )
        return drums

    def some(self, kept: Sequence[int]) -> "Verdicts":
        """The sounds at these indices."""
        at = np.asarray(kept, np.int64)
        return Verdicts(
            self.families, self.scores[at], self.truth[at], [self.groups[i] for i in kept]
        )

    def among(self, families: Sequence[str]) -> "Verdicts":
        """The sounds of these families, with these as the only choices."""
        columns = [self.families.index(family) for family in families]
        kept = np.flatnonzero(np.isin(self.truth, columns))
        scores = self.scores[kept][:, columns]
        return Verdicts(
            families,
            scores / np.maximum(scores.sum(1, keepdims=True), 1e-12),
            np.array([columns.index(t) for t in self.truth[kept].tolist()], np.int64),
            [self.groups[i] for i in kept.tolist()],
        )

    def confusion(self) -> Counts:
        """Right family by best family, shape ``(n_families, n_families)``."""
        total: Counts = self.confusion_by_group().sum(0)
        return total

    def confusion_by_group(self) -> Counts:
        """One confusion matrix for each group, shape ``(n_groups, n_families, n_families)``."""
        names = {name: i for i, name in enumerate(dict.fromkeys(self.groups))}
        counts = np.zeros((len(names), len(self.families), len(self.families)), np.int64)
        group = np.array([names[name] for name in self.groups], np.int64)
        np.add.at(counts, (group, self.truth, self.best), 1)
        return counts


def recalls(confusion: Counts) -> Numbers:
    """Share of each family's sounds that are found, shape ``(..., n_families)``; NaN for none."""
    return _share(_diagonal(confusion), confusion.sum(-1))


def precisions(confusion: Counts) -> Numbers:
    """Share of each family's verdicts that are right, shape ``(..., n_families)``; NaN for none."""
    return _share(_diagonal(confusion), confusion.sum(-2))


def accuracy(confusion: Counts) -> Numbers:
    """Share of sounds whose verdict is right."""
    return _share(_diagonal(confusion).sum(-1), confusion.sum((-1, -2)))


def balanced_accuracy(confusion: Counts) -> Numbers:
    """Mean of the recalls of the families that occur."""
    mean: Numbers = np.nanmean(recalls(confusion), axis=-1)
    return mean


def f1s(confusion: Counts) -> Numbers:
    """F1 of each family, shape ``(..., n_families)``; NaN if it never occurs."""
    return _share(2 * _diagonal(confusion), confusion.sum(-1) + confusion.sum(-2))


def macro_f1(confusion: Counts) -> Numbers:
    """Mean of the F1 scores of the families that occur, as truth or as verdict."""
    mean: Numbers = np.nanmean(f1s(confusion), axis=-1)
    return mean


def interval(verdicts: Verdicts, statistic: Callable[[Counts], Numbers]) -> tuple[float, float]:
    """95 % interval of a statistic of the confusion matrix, by bootstrap over groups.

    Sounds of a group are alike, so groups are drawn with replacement, not sounds
    (B. Efron, R. Tibshirani, "An Introduction to the Bootstrap", 1993, ch. 8). It is NaN where
    there is but one group, which says nothing of others.
    """
    counts = verdicts.confusion_by_group()
    if len(counts) < 2:
        return float("nan"), float("nan")
    drawn = statistic(np.tensordot(_draws(len(counts)), counts, 1))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def difference(
    first: Verdicts, second: Verdicts, statistic: Callable[[Counts], Numbers]
) -> tuple[float, tuple[float, float]]:
    """How much higher a statistic is for ``second`` than for ``first``, and its 95 % interval.

    Both are of the same sounds in the same order, and each draw of the bootstrap takes the same
    groups for both: what makes a group hard for both of them cancels out.

    Raises:
        ValueError: they are not of the same sounds.
    """
    if list(first.groups) != list(second.groups) or not np.array_equal(first.truth, second.truth):
        raise ValueError("two models are compared on the same sounds only")
    a, b = first.confusion_by_group(), second.confusion_by_group()
    found = float(statistic(b.sum(0)) - statistic(a.sum(0)))
    if len(a) < 2:
        return found, (float("nan"), float("nan"))
    times = _draws(len(a))
    drawn = statistic(np.tensordot(times, b, 1)) - statistic(np.tensordot(times, a, 1))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return found, (float(low), float(high))


def mean_interval(values: Numbers, groups: Sequence[str]) -> tuple[float, tuple[float, float]]:
    """Mean of a value of each sound, ``(n,)``, and its 95 % interval by bootstrap over groups."""
    names = {name: i for i, name in enumerate(dict.fromkeys(groups))}
    group = np.array([names[name] for name in groups], np.int64)
    sums, counts = np.bincount(group, values), np.bincount(group)
    mean = float(sums.sum() / counts.sum())
    if len(names) < 2:
        return mean, (float("nan"), float("nan"))
    times = _draws(len(names))
    low, high = np.quantile(times @ sums / (times @ counts), [0.025, 0.975])
    return mean, (float(low), float(high))


def surest(confidence: Numbers, share: float = 0.8) -> NDArray[np.bool_]:
    """Which sounds, ``(n,)``, are that share of all that a model is surest of."""
    order = np.argsort(-confidence, kind="stable")
    kept = np.zeros(len(confidence), bool)
    kept[order[: round(share * len(confidence))]] = True
    return kept


def _draws(groups: int) -> Counts:
    """How often each group is in each draw of the bootstrap: ``(DRAWS, groups)``."""
    rng = np.random.default_rng(0)
    times: Counts = rng.multinomial(groups, np.full(groups, 1 / groups), DRAWS)
    return times


def calibration(verdicts: Verdicts) -> tuple[Numbers, Numbers, Counts]:
    """Confidence against accuracy, in bins of equal width.

    Returns:
        Mean confidence, accuracy and count of each of the ``BINS`` bins, each of shape
        ``(BINS,)``; NaN if a bin is empty.
    """
    nth = np.minimum((verdicts.confidence * BINS).astype(np.int64), BINS - 1)
    count = np.bincount(nth, minlength=BINS)
    confidence = np.bincount(nth, verdicts.confidence, BINS)
    right = np.bincount(nth, verdicts.right, BINS)
    return _share(confidence, count), _share(right, count), count


def calibration_error(verdicts: Verdicts) -> float:
    """Expected calibration error (C. Guo et al., ICML 2017): how far confidence is off."""
    confidence, right, count = calibration(verdicts)
    return float(np.nansum(np.abs(confidence - right) * count) / count.sum())


def policy(verdicts: Verdicts, min_confidence: float) -> dict[str, float]:
    """The effect of a threshold on the confidence.

    Returns:
        ``coverage``: share of drums with a verdict; ``precision``: share of verdicts, on drums
        and other sounds, that name the right family, NaN if there are none.
    """
    sure = verdicts.confidence >= min_confidence
    return {
        "min_confidence": min_confidence,
        "coverage": float(_share(sure[verdicts.drums].sum(), verdicts.drums.sum())),
        "precision": float(verdicts.right[sure].mean()) if sure.any() else float("nan"),
    }


def _diagonal(confusion: Counts) -> Counts:
    return np.diagonal(confusion, axis1=-2, axis2=-1)


def _share(part: Any, whole: Any) -> Numbers:
    with np.errstate(invalid="ignore", divide="ignore"):
        share: Numbers = np.asarray(part) / np.asarray(whole)
    return share
