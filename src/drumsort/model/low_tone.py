"""What follows from a low tone: the network's scores by Bayes' rule.

Of the labelled sounds, one in 31 kicks is one low tone that dies away, and none of 1,071 toms. The
network goes by the pitch: it is not sure of most kicks that are tuned to C2 or higher, and takes
some for a tom or a bass. So between these three, the tone alone decides.
"""

from dataclasses import replace

import numpy as np

from drumsort.model.classes import Classes
from drumsort.model.infer import Heard
from drumsort.taxonomy import LABELS

SHARES = {"kick": 0.96, "tom": 0.01, "other": 0.03}
"""The shares of these labels among the low tones that are of one of them.

``benchmarks/low_tones.py`` counts them in the labelled sounds that the network learned from; half a
sound is added to each count, here and below, so that none is 0.
"""

TOGETHER = 0.0131
"""How often a sound of one of these labels is a low tone."""

LIKELIHOODS = {"snare": 0.00081, "loop": 0.0038}
"""The same for single other labels."""

ELSE = 0.0001
"""The same for all the rest."""


def weighed(heard: Heard, classes: Classes) -> Heard:
    """What was heard of a sound that is one low tone, with its scores weighed by that.

    Nothing is known of labels that are not drumsort's own: a model that has some keeps its scores.
    """
    if not set(classes.labels) <= set(LABELS):
        return heard
    shares = np.array([SHARES.get(label, 0) for label in classes.labels], np.float32)
    likely = np.array([LIKELIHOODS.get(label, ELSE) for label in classes.labels], np.float32)
    together = heard.scores[shares > 0].sum() * TOGETHER
    scores = np.where(shares > 0, together * shares, heard.scores * likely)
    return replace(heard, scores=scores / scores.sum())
