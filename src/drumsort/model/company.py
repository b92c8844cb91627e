"""The company a sound keeps: sounds of one folder or one series of names often share a class.

Sixteen files ``hat01`` to ``hat16`` are most likely sixteen of the same. Words do not count, only
which files are in one folder and which names differ only in digits. Each folder, and each such
series within it, has its own distribution over classes. Expectation-maximization estimates it from
the network's scores for all its sounds, and it replaces the distribution in the training data:
M. Saerens, P. Latinne and C. Decaestecker, "Adjusting the Outputs of a Classifier to New a Priori
Probabilities", Neural Computation 14, 2002.

Many folders are mixed, and there an estimate only adds noise. So the others must first predict each
sound better than the distribution above does; the estimate counts to the extent that they do.
"""

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drumsort.model.classes import Classes
from drumsort.model.evidence import Floats, Weighed
from drumsort.taxonomy import FAMILIES, NOT_A_DRUM

Numbers = NDArray[np.float64]
Indices = NDArray[np.intp]

STEPS = 10
"""Steps of expectation-maximization, enough for it to settle."""

WEIGHT = 4.0
"""Number of sounds that the distribution above counts as in an estimate."""

DOUBT = 5.0
"""Log-likelihood that an estimate must gain to count as much as the distribution above."""

TRUST = 0.8
"""How much company counts in a verdict: siblings err alike, and the estimate does not know it."""

SURE = 0.95
"""Confidence from which company takes none away: the network is sure by itself."""

ORDINARY = {
    "kick": 10, "snare": 11, "rim": 1, "closed_hat": 9, "open_hat": 4, "pedal_hat": 1, "tom": 8,
    "crash": 6, "ride": 5, "clap": 2, "snap": 1, "cowbell": 2, "shaker": 1, "tambourine": 1,
    "conga_bongo": 2, "percussion": 1, "other": 32, "loop": 2,
}  # fmt: skip
"""Label to how often it occurs in folders that nothing is known of, in percent.

An estimate from the folder trees of a hundred makers.
"""

_DIGITS = re.compile(r"\d+")
_LEAST = 1e-12
_TINY = 1e-300
_AT_ONCE = 4000


def stem(name: str) -> str:
    """The common form of names that differ only in digits: ``Hat 01.wav`` -> ``hat #.wav``."""
    return _DIGITS.sub("#", name).casefold()


@dataclass(frozen=True, eq=False)
class Company:
    """What company makes of ``n`` sounds of one model: an ``Evidence`` for them, in this order.

    Attributes:
        classes: the network's.
        scores: shape ``(n, n_labels)``, float32; they sum to 1 in each row.
        family: index of the best family by these scores, shape ``(n,)``.
        siblings: how many a sound has, shape ``(n,)``: others of its series, or else of its folder.
        alike: how many of them the network, without company, takes for that family, ``(n,)``.
    """

    classes: Classes
    scores: Floats
    family: Indices
    siblings: Indices
    alike: Indices

    @classmethod
    def of(
        cls,
        classes: Classes,
        scores: Floats,
        folders: Sequence[Hashable],
        stems: Sequence[Hashable],
    ) -> "Company":
        """All sounds of some folders.

        Args:
            classes: of the network.
            scores: what the network says, shape ``(n, n_labels)``.
            folders: as for ``company``.
            stems: as for ``company``.
        """
        logs = np.log(np.maximum(scores.astype(np.float64), _LEAST))
        ordinary = [usual(label) for label in classes.labels]
        logs = company(logs, folders, stems, ordinary=ordinary, trust=TRUST)
        found = np.exp(logs).astype(np.float32)
        own = classes.best(scores)
        kept = classes.sums(found)[np.arange(len(found)), own.family]
        folder = _numbers(folders)
        alone = np.bincount(folder, minlength=1)[folder] == 1
        stays = alone | ((own.confidence >= SURE) & (kept < own.confidence))
        found = np.where(stays[:, None], scores, found)
        family = classes.best(found).family
        series = _numbers(list(zip(folder.tolist(), stems, strict=True)))
        siblings, alike = _alike(folder, own.family, family)
        named, alike_named = _alike(series, own.family, family)
        nearer = (named > 1) & (alike_named * siblings >= alike * named)
        return cls(
            classes,
            found,
            family,
            np.where(nearer, named, siblings),
            np.where(nearer, alike_named, alike),
        )

    @classmethod
    def joined(cls, parts: Sequence["Company"]) -> "Company":
        """The sounds of several parts of one model, in this order; there is at least one part."""
        return cls(
            parts[0].classes,
            np.concatenate([part.scores for part in parts]),
            np.concatenate([part.family for part in parts]),
            np.concatenate([part.siblings for part in parts]),
            np.concatenate([part.alike for part in parts]),
        )

    @property
    def name(self) -> str:
        """The name of this kind of evidence."""
        return "company"

    def rows(self, which: Indices | slice) -> "Company":
        """The same of some of the sounds."""
        return Company(
            self.classes,
            self.scores[which],
            self.family[which],
            self.siblings[which],
            self.alike[which],
        )

    def weigh(self, so_far: Weighed) -> Weighed:
        """Replace the network's scores."""
        return so_far._replace(scores=self.scores, alone=so_far.scores, reasons=self.reasons())

    def reasons(self) -> list[str]:
        """What to say of each sound whose verdict company changes."""
        names = self.classes.names
        counts = zip(self.family.tolist(), self.alike.tolist(), self.siblings.tolist(), strict=True)
        return [_reason(names[family], alike, n) for family, alike, n in counts]


def _reason(family: str, alike: int, siblings: int) -> str:
    one, many = f"is a {family}", f"are {family}s"
    if family == NOT_A_DRUM:
        one, many = "is no drum", "are no drums"
    elif family == "percussion":
        one, many = "is percussion", "are percussion"
    noun = "sibling" if siblings == 1 else "siblings"
    return f"{alike} of {siblings} {noun} {one if alike == 1 else many}"


def _alike(group: Indices, own: Indices, family: Indices) -> tuple[Indices, Indices]:
    """How many others are in each sound's group, and how many of them are of ``family``."""
    count = np.bincount(group, minlength=1)[group] - 1
    width = int(max(own.max(initial=0), family.max(initial=0))) + 1
    pairs = np.bincount(group * width + own, minlength=(int(group.max(initial=0)) + 1) * width)
    return count, pairs[group * width + family] - (own == family)


def usual(label: str) -> float:
    """How often a label occurs; models of other labels may know families only."""
    return ORDINARY.get(label) or sum(ORDINARY[one] for one in FAMILIES.get(label, ())) or 1


def company(
    log_probabilities: NDArray[np.floating],
    folders: Sequence[Hashable],
    stems: Sequence[Hashable],
    prior: Sequence[float] | None = None,
    ordinary: Sequence[float] | None = None,
    trust: float = 1.0,
) -> NDArray[np.float64]:
    """Log-probabilities of each sound's classes, given the sounds it is with.

    What comes out for the sounds of a folder depends on that folder alone, to the last bit.

    Args:
        log_probabilities: what the network says, shape ``(n, n_classes)``, natural logarithms,
            calibrated.
        folders: the folder of each sound; equal values are one folder.
        stems: the ``stem`` of each sound's name; equal values within a folder are one series.
        prior: how often each class occurs in training, shape ``(n_classes,)``; equally often by
            default.
        ordinary: how often each class occurs in folders that nothing is known of, of the same
            shape; as in training by default. Folders are compared with this. Otherwise, they would
            be judged by the commonest classes of all libraries.
        trust: weight of the logarithm of what company changes, 0 to 1.

    Returns:
        Log-probabilities of the same shape; a sound alone in its folder keeps its own.
    """
    own: Numbers = np.asarray(log_probabilities, np.float64)
    if not len(own):
        return own
    own = own - np.logaddexp.reduce(own, axis=1, keepdims=True)
    trained = _distribution(prior, own.shape[1])
    usual = trained if ordinary is None else _distribution(ordinary, own.shape[1])
    out = own.copy()
    for some, in_folder, in_series in _parts(folders, stems):
        likelihood = np.exp(own[some]) / trained
        above = np.broadcast_to(usual, likelihood.shape)
        expected = _expected(likelihood, _expected(likelihood, above, in_folder), in_series)
        joint = own[some] + trust * np.log(np.maximum(expected / usual, _TINY))
        out[some] = joint - np.logaddexp.reduce(joint, axis=1, keepdims=True)
    return out


def _distribution(shares: Sequence[float] | None, n: int) -> Numbers:
    given = np.ones(n) if shares is None else np.asarray(shares, np.float64)
    found: Numbers = np.maximum(given / given.sum(), _LEAST)
    return found


def _parts(
    folders: Sequence[Hashable], stems: Sequence[Hashable]
) -> Iterator[tuple[Indices, Indices, Indices]]:
    """Whole folders of several sounds, some thousand sounds at a time.

    Yields:
        Indices of sounds, those of a folder and of a series together, and for each of them, the
        number of its folder and that of its series, both from 0 without gaps.
    """
    folder = _numbers(folders)
    series = _numbers(list(zip(folder.tolist(), stems, strict=True)))
    order = np.lexsort((series, folder))
    order = order[np.bincount(folder)[folder[order]] > 1]
    ends = np.flatnonzero(np.diff(folder[order], append=-1)) + 1
    start = 0
    while start < len(order):
        end = int(ends[np.searchsorted(ends, min(start + _AT_ONCE, len(order)))])
        some = order[start:end]
        yield some, _without_gaps(folder[some]), _without_gaps(series[some])
        start = end


def _without_gaps(numbers: Indices) -> Indices:
    rises: Indices = np.cumsum(np.diff(numbers, prepend=numbers[:1]) != 0)
    return rises


def _numbers(keys: Sequence[Hashable]) -> Indices:
    """A number for each key, in the order of their first appearance."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.intp)


def _expected(likelihood: Numbers, above: Numbers, group: Indices) -> Numbers:
    """The distribution expected for each sound, given the others of its group: ``(n, n_classes)``.

    Args:
        likelihood: of each class, shape ``(n, n_classes)``, up to a factor per sound.
        above: the distribution expected without the others, of the same shape.
        group: the number of each sound's group; it rises from 0 without gaps.
    """
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    n = np.bincount(group)[group][:, None]

    def sums(values: Numbers) -> Numbers:
        total: Numbers = np.add.reduceat(values, starts, axis=0)
        return total[group]

    def others(share: Numbers) -> Numbers:
        return (sums(share) - share + WEIGHT * above) / (n - 1 + WEIGHT)

    # Log-likelihood gained by predicting each sound from the others, as the network heard them by
    # themselves. On average it is below zero if they have nothing in common.
    without = _shares(likelihood * above)
    then, now = (likelihood * above).sum(1), (likelihood * others(without)).sum(1)
    ratio = np.maximum(now / np.maximum(then, _TINY), _TINY)
    gain = sums(np.log(ratio)[:, None])
    belief = 1 / (1 + np.exp(np.clip(DOUBT - gain, -50, 50)))

    own = above
    for _ in range(STEPS):
        share = _shares(likelihood * own)
        own = (sums(share) + WEIGHT * above) / (n + WEIGHT)
    expected: Numbers = belief * others(share) + (1 - belief) * above
    found: Numbers = np.where(n > 1, expected, above)
    return found


def _shares(joint: Numbers) -> Numbers:
    shares: Numbers = joint / np.maximum(joint.sum(1, keepdims=True), _TINY)
    return shares
