"""Whether sounds of one label are near each other in the embedding, across packs."""

from typing import Any

import numpy as np

from drumsort.lab.benchmark import labels
from drumsort.lab.benchmark.pool import Held, Pool
from drumsort.lab.metrics import Counts, Numbers

NEAREST = 10

_BLOCK = 1024


def numbers(pool: Pool) -> dict[str, Any] | None:
    """Recall at 10 across groups: the share of a sound's nearest sounds that have its label.

    Only sounds whose label is known exactly count, and each is compared with sounds of other groups
    that the same model heard. The mean over labels takes labels with at least ``labels.ENOUGH``
    sounds. ``None`` if a model has no embedding, or nothing can be compared.
    """
    parts = [
        _shares(held, held.said.embedding) for held in pool.held if held.said.embedding is not None
    ]
    if len(parts) < len(pool.held):
        return None
    truth = np.concatenate([truth for truth, _ in parts])
    shares = np.concatenate([share for _, share in parts])
    looked_at = ~np.isnan(shares)
    if not looked_at.any():
        return None
    names = pool.targets.labels
    by_label = {
        names[i]: float(shares[looked_at & (truth == i)].mean())
        for i in labels.frequent(truth[looked_at]).tolist()
    }
    return {
        "sounds": int(looked_at.sum()),
        "recall_at_10": float(shares[looked_at].mean()),
        "macro_recall_at_10": float(np.mean(list(by_label.values()))) if by_label else None,
        "labels": by_label,
    }


def _shares(held: Held, embedding: Numbers) -> tuple[Counts, Numbers]:
    """Label of each sound that has one, and the share of its nearest sounds that share it.

    NaN if no sound is of another group.
    """
    truth = labels.exact(held.model.targets, held.data.rows)
    known = np.flatnonzero(truth >= 0)
    truth = truth[known]
    e = embedding[known].astype(np.float32)
    e = e / np.maximum(np.linalg.norm(e, axis=1, keepdims=True), 1e-12)
    groups = np.array([held.data.rows[i].group for i in known.tolist()])
    shares = np.full(len(known), np.nan)
    for start in range(0, len(known), _BLOCK):
        some = slice(start, start + _BLOCK)
        likeness = e[some] @ e.T
        likeness[groups[some, None] == groups] = -np.inf
        order = np.argsort(-likeness, axis=1, kind="stable")[:, :NEAREST]
        there = np.isfinite(np.take_along_axis(likeness, order, 1))
        hits = (truth[order] == truth[some, None]) & there
        with np.errstate(invalid="ignore"):
            shares[some] = hits.sum(1) / there.sum(1)
    return truth, shares
