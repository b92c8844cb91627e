"""What a person says that a sound is: kept by its audio, apart from what any model says.

So a correction outlives a new scan, a moved or renamed file, and a new model.
"""

import csv
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from drumsort.errors import CatalogError, DrumsortError
from drumsort.library.catalog import Catalog
from drumsort.library.classes import label_of

FIELDS = ("audio_hash", "label", "path", "made_at")
"""Columns of the CSV."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run begins with these


@dataclass(frozen=True, slots=True)
class Correction:
    """One sound that a person named.

    Attributes:
        audio_hash: of the sound, in hex.
        label: what it is.
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
        """All of them, the latest last."""
        rows = self.catalog.read(
            "SELECT audio_hash, label, path, made_at FROM corrections ORDER BY made_at, path"
        )
        return [Correction(h.hex(), label, Path(os.fsdecode(p)), at) for h, label, p, at in rows]

    def correct(self, paths: Iterable[Path], label: str) -> Mapping[Path, str]:
        """Say what some files are.

        Args:
            paths: files that the catalog knows.
            label: one of ``taxonomy.LABELS``, or a class of the user's own.

        Returns:
            Path to one sentence for each file that could not be corrected.

        Raises:
            DrumsortError: there is no such label.
            CatalogError: the catalog cannot be read or written.
        """
        label = label_of(self.catalog, label)
        failures: dict[Path, str] = {}
        changes: list[tuple[bytes, bytes, str]] = []
        for path in paths:
            key = self.catalog.key(path)
            found = list(self.catalog.read("SELECT audio_hash FROM files WHERE path = ?", (key,)))
            if not found or found[0][0] is None:
                failures[path] = (
                    f"{path} is not in the catalog: scan its folder first ('drumsort scan')."
                    if not found
                    else f"{path} could never be heard, so there is nothing to correct."
                )
            else:
                changes.append((found[0][0], key, label))
        self._note(changes)
        return failures

    def undo(self) -> Sequence[Correction]:
        """Take back what was corrected last, by one call of ``correct`` or ``read``.

        Returns:
            What was taken back; empty where nothing was left.

        Raises:
            CatalogError: the catalog cannot be read or written.
        """
        with self.catalog.writing() as connection:
            last = connection.execute(
                "SELECT number, audio_hash, before, after, path, made_at FROM correction_log "
                "WHERE made_at = (SELECT made_at FROM correction_log ORDER BY number DESC LIMIT 1) "
                "ORDER BY number DESC"
            ).fetchall()
            for number, audio_hash, before, _, path, made_at in last:
                if before is None:
                    connection.execute(
                        "DELETE FROM corrections WHERE audio_hash = ?", (audio_hash,)
                    )
                else:
                    connection.execute(_SET, (audio_hash, before, path, made_at))
                connection.execute("DELETE FROM correction_log WHERE number = ?", (number,))
        return [
            Correction(audio_hash.hex(), after, Path(os.fsdecode(path)), made_at)
            for _, audio_hash, _, after, path, made_at in reversed(last)
        ]

    def write(self, path: Path) -> int:
        """Write all corrections to a CSV file that a spreadsheet shows as it is; how many.

        Raises:
            CatalogError: the catalog cannot be read, or the file cannot be written.
        """
        lines = [asdict(correction) for correction in self.all()]
        try:
            with path.open("w", newline="", encoding="utf-8", errors="surrogateescape") as stream:
                writer = csv.DictWriter(stream, FIELDS)
                writer.writeheader()
                writer.writerows({k: _plain(str(v)) for k, v in line.items()} for line in lines)
        except OSError as error:
            raise CatalogError(f"{path} cannot be written ({error.strerror}).") from error
        return len(lines)

    def read(self, path: Path) -> tuple[int, Sequence[str]]:
        """Take over corrections from a CSV file that ``write`` made, here or elsewhere.

        Returns:
            How many there are, and one sentence for each line that says nothing usable.

        Raises:
            CatalogError: the file or the catalog cannot be read, or the catalog not written.
        """
        changes, failures = [], []
        try:
            with path.open(newline="", encoding="utf-8", errors="surrogateescape") as stream:
                for number, line in enumerate(csv.DictReader(stream), start=2):
                    try:
                        values = {name: _meant(line[name]) for name in FIELDS}
                        audio_hash = bytes.fromhex(values["audio_hash"])
                        label = label_of(self.catalog, values["label"])
                        if len(audio_hash) != 32:
                            raise ValueError("its audio_hash is none")
                        place = os.fsencode(values["path"])
                        changes.append((audio_hash, place, label))
                    except (KeyError, TypeError, AttributeError):
                        failures.append(
                            f"Line {number} of {path} is left out: it takes the columns "
                            f"{', '.join(FIELDS)}."
                        )
                    except (ValueError, DrumsortError) as error:
                        reason = str(error).rstrip(".")
                        failures.append(f"Line {number} of {path} is left out: {reason}.")
        except (OSError, csv.Error) as error:
            raise CatalogError(f"{path} cannot be read ({error}).") from error
        self._note(changes)
        return len(changes), failures

    def _note(self, changes: Sequence[tuple[bytes, bytes, str]]) -> None:
        """Set labels by audio hash, and log what they were, all or nothing."""
        if not changes:
            return
        made_at = datetime.now(UTC).isoformat(timespec="microseconds")
        with self.catalog.writing() as connection:
            for audio_hash, path, label in changes:
                before = connection.execute(
                    "SELECT label FROM corrections WHERE audio_hash = ?", (audio_hash,)
                ).fetchone()
                connection.execute(
                    "INSERT INTO correction_log (audio_hash, before, after, path, made_at) "
                    "VALUES (?, ?, ?, ?, ?)",
                    (audio_hash, before[0] if before else None, label, path, made_at),
                )
                connection.execute(_SET, (audio_hash, label, path, made_at))


_FORGET = "DELETE FROM corrections WHERE audio_hash = ?"

_SET = """
    INSERT INTO corrections (audio_hash, label, path, made_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (audio_hash) DO UPDATE
    SET label = excluded.label, path = excluded.path, made_at = excluded.made_at
"""


def _plain(cell: str) -> str:
    """A cell that a spreadsheet takes for text, whatever it begins with."""
    return f"'{cell}" if cell.startswith((*_FORMULA, "'")) else cell


def _meant(cell: str) -> str:
    """What ``_plain`` was given."""
    return cell[1:] if cell.startswith("'") else cell
