"""The ids by which the page asks for files: the numbers of their rows."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from drumsort.catalog.catalog import Catalog
from drumsort.remote import as_path

_FEW = 1000  # so many are looked up one by one; for more, one look at all files is quicker
_AMONG = "IN (SELECT value FROM json_each(?))"


def paths_of(catalog: Catalog, ids: Iterable[int]) -> Mapping[int, Path]:
    """Id to path of the files that are known, in path order.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    sql = f"SELECT rowid AS id, path FROM files WHERE rowid {_AMONG} ORDER BY path"
    rows = catalog.read(sql, (json.dumps(list(ids)),))
    return {row.id: as_path(os.fsdecode(row.path)) for row in rows}


def ids_of(catalog: Catalog, paths: Iterable[Path]) -> list[int]:
    """The ids of the files that are known, in the order of their paths; see ``id_of``.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    known = dict(catalog.read("SELECT path, rowid FROM files"))
    return [int(known[key]) for key in map(catalog.key, paths) if key in known]


def id_of(catalog: Catalog, path: Path) -> int | None:
    """The id of a file, or ``None`` if it is not known.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    sql = "SELECT rowid FROM files WHERE path = ?"
    return next((int(row) for (row,) in catalog.read(sql, (catalog.key(path),))), None)


def same_sounds(catalog: Catalog, ids: Iterable[int]) -> list[int]:
    """The ids of all files that hold the same audio as one of these.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    sql = f"""
        SELECT rowid FROM files WHERE audio_hash IN (
            SELECT audio_hash FROM files WHERE rowid {_AMONG}
        )
    """
    return [int(row) for (row,) in catalog.read(sql, (json.dumps(list(ids)),))]


def unheard(catalog: Catalog, ids: Iterable[int], most: int) -> list[Path]:
    """The paths of the first few of these files that are known but could not be heard.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    sql = f"SELECT path FROM files WHERE rowid {_AMONG} AND audio_hash IS NULL LIMIT {most:d}"
    return [as_path(os.fsdecode(path)) for (path,) in catalog.read(sql, (json.dumps(list(ids)),))]


def ids_of_sounds(catalog: Catalog, audio_hashes: Iterable[str]) -> list[int]:
    """The ids of all files that hold audio with one of these hashes, in hex.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    sql = f"SELECT rowid FROM files WHERE hex(audio_hash) {_AMONG}"
    hashes = [one.upper() for one in dict.fromkeys(audio_hashes)]
    if len(hashes) > _FEW:
        return [int(row) for (row,) in catalog.read(sql, (json.dumps(hashes),))]
    sql = "SELECT rowid FROM files WHERE audio_hash = ?"
    return [int(row) for one in hashes for (row,) in catalog.read(sql, (bytes.fromhex(one),))]


def roots(catalog: Catalog) -> list[Path]:
    """The folders that were scanned.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    rows = catalog.read("SELECT DISTINCT root FROM files ORDER BY root")
    return [as_path(os.fsdecode(root)) for (root,) in rows]


def newer(catalog: Catalog, id_: int) -> list[int]:
    """The ids of the files that were added after the one with this id.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    return [row for (row,) in catalog.read("SELECT rowid FROM files WHERE rowid > ?", (id_,))]


def first(catalog: Catalog, most: int) -> list[int]:
    """The ids of the first files, in path order, that were heard and are not missing.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    sql = (
        "SELECT rowid FROM files WHERE NOT missing AND audio_hash IS NOT NULL ORDER BY path LIMIT ?"
    )
    return [row for (row,) in catalog.read(sql, (most,))]


def count(catalog: Catalog) -> int:
    """How many files were heard and are not missing.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    sql = "SELECT count(*) FROM files WHERE NOT missing AND audio_hash IS NOT NULL"
    return next(int(number) for (number,) in catalog.read(sql))
