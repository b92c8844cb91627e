"""The sounds of a catalog that sound most like one: by the angle between embeddings.

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
from typing import NamedTuple

import numpy as np

from drumsort.alike.matrix import Block, Floats, Matrix
from drumsort.catalog.catalog import Catalog
from drumsort.catalog.classes import classes
from drumsort.catalog.contents import content_of
from drumsort.catalog.gone import first_there
from drumsort.catalog.hidden import files_seen
from drumsort.catalog.known_models import Model, models, state_of
from drumsort.catalog.lessons import lesson_for
from drumsort.catalog.reads import Entry, entries_of, siblings_for
from drumsort.errors import CatalogError, DrumsortError
from drumsort.taxonomy import family_of

_BATCH = 20_000
_LEFT_SECONDS = 3600.0  # a file that nobody wrote to for so long is no longer being written

_EMBEDDINGS = """
    SELECT audio_hash, raw, embedding FROM verdicts WHERE model = ? AND embedding IS NOT NULL
"""
_HEARD = "SELECT 1 FROM verdicts WHERE model = ? LIMIT 1"
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
        Files that were missing at the last scan are left out, and so is what a person hid.

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
        return found

    def _candidates(
        self, embedding: Floats, n: int, family: str | None
    ) -> Iterator[tuple[bytes, float]]:
        """Hashes and similarities, the highest first; some may be missing or of another family."""
        among, corrected = None, {}
        if family is not None:
            codes = [code for code, name in enumerate(self._model.families) if name == family]
            if lesson_for(self._catalog, self._model.id) is None:  # else the lesson decides on each
                among = np.isin(self._matrix.families, codes)
            for row in self._catalog.read(_CORRECTED, (self._number,)):
                if family_of(row.label) == family:
                    similarity = float(np.frombuffer(row.embedding, np.float32) @ embedding)
                    corrected[row.audio_hash] = similarity
        waiting = sorted(corrected.items(), key=lambda pair: -pair[1])
        asked, given = 2 * n + 10, 0
        while True:
            rows, similar = self._matrix.nearest(embedding, asked, among)
            for row, similarity in zip(rows[given:], similar[given:], strict=True):
                while waiting and waiting[0][1] >= similarity:
                    yield waiting.pop(0)
                audio_hash = self._matrix.hashes[row].tobytes()
                if audio_hash not in corrected:
                    yield audio_hash, float(min(1.0, similarity))
            if len(rows) < asked:
                yield from waiting
                return
            asked, given = 4 * asked, len(rows)

    def _entry(self, audio_hash: bytes, policy: str) -> Entry | None:
        paths = files_seen(self._catalog, audio_hash)
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
            hashes, raws, vectors = zip(*batch, strict=True)
            yield (
                np.frombuffer(b"".join(hashes), np.uint8).reshape(-1, 32),
                np.array([families[raw] for raw in raws], np.uint8),
                np.frombuffer(b"".join(vectors), np.float32).reshape(len(batch), -1),
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
