"""Sounds of different classes that go together: alike in all but what class they are.

An embedding says above all what a sound is. What is left once the mean of its class is taken away
says how it is made: its room, its era, its brightness. Two sounds go together if that is alike, and
if they were recorded about equally loud.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_DB_PER_POINT = 40.0
"""So many dB of difference count as much as opposite embeddings count half."""

_LEAST = 1e-6


@dataclass(frozen=True)
class Candidates:
    """Sounds to choose from.

    Attributes:
        ids: shape ``(n,)``.
        labels: the label of each.
        embeddings: shape ``(n, d)``, float32, unit length.
        loudness: shape ``(n,)``, dB.
    """

    ids: NDArray[Any]
    labels: Sequence[str]
    embeddings: NDArray[np.float32]
    loudness: NDArray[Any]

    def styles(self) -> NDArray[np.float32]:
        """Each embedding without the mean of its label, unit length; shape ``(n, d)``."""
        left = self.embeddings.copy()
        labels = np.array(self.labels)
        for label in set(self.labels):
            rows = labels == label
            left[rows] -= left[rows].mean(0)
        unit: NDArray[np.float32] = left / np.maximum(
            np.linalg.norm(left, axis=1, keepdims=True), _LEAST
        )
        return unit


def together(
    candidates: Candidates,
    wanted: Sequence[Sequence[str]],
    kept: Mapping[int, int],
    rng: np.random.Generator,
) -> list[int | None]:
    """Choose one sound for each place, so that all go together.

    Args:
        candidates: to choose from; each is chosen once at most.
        wanted: for each place the labels that fit, the best first.
        kept: place to the id of the sound that is there already.
        rng: chooses the first sound, which the others are to go with.

    Returns:
        The id for each place; ``None`` where no candidate has a label that fits.
    """
    row_of = {int(number): row for row, number in enumerate(candidates.ids.tolist())}
    labels, styles = np.array(candidates.labels), candidates.styles()
    chosen: dict[int, int] = {p: row_of[i] for p, i in kept.items() if i in row_of}
    free = np.ones(len(labels), bool)
    free[list(chosen.values())] = False
    for place, fitting in enumerate(wanted):
        if place in kept:
            continue
        rows = next(
            (found for label in fitting if len(found := np.flatnonzero(free & (labels == label)))),
            None,
        )
        if rows is None:
            continue
        if chosen:
            there = list(chosen.values())
            alike = styles[rows] @ styles[there].mean(0)
            level = np.abs(candidates.loudness[rows] - candidates.loudness[there].mean())
            row = int(rows[np.argmax(alike - level / _DB_PER_POINT)])
        else:
            row = int(rng.choice(rows))
        chosen[place] = row
        free[row] = False
    ids = candidates.ids
    return [kept.get(p, int(ids[chosen[p]]) if p in chosen else None) for p in range(len(wanted))]
