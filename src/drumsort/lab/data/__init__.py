"""Labelled sounds: from class folders, from a manifest, from the internet, from file names."""

from collections.abc import Callable
from pathlib import Path

from drumsort.errors import DataError
from drumsort.lab.data.fetched import fetched
from drumsort.lab.data.folder import Folder
from drumsort.lab.data.manifest import Manifest
from drumsort.lab.data.rows import Data
from drumsort.lab.data.zenodo import ZenodoRecord
from drumsort.names import NameRules
from drumsort.remote import Url, as_path

__all__ = ["Data", "Folder", "Manifest", "NameRules", "ZenodoRecord", "open_data"]


def open_data(
    path: Path | str, on_fetched: Callable[[int, int], None] = lambda done, total: None
) -> Data:
    """Labelled sounds from a manifest, from a folder with a manifest, or from class folders.

    Args:
        path: of it, or its URL in a store, whose sounds are copied into the cache.
        on_fetched: called with how many of them were fetched, of how many that were to be.

    Raises:
        DataError: ``path`` is none of these, or the store gives nothing.
    """
    path = as_path(path)
    try:
        return fetched(_read(path), on_fetched)
    except OSError as error:  # of a store; those of a disk are told of where they come up
        if not isinstance(path, Url):
            raise
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error


def _read(path: Path) -> Data:
    if not path.exists():
        raise DataError(f"{path} does not exist: name a folder with labelled sounds.")
    if not path.is_dir():
        return Manifest(path).read()
    manifest = Manifest.within(path)
    return manifest.read() if manifest else Folder(path).read()
