"""One scan at a time fills a catalog; other processes may still read it and add what they hear."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drumsort.errors import CatalogError
from drumsort.files.lock import lock


class CatalogBusy(CatalogError):  # noqa: N818  (it names a state)
    """Another process is filling the catalog."""


@contextmanager
def writer_lock(path: Path) -> Iterator[None]:
    """Keep other processes from filling the catalog at ``path`` until this one is done or dies.

    Raises:
        CatalogBusy: another process is filling it.
        CatalogError: its folder cannot be written.
    """
    path = path.resolve()  # the same lock for every link to the file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)  # SQLite locks the file itself
    except OSError as error:
        raise CatalogError(
            f"The catalog {path} cannot be written ({error.strerror}): name another path with "
            "--catalog."
        ) from error
    try:
        if not lock(fd):
            raise CatalogBusy(
                f"Another drumsort is filling the catalog {path}: wait until it is done, then "
                "run the same command again."
            )
        yield
    finally:
        os.close(fd)
