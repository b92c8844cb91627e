"""Probabilities of labelled sounds -> the numbers that are quoted.

Everywhere ``p`` holds label probabilities, shape ``(n, n_labels)``, in the order of
``taxonomy.LABELS``.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumsort.taxonomy import FAMILIES, LABELS
from drumsort.train.data import Example

Scores = NDArray[np.floating[Any]]

SIX = ("kick", "snare", "hat", "tom", "cymbal", "clap")
"""The families of the headline number, told apart among themselves only."""

EIGHT = tuple(FAMILIES)


def family_scores(p: Scores) -> Scores:
    """Sum label probabilities to families, shape ``(n, n_families)``."""
    return np.stack(
        [p[:, [LABELS.index(label) for label in labels]].sum(1) for labels in FAMILIES.values()], 1
    )


def best_families(p: Scores, families: Sequence[str]) -> NDArray[np.intp]:
    """Index into ``families`` of the best one among them, shape ``(n,)``."""
    best: NDArray[np.intp] = family_scores(p)[:, [EIGHT.index(f) for f in families]].argmax(1)
    return best


def recalls(p: Scores, examples: Sequence[Example], families: Sequence[str]) -> dict[str, float]:
    """Share of each family's sounds that is found, argmax among ``families`` only."""
    best = best_families(p, families)
    truth = np.array([example.family for example in examples])
    return {
        family: float((best[truth == family] == i).mean())
        for i, family in enumerate(families)
        if (truth == family).any()
    }


def balanced_accuracy(p: Scores, examples: Sequence[Example], families: Sequence[str]) -> float:
    """Mean of the families' recalls."""
    return float(np.mean(list(recalls(p, examples, families).values())))


def interval(
    p: Scores, examples: Sequence[Example], families: Sequence[str], draws: int = 1000
) -> tuple[float, float]:
    """95 % interval of the balanced accuracy by bootstrap over groups.

    Sounds of a group are alike, so groups are drawn with replacement, not sounds
    (B. Efron, R. Tibshirani, "An Introduction to the Bootstrap", 1993, ch. 8).
    """
    rng = np.random.default_rng(0)
    best = best_families(p, families)
    members: dict[str, list[int]] = {}
    for i, example in enumerate(examples):
        if example.family in families:
            members.setdefault(example.group, []).append(i)
    counts = np.zeros((len(members), 2, len(families)))
    for g, indices in enumerate(members.values()):
        for i in indices:
            family = families.index(examples[i].family)
            counts[g, 0, family] += best[i] == family
            counts[g, 1, family] += 1
    drawn = counts[rng.integers(0, len(counts), (draws, len(counts)))].sum(1)
    with np.errstate(invalid="ignore"):
        accuracy = np.nanmean(drawn[:, 0] / drawn[:, 1], axis=1)
    low, high = np.quantile(accuracy, [0.025, 0.975])
    return float(low), float(high)


def policy(p: Scores, examples: Sequence[Example], confidence: float) -> dict[str, float]:
    """What a threshold on the family's confidence gives.

    Returns:
        ``coverage``: share of sounds with a verdict; ``precision``: share of verdicts that name
        the right family.
    """
    scores = family_scores(p)
    truth = np.array([EIGHT.index(example.family) for example in examples])
    sure = scores.max(1) >= confidence
    right = scores.argmax(1) == truth
    return {
        "min_confidence": confidence,
        "coverage": float(sure.mean()),
        "precision": float(right[sure].mean()) if sure.any() else 1.0,
    }


def report(p: Scores, examples: Sequence[Example], min_confidence: float) -> dict[str, Any]:
    """Everything that is quoted of one split, rounded for people."""
    six, eight = interval(p, examples, SIX), interval(p, examples, EIGHT)
    facts: dict[str, Any] = {
        "sounds": len(examples),
        "groups": len({example.group for example in examples}),
        "six_families_balanced": balanced_accuracy(p, examples, SIX),
        "six_families_interval": list(six),
        "eight_families_balanced": balanced_accuracy(p, examples, EIGHT),
        "eight_families_interval": list(eight),
        "recall_among_six": recalls(p, examples, SIX),
        "recall_among_eight": recalls(p, examples, EIGHT),
        "policy": policy(p, examples, min_confidence),
    }
    rounded: dict[str, Any] = _rounded(facts)
    return rounded


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {name: _rounded(item) for name, item in value.items()}
    return value
