"""Evidence: the named parts of a verdict, and the order in which they are weighed.

To add a kind of evidence, write a class with a ``name`` and a ``weigh`` method beside the data that
it knows, enter the name in ``ORDER``, and hand it to the ``Judge`` (a catalog's evidence, in
``catalog.judges.evidence``).
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from drumsort.model.classes import Classes

Floats = NDArray[np.float32]

SOUND = ("network", "company")
"""The kinds of evidence that come from sounds: a sound's own, and that of its siblings."""

ORDER = (*SOUND, "name", "lesson", "person")
"""All kinds of evidence, in the order in which they are weighed.

A judge starts from the first, the network's scores. The last, the label that a person gave,
overrides all others. Each one in between is an ``Evidence``.
"""


class Weighed(NamedTuple):
    """``n`` sounds of one model, after some of the evidence is weighed.

    Attributes:
        classes: families and labels; the network's, then those that evidence added.
        scores: shape ``(n, n_labels)``, float32; they sum to 1 in each row.
        embeddings: shape ``(n, d)``, float32, or ``None`` where the model gives none.
        reasons: for each sound, what to say if the latest evidence changed the verdict.
        alone: the scores without company, of the same shape, where company was weighed.
        named: the family that the name of each sound says, or ``""``; empty if none was read.
        disputed: which sounds strongly contradict their names, shape ``(n,)``, where names count.
    """

    classes: Classes
    scores: Floats
    embeddings: Floats | None = None
    reasons: Sequence[str] = ()
    alone: Floats | None = None
    named: Sequence[str] = ()
    disputed: NDArray[np.bool_] | None = None


class Evidence(Protocol):
    """One named part of a verdict."""

    @property
    def name(self) -> str:
        """One of ``ORDER``."""

    def weigh(self, so_far: Weighed) -> Weighed:
        """New scores and a reason for each sound; ``so_far`` itself to abstain for all.

        Labels keep their indices: new ones come after the existing ones.
        """
