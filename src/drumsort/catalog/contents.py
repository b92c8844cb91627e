"""What is known of a file by its bytes alone, wherever it lies and whatever its name.

So ``classify`` and ``sort`` remember what they heard: no folder is added to the library, and a copy
is known as soon as it is there.
"""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from drumsort.catalog.database import Database
from drumsort.catalog.fields import CONTENTS
from drumsort.files.hashes import file_hash
from drumsort.types import Facts, Result

_ALIKE = """
    SELECT file_hash, audio_hash, format, note AS remark FROM files
    WHERE size = :size AND mtime_ns = :mtime AND error IS NULL AND audio_hash IS NOT NULL
    UNION ALL
    SELECT file_hash, audio_hash, format, note FROM contents
    WHERE size = :size AND mtime_ns = :mtime
"""
_HEARD = """
    SELECT 1 FROM verdicts v JOIN sounds s ON s.audio_hash = v.audio_hash
    WHERE v.audio_hash = ? AND v.model = ? AND s.true_peak_db IS NOT NULL
"""
_REMEMBER = CONTENTS.insert(replace=True)


@dataclass(frozen=True, slots=True)
class Content:
    """What was heard in a file, as far as its bytes decide it.

    Attributes:
        file_hash: SHA-256 of the bytes.
        audio_hash: SHA-256 of the samples.
        format: container and coding.
        remark: what a listener should know of the file, or ``""``.
    """

    file_hash: bytes
    audio_hash: bytes
    format: str
    remark: str

    @classmethod
    def of(cls, facts: Facts) -> "Content":
        """What is known of a file that was heard just now."""
        hashes = bytes.fromhex(facts.file_hash), bytes.fromhex(facts.audio_hash)
        return cls(*hashes, facts.format, facts.remark)


def content_of(
    catalog: Database, path: Path, stat: os.stat_result, model: int | None = None
) -> Content | None:
    """What is known of the bytes of a file.

    They are read only where a file of the same size and time of change was heard: a copy keeps its
    time, and nearly all other files are told apart by these two.

    Args:
        catalog: where to look.
        path: the file.
        stat: of the file.
        model: the number of a model that must have heard the sound; any by default.

    Returns:
        What is known, or ``None`` if nothing is or the file cannot be read.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    values = {"size": stat.st_size, "mtime": stat.st_mtime_ns}
    alike = [Content(*row) for row in catalog.read(_ALIKE, values)]
    if model is not None:
        alike = [one for one in alike if any(catalog.read(_HEARD, (one.audio_hash, model)))]
    if not alike:  # the usual case: no byte is read
        return None
    try:
        digest = bytes.fromhex(file_hash(path))
    except (OSError, ValueError):
        return None
    return next((one for one in alike if one.file_hash == digest), None)


def remember(connection: sqlite3.Connection, result: Result, content: Content) -> None:
    """Enter what was heard in a file, whose sound is in the catalog already."""
    connection.execute(
        _REMEMBER,
        {
            "file_hash": content.file_hash,
            "audio_hash": content.audio_hash,
            "size": result.size,
            "mtime_ns": result.mtime_ns,
            "format": content.format,
            "note": content.remark,
        },
    )
