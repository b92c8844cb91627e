"""When hits come -> the tempo and the sixteenths that they are nearest to, if they keep to any.

All tempos of an octave are tried, and the hits may be early or late together. The one with the
smallest deviation is taken: the root of the mean square, in steps. Where several fit next to as
well, the one with more hits on beats and eighths is: metre is heard so that most events are strong
(F. Lerdahl and R. Jackendoff, "A Generative Theory of Tonal Music", 1983).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEAST_HITS = 4
"""Fewer hits fit any tempo."""

STEPS_A_BEAT = 4

_TEMPOS = np.arange(75.0, 150.0, 0.25)  # beats a minute; half and double are the same steps
_OFF = 0.15  # of a step: who plays by hand is off by 10 to 20 ms, which is as much
_WEAK = np.array([0.0, 0.05, 0.025, 0.05])  # what a hit costs, in steps, at each step of a beat


@dataclass(frozen=True, slots=True)
class Grid:
    """A tempo, and where hits lie in it.

    Attributes:
        tempo: in beats a minute, 75 to 150.
        steps: the sixteenth of each hit, from 0 for the first.
    """

    tempo: float
    steps: tuple[int, ...]


def grid(times: Sequence[float]) -> Grid | None:
    """Fit a grid of sixteenths.

    Args:
        times: of the hits, in seconds, rising.

    Returns:
        The grid, or ``None`` where the hits keep to none, or are fewer than ``LEAST_HITS``.
    """
    if len(times) < LEAST_HITS:
        return None
    since = np.asarray(times, np.float64) - times[0]
    at = since * (_TEMPOS[:, None] * STEPS_A_BEAT / 60)
    steps = np.round(at).astype(int)
    off = at - steps
    off -= off.mean(axis=1, keepdims=True)
    deviation = np.sqrt(np.square(off).mean(axis=1))
    cost = deviation + _WEAK[steps % STEPS_A_BEAT].mean(axis=1)
    best = int(np.where(deviation > _OFF, np.inf, cost).argmin())
    if deviation[best] > _OFF:
        return None
    return Grid(float(_TEMPOS[best]), tuple(steps[best].tolist()))
