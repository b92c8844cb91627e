"""What a lesson learns from: the corrected sounds, and some of the others."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumsort.catalog.catalog import Catalog
from drumsort.catalog.classes import classes
from drumsort.catalog.known_models import Model
from drumsort.errors import DrumsortError
from drumsort.model.head import Floats
from drumsort.taxonomy import family_of

FEWEST = 5
"""The fewest examples for one of the user's own classes, and for a whole lesson."""

ANCHORS = 1500
"""The most other sounds that hold a lesson in place, and the most that measure whether they do."""

SURE = 0.7
"""The least confidence of these sounds."""

_EXAMPLES = """
    SELECT c.label, v.scores, v.embedding,
        (SELECT hex(f.root) || hex(f.pack) FROM files f WHERE f.audio_hash = c.audio_hash
         ORDER BY f.path LIMIT 1) AS pack
    FROM corrections c JOIN verdicts v ON v.audio_hash = c.audio_hash AND v.model = ?
    WHERE v.embedding IS NOT NULL ORDER BY c.audio_hash
"""
# A hash says nothing about the sound, so the first hashes are a fair sample.
_OTHERS = """
    SELECT v.scores, v.embedding FROM verdicts v
    WHERE v.model = ? AND v.confidence >= ? AND v.embedding IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM corrections c WHERE c.audio_hash = v.audio_hash)
    ORDER BY v.audio_hash LIMIT ?
"""


@dataclass(frozen=True)
class Sounds:
    """What a model says of some sounds: float32, shapes ``(n, n_labels)`` and ``(n, d)``."""

    scores: Floats
    embeddings: Floats

    def __len__(self) -> int:
        return len(self.scores)


@dataclass(frozen=True)
class Examples(Sounds):
    """The sounds that were corrected.

    Attributes:
        labels: the model's labels, then the user's classes that have enough examples.
        targets: index of each sound's label, shape ``(n,)``.
        packs: a number for each sound's pack, shape ``(n,)``.
    """

    labels: tuple[str, ...]
    targets: NDArray[np.intp]
    packs: NDArray[np.intp]

    @property
    def own(self) -> tuple[str, ...]:
        """The user's classes that have enough examples."""
        return self.labels[self.scores.shape[1] :]


def examples(catalog: Catalog, number: int, model: Model) -> Examples:
    """The corrected sounds that a model heard, without own classes that have too few examples.

    Raises:
        CatalogError: the catalog cannot be read.
        DrumsortError: there are too few examples.
    """
    labels, rows = _rows(catalog, number, model)
    if len(rows) < FEWEST:
        raise DrumsortError(_too_few(catalog, number, model))
    targets, scores, embeddings, packs = zip(*rows, strict=True)
    return Examples(
        _table(scores, len(model.labels)),
        _table(embeddings, len(embeddings[0]) // 4),
        labels,
        np.array([labels.index(label) for label in targets]),
        np.unique([pack or "" for pack in packs], return_inverse=True)[1],
    )


def usable(catalog: Catalog, number: int, model: Model) -> int:
    """How many corrections ``examples`` can use.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    return len(_rows(catalog, number, model)[1])


def others(catalog: Catalog, number: int, like: Sounds) -> tuple[Sounds, Sounds]:
    """Other sounds that a model is sure of: half as anchors, half to measure what is lost.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    rows = list(catalog.read(_OTHERS, (number, SURE, 2 * ANCHORS)))
    anchors, rest = (
        Sounds(
            _table([row.scores for row in half], like.scores.shape[1]),
            _table([row.embedding for row in half], like.embeddings.shape[1]),
        )
        for half in (rows[::2], rows[1::2])
    )
    return anchors, rest


def _rows(catalog: Catalog, number: int, model: Model) -> tuple[tuple[str, ...], list[Any]]:
    """The labels, and label, scores, embedding and pack of each corrected sound."""
    rows = [
        row._replace(label=_known(row.label, model)) for row in catalog.read(_EXAMPLES, (number,))
    ]
    given = Counter(row.label for row in rows)
    own = [name for name in classes(catalog) if given[name] >= FEWEST]
    labels = (*model.labels, *own)
    return labels, [row for row in rows if row.label in labels]


def _table(blobs: Sequence[bytes], width: int) -> Floats:
    return np.frombuffer(b"".join(blobs), np.float32).reshape(-1, width)


def _known(label: str, model: Model) -> str:
    """The model's label for a label: itself, or its family if the model knows only families."""
    family = family_of(label)
    return family if label not in model.labels and family in model.labels else label


def _too_few(catalog: Catalog, number: int, model: Model) -> str:
    given = dict(catalog.read("SELECT label, count(*) FROM corrections GROUP BY label"))
    if not given:
        return (
            "No sound has been corrected, so there is nothing to learn from: begin with 'drumsort "
            "correct' or 'drumsort teach class'."
        )
    sql = "SELECT embedding IS NULL FROM verdicts WHERE model = ? LIMIT 1"
    if any(without for (without,) in catalog.read(sql, (number,))):
        return (
            f"The model {model.id} has no embedding, so it cannot be taught: scan with another "
            "model ('drumsort scan DIR --model MODEL')."
        )
    heard = Counter(_known(row.label, model) for row in catalog.read(_EXAMPLES, (number,)))
    there = [f"{heard[name]} of {name}" for name in classes(catalog) if heard[name]]
    if others := sum(n for label, n in heard.items() if label in model.labels):
        there.append(f"{others} of all other labels")
    unheard = sum(given.values()) - heard.total()
    return (
        f"There are too few examples to learn from ({', '.join(there) or 'none'}): it takes "
        f"{FEWEST} of a class of your own, or {FEWEST} of the other labels together, so add more "
        "with 'drumsort teach class' or 'drumsort correct'"
        + (f", and scan those {unheard} that {model.id} has not heard." if unheard else ".")
    )
