"""The sounds of a catalog that sound most like one: by the angle between embeddings.

The embeddings are kept once more in files beside the catalog (``beside.py``), which are quicker to
search than the catalog.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from drumsort.alike.beside import Beside, Progress
from drumsort.alike.matrix import Floats
from drumsort.catalog.catalog import Catalog
from drumsort.catalog.classes import classes
from drumsort.catalog.contents import content_of
from drumsort.catalog.gone import first_there
from drumsort.catalog.known_models import Model, models
from drumsort.catalog.lessons import lesson_for
from drumsort.catalog.reads import Entry, entries_of, siblings_for
from drumsort.errors import DrumsortError
from drumsort.taxonomy import family_of

_FILES = "SELECT path FROM files WHERE audio_hash = ? AND NOT missing ORDER BY path"
_CORRECTED = """
    SELECT c.audio_hash, c.label, v.embedding FROM corrections c
    JOIN verdicts v ON v.audio_hash = c.audio_hash AND v.model = ?
    WHERE v.embedding IS NOT NULL
"""
_KNOWN = """
    SELECT v.audio_hash, v.embedding FROM files f
    JOIN verdicts v ON v.audio_hash = f.audio_hash AND v.model = ?
    WHERE f.path = ? AND f.size = ? AND f.mtime_ns = ? AND f.error IS NULL
        AND v.embedding IS NOT NULL
"""
_EMBEDDING = """
    SELECT embedding FROM verdicts
    WHERE audio_hash = ? AND model = ? AND embedding IS NOT NULL
"""


class Sound(NamedTuple):
    """A sound to search with: audio hash in hex, and embedding, shape ``(d,)``, unit length."""

    audio_hash: str
    embedding: Floats


class Neighbours:
    """Finds the sounds that one model hears as most alike; updates the files of vectors first.

    Args:
        catalog: where to search.
        model: the id of the model.

    Raises:
        CatalogError: the catalog cannot be read, or knows no sound that this model heard.
    """

    def __init__(self, catalog: Catalog, model: str) -> None:
        self._catalog = catalog
        numbers = {known.id: (number, known) for number, known in models(catalog).items()}
        self._number, self._model = numbers.get(model, (0, Model(model, {}, {})))
        self._siblings = siblings_for(catalog, model)
        self._beside = Beside(catalog, self._number, self._model)
        self._vectors = self._beside.opened()

    def __len__(self) -> int:
        return len(self._vectors)

    @property
    def indexed(self) -> int:
        """How many of them an index holds; 0 without one."""
        return len(self._vectors.matrix) if self._vectors.index else 0

    @property
    def trouble(self) -> str:
        """Why an index that is there could not be used, as a sentence; else ``""``."""
        return self._beside.trouble

    def build_index(self, on_progress: Progress = lambda done, total: None) -> None:
        """Make an index of all sounds, or make it anew.

        Args:
            on_progress: called with how many sounds are in it, and their total.

        Raises:
            CatalogError: the catalog cannot be read, or the index not be written.
            DrumsortError: faiss is not installed.
        """
        del self._vectors  # Windows does not replace a file that is mapped
        self._vectors = self._beside.build(on_progress)

    def known(self, path: Path) -> Sound | None:
        """A file as it was heard, or ``None`` if it is not known by its path or its bytes."""
        try:
            stat = path.stat()
        except (OSError, ValueError):
            return None
        values = (self._number, self._catalog.key(path), stat.st_size, stat.st_mtime_ns)
        for row in self._catalog.read(_KNOWN, values):
            return Sound(row.audio_hash.hex(), np.frombuffer(row.embedding, np.float32))
        if content := content_of(self._catalog, path, stat, self._number):
            for row in self._catalog.read(_EMBEDDING, (content.audio_hash, self._number)):
                return Sound(content.audio_hash.hex(), np.frombuffer(row.embedding, np.float32))
        return None

    def nearest(
        self,
        embedding: Floats,
        n: int = 20,
        family: str | None = None,
        *,
        policy: str = "balanced",
        without: str | None = None,
    ) -> list[tuple[Entry, float]]:
        """The sounds most like an embedding, the most alike first.

        Of several files with the same audio, only the first in path order that exists is returned.
        Files that were missing at the last scan are left out.

        Args:
            embedding: shape ``(d,)``, unit length.
            n: how many at most.
            family: only sounds of this family, by their correction if there is one.
            policy: names the threshold that a verdict must reach.
            without: audio hash in hex of a sound to leave out.

        Returns:
            Entries and the cosine of the angle between embeddings, -1 to 1.

        Raises:
            CatalogError: the catalog cannot be read.
            DrumsortError: the model has no such family or policy.
        """
        known = [*self._model.families, *classes(self._catalog)]
        if family is not None and family not in known:
            raise DrumsortError(
                f"The model {self._model.id} has no family {family!r}: choose one of "
                f"{', '.join(known)}."
            )
        found: list[tuple[Entry, float]] = []
        if n < 1:
            return found
        for audio_hash, similarity in self._candidates(embedding, n, family):
            if audio_hash.hex() == without:
                continue
            entry = self._entry(audio_hash, policy)
            if entry and (family is None or entry.family == family):
                found.append((entry, similarity))
            if len(found) == n:
                break
        return sorted(found, key=lambda pair: -pair[1])

    def _candidates(
        self, embedding: Floats, n: int, family: str | None
    ) -> Iterator[tuple[bytes, float]]:
        """Hashes and similarities, the highest first; some may be missing or of another family."""
        among, corrected = None, {}
        if family is not None:
            codes = [code for code, name in enumerate(self._model.families) if name == family]
            if lesson_for(self._catalog, self._model.id) is None:  # else the lesson decides on each
                among = codes
            for row in self._catalog.read(_CORRECTED, (self._number,)):
                if family_of(row.label) == family:
                    similarity = float(np.frombuffer(row.embedding, np.float32) @ embedding)
                    corrected[row.audio_hash] = similarity
        waiting = sorted(corrected.items(), key=lambda pair: -pair[1])
        for audio_hash, similarity in self._vectors.nearest(embedding, 2 * n + 10, among):
            while waiting and waiting[0][1] >= similarity:
                yield waiting.pop(0)
            if audio_hash not in corrected:
                yield audio_hash, similarity
        yield from waiting

    def _entry(self, audio_hash: bytes, policy: str) -> Entry | None:
        paths = [path for (path,) in self._catalog.read(_FILES, (audio_hash,))]
        if not paths:
            return None
        path = os.fsdecode(first_there(paths))
        found = entries_of(self._catalog, [path], policy, self._model.id, self._siblings)
        return next(iter(found), None)
