"""The sounds of a catalog that sound most like one: by the angle between embeddings, or by aspect.

The embeddings are kept once more in a file beside the catalog (``matrix.py``), which is quicker to
search than the catalog. The file holds nothing of its own: it is written anew where it is missing,
damaged, or older than the last change of the model's verdicts.
"""

import glob
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from drumsort.alike.aspects import ON_SCALES, Aspect, Measured, Weights, scales, similarities
from drumsort.alike.matrix import Block, Floats, Matrix, highest
from drumsort.catalog.catalog import Catalog
from drumsort.catalog.classes import classes
from drumsort.catalog.contents import content_of
from drumsort.catalog.gone import first_there
from drumsort.catalog.known_models import Model, models, state_of
from drumsort.catalog.lessons import lesson_for
from drumsort.catalog.reads import Entry, entries_of, siblings_for
from drumsort.errors import CatalogError, DrumsortError
from drumsort.taxonomy import family_of
from drumsort.types import Facts

_BATCH = 20_000
_LEFT_SECONDS = 3600.0  # a file that nobody wrote to for so long is no longer being written

_MEASURED = ", ".join(f"s.{name}" for name in Measured._fields)
_EMBEDDINGS = f"""
    SELECT v.audio_hash, v.raw, v.embedding, {_MEASURED} FROM verdicts v
    JOIN sounds s ON s.audio_hash = v.audio_hash
    WHERE v.model = ? AND v.embedding IS NOT NULL
"""
_HEARD = "SELECT 1 FROM verdicts WHERE model = ? LIMIT 1"
_FILES = "SELECT path FROM files WHERE audio_hash = ? AND NOT missing ORDER BY path"
_CORRECTED = """
    SELECT c.audio_hash, c.label FROM corrections c
    JOIN verdicts v ON v.audio_hash = c.audio_hash AND v.model = ?
    WHERE v.embedding IS NOT NULL
"""
_KNOWN = f"""
    SELECT v.audio_hash, v.embedding, {_MEASURED} FROM files f
    JOIN sounds s ON s.audio_hash = f.audio_hash
    JOIN verdicts v ON v.audio_hash = f.audio_hash AND v.model = ?
    WHERE f.path = ? AND f.size = ? AND f.mtime_ns = ? AND f.error IS NULL
        AND v.embedding IS NOT NULL
"""
_EMBEDDING = f"""
    SELECT v.audio_hash, v.embedding, {_MEASURED} FROM verdicts v
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
    """Finds the sounds that one model hears as most alike; updates the file of vectors first.

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
        self._matrix = self._opened()

    def __len__(self) -> int:
        return len(self._matrix)

    def measures_of(self, family: str) -> Floats:
        """Where the drums of a family, by ear, lie on the scales of ``aspects.py``; ``(4, n)``."""
        codes = [code for code, name in enumerate(self._model.families) if name == family]
        measures: Floats = self._matrix.measures[:, np.isin(self._matrix.families, codes)]
        return measures

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
        Files that were missing at the last scan are left out.

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
        return found

    def _candidates(
        self, sound: Sound, n: int, family: str | None, by: Weights | None
    ) -> Iterator[tuple[bytes, float]]:
        """Hashes and similarities, the highest first; some may be missing or of another family."""
        similar = self._similarities(sound, by)
        among = self._among(family) if family else None
        asked, given = 2 * n + 10, 0
        while True:
            rows, highest_ones = highest(similar, asked, among)
            for row, similarity in zip(rows[given:], highest_ones[given:], strict=True):
                yield self._matrix.hashes[row].tobytes(), float(min(1.0, similarity))
            if len(rows) < asked:
                return
            asked, given = 4 * asked, len(rows)

    def _similarities(self, sound: Sound, by: Weights | None) -> Floats:
        """How alike each row is to a sound; see ``nearest``."""
        if by and Aspect.TIMBRE not in by:
            return similarities(None, self._matrix.measures, sound.measures, by)
        cosines = self._matrix.cosines(sound.embedding)
        return similarities(cosines, self._matrix.measures, sound.measures, by) if by else cosines

    def _among(self, family: str) -> NDArray[np.bool_] | None:
        """The rows that may be of a family; ``None`` where a lesson has to decide on each."""
        if lesson_for(self._catalog, self._model.id) is not None:
            return None
        codes = [code for code, name in enumerate(self._model.families) if name == family]
        among = np.isin(self._matrix.families, codes)
        corrected = list(self._catalog.read(_CORRECTED, (self._number,)))
        if corrected:
            hashes = np.frombuffer(b"".join(row.audio_hash for row in corrected), np.uint8)
            rows = self._matrix.rows_of(hashes.reshape(-1, 32))
            said = np.array([family_of(row.label) == family for row in corrected])
            among[rows[rows >= 0]] = said[rows >= 0]
        return among

    def _entry(self, audio_hash: bytes, policy: str) -> Entry | None:
        paths = [path for (path,) in self._catalog.read(_FILES, (audio_hash,))]
        if not paths:
            return None
        path = os.fsdecode(first_there(paths))
        found = entries_of(self._catalog, [path], policy, self._model.id, self._siblings)
        return next(iter(found), None)

    def _opened(self) -> Matrix:
        state = state_of(self._catalog, self._number) or ""  # before what it stands for is read
        start = f"{self._catalog.path.stem}.similar-"
        path = self._catalog.path.with_name(start + self._model.id)
        with suppress(OSError, ValueError):  # damaged or missing: it can be written anew
            matrix = Matrix(path)
            if matrix.state == state:
                return matrix
            del matrix  # Windows does not replace a file that is mapped
        try:
            matrix = self._written(path, state)
        except OSError:  # the catalog's folder cannot be written
            try:
                with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                    return self._written(Path(folder, "similar"), state)
            except OSError as error:
                raise CatalogError(
                    f"There is no room for {path} ({error.strerror}): make room on its disk, or "
                    "move the catalog to another disk and name it with --catalog."
                ) from error
        self._tidy(path, start)
        return matrix

    def _written(self, path: Path, state: str) -> Matrix:
        blocks = self._blocks()
        first = next(blocks, None)
        if first is None:
            raise self._nothing()
        Matrix.write(path, state, chain([first], blocks))
        return Matrix(path)

    def _blocks(self) -> Iterator[Block]:
        """All embeddings, as one moment of the catalog has them."""
        known = self._model.classes
        families = dict(zip(known.labels, known.family_of_label.tolist(), strict=True))
        rows = self._catalog.read(_EMBEDDINGS, (self._number,))
        while batch := list(islice(rows, _BATCH)):
            hashes, raws, vectors, *measured = zip(*batch, strict=True)
            yield (
                np.frombuffer(b"".join(hashes), np.uint8).reshape(-1, 32),
                np.array([families[raw] for raw in raws], np.uint8),
                np.frombuffer(b"".join(vectors), np.float32).reshape(len(batch), -1),
                scales(Measured(*measured)),
            )

    def _nothing(self) -> CatalogError:
        if any(self._catalog.read(_HEARD, (self._number,))):
            return CatalogError(
                f"The model {self._model.id} has no embedding, so it cannot say what sounds alike: "
                "name another model with --model and scan with it."
            )
        return CatalogError(
            f"The catalog {self._catalog.path} knows no sound that the model {self._model.id} "
            "heard: run 'drumsort scan DIR' first."
        )

    def _tidy(self, path: Path, start: str) -> None:
        """Remove the files of models that are no longer used, and unfinished files of dead runs."""
        used = next(iter(models(self._catalog).values()))
        for other in path.parent.glob(f"{glob.escape(start)}*"):
            with suppress(OSError):
                part = other.suffix == ".part"
                left = part and other.stat().st_mtime < time.time() - _LEFT_SECONDS
                if left or not (part or other.name in (path.name, start + used.id)):
                    other.unlink()


def _sound(row: Any) -> Sound:
    """A sound of the catalog: its hash, its embedding, and what was measured."""
    audio_hash, embedding, *measured = row
    measures = scales(Measured(*measured))
    return Sound(audio_hash.hex(), np.frombuffer(embedding, np.float32), measures)
