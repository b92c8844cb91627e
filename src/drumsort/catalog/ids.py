"""The numbers of files, by which a page asks for them, and back: those of their rows."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from drumsort.catalog.catalog import Catalog

_AMONG = "IN (SELECT value FROM json_each(?))"


def paths_of(catalog: Catalog, numbers: Iterable[int]) -> Mapping[int, Path]:
    """Number to path, of the files that there are, in the order of paths.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    sql = f"SELECT rowid, path FROM files WHERE rowid {_AMONG} ORDER BY path"
    rows = catalog.read(sql, (json.dumps(list(numbers)),))
    return {number: Path(os.fsdecode(path)) for number, path in rows}


def id_of(catalog: Catalog, path: Path) -> int | None:
    """The number of a file, or ``None`` if it is not known.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    sql = "SELECT rowid FROM files WHERE path = ?"
    return next((int(row) for (row,) in catalog.read(sql, (catalog.key(path),))), None)


def same_sounds(catalog: Catalog, numbers: Iterable[int]) -> list[int]:
    """The numbers of all files that hold the audio of one of these.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    sql = f"""
        SELECT rowid FROM files WHERE audio_hash IN (
            SELECT audio_hash FROM files WHERE rowid {_AMONG}
        )
    """
    return [int(row) for (row,) in catalog.read(sql, (json.dumps(list(numbers)),))]


def ids_of_sounds(catalog: Catalog, audio_hashes: Iterable[str]) -> list[int]:
    """The numbers of all files that hold some audio, by its hash in hex.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    sql = "SELECT rowid FROM files WHERE audio_hash = ?"
    hashes = dict.fromkeys(audio_hashes)
    return [int(row) for one in hashes for (row,) in catalog.read(sql, (bytes.fromhex(one),))]


def roots(catalog: Catalog) -> list[Path]:
    """The folders that were scanned.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    rows = catalog.read("SELECT DISTINCT root FROM files ORDER BY root")
    return [Path(os.fsdecode(root)) for (root,) in rows]


def newer(catalog: Catalog, number: int) -> list[int]:
    """The numbers of the files that were entered after that with ``number``.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    return [row for (row,) in catalog.read("SELECT rowid FROM files WHERE rowid > ?", (number,))]


def count(catalog: Catalog) -> int:
    """How many files there are that were heard.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    sql = "SELECT count(*) FROM files WHERE NOT missing AND audio_hash IS NOT NULL"
    return next(int(number) for (number,) in catalog.read(sql))
