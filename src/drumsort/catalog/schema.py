"""What a catalog holds, as SQL, and how one of an older version becomes one of this version.

    models       a row for each model that was used: what its scores mean
    sounds       a row for each audio, by its hash, however many files hold it
    verdicts     a row for each sound and model: scores, embedding, place on the map
    files        a row for each file, by its path as bytes
    corrections  a row for each audio that a person named; what cannot be heard again
    correction_log  what each correction changed, so that it can be taken back
    classes      a row for each class of the user's own, which corrections may name as a label
    lessons      a row for each head that was taught from corrections; at most one is in use
    collections  a row for each list of sounds that a person keeps; favourites are the first
    collected    a row for each sound in one, by its audio

Hashes, paths, packs and sentences are BLOBs: the 32 bytes of a SHA-256, and what ``os.fsencode``
makes of a name, which need not be UTF-8. Scores are float32 in the order of the model's labels,
embeddings float32. Family and label follow from scores and a policy when they are read.
"""

import sqlite3
from collections.abc import Sequence

APPLICATION = 0x64727573
"""``PRAGMA application_id`` of a catalog: "drus"."""

MIGRATIONS: Sequence[Sequence[str]] = (
    (
        """
        CREATE TABLE models (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            families TEXT NOT NULL,  -- JSON: family to its labels, in the order of the scores
            policies TEXT NOT NULL,  -- JSON: policy to the confidence from which a verdict stands
            used INTEGER NOT NULL  -- the one used last has the highest
        )
        """,
        """
        CREATE TABLE sounds (
            audio_hash BLOB PRIMARY KEY,
            duration REAL NOT NULL,  -- seconds
            rate INTEGER NOT NULL,  -- Hz
            channels INTEGER NOT NULL,
            loudness_db REAL NOT NULL,
            peak_db REAL NOT NULL,
            onset_s REAL NOT NULL,
            brightness_hz REAL NOT NULL,
            pitch_hz REAL
        )
        """,
        """
        CREATE TABLE verdicts (
            audio_hash BLOB NOT NULL REFERENCES sounds ON DELETE CASCADE,
            model INTEGER NOT NULL REFERENCES models,
            raw TEXT NOT NULL,  -- the best label before any threshold
            confidence REAL NOT NULL,  -- of its family
            scores BLOB NOT NULL,
            embedding BLOB,
            x REAL,  -- on the map
            y REAL,
            PRIMARY KEY (audio_hash, model)
        )
        """,
        """
        CREATE TABLE files (
            path BLOB PRIMARY KEY,
            root BLOB NOT NULL,  -- the folder that it was last scanned with
            pack BLOB NOT NULL,
            size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL,
            file_hash BLOB,
            audio_hash BLOB REFERENCES sounds,  -- null: never heard
            format TEXT NOT NULL,
            note TEXT NOT NULL,
            error BLOB,  -- why it could not be heard when it was last tried
            missing INTEGER NOT NULL DEFAULT 0
        )
        """,
        "CREATE INDEX files_of_sound ON files (audio_hash)",
        "CREATE INDEX files_missing ON files (audio_hash) WHERE missing",
        "CREATE INDEX files_by_stat ON files (size, mtime_ns)",
        """
        CREATE TABLE corrections (
            audio_hash BLOB PRIMARY KEY,
            label TEXT NOT NULL,
            path BLOB NOT NULL,  -- of the file that was corrected, at that time
            made_at TEXT NOT NULL  -- ISO 8601, UTC
        )
        """,
        """
        CREATE TABLE correction_log (
            number INTEGER PRIMARY KEY,
            audio_hash BLOB NOT NULL,
            before TEXT,  -- null: there was none
            after TEXT,  -- null: it was taken back
            path BLOB NOT NULL,
            made_at TEXT NOT NULL
        )
        """,
    ),
    (
        "ALTER TABLE models ADD COLUMN state BLOB",  # another after each change to its verdicts
        "ALTER TABLE models ADD COLUMN removed BLOB",  # another after what was there went
        "UPDATE models SET state = randomblob(16), removed = randomblob(16)",
        """
        CREATE TRIGGER verdict_written AFTER INSERT ON verdicts BEGIN
            UPDATE models
            SET state = randomblob(16), removed = coalesce(removed, randomblob(16))
            WHERE number = new.model;
        END
        """,
        """
        CREATE TRIGGER verdict_changed AFTER UPDATE ON verdicts BEGIN
            UPDATE models SET state = randomblob(16), removed = randomblob(16)
            WHERE number IN (old.model, new.model);
        END
        """,
        """
        CREATE TRIGGER verdict_removed AFTER DELETE ON verdicts BEGIN
            UPDATE models SET state = randomblob(16), removed = randomblob(16)
            WHERE number = old.model;
        END
        """,
        """
        CREATE TABLE classes (
            name TEXT PRIMARY KEY COLLATE NOCASE,
            made_at TEXT NOT NULL
        )
        """,
        """
        CREATE TABLE lessons (
            number INTEGER PRIMARY KEY,
            model INTEGER NOT NULL REFERENCES models,  -- whose embeddings it is for
            made_at TEXT NOT NULL,
            classes TEXT NOT NULL,  -- JSON: the user's classes that it knows, in the order of head
            head BLOB NOT NULL,  -- numbers of the head, as ``lessons.py`` writes them
            estimate TEXT NOT NULL,  -- JSON: what it gains and loses, by leaving one out
            active INTEGER NOT NULL DEFAULT 0
        )
        """,
        "CREATE UNIQUE INDEX lesson_in_use ON lessons (active) WHERE active",
        """
        CREATE TABLE collections (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE COLLATE NOCASE,
            made_at TEXT NOT NULL
        )
        """,
        """
        INSERT INTO collections
        VALUES (1, 'Favourites', strftime('%Y-%m-%dT%H:%M:%f000+00:00', 'now'))
        """,
        """
        CREATE TABLE collected (
            collection INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
            audio_hash BLOB NOT NULL,
            path BLOB NOT NULL,  -- of the file that was put in, at that time
            added_at TEXT NOT NULL,
            PRIMARY KEY (collection, audio_hash)
        )
        """,
    ),
)
"""The statements that lead from each version to the next; those of version 1 come first."""

VERSION = len(MIGRATIONS)
"""``PRAGMA user_version`` that this code writes, and the newest that it reads."""


def version(connection: sqlite3.Connection) -> int:
    """The version of a catalog; 0 for a new one."""
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a catalog, new or old, to this version, each step in a transaction of its own."""
    while version(connection) < VERSION:
        connection.execute("BEGIN IMMEDIATE")
        try:
            number = version(connection)  # another process may have been quicker
            if number < VERSION:
                for statement in MIGRATIONS[number]:
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION}")
                connection.execute(f"PRAGMA user_version = {number + 1}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
