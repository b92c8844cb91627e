"""Room on the disk, and errors for when there is none."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drumsort.errors import DataError


class DiskError(DataError):
    """A disk that is full or cannot be written to: there is no use in trying other files."""


def ensure_room(folder: Path, needed: int) -> None:
    """Check that ``needed`` bytes fit on the disk of ``folder``.

    Raises:
        DiskError: they do not.
    """
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise DiskError(
            f"{folder} has {free / 1e6:,.1f} MB left, but {needed / 1e6:,.1f} MB are needed: "
            "make room, or name a folder on another disk."
        )


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn any ``OSError`` inside into a ``DiskError`` about ``path``."""
    try:
        yield
    except OSError as error:
        raise DiskError(
            f"{path} cannot be written ({error.strerror or error}): check that the disk has "
            "room and that you may write there, then run the same command again."
        ) from error
