"""How much of its test sounds a model has heard in training."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from drumsort.lab.data.near_duplicates import Duplicates, Pairs
from drumsort.lab.data.rows import Row


@dataclass(frozen=True)
class Leakage:
    """Shares of one split's sounds, each 0 to 1.

    Attributes:
        exact: with an exact duplicate in ``train``.
        near: with a near or exact duplicate there.
        group: with other sounds of their group there.
    """

    exact: float
    near: float
    group: float


def leakage(rows: Sequence[Row], duplicates: Duplicates) -> Mapping[str, Leakage]:
    """``val`` and ``test``, if they have sounds, to the leakage of each.

    Args:
        rows: the sounds, in the order that the pairs refer to.
        duplicates: the pairs among them.
    """
    splits = np.array([row.split for row in rows])
    trained = {row.group for row in rows if row.split == "train"}
    grouped = np.array([row.group in trained for row in rows])
    exact, near = (_has_one_in_train(splits, p) for p in (duplicates.exact, duplicates.near))
    return {
        split: Leakage(*(float(leaks[here].mean()) for leaks in (exact, near, grouped)))
        for split in ("val", "test")
        if (here := splits == split).any()
    }


def _has_one_in_train(splits: np.ndarray, pairs: Pairs) -> np.ndarray:
    """For each sound, whether it is in a pair with a ``train`` sound; shape ``(n,)``, bool."""
    has = np.zeros(len(splits), bool)
    for ends in (pairs, pairs[:, ::-1]):
        has[ends[splits[ends[:, 1]] == "train", 0]] = True
    return has
