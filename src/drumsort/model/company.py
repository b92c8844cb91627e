"""The company a sound keeps: sounds of one folder, or of one name, are often of one class.

Sixteen files ``hat01`` to ``hat16`` are most likely sixteen of the same. No word is read: all that
counts is which files lie together, and which names differ in their digits only. Each folder, and
each such series within it, has a distribution over classes of its own. It is estimated from what
the network says of all its sounds, by expectation-maximization, and takes the place of the
distribution that the network was trained with: M. Saerens, P. Latinne and C. Decaestecker,
"Adjusting the Outputs of a Classifier to New a Priori Probabilities", Neural Computation 14, 2002.

Many folders are mixed, and there an estimate only adds noise. So it counts as far as it explains
its sounds better than the distribution above it does, by more than an estimate from so few sounds
would by chance.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

STEPS = 30
"""Of expectation-maximization; it has settled by then."""

WEIGHT = 2.0
"""Sounds that the distribution above counts for in an estimate."""

DOUBT = 4.0
"""Log-likelihood that an estimate must gain to be believed as much as the distribution above ..."""

TEMPER = 2.0
"""... and how much more or less of it makes e times the odds."""

_DIGITS = re.compile(r"\d+")
_LEAST = 1e-12


def stem(name: str) -> str:
    """What names have in common that differ only in digits: ``Hat 01.wav`` -> ``hat #.wav``."""
    return _DIGITS.sub("#", name).casefold()


def company(
    log_probabilities: NDArray[np.floating],
    folders: Sequence[Hashable],
    stems: Sequence[Hashable],
    prior: Sequence[float] | None = None,
) -> NDArray[np.float64]:
    """What is likely of each sound, given those it lies with.

    Args:
        log_probabilities: what the network says, shape ``(n, n_classes)``, natural logarithms,
            calibrated.
        folders: that each sound lies in; equal ones are one folder.
        stems: of each sound's name (``stem``); equal ones within a folder are one series.
        prior: how often each class was heard in training, shape ``(n_classes,)``; evenly by default.

    Returns:
        Log-probabilities of the same shape; a sound that lies alone keeps its own.
    """
    own: Numbers = np.asarray(log_probabilities, np.float64)
    own = own - np.logaddexp.reduce(own, axis=1, keepdims=True) if len(own) else own
    n_classes = own.shape[1]
    even = np.full(n_classes, 1 / n_classes) if prior is None else np.asarray(prior, np.float64)
    trained = np.maximum(even / even.sum(), _LEAST)
    likelihood = np.exp(own) / trained
    out = own.copy()
    for members in _together(folders):
        in_folder = _estimated(likelihood[members], trained)
        for series in _together([stems[i] for i in members]):
            some = [members[i] for i in series]
            expected = _estimated(likelihood[some], in_folder)
            joint = np.log(np.maximum(likelihood[some] * expected, 1e-300))
            out[some] = joint - np.logaddexp.reduce(joint, axis=1, keepdims=True)
    return out


def _estimated(likelihood: Numbers, above: Numbers) -> Numbers:
    """The distribution over classes of some sounds, ``above`` where they do not tell another.

    Args:
        likelihood: of each class, shape ``(n, n_classes)``, each sound's up to a factor.
        above: the distribution that holds around them, shape ``(n_classes,)``.
    """
    n = len(likelihood)
    if n == 1:
        return above
    own = above
    for _ in range(STEPS):
        joint = likelihood * own
        share = joint / np.maximum(joint.sum(1, keepdims=True), 1e-300)
        own = (share.sum(0) + WEIGHT * above) / (n + WEIGHT)
    gain = float(np.log((likelihood @ own) / (likelihood @ above)).sum())
    belief = 1 / (1 + np.exp(-np.clip((gain - DOUBT) / TEMPER, -50, 50)))
    mixed: Numbers = belief * own + (1 - belief) * above
    return mixed


def _together(keys: Sequence[Hashable]) -> list[list[int]]:
    """Indices of equal keys."""
    places: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        places[key].append(index)
    return list(places.values())
