"""What a lesson would gain and lose: each example is judged by a head that never saw it."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from drumsort.catalog.lessons import Estimate
from drumsort.model.classes import Classes
from drumsort.model.head import Fit, Floats, Numbers, rescored
from drumsort.model.verdict import Judge
from drumsort.teaching.examples import Examples, Sounds

PARTS = 100
"""Up to this many examples are left out one by one; more, in this many parts."""

NEAR = 0.98
"""Sounds at least this alike, by the cosine of their embeddings, are left out together."""

_TOLERANCE = 1e-3

Indices = NDArray[np.intp]
Progress = Callable[[int, int | None], None]


def estimate(
    fit: Fit,
    weights: Numbers,
    examples: Examples,
    rest: Sounds,
    classes: Classes,
    min_confidence: float,
    on_progress: Progress,
) -> Estimate:
    """Estimate a lesson by leaving out single examples and whole packs.

    Args:
        fit: fits a head to the examples and anchors.
        weights: of the head that learned from all of them.
        examples: the corrected sounds.
        rest: sounds that are neither examples nor anchors.
        classes: of the model, with the user's own.
        min_confidence: the threshold, 0 to 1.
        on_progress: called with the number of heads fitted and their total.
    """
    single = _parts(np.random.default_rng(0).permutation(len(examples)))
    packs = [np.flatnonzero(np.isin(examples.packs, part)) for part in _parts(_several(examples))]
    total = len(single) + len(packs)

    def judged(parts: Sequence[Indices], done: int, *, near: bool) -> NDArray[np.bool_]:
        right = np.zeros(len(examples), bool)
        for number, part in enumerate(parts, start=done + 1):
            without = _near(examples, part) if near else part
            head = fit.head(fit(without, weights, _TOLERANCE))
            now = rescored(head, examples.scores[part], examples.embeddings[part])
            right[part] = classes.best(now).label == examples.targets[part]
            on_progress(number, total)
        return right

    new = len(examples.own)
    before = classes.best(_wider(examples.scores, new)).label == examples.targets
    after = judged(single, 0, near=True)
    elsewhere = None
    there = _taught_elsewhere(examples)
    if packs and there.any():
        away = judged(packs, len(single), near=False)
        elsewhere = float(before[there].mean()), float(away[there].mean())
    judge = Judge(classes, min_confidence)
    first = judge.verdicts(_wider(rest.scores, new))
    then = judge.verdicts(rescored(fit.head(weights), rest.scores, rest.embeddings))
    family, unsure = then.family[first.sure], ~then.sure[first.sure]
    return Estimate(
        float(before.mean()),
        float(after.mean()),
        tuple(_by_class(examples, before, after)),
        float((family == first.family[first.sure]).mean()) if len(family) else 1.0,
        elsewhere,
        float(unsure.mean()) if len(family) else 0.0,
    )


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
    """The packs that hold examples; none if there is only one."""
    packs = np.unique(examples.packs)
    return packs if len(packs) > 1 else packs[:0]


def _near(examples: Examples, part: Indices) -> Indices:
    """Some examples, and all that sound nearly the same."""
    cosines = examples.embeddings @ examples.embeddings[part].T
    return np.union1d(part, np.flatnonzero((cosines > NEAR).any(axis=1)))


def _taught_elsewhere(examples: Examples) -> NDArray[np.bool_]:
    """The examples whose label occurs in other packs, too."""
    pairs = np.stack([examples.targets, examples.packs], axis=1)
    per_label = np.bincount(np.unique(pairs, axis=0)[:, 0], minlength=len(examples.labels))
    there: NDArray[np.bool_] = per_label[examples.targets] > 1
    return there


def _wider(scores: Floats, new: int) -> Floats:
    """The network's own scores, with zeros for the user's classes."""
    return np.pad(scores, ((0, 0), (0, new)))
