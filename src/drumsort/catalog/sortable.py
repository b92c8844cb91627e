"""Sounds of a catalog as results to sort: where each lies, and the verdict, without hearing it."""

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from drumsort.catalog.catalog import Catalog
from drumsort.catalog.codes import Codes
from drumsort.catalog.columns import blocks
from drumsort.types import Prediction, Result

_FILES = "SELECT rowid AS id, path, root, size, mtime_ns FROM files WHERE NOT missing ORDER BY path"


def sortable(
    catalog: Catalog, ids: Collection[int] | None = None, policy: str = "balanced"
) -> Iterator[Result]:
    """Each sound that is there, by path, with its family and label and no more of its verdict.

    Args:
        catalog: where they are.
        ids: only these files (``ids.py``).
        policy: how sure a verdict must be to stand.

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
    roots: dict[bytes, Path] = {}
    for row in catalog.read(_FILES):
        if row.id in verdicts:
            family, label, confidence = verdicts[row.id]
            root = roots.setdefault(row.root, Path(os.fsdecode(row.root)))
            said = Prediction(families[family], labels[label], labels[label], confidence, {})
            yield Result(Path(os.fsdecode(row.path)), root, row.size, row.mtime_ns, said)
