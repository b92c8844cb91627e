"""The folder trees that labelled sounds come from, by their origins.

Their copies in a data folder lie elsewhere. So what company does to them, and to the policies for
sounds in folders, is measured on these trees.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from drumsort.lab.data.rows import Row
from drumsort.lab.metrics import Numbers
from drumsort.lab.targets import Targets
from drumsort.model.company import Company, stem

NO_TREE = ("freesound-oneshot", "student-other")
"""Sources whose files were put into one folder later."""

_PATH = re.compile(r"(.+)/([^/]+\.(?:wav|ogg|mp3|flac|aiff?|raw))", re.IGNORECASE)


@dataclass(frozen=True)
class Trees:
    """The sounds whose folder is known.

    Attributes:
        indices: which of the sounds these are.
        folders: the folder of each.
        stems: what its name has in common with others of its series (``model.company.stem``).
    """

    indices: list[int]
    folders: list[str]
    stems: list[str]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Trees":
        """The trees of ``rows``."""
        trees = cls([], [], [])
        for i, row in enumerate(rows):
            if row.source not in NO_TREE and (match := _PATH.fullmatch(row.origin)):
                trees.indices.append(i)
                trees.folders.append(match[1])
                trees.stems.append(stem(match[2]))
        return trees


def in_company(targets: Targets, p: Numbers, rows: Sequence[Row]) -> Numbers:
    """Probabilities ``(n, n_labels)`` of sounds in their folders; alone, where none is known."""
    trees = Trees.of(rows)
    said = p.copy()
    if some := trees.indices:
        said[some] = Company.of(targets, p[some], trees.folders, trees.stems).scores
    return said
