"""The sounds of a catalog that sound most like one: by the angle between embeddings, or by aspect.

The embeddings are kept once more in files beside the catalog (``beside.py``), which are quicker to
search than the catalog.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from drumsort.alike.aspects import ON_SCALES, Aspect, Measured, Weights, scales, similarities
from drumsort.alike.beside import MEASURED, Beside, Progress
from drumsort.alike.matrix import Floats
from drumsort.catalog.catalog import Catalog
from drumsort.catalog.classes import classes
from drumsort.catalog.contents import content_of
from drumsort.catalog.gone import first_there
from drumsort.catalog.hidden import files_seen
from drumsort.catalog.known_models import Model, models
from drumsort.catalog.lessons import lesson_for
from drumsort.catalog.reads import Entry, entries_of, siblings_for
from drumsort.errors import DrumsortError
from drumsort.taxonomy import family_of
from drumsort.types import Facts

_CORRECTED = f"""
    SELECT c.audio_hash, c.label, v.embedding, {MEASURED} FROM corrections c
    JOIN sounds s ON s.audio_hash = c.audio_hash
    JOIN verdicts v ON v.audio_hash = c.audio_hash AND v.model = ?
    WHERE v.embedding IS NOT NULL
"""
_KNOWN = f"""
    SELECT v.audio_hash, v.embedding, {MEASURED} FROM files f
    JOIN sounds s ON s.audio_hash = f.audio_hash
    JOIN verdicts v ON v.audio_hash = f.audio_hash AND v.model = ?
    WHERE f.path = ? AND f.size = ? AND f.mtime_ns = ? AND f.error IS NULL
        AND v.embedding IS NOT NULL
"""
_EMBEDDING = f"""
    SELECT v.audio_hash, v.embedding, {MEASURED} FROM verdicts v
    JOIN sounds s ON s.audio_hash = v.audio_hash
    WHERE v.audio_hash = ? AND v.model = ? AND v.embedding IS NOT NULL
"""


class Sound(NamedTuple):
    """A sound to search with.

    Attributes:
        audio_hash: in hex.
        embedding: shape ``(d,)``, unit length.
        measures: where it lies on the scales of ``aspects.py``, shape ``(4,)``.
    """

    audio_hash: str
    embedding: Floats
    measures: Floats

    @classmethod
    def of(cls, facts: Facts, embedding: Floats) -> "Sound":
        """A sound that was heard and measured."""
        known = facts.analysis
        measured = Measured(
            known.pitch_hz,
            known.pitch_confidence,
            known.decay_s,
            facts.duration,
            known.loudness_db,
            known.brightness_hz,
        )
        return cls(facts.audio_hash, embedding, scales(measured))

    @property
    def pitched(self) -> bool:
        """Whether a pitch is heard in it."""
        return not np.isnan(self.measures[ON_SCALES.index(Aspect.PITCH)])


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
            CatalogError: the catalog cannot be read, or the index cannot be written.
            DrumsortError: faiss is not installed.
        """
        del self._vectors  # Windows does not replace a file that is mapped
        self._vectors = self._beside.build(on_progress)

    def measures_of(self, family: str) -> Floats:
        """Where the drums of a family, by ear, lie on the scales of ``aspects.py``; ``(4, n)``."""
        codes = [code for code, name in enumerate(self._model.families) if name == family]
        files = (self._vectors.matrix, self._vectors.newer)
        some = [file.measures[:, np.isin(file.families, codes)] for file in files if file]
        return np.concatenate(some, axis=1)

    def known(self, path: Path) -> Sound | None:
        """A file as it was heard, or ``None`` if it is not known by its path or its bytes."""
        try:
            stat = path.stat()
        except (OSError, ValueError):
            return None
        values = (self._number, self._catalog.key(path), stat.st_size, stat.st_mtime_ns)
        for row in self._catalog.read(_KNOWN, values):
            return _sound(row)
        if content := content_of(self._catalog, path, stat, self._number):
            for row in self._catalog.read(_EMBEDDING, (content.audio_hash, self._number)):
                return _sound(row)
        return None

    def nearest(
        self,
        sound: Sound,
        n: int = 20,
        family: str | None = None,
        *,
        by: Weights | None = None,
        policy: str = "balanced",
    ) -> list[tuple[Entry, float]]:
        """The sounds most like one, the most alike first; never itself.

        Of several files with the same audio, only the first in path order that exists is returned.
        Files that were missing at the last scan are left out, and so is what a person hid.

        Args:
            sound: to search with.
            n: how many at most.
            family: only sounds of this family, by their correction if there is one.
            by: how much each aspect counts; by default, embeddings are compared.
            policy: names the threshold that a verdict must reach.

        Returns:
            Entries and the cosine of the angle between embeddings, -1 to 1; with ``by``,
            ``aspects.similarities``, 0 to 1.

        Raises:
            CatalogError: the catalog cannot be read.
            DrumsortError: the model has no such family or policy, or only pitch counts and the
                sound has none.
        """
        known = [*self._model.families, *classes(self._catalog)]
        if family is not None and family not in known:
            raise DrumsortError(
                f"The model {self._model.id} has no family {family!r}: choose one of "
                f"{', '.join(known)}."
            )
        if by and set(by) == {Aspect.PITCH} and not sound.pitched:
            raise DrumsortError(
                "No pitch is heard in this sound: choose another aspect with it, such as length."
            )
        found: list[tuple[Entry, float]] = []
        if n < 1:
            return found
        for audio_hash, similarity in self._candidates(sound, n, family, by):
            if audio_hash.hex() == sound.audio_hash:
                continue
            entry = self._entry(audio_hash, policy)
            if entry and (family is None or entry.family == family):
                found.append((entry, similarity))
            if len(found) == n:
                break
        return sorted(found, key=lambda pair: -pair[1])

    def _candidates(
        self, sound: Sound, n: int, family: str | None, by: Weights | None
    ) -> Iterator[tuple[bytes, float]]:
        """Hashes and similarities, the highest first; some may be missing or of another family."""

        def alike(vectors: Floats, measures: Floats) -> Floats:
            if by and Aspect.TIMBRE not in by:
                return similarities(None, measures, sound.measures, by)
            cosines: Floats = vectors @ sound.embedding
            return similarities(cosines, measures, sound.measures, by) if by else cosines

        among, corrected = None, {}
        if family is not None:
            codes = [code for code, name in enumerate(self._model.families) if name == family]
            if lesson_for(self._catalog, self._model.id) is None:  # else the lesson decides on each
                among = codes
            corrected = self._corrected(family, alike)
        waiting = sorted(corrected.items(), key=lambda pair: -pair[1])
        found = self._vectors.nearest(
            sound.embedding,
            2 * n + 10,
            among,
            (lambda file: alike(file.vectors, file.measures)) if by else None,
        )
        for audio_hash, similarity in found:
            while waiting and waiting[0][1] >= similarity:
                yield waiting.pop(0)
            if audio_hash not in corrected:
                yield audio_hash, similarity
        yield from waiting

    def _corrected(
        self, family: str, alike: Callable[[Floats, Floats], Floats]
    ) -> dict[bytes, float]:
        """Hashes and similarities of the sounds that a person put into a family."""
        rows = [
            row
            for row in self._catalog.read(_CORRECTED, (self._number,))
            if family_of(row.label) == family
        ]
        if not rows:
            return {}
        hashes, _, vectors, *measured = zip(*rows, strict=True)
        embeddings = np.frombuffer(b"".join(vectors), np.float32).reshape(len(rows), -1)
        similar = alike(embeddings, scales(Measured(*measured)))
        return dict(zip(hashes, similar.tolist(), strict=True))

    def _entry(self, audio_hash: bytes, policy: str) -> Entry | None:
        paths = files_seen(self._catalog, audio_hash)
        if not paths:
            return None
        path = os.fsdecode(first_there(paths))
        found = entries_of(self._catalog, [path], policy, self._model.id, self._siblings)
        return next(iter(found), None)


def _sound(row: Any) -> Sound:
    """A sound of the catalog: its hash, its embedding, and what was measured."""
    audio_hash, embedding, *measured = row
    measures = scales(Measured(*measured))
    return Sound(audio_hash.hex(), np.frombuffer(embedding, np.float32), measures)
