"""Which files of its own drumsort keeps."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from drumsort.catalog import default_path
from drumsort.files.home import cache_folder, runs_folder


@dataclass(frozen=True, slots=True)
class Kept:
    """One place with files of drumsort's own.

    Attributes:
        path: a file or a folder; it need not exist.
        size: bytes in it.
        what: what it is for, and what is lost with it.
    """

    path: Path
    size: int
    what: str


def where() -> list[Kept]:
    """The places where drumsort keeps files of its own, whether or not there are any yet."""
    catalog, runs, cache = default_path(), runs_folder(), cache_folder()
    beside = sorted(catalog.parent.glob(f"{catalog.stem}*")) if catalog.parent.is_dir() else []
    return [
        Kept(
            catalog,
            _size(beside),
            "the catalog: what was heard, your corrections, classes, lessons and collections",
        ),
        Kept(runs, _size([runs]), "the journals of past sorts: 'undo' and 'history' need them"),
        Kept(cache, _size([cache]), "what the training lab can make again at any time"),
    ]


def _size(paths: Iterable[Path]) -> int:
    total = 0
    for path in paths:
        if path.is_file():
            total += path.stat().st_size
        for folder, _, names in os.walk(path):
            total += sum(Path(folder, name).lstat().st_size for name in names)
    return total
