"""The company a sound keeps: sounds of one folder, or of one name, are often of one class.

Sixteen files ``hat01`` to ``hat16`` are most likely sixteen of the same. No word is read: all that
counts is which files lie together, and which names differ in their digits only. Each folder, and
each such series within it, has a distribution over classes of its own. It is estimated from what
the network says of all its sounds, by expectation-maximization, and takes the place of the
distribution that the network was trained with: M. Saerens, P. Latinne and C. Decaestecker,
"Adjusting the Outputs of a Classifier to New a Priori Probabilities", Neural Computation 14, 2002.

Many folders are mixed, and there an estimate only adds noise. So it is asked first how well each
sound is foretold by the others, and it counts as far as they do that better than nobody would.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

STEPS = 10
"""Of expectation-maximization; it has settled by then."""

WEIGHT = 4.0
"""Sounds that the distribution above counts for in an estimate."""

LIBRARY = 200.0
"""Sounds that training counts for where it is estimated what a whole library has most of."""

DOUBT = 5.0
"""Log-likelihood that an estimate must gain to be believed as much as the distribution above."""

_DIGITS = re.compile(r"\d+")
_LEAST = 1e-12
_TINY = 1e-300


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
        prior: how often each class was heard in training, shape ``(n_classes,)``; all equally
            often by default.

    Returns:
        Log-probabilities of the same shape; a sound that lies alone keeps its own.
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
    """How often each class is there in all folders together, ``(n_classes,)``.

    What is special of a folder counts against this, or folders without anything special would be
    judged by what a whole library has most of.
    """
    own = trained
    for _ in range(STEPS):
        own = _shares(likelihood * own).sum(0) + LIBRARY * trained
        own = own / own.sum()
    return own


def _expected(likelihood: Numbers, above: Numbers) -> Numbers:
    """What to expect of each of some sounds, given the others: shape ``(n, n_classes)``.

    Args:
        likelihood: of each class, shape ``(n, n_classes)``, each sound's up to a factor.
        above: what is expected of each where nothing is known of the others, of the same shape.
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
    others = (share.sum(0) - share + WEIGHT * above) / (n - 1 + WEIGHT)  # a sound is no witness
    expected: Numbers = belief * others + (1 - belief) * above
    return expected


def _gain(likelihood: Numbers, above: Numbers) -> float:
    """Log-likelihood that sounds gain when each is foretold by what the others are by themselves.

    It is below zero on average where they have nothing in common.
    """
    share = _shares(likelihood * above)
    others = (share.sum(0) - share + WEIGHT * above) / (len(share) - 1 + WEIGHT)
    foretold = (likelihood * others).sum(1) / np.maximum((likelihood * above).sum(1), _TINY)
    return float(np.log(np.maximum(foretold, _TINY)).sum())


def _shares(joint: Numbers) -> Numbers:
    shares: Numbers = joint / np.maximum(joint.sum(1, keepdims=True), _TINY)
    return shares


def _together(keys: Sequence[Hashable]) -> list[list[int]]:
    """Indices of equal keys."""
    places: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        places[key].append(index)
    return list(places.values())
