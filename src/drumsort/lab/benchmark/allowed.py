"""A second truth, less strict: every family that the name of a sound allows.

Names often say the instrument and not the sound. A timbale is percussion and sounds like a tom, a
rim is of the snare and sounds like a clave, and "perc" may be all but a kick. A verdict that such a
name allows is no mistake that a listener would mind.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from drumsort.lab.data.rows import Row
from drumsort.lab.targets import Targets

ALSO: Mapping[str, Sequence[str]] = {
    "timbale": ("percussion", "tom"),
    "gong": ("percussion", "cymbal"),
    "rim": ("snare", "percussion"),
    "shaker": ("percussion", "hat"),
}
"""Kind to the families that it may be taken for."""

_KINDS: Mapping[str, str] = {
    "timbales": "timbale",
    "gongs": "gong",
    "rimshot": "rim",
    "sidestick": "rim",
    "shakers": "shaker",
    "maracas": "shaker",
    "maraca": "shaker",
    "cabasa": "shaker",
}
"""Other words for them."""

ANYTHING = ("perc", "percs", "percussion", "hit", "hits")
"""Words for whatever is struck; of sounds that are said to be percussion or no drum."""

NOT_ANYTHING = "kick"

_WORD = re.compile(r"[a-z]+")


def families(row: Row, targets: Targets) -> frozenset[str]:
    """The families that count as right for a sound: its own, and what its name allows besides."""
    own = targets.family(row)
    words = _words(row)
    allowed = {own}
    for word in (row.label, *words):
        kind = _KINDS.get(word, word)
        if own in ALSO.get(kind, ()):
            allowed.update(ALSO[kind])
    if own in ("percussion", "other") and not words.isdisjoint(ANYTHING):
        allowed.update(family for family in targets.families if family != NOT_ANYTHING)
    return frozenset(allowed & targets.families.keys())


def right(rows: Sequence[Row], targets: Targets, best: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each verdict, an index of a family, is one that the sound's name allows: ``(n,)``."""
    names = list(targets.families)
    return np.array(
        [names[b] in families(row, targets) for row, b in zip(rows, best.tolist(), strict=True)],
        bool,
    )


def _words(row: Row) -> set[str]:
    """What the detail and the file's own name at its origin say."""
    name = PurePosixPath(row.origin.rpartition(":")[2] or row.origin).stem
    detail = row.detail.partition(";")[0]
    return set(_WORD.findall(f"{detail} {name}".lower().replace("_", " ")))
