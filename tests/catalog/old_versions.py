"""Catalogs of versions that are no longer written, filled by hand.

The SQL is what those versions executed, so that no change of today's code changes it.
"""

import json
import os
import sqlite3
from contextlib import closing

import numpy as np

VERSION_1 = """
CREATE TABLE models (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    families TEXT NOT NULL,
    policies TEXT NOT NULL,
    used INTEGER NOT NULL
);
CREATE TABLE sounds (
    audio_hash BLOB PRIMARY KEY,
    duration REAL NOT NULL,
    rate INTEGER NOT NULL,
    channels INTEGER NOT NULL,
    loudness_db REAL NOT NULL,
    peak_db REAL NOT NULL,
    onset_s REAL NOT NULL,
    brightness_hz REAL NOT NULL,
    pitch_hz REAL
);
CREATE TABLE verdicts (
    audio_hash BLOB NOT NULL REFERENCES sounds ON DELETE CASCADE,
    model INTEGER NOT NULL REFERENCES models,
    raw TEXT NOT NULL,
    confidence REAL NOT NULL,
    scores BLOB NOT NULL,
    embedding BLOB,
    x REAL,
    y REAL,
    PRIMARY KEY (audio_hash, model)
);
CREATE TABLE files (
    path BLOB PRIMARY KEY,
    root BLOB NOT NULL,
    pack BLOB NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    file_hash BLOB,
    audio_hash BLOB REFERENCES sounds,
    format TEXT NOT NULL,
    note TEXT NOT NULL,
    error BLOB,
    missing INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX files_of_sound ON files (audio_hash);
CREATE INDEX files_missing ON files (audio_hash) WHERE missing;
CREATE INDEX files_by_stat ON files (size, mtime_ns);
CREATE TABLE corrections (
    audio_hash BLOB PRIMARY KEY,
    label TEXT NOT NULL,
    path BLOB NOT NULL,
    made_at TEXT NOT NULL
);
CREATE TABLE correction_log (
    number INTEGER PRIMARY KEY,
    audio_hash BLOB NOT NULL,
    before TEXT,
    after TEXT,
    path BLOB NOT NULL,
    made_at TEXT NOT NULL
);
"""

VERSION_2 = """
ALTER TABLE models ADD COLUMN state BLOB;
ALTER TABLE models ADD COLUMN removed BLOB;
UPDATE models SET state = randomblob(16), removed = randomblob(16);
CREATE TRIGGER verdict_written AFTER INSERT ON verdicts BEGIN
    UPDATE models
    SET state = randomblob(16), removed = coalesce(removed, randomblob(16))
    WHERE number = new.model;
END;
CREATE TRIGGER verdict_changed AFTER UPDATE ON verdicts BEGIN
    UPDATE models SET state = randomblob(16), removed = randomblob(16)
    WHERE number IN (old.model, new.model);
END;
CREATE TRIGGER verdict_removed AFTER DELETE ON verdicts BEGIN
    UPDATE models SET state = randomblob(16), removed = randomblob(16)
    WHERE number = old.model;
END;
CREATE TABLE classes (
    name TEXT PRIMARY KEY COLLATE NOCASE,
    made_at TEXT NOT NULL
);
CREATE TABLE lessons (
    number INTEGER PRIMARY KEY,
    model INTEGER NOT NULL REFERENCES models,
    made_at TEXT NOT NULL,
    classes TEXT NOT NULL,
    head BLOB NOT NULL,
    estimate TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX lesson_in_use ON lessons (active) WHERE active;
CREATE TABLE collections (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    made_at TEXT NOT NULL
);
INSERT INTO collections
VALUES (1, 'Favourites', strftime('%Y-%m-%dT%H:%M:%f000+00:00', 'now'));
CREATE TABLE collected (
    collection INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
    audio_hash BLOB NOT NULL,
    path BLOB NOT NULL,
    added_at TEXT NOT NULL,
    PRIMARY KEY (collection, audio_hash)
);
"""

VERSION_3 = """
DROP TRIGGER verdict_written;
DROP TRIGGER verdict_changed;
DROP TRIGGER verdict_removed;
ALTER TABLE models DROP COLUMN removed;
CREATE INDEX log_of_sound ON correction_log (audio_hash);
CREATE INDEX collections_of_sound ON collected (audio_hash);
"""

VERSION_4 = """
CREATE TABLE contents (
    file_hash BLOB NOT NULL,
    audio_hash BLOB NOT NULL REFERENCES sounds ON DELETE CASCADE,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    format TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (file_hash, mtime_ns)
);
CREATE INDEX contents_of_sound ON contents (audio_hash);
CREATE INDEX contents_by_stat ON contents (size, mtime_ns);
"""

VERSION_5 = """
ALTER TABLE sounds ADD COLUMN pitch_confidence REAL;
ALTER TABLE sounds ADD COLUMN true_peak_db REAL;
ALTER TABLE sounds ADD COLUMN attack_s REAL;
ALTER TABLE sounds ADD COLUMN decay_s REAL;
"""

VERSION_6 = """
ALTER TABLE collections ADD COLUMN query TEXT;
"""

VERSION_7 = """
ALTER TABLE collections ADD COLUMN kit TEXT;
"""

APPLICATION = 0x64727573
FAMILIES = {"kick": ["kick"], "snare": ["snare", "rim"]}
POLICIES = {"careful": 0.9, "balanced": 0.5}
HASHES = [bytes([number]) * 32 for number in range(1, 5)]
PATHS = [os.fsencode(f"/S/Pack/{name}.wav") for name in ("a", "b\udcff", "c", "d")]


def made(path, version):
    """A catalog of an old version that a person has used."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.executescript(VERSION_1)
        _fill_1(connection)
        if version >= 2:
            connection.executescript(VERSION_2)
            _fill_2(connection)
        if version >= 3:
            connection.executescript(VERSION_3)
        if version >= 4:
            connection.executescript(VERSION_4)
        if version >= 5:
            connection.executescript(VERSION_5)
        if version >= 6:
            connection.executescript(VERSION_6)
            connection.execute(
                "INSERT INTO collections (number, name, made_at, query)"
                " VALUES (8, 'Deep', '2026-01-01T00:00:00.000000+00:00', 'kick deep')"
            )
        if version >= 7:
            connection.executescript(VERSION_7)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {version}")
    return path


def _fill_1(connection):
    for number, name in ((1, "old-1"), (2, "new-2")):
        connection.execute(
            "INSERT INTO models (number, id, families, policies, used) VALUES (?, ?, ?, ?, ?)",
            (number, name, json.dumps(FAMILIES), json.dumps(POLICIES), number),
        )
    rng = np.random.default_rng(5)
    for row, sound in enumerate(HASHES):
        connection.execute(
            "INSERT INTO sounds VALUES (?, ?, 44100, 2, ?, -0.1, 0.003, 4321.5, ?)",
            (sound, 0.1 + row / 3, -20.123456789 - row, None if row else 61.7),
        )
        for model in (1, 2)[: 1 + row % 2]:
            scores = rng.dirichlet(np.ones(3)).astype(np.float32)
            embedding = rng.standard_normal(8).astype(np.float32)
            connection.execute(
                "INSERT INTO verdicts VALUES (?, ?, 'rim', 0.7, ?, ?, ?, ?)",
                (sound, model, scores.tobytes(), embedding.tobytes() if row else None, 0.5, -1 / 3),
            )
    for row, (sound, key) in enumerate(zip(HASHES, PATHS, strict=True)):
        connection.execute(
            "INSERT INTO files VALUES (?, '/S', 'Pack', ?, ?, ?, ?, 'WAV PCM_16', ?, ?, ?)".replace(
                "'/S', 'Pack'", "CAST('/S' AS BLOB), CAST('Pack' AS BLOB)"
            ),
            (
                key, 1000 + row, 1_700_000_000_123_456_789 + row, bytes(32), sound,
                "the file is cut short" if row == 2 else "", b"gone bad \xff" if row == 3 else None,
                int(row == 1),
            ),
        )  # fmt: skip
    for row, (before, after) in enumerate(((None, "snare"), ("snare", "kick"))):
        connection.execute(
            "INSERT INTO correction_log (audio_hash, before, after, path, made_at)"
            " VALUES (?, ?, ?, ?, ?)",
            (HASHES[0], before, after, PATHS[0], f"2025-01-0{row + 1}T00:00:00.000000+00:00"),
        )
    connection.execute(
        "INSERT INTO corrections VALUES (?, 'kick', ?, '2025-01-02T00:00:00.000000+00:00')",
        (HASHES[0], PATHS[0]),
    )


def _fill_2(connection):
    at = "2025-02-01T00:00:00.000000+00:00"
    connection.execute("INSERT INTO classes VALUES ('Vöx', ?)", (at,))
    connection.execute(
        "INSERT INTO correction_log (audio_hash, before, after, path, made_at)"
        " VALUES (?, NULL, 'Vöx', ?, ?)",
        (HASHES[1], PATHS[1], at),
    )
    connection.execute("INSERT INTO corrections VALUES (?, 'Vöx', ?, ?)", (HASHES[1], PATHS[1], at))
    connection.execute(
        "INSERT INTO lessons (model, made_at, classes, head, estimate, active)"
        " VALUES (1, ?, '[\"Vöx\"]', ?, '{}', 0)",
        (at, bytes(range(200))),
    )
    connection.execute("INSERT INTO collections VALUES (7, 'Dark kit', ?)", (at,))
    for collection, row in ((1, 0), (7, 2), (7, 3)):
        connection.execute(
            "INSERT INTO collected VALUES (?, ?, ?, ?)", (collection, HASHES[row], PATHS[row], at)
        )
