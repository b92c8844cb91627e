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

_PATH = re.compile(r"(.+)/([^/]+\.(?:wav|ogg|mp3|flac|aiff?|raw))", re.IGNORECASE)
_NO_TREE = ("freesound-oneshot", "student-other")  # their files were put into one folder later


@dataclass(frozen=True)
class Trees:
    """The sounds whose folder is known.

    Attributes:
        indices: which of the sounds these are.
        folders: the folder of each.
        stems: what its name has in common with others of its series (``model.company.stem``).
    """

    indices: Sequence[int]
    folders: Sequence[str]
    stems: Sequence[str]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Trees":
        """The trees of ``rows``."""
        found = [
            (i, match[1], stem(match[2]))
            for i, row in enumerate(rows)
            if row.source not in _NO_TREE and (match := _PATH.fullmatch(row.origin))
        ]
        return cls(*([one[part] for one in found] for part in range(3)))  # type: ignore[arg-type]


def in_company(targets: Targets, p: Numbers, rows: Sequence[Row]) -> Numbers:
    """Probabilities ``(n, n_labels)`` of sounds in their folders; alone, where none is known."""
    trees = Trees.of(rows)
    said = p.copy()
    if trees.indices:
        some = list(trees.indices)
        said[some] = Company.of(targets, p[some], trees.folders, trees.stems).scores
    return said
