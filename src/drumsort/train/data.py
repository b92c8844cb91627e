"""A manifest of labelled sounds -> clips in memory, ready for the front end."""

import csv
import hashlib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from drumsort.audio.decode import decode
from drumsort.errors import AudioError, DataError
from drumsort.features import LogMel
from drumsort.taxonomy import FAMILIES, LABELS
from drumsort.types import Samples

SPLITS = ("train", "val", "test")
FOLDS = 5
LARGE = 90
COLUMNS = ("path", "label", "family", "group", "split", "source", "licence", "origin")


@dataclass(frozen=True)
class Row:
    """One line of the manifest."""

    path: str
    label: str
    family: str
    group: str
    split: str
    source: str
    licence: str
    origin: str

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that the sound may have."""
        if self.label in LABELS and self.label != "percussion":
            return (self.label,)
        return tuple(FAMILIES[self.family])


@dataclass(frozen=True)
class Example:
    """One labelled sound, ready for the front end.

    Attributes:
        labels: the labels it may have, a single one where it is known exactly. A sound of which
            only the family is known may have any label of that family.
        family: the family of them all.
        group: what must not be split between training and validation (a pack, a machine).
        samples: shape ``(n,)``, float32, mono, at the front end's rate, aligned to its onset.
    """

    labels: tuple[str, ...]
    family: str
    group: str
    samples: Samples = field(repr=False, compare=False)


def read_manifest(folder: Path) -> list[Row]:
    """Read ``folder/manifest.csv``.

    Raises:
        DataError: the manifest is missing, lacks a column, or names an unknown family or split.
    """
    path = folder / "manifest.csv"
    if not path.is_file():
        raise DataError(f"{folder} has no manifest.csv: name the data folder with --data.")
    with path.open(newline="", encoding="utf-8") as stream:
        lines = csv.DictReader(stream)
        missing = set(COLUMNS) - set(lines.fieldnames or ())
        if missing:
            raise DataError(f"{path} lacks the column {min(missing)!r}.")
        rows = [Row(**{name: line[name] for name in COLUMNS}) for line in lines]
    for number, row in enumerate(rows, start=2):
        if row.family not in FAMILIES or row.split not in SPLITS:
            raise DataError(
                f"{path}, line {number}: family {row.family!r} or split {row.split!r} is unknown."
            )
    return rows


def fold(rows: list[Row], number: int) -> list[Row]:
    """Split ``train`` and ``val`` anew for grouped cross-validation.

    A fifth of the groups is held out as ``val``, another fifth for each ``number`` from 0 to
    ``FOLDS - 1``, and all else is ``train``. Groups of more than ``LARGE`` sounds always train.
    """
    sizes = Counter(row.group for row in rows)

    def split(row: Row) -> str:
        held_out = int(hashlib.sha256(row.group.encode()).hexdigest(), 16) % FOLDS == number
        return "val" if held_out and sizes[row.group] <= LARGE else "train"

    return [row if row.split == "test" else replace(row, split=split(row)) for row in rows]


def manifest_sha256(folder: Path) -> str:
    """Names the data that a model was trained on: the manifest holds each file's own hash."""
    return hashlib.sha256((folder / "manifest.csv").read_bytes()).hexdigest()


def load(folder: Path, rows: list[Row], front_end: LogMel) -> list[Example]:
    """Decode ``rows`` with all cores.

    Raises:
        DataError: a file cannot be heard.
    """
    with ProcessPoolExecutor() as pool:
        return list(pool.map(partial(_load, folder, front_end), rows, chunksize=64))


def _load(folder: Path, front_end: LogMel, row: Row) -> Example:
    try:
        clip = decode(folder / row.path)
    except AudioError as error:
        raise DataError(f"Training needs every file of the manifest: {error}") from error
    samples = front_end.align(front_end.resample(clip.samples, clip.rate))
    return Example(row.labels, row.family, row.group, samples)
