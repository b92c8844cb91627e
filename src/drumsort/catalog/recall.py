"""A file that did not change -> what was heard in it before, and what a person says it is."""

import os
from pathlib import Path

from drumsort.catalog.catalog import Catalog
from drumsort.catalog.lessons import lesson_for
from drumsort.catalog.models import Model, number_of
from drumsort.catalog.reads import HEARD, heard
from drumsort.model.bundle import Bundle
from drumsort.model.infer import Heard
from drumsort.types import Prediction

_QUERY = f"""
    SELECT {HEARD}, f.note, f.audio_hash FROM files f
    JOIN verdicts v ON v.audio_hash = f.audio_hash AND v.model = ?
    WHERE f.path = ? AND f.size = ? AND f.mtime_ns = ? AND f.error IS NULL
"""


class Recall:
    """Answers for the files that this model heard before.

    Attributes:
        catalog: where what it heard is kept.
        model: the model's number there; ``None`` if it is not known, nor can be entered.

    Raises:
        CatalogError: the catalog cannot be read or written.
    """

    def __init__(self, catalog: Catalog, bundle: Bundle) -> None:
        self.catalog = catalog
        self.model = number_of(catalog, bundle)
        self._model = Model(bundle.id, bundle.families, bundle.policies)
        self._lesson = lesson_for(catalog, bundle.id)
        self._labels = dict(catalog.read("SELECT audio_hash, label FROM corrections"))

    @property
    def corrected(self) -> bool:
        """Whether anything that a person said counts: a sound that was named, or a lesson."""
        return bool(self._labels or self._lesson)

    def correction(self, audio_hash: bytes) -> str | None:
        """The label that a person gave a sound, or ``None``."""
        return self._labels.get(audio_hash)

    def taught(self, prediction: Prediction, min_confidence: float, note: str = "") -> Prediction:
        """What becomes of the network's verdict by the lesson that is switched on, if one is.

        Args:
            prediction: the network's own.
            min_confidence: family probability from which on a verdict stands, 0 to 1.
            note: what a listener should know of the file, or ``""``.
        """
        if self._lesson is None:
            return prediction
        return self._lesson.verdict(prediction, self._model, min_confidence, note)

    def __call__(self, path: Path, stat: os.stat_result) -> tuple[Heard, str, str | None] | None:
        """What was heard in a file of this size and time of change, the note on it, and the label
        that a person gave it; or none."""
        values = (self.model, self.catalog.key(path), stat.st_size, stat.st_mtime_ns)
        for *said, note, audio_hash in self.catalog.read(_QUERY, values):
            return heard(*said), str(note), self.correction(audio_hash)
        return None
