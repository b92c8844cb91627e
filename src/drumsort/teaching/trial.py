"""What a lesson would gain and lose: each example is judged by a head that never heard of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from drumsort.catalog.lessons import Estimate
from drumsort.model.head import Fit, Floats, Numbers, rescored
from drumsort.teaching.examples import Examples, Sounds

PARTS = 100
"""Up to so many examples are left out one by one; more, in so many parts."""

NEAR = 0.98
"""Sounds as alike as this, by the cosine between embeddings, are left out together."""

_TOLERANCE = 1e-3
_UNSURE = -1  # for a family

Indices = NDArray[np.intp]
Progress = Callable[[int, int | None], None]


def estimate(
    fit: Fit,
    weights: Numbers,
    examples: Examples,
    rest: Sounds,
    families: Mapping[str, Sequence[str]],
    min_confidence: float,
    on_progress: Progress,
) -> Estimate:
    """Leave out one after the other, and whole packs.

    Args:
        fit: of the examples and anchors.
        weights: those of the head that learns from all.
        examples: what was corrected.
        rest: other sounds, that are neither examples nor anchors.
        families: of the model, with the user's classes.
        min_confidence: family probability from which on a verdict stands, 0 to 1.
        on_progress: called with how many heads were fitted, and of how many.
    """
    guess = _Guess(families)
    single = _parts(np.random.default_rng(0).permutation(len(examples)))
    packs = [np.flatnonzero(np.isin(examples.packs, part)) for part in _parts(_several(examples))]
    total = len(single) + len(packs)

    def judged(parts: Sequence[Indices], done: int, *, near: bool) -> NDArray[np.bool_]:
        right = np.zeros(len(examples), bool)
        for number, part in enumerate(parts, start=done + 1):
            without = _near(examples, part) if near else part
            head = fit.head(fit(without, weights, _TOLERANCE))
            now = rescored(head, examples.scores[part], examples.embeddings[part])
            right[part] = guess.labels(now) == examples.targets[part]
            on_progress(number, total)
        return right

    new = len(examples.own)
    before = guess.labels(_wider(examples.scores, new)) == examples.targets
    after = judged(single, 0, near=True)
    elsewhere = None
    there = _taught_elsewhere(examples)
    if packs and there.any():
        away = judged(packs, len(single), near=False)
        elsewhere = float(before[there].mean()), float(away[there].mean())
    first = guess.verdicts(_wider(rest.scores, new), min_confidence)
    then = guess.verdicts(rescored(fit.head(weights), rest.scores, rest.embeddings), min_confidence)
    first, then = first[first != _UNSURE], then[first != _UNSURE]
    return Estimate(
        float(before.mean()),
        float(after.mean()),
        tuple(_by_class(examples, before, after)),
        float((then == first).mean()) if len(first) else 1.0,
        elsewhere,
        float((then == _UNSURE).mean()) if len(first) else 0.0,
    )


class _Guess:
    """The best family, and the best label in it, as indices; see ``model.decide``."""

    def __init__(self, families: Mapping[str, Sequence[str]]) -> None:
        sizes = [len(labels) for labels in families.values()]
        self._family = np.repeat(np.arange(len(sizes)), sizes)
        self._starts = np.cumsum([0, *sizes[:-1]])

    def families(self, scores: Floats) -> Indices:
        best: Indices = self._summed(scores).argmax(axis=1)
        return best

    def verdicts(self, scores: Floats, min_confidence: float) -> Indices:
        summed = self._summed(scores)
        return np.where(summed.max(axis=1) >= min_confidence, summed.argmax(axis=1), _UNSURE)

    def _summed(self, scores: Floats) -> Floats:
        summed: Floats = np.add.reduceat(scores, self._starts, axis=1)
        return summed

    def labels(self, scores: Floats) -> Indices:
        within = self._family == self.families(scores)[:, None]
        best: Indices = np.where(within, scores, -1).argmax(axis=1)
        return best


def _by_class(
    examples: Examples, before: NDArray[np.bool_], after: NDArray[np.bool_]
) -> Iterator[tuple[str, int, float, float]]:
    for index, label in enumerate(examples.labels):
        of = examples.targets == index
        if of.any():
            yield label, int(of.sum()), float(before[of].mean()), float(after[of].mean())


def _parts(items: Indices) -> list[Indices]:
    return [part for part in np.array_split(items, PARTS) if len(part)]


def _several(examples: Examples) -> Indices:
    """The packs that hold examples, unless it is one alone."""
    packs = np.unique(examples.packs)
    return packs if len(packs) > 1 else packs[:0]


def _near(examples: Examples, part: Indices) -> Indices:
    """Some examples and all that sound nearly the same."""
    cosines = examples.embeddings @ examples.embeddings[part].T
    return np.union1d(part, np.flatnonzero((cosines > NEAR).any(axis=1)))


def _taught_elsewhere(examples: Examples) -> NDArray[np.bool_]:
    """The examples whose label other packs have too."""
    pairs = np.stack([examples.targets, examples.packs], axis=1)
    per_label = np.bincount(np.unique(pairs, axis=0)[:, 0], minlength=len(examples.labels))
    there: NDArray[np.bool_] = per_label[examples.targets] > 1
    return there


def _wider(scores: Floats, new: int) -> Floats:
    """The scores of the network alone, which gives the user's classes none."""
    return np.pad(scores, ((0, 0), (0, new)))
