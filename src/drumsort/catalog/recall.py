"""A file that was heard before -> what was heard in it, and what a person says it is."""

import os
from pathlib import Path

from drumsort.catalog.catalog import Catalog
from drumsort.catalog.contents import content_of
from drumsort.catalog.fields import FILES, SOUNDS
from drumsort.catalog.judges import evidence
from drumsort.catalog.known_models import number_of
from drumsort.catalog.reads import HEARD, facts_of, heard
from drumsort.model.bundle import Bundle
from drumsort.model.infer import Heard
from drumsort.types import Facts

_QUERY = f"""
    SELECT {HEARD}, f.note, f.audio_hash FROM files f
    JOIN verdicts v ON v.audio_hash = f.audio_hash AND v.model = ?
    WHERE f.path = ? AND f.size = ? AND f.mtime_ns = ? AND f.error IS NULL
"""

_SOUND = f"SELECT {HEARD} FROM verdicts v WHERE v.audio_hash = ? AND v.model = ?"
_FACTS = f"""
    SELECT {FILES.select("f")}, {SOUNDS.select("s", {"audio_hash"})} FROM files f
    JOIN sounds s ON s.audio_hash = f.audio_hash
    WHERE f.path = ? AND f.size = ? AND f.mtime_ns = ? AND f.error IS NULL
"""


class Recall:
    """Looks up files that one model heard before, by their paths or by their bytes.

    Attributes:
        catalog: where to look them up.
        model: the model's number there; ``None`` if it is new and the catalog is read-only.
        evidence: what the catalog knows beside what the network says.

    Raises:
        CatalogError: the catalog cannot be read or written.
    """

    def __init__(self, catalog: Catalog, bundle: Bundle) -> None:
        self.catalog = catalog
        self.model = number_of(catalog, bundle)
        self.evidence = evidence(catalog, bundle.id)
        self._labels = dict(catalog.read("SELECT audio_hash, label FROM corrections"))

    @property
    def corrected(self) -> bool:
        """Whether any correction or lesson may change a verdict."""
        return bool(self._labels or self.evidence)

    def correction(self, audio_hash: bytes) -> str | None:
        """The label that a person gave a sound, or ``None``."""
        return self._labels.get(audio_hash)

    def __call__(self, path: Path, stat: os.stat_result) -> tuple[Heard, str, str | None] | None:
        """What was heard in a file of this size and time of change, the remark on the file, and the
        label that a person gave the sound; ``None`` if it was not heard."""
        values = (self.model, self.catalog.key(path), stat.st_size, stat.st_mtime_ns)
        for row in self.catalog.read(_QUERY, values):
            return heard(row), str(row.note), self.correction(row.audio_hash)
        if known := content_of(self.catalog, path, stat, self.model):
            for row in self.catalog.read(_SOUND, (known.audio_hash, self.model)):
                return heard(row), known.remark, self.correction(known.audio_hash)
        return None

    def facts(self, path: Path, stat: os.stat_result) -> Facts | None:
        """What else is known of such a file; ``None`` if it is unknown or changed."""
        values = (self.catalog.key(path), stat.st_size, stat.st_mtime_ns)
        return next(map(facts_of, self.catalog.read(_FACTS, values)), None)
