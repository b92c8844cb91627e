"""A damaged catalog -> a new one with all that a person said and that can still be read."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from drumsort.catalog import schema, trouble
from drumsort.catalog.catalog import Catalog
from drumsort.catalog.database import time_now
from drumsort.catalog.fields import CORRECTIONS, SAID
from drumsort.catalog.migrations import MIGRATIONS
from drumsort.catalog.table import Table
from drumsort.errors import CatalogError

_PAGE = 4096  # bytes: SQLite's default
_FILES = ("", "-wal", "-shm")  # a catalog is in files of these endings

Row = tuple[Any, ...]

_PLACEHOLDERS = """
    INSERT OR IGNORE INTO collections (number, name, made_at)
    SELECT number, 'Rescued ' || number, ?
    FROM (SELECT 1 AS number UNION SELECT collection FROM collected)
    WHERE number NOT IN (SELECT number FROM collections)
"""
_WITHOUT_A_LIST = "DELETE FROM collected WHERE collection NOT IN (SELECT number FROM collections)"


def repair(path: Path) -> tuple[Path, int]:
    """Begin a new catalog at ``path`` and keep the old file beside it.

    Returns:
        Where the old file is now, and how many corrections were taken from it.

    Raises:
        CatalogError: there is no such file, it is not damaged, or its folder cannot be written.
    """
    path = path.resolve()
    if not path.is_file():
        raise CatalogError(
            f"There is no catalog {path} to rebuild: leave out --rebuild to begin one there."
        )
    _demand_damage(path)
    rows = _rescue(path)
    fresh = path.with_name(f"{path.name}.rebuilt")
    try:
        _remove(fresh)  # what a kill has left
        _write(fresh, rows)
        kept = _swap(path, fresh)
    finally:
        _remove(fresh)
    return kept, len(rows[CORRECTIONS])


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
                for _ in catalog.entries(missing=True, company=False):
                    pass
        except CatalogError:
            return
    raise CatalogError(
        f"{path} is not a damaged catalog, so it is left as it is: leave out --rebuild."
    )


def _rescue(path: Path) -> dict[Table, list[Row]]:
    """The rows that can be read: from the file as it is, else with the first pages replaced."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "copy.db"
        for end in ("", "-wal"):
            with suppress(OSError):
                shutil.copyfile(f"{path}{end}", f"{copy}{end}")
        content = copy.read_bytes()
        rows = {table: _readable(copy, table) for table in SAID}
        for number, statements in enumerate(_layouts()):
            lost = [table for table, found in rows.items() if found is None]
            if not lost:
                break
            copy.write_bytes(content)
            with suppress(OSError):
                _mend(copy, Path(scratch) / f"new-{number}.db", statements)
            found = {table: _readable(copy, table) for table in lost}
            if any(found.values()):  # so this is the layout
                rows |= found
                break
    return {table: found or [] for table, found in rows.items()}


def _readable(path: Path, table: Table) -> list[Row] | None:
    """The rows up to the damage, from the first on and from the last back; ``None`` if there is
    damage and no row."""
    rows: dict[Row, None] = {}
    whole = False
    for order in ("ASC", "DESC"):
        try:
            with closing(sqlite3.connect(path)) as connection:
                sql = f"SELECT {table.select('t')} FROM {table.name} t NOT INDEXED ORDER BY rowid"
                for row in connection.execute(f"{sql} {order}"):
                    if table.fits(row):
                        rows[row] = None
                whole = True
        except sqlite3.Error as error:
            whole |= "no such table" in str(error)  # an older version had none
    return list(rows) if rows or whole else None


def _layouts() -> Iterator[Sequence[str]]:
    """What created a catalog: the statements of this version, or those of each older one."""
    yield schema.creation()
    for version in range(len(MIGRATIONS), 0, -1):
        yield [statement for step in MIGRATIONS[:version] for statement in step]


def _mend(path: Path, fresh: Path, statements: Sequence[str]) -> None:
    """Give ``path`` the pages of an empty catalog that say where each table begins.

    Catalogs that the same statements created have each table at the same page. All pages of an
    empty one, but the first page of each table, are about that.
    """
    with closing(sqlite3.connect(fresh)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        begins = {root for (root,) in connection.execute("SELECT rootpage FROM sqlite_master")}
    content = bytearray(fresh.read_bytes())
    content[28:32] = (path.stat().st_size // _PAGE).to_bytes(4)  # pages in all
    content[32:40] = bytes(8)  # none of them free
    with path.open("r+b") as file:
        for number in {*range(1, len(content) // _PAGE + 1)} - begins:
            file.seek((number - 1) * _PAGE)
            file.write(content[(number - 1) * _PAGE : number * _PAGE])


def _write(path: Path, rows: Mapping[Table, Sequence[Row]]) -> None:
    """Make a catalog of rescued rows; sounds whose list is lost get a list to be in."""
    with Catalog(path) as catalog, catalog.writing() as connection:
        connection.execute("PRAGMA defer_foreign_keys = ON")
        for table, rescued in rows.items():
            connection.executemany(
                table.insert(replace=True),
                [dict(zip(table.names, row, strict=True)) for row in rescued],
            )
        connection.execute(_PLACEHOLDERS, (time_now(),))
        connection.execute(_WITHOUT_A_LIST)


def _swap(path: Path, fresh: Path) -> Path:
    """Rename a catalog, and SQLite's files beside it, to a name that is free, and put another in
    its place."""
    number = 1
    while (kept := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    try:
        for end in _FILES:
            with suppress(FileNotFoundError):
                Path(f"{path}{end}").rename(f"{kept}{end}")
        fresh.rename(path)
    except OSError as error:
        raise CatalogError(
            f"The catalog {path} cannot be renamed to {kept.name} ({error.strerror}): make sure "
            "that its folder can be written."
        ) from error
    return kept


def _remove(path: Path) -> None:
    for end in _FILES:
        with suppress(OSError):
            Path(f"{path}{end}").unlink()
