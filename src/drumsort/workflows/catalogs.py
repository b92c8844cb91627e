"""Which catalog a workflow uses: an open one, a file, the user's own, or none."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, TypeAlias

from drumsort.catalog import Catalog, default_path

Known: TypeAlias = Catalog | str | os.PathLike[str] | None
"""An open catalog, the path of one, or ``None`` for the user's own."""

KnownOrNone: TypeAlias = Known | Literal[False]
"""The same, where ``None`` stands for no catalog if the user has none, and ``False`` for none."""


@contextmanager
def opened(catalog: Known, *, begin: bool = False) -> Iterator[Catalog]:
    """Open a catalog and close it again; one that is open already stays open.

    Args:
        catalog: which.
        begin: whether to create the user's own where there is none yet; never one that was named.

    Raises:
        CatalogError: there is no such catalog, or it cannot be opened.
    """
    if isinstance(catalog, Catalog):
        yield catalog
        return
    with Catalog(catalog, create=begin and catalog is None) as one:
        yield one


@contextmanager
def opened_if_any(catalog: KnownOrNone) -> Iterator[Catalog | None]:
    """The same, but give ``None`` for ``False``, and where the user has no catalog yet.

    Raises:
        CatalogError: there is no catalog at the path given, or it cannot be opened.
    """
    if catalog is False or (catalog is None and not default_path().exists()):
        yield None
        return
    with opened(catalog) as one:
        yield one
