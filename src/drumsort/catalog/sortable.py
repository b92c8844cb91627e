"""Sounds of a catalog as results to sort: path and verdict, without hearing them again."""

from collections.abc import Collection, Iterator
from typing import Any

from drumsort.catalog import trouble
from drumsort.catalog.catalog import Catalog
from drumsort.catalog.codes import Codes
from drumsort.catalog.columns import blocks
from drumsort.catalog.fields import FILES, SOUNDS
from drumsort.catalog.reads import facts_of
from drumsort.model.named import HINT
from drumsort.types import Prediction, Result

_FILES = f"""
    SELECT f.rowid AS id, {FILES.select("f")}, {SOUNDS.select("s", {"audio_hash"})},
        c.label IS NOT NULL AS corrected
    FROM files f JOIN sounds s ON s.audio_hash = f.audio_hash
    LEFT JOIN corrections c ON c.audio_hash = f.audio_hash
    WHERE NOT f.missing ORDER BY f.path
"""

_COLUMNS = ("id", "family", "label", "best", "confidence")


def sortable(
    catalog: Catalog,
    ids: Collection[int] | None = None,
    policy: str = "balanced",
    *,
    names: str = HINT,
    facts: bool = False,
) -> Iterator[Result]:
    """Each sound that is not missing, in path order, with no more of its verdict than is sorted by.

    Args:
        catalog: where to read them.
        ids: only these files (``ids.py``).
        policy: names the threshold that a verdict must reach.
        names: as for ``Catalog.entries``.
        facts: whether to fill in ``Result.facts``.

    Raises:
        CatalogError: it cannot be read.
        DrumsortError: a model has no such policy, or names cannot count so.
    """
    verdicts: dict[int, list[Any]] = {}
    with catalog.at_one_moment():
        codes = Codes.of(catalog)
        for block in blocks(catalog, codes, ids, policy=policy, names=names):
            columns = (block.values[name].tolist() for name in _COLUMNS)
            verdicts.update((id_, rest) for id_, *rest in zip(*columns, strict=True))
    families, labels = tuple(codes.families), codes.labels
    for row in catalog.read(_FILES):
        if row.id in verdicts:
            family, label, best, confidence = verdicts[row.id]
            path, root = trouble.located(catalog.path, row.path, row.root)
            yield Result(
                path,
                root,
                row.size,
                row.mtime_ns,
                Prediction(families[family], labels[label], labels[best], confidence, {}),
                facts=facts_of(row) if facts else None,
                damage="" if row.corrected else row.note,
            )
