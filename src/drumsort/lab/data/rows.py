"""Labelled sounds as rows, whatever their origin."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from drumsort.files.home import cache_folder
from drumsort.remote import Url

SPLITS = ("train", "val", "test")
"""To train on, to choose settings on, and only to report."""

RENDERERS = ("fm", "drumsynth", "geonkick")
"""The first word of the detail of a sound that was rendered."""


@dataclass(frozen=True)
class Row:
    """One labelled sound.

    Attributes:
        path: relative to the data folder, with ``/`` between its parts.
        label: what it is, as exactly as is known.
        family: the class that the label belongs to; the label itself where nothing else is said.
        group: what must not be split between training and validation (a pack, a machine).
        split: ``train``, ``val`` or ``test``; ``""`` where none is set.
        source: where it comes from.
        licence: as stated there.
        origin: its public address, or ``""``.
        detail: what else is known of it, or ``""``.
    """

    path: str
    label: str
    family: str
    group: str
    split: str = ""
    source: str = ""
    licence: str = ""
    origin: str = ""
    detail: str = ""

    @property
    def rendered(self) -> bool:
        """Whether a synthesizer made it from a preset, which is no recording."""
        return self.detail.partition(";")[0].split(" ")[0] in RENDERERS


@dataclass(frozen=True)
class Data:
    """Labelled sounds below one folder.

    Attributes:
        root: the folder that the rows' paths are relative to; in a store, its ``Url``.
        rows: one for each sound.
    """

    root: Path
    rows: Sequence[Row]

    def of(self, split: str) -> list[Row]:
        """The rows of one split."""
        return [row for row in self.rows if row.split == split]

    @property
    def copies(self) -> Path:
        """Where the sounds lie on this machine: in ``root``, or as copies in the cache."""
        if not isinstance(self.root, Url):
            return self.root
        name = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return cache_folder() / f"fetched-{name}"

    def path(self, row: Row) -> Path:
        """Where the sound of ``row`` lies on this machine."""
        return self.copies / row.path

    def of_root(self, sentence: str) -> str:
        """A sentence about a copy, as one about what it is a copy of."""
        return sentence.replace(f"{self.copies}{os.sep}", f"{str(self.root).rstrip('/')}/")
