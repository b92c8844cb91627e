"""Labelled sounds: from class folders, from a manifest, from the internet, from file names."""

from pathlib import Path

from drumsort.errors import DataError
from drumsort.lab.data.folder import Folder
from drumsort.lab.data.manifest import Manifest
from drumsort.lab.data.rows import Data
from drumsort.lab.data.zenodo import ZenodoRecord
from drumsort.names import NameRules

__all__ = ["Data", "Folder", "Manifest", "NameRules", "ZenodoRecord", "open_data"]


def open_data(path: Path | str) -> Data:
    """Labelled sounds from a manifest, from a folder with a manifest, or from class folders.

    Raises:
        DataError: ``path`` is none of these.
    """
    path = Path(path)
    if path.is_file():
        return Manifest(path).read()
    if not path.is_dir():
        raise DataError(f"{path} does not exist: name a folder with labelled sounds.")
    manifest = Manifest.within(path)
    return manifest.read() if manifest else Folder(path).read()
