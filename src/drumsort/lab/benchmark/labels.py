"""How often exact labels are right, on the sounds whose exact label is known."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from drumsort.lab import metrics
from drumsort.lab.benchmark.pool import Pool
from drumsort.lab.data.rows import Row
from drumsort.lab.metrics import Counts, Numbers, Verdicts
from drumsort.lab.targets import Targets

ENOUGH = 30
"""A label counts for the mean if it has at least this many sounds."""


def exact(targets: Targets, rows: Sequence[Row]) -> Counts:
    """Index of each sound's label if it is known exactly, else -1; shape ``(n,)``."""
    possible = [targets.possible(row) for row in rows]
    found = [targets.labels.index(some[0]) if len(some) == 1 else -1 for some in possible]
    return np.array(found, np.int64)


def frequent(truth: Counts) -> Counts:
    """Indices of the labels with at least ``ENOUGH`` sounds; ``truth`` is as from ``exact``."""
    labels, counts = np.unique(truth[truth >= 0], return_counts=True)
    return labels[counts >= ENOUGH].astype(np.int64)


def verdicts(pool: Pool) -> Verdicts:
    """The sounds with an exact label, labels in the place of families.

    The best label is that within the best family, as in every verdict: the labels of all other
    families have the score 0.
    """
    targets = pool.targets
    within = targets.within(pool.p, pool.verdicts.best)
    truth = exact(targets, pool.rows)
    known = np.flatnonzero(truth >= 0).tolist()
    groups = pool.verdicts.groups
    return Verdicts(targets.labels, within[known], truth[known], [groups[i] for i in known])


def numbers(pool: Pool) -> dict[str, Any] | None:
    """Macro-F1 with its interval, and precision, recall and F1 of each label that is there.

    ``None`` where no label has ``ENOUGH`` sounds.
    """
    v = verdicts(pool)
    counted = frequent(v.truth)
    if not len(counted):
        return None

    def macro(confusion: Counts) -> Numbers:
        mean: Numbers = np.nanmean(metrics.f1s(confusion)[..., counted], axis=-1)
        return mean

    confusion = v.confusion()
    precise, found, f1 = (
        share(confusion) for share in (metrics.precisions, metrics.recalls, metrics.f1s)
    )
    return {
        "sounds": len(v.truth),
        "counted": [v.families[i] for i in counted.tolist()],
        "macro_f1": float(macro(confusion)),
        "macro_f1_interval": list(metrics.interval(v, macro)),
        "accuracy": float(metrics.accuracy(confusion)),
        "accuracy_interval": list(metrics.interval(v, metrics.accuracy)),
        "labels": {
            label: {
                "sounds": int(confusion[i].sum()),
                "precision": float(precise[i]),
                "recall": float(found[i]),
                "f1": float(f1[i]),
            }
            for i, label in enumerate(v.families)
            if confusion[i].any()
        },
    }
