"""Room on the disk, and what to say where there is none."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drumsort.errors import DataError


class DiskError(DataError):
    """A disk that is full or cannot be written to: nothing else would go better."""


def ensure_room(folder: Path, needed: int) -> None:
    """See that ``needed`` bytes fit on the disk of ``folder``.

    Raises:
        DiskError: they do not.
    """
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise DiskError(
            f"{folder} has {free / 1e6:,.1f} MB left and {needed / 1e6:,.1f} MB are needed: "
            "free some or name a folder elsewhere."
        )


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Make any ``OSError`` within a ``DiskError`` about ``path``."""
    try:
        yield
    except OSError as error:
        raise DiskError(
            f"{path} cannot be written ({error.strerror or error}): see that the disk has room "
            "and that you may write there, then call again."
        ) from error
