"""Probabilities of labelled sounds -> the numbers that are quoted."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from drumsort.taxonomy import FAMILIES, LABELS
from drumsort.train.data import Example

SIX = ("kick", "hat", "snare", "tom", "cymbal", "clap")
"""The families of the headline number, compared among themselves only."""


def family_scores(p: NDArray[np.floating]) -> NDArray[np.floating]:
    """Sum label probabilities ``(n, n_labels)`` to families ``(n, n_families)``."""
    return np.stack(
        [p[:, [LABELS.index(label) for label in labels]].sum(1) for labels in FAMILIES.values()], 1
    )


def recalls(
    p: NDArray[np.floating], examples: Sequence[Example], families: Sequence[str] = SIX
) -> dict[str, float]:
    """Share of each family's sounds that is found, argmax among ``families`` only."""
    columns = [list(FAMILIES).index(family) for family in families]
    best = family_scores(p)[:, columns].argmax(1)
    truth = np.array([e.family for e in examples])
    return {
        family: float((best[truth == family] == i).mean())
        for i, family in enumerate(families)
        if (truth == family).any()
    }


def balanced_accuracy(
    p: NDArray[np.floating], examples: Sequence[Example], families: Sequence[str] = SIX
) -> float:
    """Mean of the families' recalls, argmax among ``families`` only."""
    return float(np.mean(list(recalls(p, examples, families).values())))
