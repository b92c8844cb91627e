"""The tables of a new catalog, and what brings one of an older version up to date."""

import sqlite3

from drumsort.catalog.fields import TABLES
from drumsort.catalog.migrations import MIGRATIONS

APPLICATION = 0x64727573
"""``PRAGMA application_id`` of a catalog: "drus"."""

VERSION = len(MIGRATIONS)
"""``PRAGMA user_version`` that this code writes, and the newest that it reads."""

_INDEXES = (
    "CREATE INDEX files_of_sound ON files (audio_hash)",
    "CREATE INDEX files_missing ON files (audio_hash) WHERE missing",
    "CREATE INDEX files_by_stat ON files (size, mtime_ns)",
    "CREATE INDEX contents_of_sound ON contents (audio_hash)",
    "CREATE INDEX contents_by_stat ON contents (size, mtime_ns)",
    "CREATE INDEX log_of_sound ON correction_log (audio_hash)",
    "CREATE INDEX collections_of_sound ON collected (audio_hash)",
    "CREATE INDEX keywords_by_name ON keywords (keyword)",
    "CREATE UNIQUE INDEX lesson_in_use ON lessons (active) WHERE active",
)
_FAVOURITES = """
    INSERT INTO collections (number, name, made_at)
    VALUES (1, 'Favourites', strftime('%Y-%m-%dT%H:%M:%f000+00:00', 'now'))
"""


def version(connection: sqlite3.Connection) -> int:
    """The version of a catalog; 0 for a new one."""
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)


def prepare(connection: sqlite3.Connection) -> None:
    """Create the tables of a new catalog, or migrate an old one, one transaction a step."""
    while version(connection) < VERSION:
        connection.execute("BEGIN IMMEDIATE")
        try:
            before = version(connection)  # another process may have been quicker
            if before < VERSION:
                after = before + 1 if before else VERSION
                for statement in MIGRATIONS[before] if before else creation():
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION}")
                connection.execute(f"PRAGMA user_version = {after}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def creation() -> list[str]:
    """The statements that create all tables of this version."""
    return [*(table.create for table in TABLES), *_INDEXES, _FAVOURITES]
