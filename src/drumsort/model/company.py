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
from collections import defaultdict
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

STEPS = 10
"""Steps of expectation-maximization, enough for it to settle."""

WEIGHT = 4.0
"""Number of sounds that the distribution above counts as in an estimate."""

LIBRARY = 200.0
"""Number of sounds that the training data counts as in the estimate for a whole library."""

DOUBT = 5.0
"""Log-likelihood that an estimate must gain to count as much as the distribution above."""

_DIGITS = re.compile(r"\d+")
_LEAST = 1e-12
_TINY = 1e-300


def stem(name: str) -> str:
    """The common form of names that differ only in digits: ``Hat 01.wav`` -> ``hat #.wav``."""
    return _DIGITS.sub("#", name).casefold()


def company(
    log_probabilities: NDArray[np.floating],
    folders: Sequence[Hashable],
    stems: Sequence[Hashable],
    prior: Sequence[float] | None = None,
) -> NDArray[np.float64]:
    """Log-probabilities of each sound's classes, given the sounds it is with.

    Args:
        log_probabilities: what the network says, shape ``(n, n_classes)``, natural logarithms,
            calibrated.
        folders: the folder of each sound; equal values are one folder.
        stems: the ``stem`` of each sound's name; equal values within a folder are one series.
        prior: how often each class occurs in training, shape ``(n_classes,)``; equally often by
            default.

    Returns:
        Log-probabilities of the same shape; a sound alone in its folder keeps its own.
    """
    own: Numbers = np.asarray(log_probabilities, np.float64)
    own = own - np.logaddexp.reduce(own, axis=1, keepdims=True) if len(own) else own
    n_classes = own.shape[1]
    even = np.full(n_classes, 1 / n_classes) if prior is None else np.asarray(prior, np.float64)
    trained = np.maximum(even / even.sum(), _LEAST)
    likelihood = np.exp(own) / trained
    everywhere = np.broadcast_to(_everywhere(likelihood, trained), own.shape)
    out = own.copy()
    for members in _together(folders):
        in_folder = _expected(likelihood[members], everywhere[members])
        for series in _together([stems[i] for i in members]):
            some = [members[i] for i in series]
            expected = _expected(likelihood[some], in_folder[series])
            joint = own[some] + np.log(np.maximum(expected / everywhere[some], _TINY))
            out[some] = joint - np.logaddexp.reduce(joint, axis=1, keepdims=True)
    return out


def _everywhere(likelihood: Numbers, trained: Numbers) -> Numbers:
    """How often each class occurs in all folders together, shape ``(n_classes,)``.

    Folders are compared with this. Otherwise, ordinary folders would be judged by the commonest
    classes of the whole library.
    """
    own = trained
    for _ in range(STEPS):
        own = _shares(likelihood * own).sum(0) + LIBRARY * trained
        own = own / own.sum()
    return own


def _expected(likelihood: Numbers, above: Numbers) -> Numbers:
    """The distribution expected for each sound, given the others, shape ``(n, n_classes)``.

    Args:
        likelihood: of each class, shape ``(n, n_classes)``, up to a factor per sound.
        above: the distribution expected without the others, of the same shape.
    """
    n = len(likelihood)
    if n == 1:
        return above
    gain = _gain(likelihood, above)
    belief = 1 / (1 + np.exp(np.clip(DOUBT - gain, -50, 50)))
    own = above
    for _ in range(STEPS):
        share = _shares(likelihood * own)
        own = (share.sum(0) + WEIGHT * above) / (n + WEIGHT)
    others = (share.sum(0) - share + WEIGHT * above) / (n - 1 + WEIGHT)  # without itself
    expected: Numbers = belief * others + (1 - belief) * above
    return expected


def _gain(likelihood: Numbers, above: Numbers) -> float:
    """Log-likelihood gained by predicting each sound from the others.

    On average it is below zero if they have nothing in common.
    """
    share = _shares(likelihood * above)
    others = (share.sum(0) - share + WEIGHT * above) / (len(share) - 1 + WEIGHT)
    ratio = (likelihood * others).sum(1) / np.maximum((likelihood * above).sum(1), _TINY)
    return float(np.log(np.maximum(ratio, _TINY)).sum())


def _shares(joint: Numbers) -> Numbers:
    shares: Numbers = joint / np.maximum(joint.sum(1, keepdims=True), _TINY)
    return shares


def _together(keys: Sequence[Hashable]) -> list[list[int]]:
    """Indices of equal keys."""
    indices: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        indices[key].append(index)
    return list(indices.values())
