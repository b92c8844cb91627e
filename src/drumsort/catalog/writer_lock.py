"""One drumsort at a time fills a catalog; others may read it, and add what they hear, meanwhile."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drumsort.errors import CatalogError
from drumsort.files.lock import lock


@contextmanager
def writer_lock(path: Path) -> Iterator[None]:
    """Keep other processes from filling the catalog at ``path``, until this ends or dies.

    Raises:
        CatalogError: another does right now, or there is no writing beside the catalog.
    """
    path = path.resolve()  # one lock, by whichever link the file is reached
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)  # SQLite locks the file itself
    except OSError as error:
        raise CatalogError(
            f"The catalog {path} cannot be written ({error.strerror}): name another place with "
            "--catalog."
        ) from error
    try:
        if not lock(fd):
            raise CatalogError(
                f"Another drumsort is filling the catalog {path}: wait until that is done, then "
                "run the same command again."
            )
        yield
    finally:
        os.close(fd)
