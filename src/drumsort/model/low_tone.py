"""What follows from a low tone: the network's scores by Bayes' rule.

Of the labelled sounds, one in 41 kicks is one lasting low tone, and none of 1,071 toms. The network
goes by the pitch, and takes a kick that is tuned to D2 for a tom.
"""

from dataclasses import replace

import numpy as np

from drumsort.model.classes import Classes
from drumsort.model.infer import Heard
from drumsort.taxonomy import LABELS

LIKELIHOODS = {"kick": 0.0245, "tom": 0.00047, "snare": 0.00081, "other": 0.0030, "loop": 0.0113}
"""How often a sound of a label is a low tone, by the labelled sounds that the network learned from.

``benchmarks/low_tones.py`` counts them; half a sound is added to each count, so that none is 0.
"""

ELSE = 0.0001
"""The same for all other labels."""


def weighed(heard: Heard, classes: Classes) -> Heard:
    """What was heard of a sound that is one low tone, with its scores weighed by that.

    Nothing is known of labels that are not drumsort's own: a model that has some keeps its scores.
    """
    if not set(classes.labels) <= set(LABELS):
        return heard
    likely = np.array([LIKELIHOODS.get(label, ELSE) for label in classes.labels], np.float32)
    scores = heard.scores * likely
    return replace(heard, scores=scores / scores.sum())
