"""Every field of the catalog, declared once.

    models          each model that was used: what its scores mean
    sounds          each audio, by its hash, however many files hold it
    verdicts        what one model heard in one sound: scores, embedding, position on the map
    files           each file of the library, by its path as bytes
    contents        what the bytes of a file hold that was heard, wherever it was
    corrections     each audio that a person named; scanning cannot restore these
    correction_log  what each correction changed, so that it can be undone
    classes         the user's own classes, which corrections may use as labels
    lessons         each head that was trained on corrections; at most one is active
    collections     each list of sounds, or query, that a person keeps; favourites come first
    collected       each sound in a list, by its audio
    keywords        the words that a person gave each sound
    hidden_sounds   each audio that a person hid, or showed although its pack is hidden
    hidden_packs    each pack that a person hid

The tables of a new catalog, the rows that are written and read, the columns of the page and what a
query may ask for all follow from here. To add a field, add its line, and to ``migrations.py`` the
``ALTER TABLE`` that adds it to older catalogs; a test compares the two.

Hashes, paths, packs and error messages are BLOBs: the 32 bytes of a SHA-256, or what
``os.fsencode`` makes of a name, which need not be UTF-8. Scores are float32 in the order of the
model's labels; embeddings are float32. Family and label are not stored: they follow from the
scores and a policy when a verdict is read.
"""

from collections.abc import Mapping
from operator import attrgetter
from time import time
from typing import Any

import numpy as np

from drumsort.catalog.table import Field, Table


def _hash(name: str) -> Any:
    value = attrgetter(f"facts.{name}")
    return lambda result: bytes.fromhex(value(result))


def _floats(values: Any) -> bytes | None:
    return None if values is None else np.array(values, np.float32).tobytes()


def _position(axis: int) -> Any:
    def read(result: Any) -> float | None:
        place = result.prediction.place
        return None if place is None else place[axis].item()

    return read


def _measured(
    name: str, sql: str, unit: str, column: str = "", asked: str = "", about: str = ""
) -> Field:
    """A field of ``Analysis``."""
    of = attrgetter(f"facts.analysis.{name}")
    return Field(name, sql, unit, of, column, "float32" if column else "", asked, about)


MODELS = Table(
    "models",
    (
        Field("number", "INTEGER PRIMARY KEY"),
        Field("id", "TEXT NOT NULL UNIQUE"),
        Field("families", "TEXT NOT NULL"),  # JSON: family to labels, in the order of the scores
        Field("policies", "TEXT NOT NULL"),  # JSON: policy to its threshold
        Field("used", "INTEGER NOT NULL"),  # the model used last has the highest
        Field("state", "BLOB"),  # random; replaced whenever a verdict of this model changes
    ),
)

SOUNDS = Table(
    "sounds",
    (
        Field("audio_hash", "BLOB PRIMARY KEY", of=_hash("audio_hash")),
        Field("duration", "REAL NOT NULL", "seconds", attrgetter("facts.duration"), "duration",
              "float32", "length", "how long it is"),
        Field("rate", "INTEGER NOT NULL", "Hz", attrgetter("facts.rate"),
              asked="rate", about="its sampling rate"),
        Field("channels", "INTEGER NOT NULL", "", attrgetter("facts.channels"),
              asked="channels", about="1 for mono, 2 for stereo"),
        _measured("loudness_db", "REAL NOT NULL", "dB", "loudness", "loudness",
                  "loudness of its loudest 400 ms, in LUFS"),
        _measured("peak_db", "REAL NOT NULL", "dB"),
        _measured("onset_s", "REAL NOT NULL", "seconds"),
        _measured("brightness_hz", "REAL NOT NULL", "Hz", "brightness", "brightness",
                  "the centre of its spectrum"),
        _measured("pitch_hz", "REAL", "Hz", "pitch", "pitch",
                  "pitch of a drum that is tuned: kicks, toms, congas, cowbells, percussion"),
        _measured("pitch_confidence", "REAL", ""),
        # null: measured by an older version; heard again
        _measured("true_peak_db", "REAL", "dB", asked="peak", about="its true peak"),
        _measured("attack_s", "REAL", "seconds", asked="attack",
                  about="the time that it takes to its peak"),
        _measured("decay_s", "REAL", "seconds", asked="decay",
                  about="the time that it takes to fade"),
    ),
)  # fmt: skip

VERDICTS = Table(
    "verdicts",
    (
        Field("audio_hash", "BLOB NOT NULL REFERENCES sounds ON DELETE CASCADE",
              of=_hash("audio_hash")),
        Field("model", "INTEGER NOT NULL REFERENCES models"),
        Field("raw", "TEXT NOT NULL", of=attrgetter("prediction.raw")),
        Field("confidence", "REAL NOT NULL", of=attrgetter("prediction.confidence")),
        Field("scores", "BLOB NOT NULL", of=lambda r: _floats([*r.prediction.scores.values()])),
        Field("embedding", "BLOB", of=lambda r: _floats(r.prediction.embedding)),
        Field("x", "REAL", of=_position(0), column="x", dtype="float32"),
        Field("y", "REAL", of=_position(1), column="y", dtype="float32"),
    ),
    ("PRIMARY KEY (audio_hash, model)",),
)  # fmt: skip

FILES = Table(
    "files",
    (
        Field("path", "BLOB PRIMARY KEY"),
        Field("root", "BLOB NOT NULL"),  # the folder that it was last scanned with
        Field("pack", "BLOB NOT NULL", asked="pack", about="the pack that it came in"),
        Field("size", "INTEGER NOT NULL", "bytes", attrgetter("size"),
              asked="size", about="the size of the file"),
        Field("mtime_ns", "INTEGER NOT NULL", "ns", attrgetter("mtime_ns")),
        Field("file_hash", "BLOB"),
        Field("audio_hash", "BLOB REFERENCES sounds"),  # null: never heard
        Field("format", "TEXT NOT NULL", asked="format", about="WAV, AIFF, FLAC, ..."),
        # the remark on the file
        Field("note", "TEXT NOT NULL", asked="remark", about="what to know of the file: cut short"),
        Field("error", "BLOB"),  # why it could not be heard when last tried
        Field("missing", "INTEGER NOT NULL DEFAULT 0"),
        # null: it came before this was kept
        Field("added_at", "INTEGER", "Unix time", lambda result: int(time()),
              asked="added", about="when the library came to know it"),
    ),
)  # fmt: skip

CONTENTS = Table(
    "contents",
    (
        Field("file_hash", "BLOB NOT NULL"),
        Field("audio_hash", "BLOB NOT NULL REFERENCES sounds ON DELETE CASCADE"),
        Field("size", "INTEGER NOT NULL", "bytes"),
        Field("mtime_ns", "INTEGER NOT NULL", "ns"),  # of a file with these bytes
        Field("format", "TEXT NOT NULL"),
        Field("note", "TEXT NOT NULL"),
    ),
    ("PRIMARY KEY (file_hash, mtime_ns)",),
)

CORRECTIONS = Table(
    "corrections",
    (
        Field("audio_hash", "BLOB PRIMARY KEY"),
        Field("label", "TEXT NOT NULL"),
        Field("path", "BLOB NOT NULL"),  # of the file that was corrected, at that time
        Field("made_at", "TEXT NOT NULL"),  # ISO 8601, UTC; so are all other times
    ),
)

CORRECTION_LOG = Table(
    "correction_log",
    (
        Field("number", "INTEGER PRIMARY KEY"),
        Field("audio_hash", "BLOB NOT NULL"),
        Field("before", "TEXT"),  # null: there was no correction
        Field("after", "TEXT"),
        Field("path", "BLOB NOT NULL"),
        Field("made_at", "TEXT NOT NULL"),
    ),
)

CLASSES = Table(
    "classes",
    (
        Field("name", "TEXT PRIMARY KEY COLLATE NOCASE"),
        Field("made_at", "TEXT NOT NULL"),
    ),
)

LESSONS = Table(
    "lessons",
    (
        Field("number", "INTEGER PRIMARY KEY"),
        Field("model", "INTEGER NOT NULL REFERENCES models"),  # whose embeddings it is for
        Field("made_at", "TEXT NOT NULL"),
        Field("classes", "TEXT NOT NULL"),  # JSON: the user's classes in it, in the order of head
        Field("head", "BLOB NOT NULL"),  # the weights, in numpy's file format
        Field("estimate", "TEXT NOT NULL"),  # JSON: what it gains and loses
        Field("active", "INTEGER NOT NULL DEFAULT 0"),
    ),
)

COLLECTIONS = Table(
    "collections",
    (
        Field("number", "INTEGER PRIMARY KEY"),
        Field("name", "TEXT NOT NULL UNIQUE COLLATE NOCASE", asked="collection",
              about="a collection that it is in"),
        Field("made_at", "TEXT NOT NULL"),
        Field("query", "TEXT"),  # of a smart collection: what is in it; null: it is a list
        Field("kit", "TEXT"),  # JSON of pads and beat, as ``kits.py`` writes it; null: it is none
    ),
)  # fmt: skip

COLLECTED = Table(
    "collected",
    (
        Field("collection", "INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE"),
        Field("audio_hash", "BLOB NOT NULL"),
        Field("path", "BLOB NOT NULL"),  # of the file that was put in, at that time
        Field("added_at", "TEXT NOT NULL"),
    ),
    ("PRIMARY KEY (collection, audio_hash)",),
)

KEYWORDS = Table(
    "keywords",
    (
        Field("audio_hash", "BLOB NOT NULL"),
        Field("keyword", "TEXT NOT NULL COLLATE NOCASE", asked="keyword",
              about="a keyword that you gave it"),
        Field("path", "BLOB NOT NULL"),  # of the file that it was given to, at that time
        Field("made_at", "TEXT NOT NULL"),
    ),
    ("PRIMARY KEY (audio_hash, keyword)",),
)  # fmt: skip

HIDDEN_SOUNDS = Table(
    "hidden_sounds",
    (
        Field("audio_hash", "BLOB PRIMARY KEY"),
        Field("hidden", "INTEGER NOT NULL"),  # 0: shown although its pack is hidden
        Field("path", "BLOB NOT NULL"),  # of the file that was hidden, at that time
        Field("made_at", "TEXT NOT NULL"),
    ),
)

HIDDEN_PACKS = Table(
    "hidden_packs",
    (
        Field("pack", "BLOB PRIMARY KEY"),
        Field("made_at", "TEXT NOT NULL"),
    ),
)

TABLES = (
    MODELS, SOUNDS, VERDICTS, FILES, CONTENTS, CORRECTIONS, CORRECTION_LOG, CLASSES, LESSONS,
    COLLECTIONS, COLLECTED, KEYWORDS, HIDDEN_SOUNDS, HIDDEN_PACKS,
)  # fmt: skip

SAID = (
    CORRECTIONS, CLASSES, CORRECTION_LOG, COLLECTIONS, COLLECTED,
    KEYWORDS, HIDDEN_SOUNDS, HIDDEN_PACKS,
)  # fmt: skip
"""What a person said: no scan can restore these, so ``repair`` rescues them."""

SHOWN = {field: table for table in TABLES for field in table.fields if field.column}
"""The fields that the page shows as they are, and their tables."""

_DECIDED = {
    "id": "uint32",
    "family": "uint8",
    "guess": "uint8",
    "label": "uint8",
    "confidence": "float32",
    "corrected": "uint8",
    "hidden": "uint8",
    "pack": "uint16",
    "folder": "uint32",
}

ASKED = {field: table for table in TABLES for field in table.fields if field.asked}
"""The fields that a query asks for as they are, and their tables."""

TYPES: Mapping[str, str] = _DECIDED | {field.column: field.dtype for field in SHOWN}
"""Each column of the page, and its dtype: what ``columns.py`` works out, then ``SHOWN``."""
