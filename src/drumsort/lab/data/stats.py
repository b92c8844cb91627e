"""Statistics of a data set: sizes, duplicates, overlap, and what a model could cheat with."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from drumsort.lab.data.features import Features
from drumsort.lab.data.leakage import Leakage, leakage
from drumsort.lab.data.near_duplicates import duplicates
from drumsort.lab.data.rows import SPLITS, Row
from drumsort.taxonomy import FAMILIES

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Of the durations of each class."""

_CHUNK = 1024
_POOL = 2  # bands and frames averaged before sounds are compared


@dataclass(frozen=True)
class Twins:
    """Two files with the same sound.

    Attributes:
        first, second: the files.
        labels: of each.
        likeness: of their fingerprints, 0 to 1.
    """

    first: str
    second: str
    labels: tuple[str, str]
    likeness: float


@dataclass(frozen=True)
class Stats:
    """The statistics of a data set.

    Attributes:
        sounds: how many could be read.
        families: class (a label) to its family, in display order.
        classes: class to sounds.
        splits: split to class to sounds; empty if no split is set.
        durations: class to ``QUANTILES`` of its durations, in seconds.
        rates: class to sample rate in Hz to sounds.
        groups: group to sounds, the largest first.
        exact: pairs of files with the same samples.
        near: pairs of files with the same recording, including ``exact``, the most similar first.
        nearest: class to class to sounds: the class of each sound, and that of its nearest sound in
            log-mel from another group. It is the confusion matrix of a nearest-neighbour
            classifier that leaves each group out.
        leakage: ``val`` and ``test`` to how much of them leaks from ``train``.
        failures: one sentence for each sound that could not be read.
    """

    sounds: int
    families: Mapping[str, str]
    classes: Mapping[str, int]
    splits: Mapping[str, Mapping[str, int]]
    durations: Mapping[str, tuple[float, ...]]
    rates: Mapping[str, Mapping[int, int]]
    groups: Mapping[str, int]
    exact: Sequence[Twins]
    near: Sequence[Twins]
    nearest: Mapping[str, Mapping[str, int]]
    leakage: Mapping[str, Leakage]
    failures: Sequence[str]

    @property
    def by_family(self) -> Mapping[str, int]:
        """Family to sounds."""
        counts: Counter[str] = Counter()
        for label, n in self.classes.items():
            counts[self.families[label]] += n
        return counts

    @property
    def imbalance(self) -> float:
        """Sounds of the largest class divided by those of the smallest."""
        return max(self.classes.values()) / min(self.classes.values())

    @property
    def evenness(self) -> float:
        """Entropy of the classes over its maximum (E. C. Pielou, 1966): 1 if all are equal."""
        shares = [n / self.sounds for n in self.classes.values()]
        return -sum(p * log(p) for p in shares) / log(len(shares)) if len(shares) > 1 else 1.0

    @property
    def right_by_rate(self) -> tuple[float, float]:
        """Share of sounds whose class can be guessed from the rate; share of the largest class."""
        by_rate: dict[int, int] = {}
        for counts in self.rates.values():
            for rate, n in counts.items():
                by_rate[rate] = max(by_rate.get(rate, 0), n)
        return sum(by_rate.values()) / self.sounds, max(self.classes.values()) / self.sounds

    @property
    def contradictions(self) -> list[Twins]:
        """Pairs of files with one recording and two families."""
        return [t for t in self.near if self.families[t.labels[0]] != self.families[t.labels[1]]]

    @property
    def right_by_nearest(self) -> tuple[float, float]:
        """Share of sounds whose nearest sound of another group is of the same class; family."""
        pairs = [(a, b, n) for a, row in self.nearest.items() for b, n in row.items()]
        total = max(1, sum(n for _, _, n in pairs))
        same_class = sum(n for a, b, n in pairs if a == b)
        same_family = sum(n for a, b, n in pairs if self.families[a] == self.families[b])
        return same_class / total, same_family / total

    @property
    def overlaps(self) -> list[tuple[str, str, float]]:
        """Pairs of classes, and the share of the first one's sounds that are nearest to the second.

        The largest share first; none of zero.
        """
        shares = [
            (a, b, n / sum(row.values()))
            for a, row in self.nearest.items()
            for b, n in row.items()
            if a != b and n
        ]
        return sorted(shares, key=lambda pair: -pair[2])


def stats(
    features: Features, on_progress: Callable[[int, int], None] = lambda done, total: None
) -> Stats:
    """Measure a data set.

    Args:
        features: its sounds, by ``LogMel()``.
        on_progress: called while sounds are compared, with the steps done and their total.

    Raises:
        AudioError: a sound can no longer be read.
    """
    rows = features.data.rows
    log_mels = features.log_mels()
    twice = duplicates(features.data, log_mels, on_progress)
    label_of = np.array([row.label for row in rows])
    families = {row.label: row.family for row in rows}
    labels = sorted(families, key=lambda label: (*rank(families[label], label), label))
    at = {label: np.flatnonzero(label_of == label) for label in labels}
    seconds, rates = features.table["duration"].to_numpy(), features.table["rate"].to_numpy()
    nearest = nearest_of_other_groups(log_mels, [row.group for row in rows])
    exact = {tuple(pair) for pair in twice.exact.tolist()}
    near = [
        (pair, Twins(rows[pair[0]].path, rows[pair[1]].path, _labels(rows, pair), float(likeness)))
        for pair, likeness in zip(map(tuple, twice.near.tolist()), twice.likeness, strict=True)
    ]
    near.sort(key=lambda found: -found[1].likeness)
    return Stats(
        sounds=len(rows),
        families={label: families[label] for label in labels},
        classes={label: len(at[label]) for label in labels},
        splits={
            split: {label: n for label in labels if (n := counts[label])}
            for split in SPLITS
            if (counts := Counter(row.label for row in features.data.of(split)))
        },
        durations={
            label: tuple(np.quantile(seconds[at[label]], QUANTILES).tolist()) for label in labels
        },
        rates={label: dict(sorted(Counter(rates[at[label]].tolist()).items())) for label in labels},
        groups=dict(Counter(row.group for row in rows).most_common()),
        exact=[twins for pair, twins in near if pair in exact],
        near=[twins for _, twins in near],
        nearest={
            label: dict(Counter(label_of[[n for n in nearest[at[label]] if n >= 0]].tolist()))
            for label in labels
        },
        leakage=leakage(rows, twice),
        failures=features.failures,
    )


def nearest_of_other_groups(
    log_mels: NDArray[np.float32], groups: Sequence[str]
) -> NDArray[np.int64]:
    """For each sound, the nearest one from another group.

    By Euclidean distance of log-mels, averaged over two bands by two frames.

    Args:
        log_mels: shape ``(n, n_mels, n_frames)``, both even, dB, float32.
        groups: of each.

    Returns:
        Indices, shape ``(n,)``, int64; -1 if there is no other group.
    """
    n, mels, frames = log_mels.shape
    pooled = log_mels.reshape(n, mels // _POOL, _POOL, frames // _POOL, _POOL).mean((2, 4))
    flat = pooled.reshape(n, -1)
    flat -= flat.mean(0)  # keeps float32 exact enough
    squares = (flat**2).sum(1)
    group = np.unique(np.array(groups), return_inverse=True)[1]
    nearest = np.full(n, -1)
    for start in range(0, n, _CHUNK):
        here = slice(start, start + _CHUNK)
        distance = squares - 2 * (flat[here] @ flat.T)
        distance[group[here, None] == group] = np.inf
        best = distance.argmin(1)
        nearest[here] = np.where(np.isfinite(distance.min(1)), best, -1)
    return nearest


def rank(family: str, label: str) -> tuple[int, int]:
    """The rank of a class in drumsort's own order; other classes come after, by name."""
    families = list(FAMILIES)
    if family not in families:
        return len(families), 0
    labels = FAMILIES[family]
    return families.index(family), labels.index(label) if label in labels else len(labels)


def _labels(rows: Sequence[Row], pair: tuple[int, ...]) -> tuple[str, str]:
    return rows[pair[0]].label, rows[pair[1]].label
