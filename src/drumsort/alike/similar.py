"""The sounds of a catalog that sound most like one: by the angle between embeddings.

The embeddings are kept once more in a file beside the catalog (``vectors.py``), in a form that is
quick to search. Nothing is lost with it: it is made anew where it is damaged or gone, and brought
up to date where the catalog has changed.
"""

import glob
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from drumsort.alike.vectors import Block, Floats, Vectors
from drumsort.catalog.catalog import Catalog
from drumsort.catalog.classes import classes
from drumsort.catalog.known_models import Model, models
from drumsort.catalog.lessons import lesson_for
from drumsort.catalog.reads import Entry
from drumsort.errors import CatalogError, DrumsortError
from drumsort.taxonomy import family_of

_SAMPLE = 20_000  # sounds that the axes are found with
_BATCH = 20_000
_LEFT_SECONDS = 3600.0  # a file that nobody wrote to for so long is no longer being written

_STATE = "SELECT hex(state) FROM models WHERE number = ?"
_STAMP = """
    SELECT hex(m.state), hex(m.removed), count(*), max(v.rowid)
    FROM models m JOIN verdicts v ON v.model = m.number WHERE m.number = ?
"""
_HASH = "SELECT hex(audio_hash) FROM verdicts WHERE rowid = ? AND model = ?"
_LATER = "SELECT audio_hash FROM verdicts WHERE model = ? AND rowid > ? AND rowid <= ?"
_ANY = """
    SELECT embedding FROM verdicts WHERE model = ? AND embedding IS NOT NULL
    ORDER BY audio_hash LIMIT ?
"""
_NEW = """
    SELECT audio_hash, raw, embedding FROM verdicts
    WHERE model = ? AND rowid > ? AND rowid <= ? AND embedding IS NOT NULL
"""
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


class Sound(NamedTuple):
    """What to look for: an audio hash in hex, and an embedding of shape ``(d,)``, unit length."""

    audio_hash: str
    embedding: Floats


class Neighbours:
    """Finds the sounds that one model hears as most alike; brings its file up to date first.

    Args:
        catalog: where the sounds are.
        model: the id of the model.

    Raises:
        CatalogError: the catalog cannot be read, or knows no sound that this model heard.
    """

    def __init__(self, catalog: Catalog, model: str) -> None:
        self._catalog = catalog
        numbers = {known.id: (number, known) for number, known in models(catalog).items()}
        self._number, self._model = numbers.get(model, (0, Model(model, {}, {})))
        self._vectors = self._opened()

    def __len__(self) -> int:
        return len(self._vectors)

    def known(self, path: Path) -> Sound | None:
        """What is known of a file that did not change since it was heard, or ``None``."""
        try:
            stat = path.stat()
        except (OSError, ValueError):
            return None
        values = (self._number, self._catalog.key(path), stat.st_size, stat.st_mtime_ns)
        for audio_hash, embedding in self._catalog.read(_KNOWN, values):
            return Sound(audio_hash.hex(), np.frombuffer(embedding, np.float32))
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
        """The sounds most like an embedding, and how alike they are, the most alike first.

        Of files with the same audio the first by path stands for all; files that were gone at the
        last scan do not count.

        Args:
            embedding: shape ``(d,)``, unit length.
            n: how many; fewer are given where there are fewer.
            family: only sounds of this one, as corrected or else as heard.
            policy: how sure a verdict must be to stand.
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
        """Hashes and similarities, the highest first; some may be of another family or gone."""
        among, corrected = None, {}
        if family is not None:
            codes = [code for code, name in enumerate(self._model.families) if name == family]
            if lesson_for(self._catalog, self._model.id) is None:  # else each is asked
                among = np.isin(self._vectors.codes, codes)
            for audio_hash, label, other in self._catalog.read(_CORRECTED, (self._number,)):
                if family_of(label) == family:
                    similarity = float(np.frombuffer(other, np.float32) @ embedding)
                    corrected[audio_hash] = similarity
        waiting = sorted(corrected.items(), key=lambda pair: -pair[1])
        asked, given = 2 * n + 10, 0
        while True:
            rows, similar = self._vectors.nearest(embedding, asked, among)
            for row, similarity in zip(rows[given:], similar[given:], strict=True):
                while waiting and waiting[0][1] >= similarity:
                    yield waiting.pop(0)
                audio_hash = self._vectors.hashes[row].tobytes()
                if audio_hash not in corrected:
                    yield audio_hash, float(min(1.0, similarity))
            if len(rows) < asked:
                yield from waiting
                return
            asked, given = 4 * asked, len(rows)

    def _entry(self, audio_hash: bytes, policy: str) -> Entry | None:
        for (path,) in self._catalog.read(_FILES, (audio_hash,)):
            for entry in self._catalog.entries(
                os.fsdecode(path), model=self._model.id, policy=policy
            ):
                return entry
        return None

    def _opened(self) -> Vectors:
        start = f"{self._catalog.path.stem}.similar-"
        path = self._catalog.path.with_name(start + self._model.id)
        before = None
        with suppress(OSError, ValueError):  # damaged or gone: nothing is lost with it
            before = Vectors(path)
            for (state,) in self._catalog.read(_STATE, (self._number,)):
                if before.stamp.get("state") == state:
                    return before
        stamp = self._stamp()
        try:
            vectors = self._written(path, stamp, before)
        except OSError:  # no writing beside the catalog
            try:
                with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                    return self._written(Path(folder, "similar"), stamp, before)
            except OSError as error:
                raise CatalogError(
                    f"There is no room for {path} ({error.strerror}): make some on its disk, or "
                    "move the catalog to another and name it with --catalog."
                ) from error
        self._tidy(path, start)
        return vectors

    def _stamp(self) -> dict[str, Any]:
        """What a file of all that is known now is known by, and what later ones go on from."""
        ((state, removed, count, last),) = self._catalog.read(_STAMP, (self._number,))
        for (audio_hash,) in self._catalog.read(_HASH, (last, self._number)):
            values = (state, removed, count, last, audio_hash)
            return dict(zip(("state", "removed", "count", "last", "hash"), values, strict=True))
        raise CatalogError(
            f"The catalog {self._catalog.path} knows no sound that the model {self._model.id} "
            "heard: 'drumsort scan DIR' makes it know those of a folder."
        )

    def _tidy(self, path: Path, start: str) -> None:
        """Remove the files of models that are not used any more, and what a kill left of one."""
        used = next(iter(models(self._catalog).values()))
        for other in path.parent.glob(f"{glob.escape(start)}*"):
            with suppress(OSError):
                part = other.suffix == ".part"
                left = part and other.stat().st_mtime < time.time() - _LEFT_SECONDS
                if left or not (part or other.name in (path.name, start + used.id)):
                    other.unlink()

    def _written(self, path: Path, stamp: dict[str, Any], before: Vectors | None) -> Vectors:
        sample = self._catalog.read(_ANY, (self._number, _SAMPLE))
        vectors = [np.frombuffer(embedding, np.float32) for (embedding,) in sample]
        if not vectors:
            raise CatalogError(
                f"The model {self._model.id} has no embedding, so nothing is known of what sounds "
                "alike: name another model with --model and scan with it."
            )
        blocks = self._blocks(stamp, before)
        Vectors.write(path, stamp, stamp["count"], np.stack(vectors), blocks)
        return Vectors(path)

    def _blocks(self, stamp: dict[str, Any], before: Vectors | None) -> Iterator[Block]:
        """All sounds: those of an earlier file that are still the same, then the new ones."""
        last = 0
        if before is not None:
            keep = self._kept(stamp, before)
            if keep is not None:
                last = before.stamp["last"]
                yield from before.blocks(keep)
        yield from self._new(last, stamp["last"])

    def _kept(self, stamp: dict[str, Any], before: Vectors) -> NDArray[np.bool_] | None:
        """Which sounds of an earlier file need not be read again; ``None`` if that is not known."""
        then = before.stamp
        hashes = list(self._catalog.read(_HASH, (then.get("last"), self._number)))
        if then.get("removed") != stamp["removed"] or hashes != [(then.get("hash"),)]:
            return None
        later = self._catalog.read(_LATER, (self._number, then["last"], stamp["last"]))
        changed = np.array([int.from_bytes(row[0][:8], "little") for row in later], np.uint64)
        starts = np.ascontiguousarray(before.hashes[:, :8]).view("<u8")[:, 0]
        keep: NDArray[np.bool_] = ~np.isin(starts, changed)
        return keep if int(keep.sum()) + len(changed) == stamp["count"] else None

    def _new(self, after: int, last: int) -> Iterator[Block]:
        classes = self._model.classes
        codes = dict(zip(classes.labels, classes.family_of_label.tolist(), strict=True))
        rows = self._catalog.read(_NEW, (self._number, after, last))
        while batch := list(islice(rows, _BATCH)):
            hashes, raws, vectors = zip(*batch, strict=True)
            yield (
                np.frombuffer(b"".join(hashes), np.uint8).reshape(-1, 32),
                np.array([codes[raw] for raw in raws], np.uint8),
                np.frombuffer(b"".join(vectors), np.float32).reshape(len(batch), -1),
            )
