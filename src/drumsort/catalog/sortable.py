"""Sounds of a catalog as results to sort: path and verdict, without hearing them again."""

from collections.abc import Collection, Iterator
from typing import Any

from drumsort.catalog import trouble
from drumsort.catalog.catalog import Catalog
from drumsort.catalog.codes import Codes
from drumsort.catalog.columns import blocks
from drumsort.types import Prediction, Result

_FILES = "SELECT rowid AS id, path, root, size, mtime_ns FROM files WHERE NOT missing ORDER BY path"


def sortable(
    catalog: Catalog, ids: Collection[int] | None = None, policy: str = "balanced"
) -> Iterator[Result]:
    """Each sound that is not missing, in path order, with no more of its verdict than is sorted by.

    Args:
        catalog: where to read them.
        ids: only these files (``ids.py``).
        policy: names the threshold that a verdict must reach.

    Raises:
        CatalogError: it cannot be read.
        DrumsortError: a model has no such policy.
    """
    codes = Codes.of(catalog)
    families, labels = tuple(codes.families), codes.labels
    verdicts: dict[int, list[Any]] = {}
    for block in blocks(catalog, codes, ids, policy=policy):
        columns = (block.values[name].tolist() for name in ("id", "family", "label", "confidence"))
        verdicts.update((id_, rest) for id_, *rest in zip(*columns, strict=True))
    for row in catalog.read(_FILES):
        if row.id in verdicts:
            family, label, confidence = verdicts[row.id]
            path, root = trouble.located(catalog.path, row.path, row.root)
            said = Prediction(families[family], labels[label], labels[label], confidence, {})
            yield Result(path, root, row.size, row.mtime_ns, said)
