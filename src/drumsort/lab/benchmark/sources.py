"""How good the verdicts are for each source, and without the largest one."""

from collections import Counter
from typing import Any

import numpy as np

from drumsort.lab import metrics
from drumsort.lab.benchmark.pool import Pool
from drumsort.lab.evaluate import quoted

ENOUGH = 20
"""A source has a row of its own if it has at least this many sounds."""

OTHERS = "others"
"""All smaller sources."""

LARGEST = "freesound-oneshot"
"""The source that the headline numbers are also given without."""


def numbers(pool: Pool) -> dict[str, dict[str, Any]]:
    """Sounds, accuracy and balanced accuracy of each source, the largest first."""
    sizes = Counter(row.source for row in pool.rows)
    names = [row.source if sizes[row.source] >= ENOUGH else OTHERS for row in pool.rows]
    own = [name for name, _ in sizes.most_common() if sizes[name] >= ENOUGH]
    facts = {}
    for name in [*own, *([OTHERS] if OTHERS in names else [])]:
        confusion = pool.verdicts.some(_where(names, name)).confusion()
        facts[name] = {
            "sounds": int(confusion.sum()),
            "accuracy": float(metrics.accuracy(confusion)),
            "balanced_accuracy": float(metrics.balanced_accuracy(confusion)),
        }
    return facts


def without(pool: Pool, source: str = LARGEST) -> dict[str, Any] | None:
    """The first numbers again without a source; ``None`` where it is not there or is all."""
    facts = _again(pool, [row.source != source for row in pool.rows])
    return facts and {"source": source, **facts}


def recordings(pool: Pool) -> dict[str, Any] | None:
    """The first numbers of recordings alone; ``None`` where no sound, or each, was rendered."""
    return _again(pool, [not row.rendered for row in pool.rows])


def _again(pool: Pool, kept: list[bool]) -> dict[str, Any] | None:
    rest = [i for i, keep in enumerate(kept) if keep]
    if len(rest) in (0, len(kept)):
        return None
    v = pool.verdicts.some(rest)
    return {"sounds": len(rest), "groups": len(set(v.groups)), **quoted(v)}


def _where(names: list[str], name: str) -> list[int]:
    found: list[int] = np.flatnonzero(np.array(names) == name).tolist()
    return found
