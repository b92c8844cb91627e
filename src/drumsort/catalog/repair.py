"""A damaged catalog -> a new one, with all that a person said which can still be read."""

import shutil
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from drumsort.catalog import schema, trouble
from drumsort.catalog.catalog import Catalog
from drumsort.errors import CatalogError

_RESCUED = {
    "corrections": ("audio_hash, label, path, made_at", "?, ?, ?, ?"),
    "classes": ("name, made_at", "?, ?"),
    "correction_log": ("number, audio_hash, before, after, path, made_at", "?, ?, ?, ?, ?, ?"),
    "collections": ("number, name, made_at", "?, ?, ?"),
    "collected": ("collection, audio_hash, path, added_at", "?, ?, ?, ?"),
}

_PAGE = 4096  # bytes: what SQLite takes by default


def repair(path: Path) -> tuple[Path, int]:
    """Begin a new catalog at ``path`` and keep the old file beside it.

    Returns:
        Where the old file is now, and how many corrections were taken from it.

    Raises:
        CatalogError: there is no such file, nothing in it is damaged, or its folder cannot be
            written.
    """
    path = path.resolve()
    if not path.is_file():
        raise CatalogError(f"There is no catalog {path}: leave out --rebuild to begin one there.")
    _demand_damage(path)
    rows = {table: _rescue(path, table, columns) for table, (columns, _) in _RESCUED.items()}
    kept = _set_aside(path)
    with Catalog(path) as catalog, catalog.writing() as connection:
        for table, (columns, values) in _RESCUED.items():
            connection.executemany(
                f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({values})", rows[table]
            )
    return kept, len(rows["corrections"])


def _demand_damage(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as connection:
            looks = ("application_id", "user_version", "quick_check")
            ours, version, state = (
                connection.execute(f"PRAGMA {look}").fetchone()[0] for look in looks
            )
    except sqlite3.Error:
        return
    if state != "ok":
        return
    if version > schema.VERSION:
        raise trouble.newer(path)
    if ours == schema.APPLICATION:
        try:
            with Catalog(path) as catalog:
                for _ in catalog.entries(missing=True):
                    pass
        except CatalogError:
            return
    raise CatalogError(
        f"{path} is no damaged catalog, so it was left as it is: leave out --rebuild."
    )


def _rescue(path: Path, table: str, columns: str) -> list[tuple[Any, ...]]:
    """The rows that can be read, as it is, else with the schema of a new catalog."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "copy.db"
        for end in ("", "-wal"):
            with suppress(OSError):
                shutil.copyfile(f"{path}{end}", f"{copy}{end}")
        if rows := _readable(copy, table, columns):
            return rows
        with suppress(OSError):
            _mend(copy, Path(scratch) / "new.db")
        return _readable(copy, table, columns)


def _readable(path: Path, table: str, columns: str) -> list[tuple[Any, ...]]:
    """The rows from the first on and from the last on, up to the damage."""
    rows: dict[tuple[Any, ...], None] = {}
    for order in ("ASC", "DESC"):
        with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as connection:
            sql = f"SELECT {columns} FROM {table} NOT INDEXED ORDER BY rowid {order}"
            for row in connection.execute(sql):
                rows[row] = None
    return list(rows)


def _mend(path: Path, fresh: Path) -> None:
    """Give ``path`` the pages of a new catalog that say where each table begins.

    Tables are made in one go, so that they begin at the same pages in each; what a new catalog has
    besides their first pages says that.
    """
    with Catalog(fresh) as catalog:
        begins = {root for (root,) in catalog.read("SELECT rootpage FROM sqlite_master")}
    content = bytearray(fresh.read_bytes())
    content[28:32] = (path.stat().st_size // _PAGE).to_bytes(4)  # pages in all
    content[32:40] = bytes(8)  # none of them free
    with path.open("r+b") as file:
        for number in {*range(1, len(content) // _PAGE + 1)} - begins:
            file.seek((number - 1) * _PAGE)
            file.write(content[(number - 1) * _PAGE : number * _PAGE])


def _set_aside(path: Path) -> Path:
    """Give a catalog and SQLite's files beside it a name that is free."""
    number = 1
    while (kept := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    try:
        for end in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{path}{end}").rename(f"{kept}{end}")
    except OSError as error:
        raise CatalogError(
            f"The catalog {path} cannot be renamed to {kept.name} ({error.strerror}): see that its "
            "folder may be written."
        ) from error
    return kept
