"""What a person says a sound is: kept by its audio, apart from what any model says.

So a correction survives new scans, moved and renamed files, and new models.
"""

import csv
import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from drumsort.catalog.catalog import Catalog
from drumsort.catalog.classes import MOST, class_named, label_in, label_of, label_or_family
from drumsort.catalog.database import time_now
from drumsort.catalog.fields import CLASSES, CORRECTIONS
from drumsort.catalog.within import sound_of
from drumsort.errors import CatalogError, DrumsortError
from drumsort.files import cells
from drumsort.files.names import fold
from drumsort.files.outside import open_outside
from drumsort.remote import as_path
from drumsort.taxonomy import LABELS

FIELDS = ("audio_hash", "label", "path", "made_at", "own_class")
"""Columns of the CSV; ``own_class`` is ``yes`` if the label is one of the user's own classes."""

_NEEDED = FIELDS[:3]
_LARGEST = 1 << 30  # bytes
_LONGEST_HEADER = 10_000  # characters; a file whose first line is longer is not one of ours


@dataclass(frozen=True, slots=True)
class Correction:
    """One sound that a person named.

    Attributes:
        audio_hash: of the sound, in hex.
        label: what the person called it.
        path: of the file that was corrected, at that time.
        made_at: when, ISO 8601, UTC.
    """

    audio_hash: str
    label: str
    path: Path
    made_at: str


class Corrections:
    """The corrections in a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def all(self) -> list[Correction]:
        """All corrections, the latest last."""
        rows = self.catalog.read("SELECT * FROM corrections ORDER BY made_at, path")
        return [
            Correction(row.audio_hash.hex(), row.label, as_path(os.fsdecode(row.path)), row.made_at)
            for row in rows
        ]

    def correct(
        self, paths: Iterable[Path], label: str, *, new: bool = False
    ) -> Mapping[Path, str]:
        """Record what some files are.

        Args:
            paths: files that were heard: of the library, or with the bytes of one that was.
            label: one of ``taxonomy.LABELS`` or of the user's own classes; a family stands for
                that of its labels which the sound is most like.
            new: whether to create the class if it does not exist.

        Returns:
            Path to one sentence for each file that could not be corrected.

        Raises:
            DrumsortError: there is no such label.
            CatalogError: the catalog cannot be read or written.
        """
        label = (class_named if new else label_or_family)(self.catalog, label)
        failures: dict[Path, str] = {}
        changes: list[tuple[bytes, bytes, str]] = []
        for path in paths:
            if audio_hash := sound_of(self.catalog, path):
                changes.append((audio_hash, self.catalog.key(path), label))
            else:
                failures[path] = f"{path} was never heard, so there is nothing to correct."
        changes = [(sound, key, label_in(self.catalog, sound, label)) for sound, key, _ in changes]
        self._record(changes)
        return failures

    def correct_all(self, ids: Iterable[int], label: str) -> int:
        """Record what some files are, by their numbers in the catalog; however many, in one step.

        Args:
            ids: of files; those that could not be heard are left out.
            label: one of ``taxonomy.LABELS`` or of the user's own classes.

        Returns:
            How many files were corrected.

        Raises:
            DrumsortError: there is no such label.
            CatalogError: the catalog cannot be read or written.
        """
        made_at = time_now()
        values = {"label": label_of(self.catalog, label), "made_at": made_at}
        values["ids"] = json.dumps(list(ids))
        with self.catalog.writing() as connection:
            corrected = connection.execute(_LOG_ALL, values).rowcount
            connection.execute(_SET_ALL, values)
        return corrected

    def count(self) -> int:
        """How many sounds have a correction.

        Raises:
            CatalogError: the catalog cannot be read.
        """
        return next(int(count) for (count,) in self.catalog.read(_COUNT))

    def undo(self) -> Sequence[Correction]:
        """Undo the last call of ``correct`` or ``read`` that is not yet undone.

        Returns:
            The corrections that were undone; empty if there were none.

        Raises:
            CatalogError: the catalog cannot be read or written.
        """
        with self.catalog.writing() as connection:
            latest = next((row.made_at for row in self.catalog.read(_LATEST)), None)
            undone = list(self.catalog.read(_UNDONE, (latest,)))
            connection.execute(_DELETE_NEW, (latest,))
            connection.execute(_RESTORE, (latest,))
            connection.execute("DELETE FROM correction_log WHERE made_at = ?", (latest,))
        return [
            Correction(row.audio_hash.hex(), row.after, as_path(os.fsdecode(row.path)), row.made_at)
            for row in undone
        ]

    def write(self, path: Path) -> int:
        """Write all corrections to a new CSV file, safe to open in a spreadsheet; how many.

        Raises:
            CatalogError: the catalog cannot be read, or the file cannot be written.
            DrumsortError: the file exists already, or there is no correction.
        """
        lines = [_line(correction) for correction in self.all()]
        if not lines:
            raise DrumsortError(
                f"No sound has been corrected, so {path} is not written: begin with 'drumsort "
                "correct' or 'drumsort teach class'."
            )
        try:
            if path.is_file() and path.stat().st_size:
                raise DrumsortError(
                    f"The file {path} exists already and is not overwritten: name another file."
                )
            with path.open("w", newline="", encoding="utf-8") as stream:
                stream.writelines([cells.line(FIELDS), *lines])
        except OSError as error:
            raise CatalogError(
                f"{path} cannot be written ({error.strerror}): name another file."
            ) from error
        return len(lines)

    def read(self, path: Path) -> tuple[int, Sequence[str]]:
        """Import corrections from a CSV file that ``write`` made, here or on another computer.

        A spreadsheet may have saved the file with semicolons or tabs. Own classes that it names are
        created.

        Returns:
            How many were imported, and one sentence for each line that cannot be used.

        Raises:
            CatalogError: the file cannot be read, or the catalog cannot be read or written.
            DrumsortError: it is not a file of corrections.
        """
        changes: list[tuple[bytes, bytes, str]] = []
        failures: list[str] = []
        own: dict[str, str] = {}
        try:
            with os.fdopen(
                open_outside(path, _LARGEST),
                newline="",
                encoding="utf-8-sig",
                errors="surrogateescape",
            ) as stream:
                lines = _lines(stream, path)
                for line in lines:
                    try:
                        audio_hash, key, label = self._change(line)
                    except DrumsortError as error:
                        number = lines.line_num + 1  # the header was read separately
                        failures.append(f"Line {number} of {path} is left out: {error}")
                    else:
                        changes.append((audio_hash, key, own.setdefault(fold(label), label)))
        except OSError as error:
            raise CatalogError(
                f"{path} cannot be read ({error.strerror}): make sure that it exists and is "
                "readable."
            ) from error
        except ValueError as error:
            raise CatalogError(f"{path} cannot be read ({error}): name another file.") from error
        except csv.Error as error:
            raise CatalogError(
                f"{path} is damaged, so nothing is imported: export it again."
            ) from error
        self._record(changes)
        return len(changes), failures

    def _change(self, line: Mapping[str, str | None]) -> tuple[bytes, bytes, str]:
        """Audio hash, path and label in a line of CSV.

        Raises:
            DrumsortError: the line cannot be used.
        """
        values = {
            name: cells.meant(cell) for name in FIELDS if (cell := line.get(name)) is not None
        }
        if not values.keys() >= set(_NEEDED):
            raise DrumsortError("it ends too early, so export the file again.")
        if not re.fullmatch(r"[0-9a-fA-F]{64}", values["audio_hash"].strip()):
            raise DrumsortError("its audio_hash is not valid, so export the file again.")
        if any("\ud800" <= c <= "\udfff" for c in values["label"]):  # bytes that are not UTF-8
            raise DrumsortError("its label cannot be read, so save the file as CSV in UTF-8.")
        own = values.get("own_class", "").strip().lower() == "yes"
        named = class_named if own and values["label"] not in LABELS else label_of
        label = named(self.catalog, values["label"])
        return bytes.fromhex(values["audio_hash"].strip()), os.fsencode(values["path"]), label

    def _record(self, changes: Sequence[tuple[bytes, bytes, str]]) -> None:
        """Set labels by audio hash and log what they were; create new classes; all or nothing."""
        if not changes:
            return
        made_at = time_now()
        with self.catalog.writing() as connection:
            made = connection.executemany(
                f"{CLASSES.insert()} ON CONFLICT DO NOTHING",
                [
                    {"name": name, "made_at": made_at}
                    for name in {label for *_, label in changes}.difference(LABELS)
                ],
            )
            (count,) = connection.execute("SELECT count(*) FROM classes").fetchone()
            if made.rowcount and count > MOST:
                raise DrumsortError(
                    f"There may be {MOST} classes of your own, and this would make {count}: forget "
                    "some first ('drumsort teach forget NAME')."
                )
            rows = [
                {"audio_hash": audio_hash, "path": path, "label": label, "made_at": made_at}
                for audio_hash, path, label in changes
            ]
            connection.executemany(_LOG, rows)
            connection.executemany(_SET, rows)


_LOG = """
    INSERT INTO correction_log (audio_hash, before, after, path, made_at) VALUES (
        :audio_hash, (SELECT label FROM corrections WHERE audio_hash = :audio_hash), :label,
        :path, :made_at
    )
"""
_SET = CORRECTIONS.insert(replace=True)

_COUNT = "SELECT count(*) FROM corrections"
_LOG_ALL = """
    INSERT INTO correction_log (audio_hash, before, after, path, made_at)
    SELECT f.audio_hash, c.label, :label, f.path, :made_at
    FROM files f LEFT JOIN corrections c ON c.audio_hash = f.audio_hash
    WHERE f.rowid IN (SELECT value FROM json_each(:ids)) AND f.audio_hash IS NOT NULL
    ORDER BY f.path
"""
_SET_ALL = """
    INSERT INTO corrections (audio_hash, label, path, made_at)
    SELECT audio_hash, :label, path, :made_at FROM files
    WHERE rowid IN (SELECT value FROM json_each(:ids)) AND audio_hash IS NOT NULL ORDER BY path
    ON CONFLICT (audio_hash) DO UPDATE
    SET label = excluded.label, path = excluded.path, made_at = excluded.made_at
"""

_LATEST = "SELECT made_at FROM correction_log ORDER BY number DESC LIMIT 1"
_UNDONE = "SELECT * FROM correction_log WHERE made_at = ? ORDER BY number"
# A sound that lay in several of the files has several rows in the log; the first says what it was.
_FIRST = """
    (SELECT min(number) AS number, audio_hash, before, path, made_at FROM correction_log
     WHERE made_at = ? GROUP BY audio_hash)
"""
_DELETE_NEW = f"""
    DELETE FROM corrections
    WHERE audio_hash IN (SELECT audio_hash FROM {_FIRST} WHERE before IS NULL)
"""
_EARLIER = """
    (SELECT {column} FROM correction_log earlier WHERE earlier.audio_hash = first.audio_hash
     AND earlier.number < first.number ORDER BY earlier.number DESC LIMIT 1)
"""
_RESTORE = f"""
    INSERT OR REPLACE INTO corrections (audio_hash, label, path, made_at)
    SELECT audio_hash, before, coalesce({_EARLIER.format(column="path")}, path),
        coalesce({_EARLIER.format(column="made_at")}, made_at)
    FROM {_FIRST} first WHERE before IS NOT NULL
"""


def _line(correction: Correction) -> str:
    own = "" if correction.label in LABELS else "yes"
    values = asdict(correction) | {"own_class": own}
    return cells.line(str(values[name]) for name in FIELDS)


def _lines(stream: TextIO, path: Path) -> "csv.DictReader[str]":
    """The lines after the header, read with the delimiter that the header uses.

    Raises:
        DrumsortError: the first line is not the header of a file of corrections.
    """
    header = stream.readline(_LONGEST_HEADER)
    for delimiter in (",", ";", "\t"):
        names = next(csv.reader([header], delimiter=delimiter), [])
        if set(_NEEDED) <= set(names):
            return csv.DictReader(stream, names, delimiter=delimiter)
    raise _no_corrections(path)


def _no_corrections(path: Path) -> DrumsortError:
    return DrumsortError(
        f"{path} is not a file of corrections: name one that 'drumsort corrections export' wrote."
    )
