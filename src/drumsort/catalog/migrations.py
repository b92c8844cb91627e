"""How a catalog of an older version becomes one of the next, as frozen SQL.

Never edit a step that was released, and never build one from ``fields.py``: a catalog of any age
must take the same steps for good.
"""

from collections.abc import Sequence

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
    (
        "DROP TRIGGER verdict_written",  # those who write verdicts now set models.state themselves
        "DROP TRIGGER verdict_changed",
        "DROP TRIGGER verdict_removed",
        "ALTER TABLE models DROP COLUMN removed",
        "CREATE INDEX log_of_sound ON correction_log (audio_hash)",
        "CREATE INDEX collections_of_sound ON collected (audio_hash)",
    ),
    (
        """
        CREATE TABLE contents (
            file_hash BLOB NOT NULL,
            audio_hash BLOB NOT NULL REFERENCES sounds ON DELETE CASCADE,
            size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL,  -- of a file with these bytes
            format TEXT NOT NULL,
            note TEXT NOT NULL,
            PRIMARY KEY (file_hash, mtime_ns)
        )
        """,
        "CREATE INDEX contents_of_sound ON contents (audio_hash)",
        "CREATE INDEX contents_by_stat ON contents (size, mtime_ns)",
    ),
    (
        "ALTER TABLE sounds ADD COLUMN pitch_confidence REAL",
        "ALTER TABLE sounds ADD COLUMN true_peak_db REAL",  # null: scan is to measure it
        "ALTER TABLE sounds ADD COLUMN attack_s REAL",
        "ALTER TABLE sounds ADD COLUMN decay_s REAL",
    ),
    ("ALTER TABLE collections ADD COLUMN query TEXT",),  # null: a list of sounds
    ("ALTER TABLE collections ADD COLUMN kit TEXT",),  # null: no kit
    (
        """
        CREATE TABLE keywords (
            audio_hash BLOB NOT NULL,
            keyword TEXT NOT NULL COLLATE NOCASE,
            path BLOB NOT NULL,  -- of the file that it was given to, at that time
            made_at TEXT NOT NULL,
            PRIMARY KEY (audio_hash, keyword)
        )
        """,
        "CREATE INDEX keywords_by_name ON keywords (keyword)",
        """
        CREATE TABLE hidden_sounds (
            audio_hash BLOB PRIMARY KEY,
            hidden INTEGER NOT NULL,  -- 0: shown although its pack is hidden
            path BLOB NOT NULL,
            made_at TEXT NOT NULL
        )
        """,
        "CREATE TABLE hidden_packs (pack BLOB PRIMARY KEY, made_at TEXT NOT NULL)",
        "ALTER TABLE files ADD COLUMN added_at INTEGER",  # Unix time; null: not known
    ),
)
"""The statements that lead from each version to the next, from none to version 1 first."""
