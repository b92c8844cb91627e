"""The files of vectors beside a catalog, which are brought up to date as they are opened.

    catalog.similar-MODEL        all embeddings of a model (``matrix.py``)
    catalog.similar-MODEL.new    those that came since it was written
    catalog.similar-MODEL.index  an index of the first (``index.py``), once one was asked for

They hold nothing of their own: what is missing, damaged or out of date is written anew, but for an
index, without which the search is exact.
"""

import glob
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path

import numpy as np

from drumsort.alike.aspects import Measured, scales
from drumsort.alike.index import Index, require
from drumsort.alike.matrix import Block, Matrix
from drumsort.alike.vectors import Vectors
from drumsort.catalog.catalog import Catalog
from drumsort.catalog.known_models import Model, models, only_more, state_of
from drumsort.errors import CatalogError

SMALL = 100_000
"""Up to so many sounds, all are written anew after each change: that takes a second."""

SHARE = 8
"""Of more sounds, all are written anew once more than one in so many came since; not where there is
an index, which would have to be made anew as well."""

MEASURED = ", ".join(f"s.{name}" for name in Measured._fields)
"""The columns of ``sounds`` that ``Measured`` takes from a row."""

_ONE = threading.Lock()  # of the threads that find a file out of date, one writes it
_BATCH = 20_000
_LEFT_SECONDS = 3600.0  # a file that nobody wrote to for so long is no longer being written

_EMBEDDINGS = f"""
    SELECT v.rowid AS number, v.audio_hash, v.raw, v.embedding, {MEASURED} FROM verdicts v
    JOIN sounds s ON s.audio_hash = v.audio_hash
    WHERE v.rowid > ? AND v.model = ? AND v.embedding IS NOT NULL ORDER BY v.rowid
"""
_CAME = """
    SELECT count(*) AS count FROM
    (SELECT 1 FROM verdicts WHERE rowid > ? AND model = ? AND embedding IS NOT NULL LIMIT ?)
"""
_LAST = """
    SELECT (SELECT max(rowid) FROM verdicts) AS highest,
        (SELECT audio_hash FROM verdicts WHERE rowid = ?) AS audio_hash
"""
_HEARD = "SELECT 1 FROM verdicts WHERE model = ? LIMIT 1"

Progress = Callable[[int, int], None]


class Beside:
    """The files for one model of a catalog.

    Args:
        catalog: an open catalog.
        number: of the model.
        model: what the catalog knows of it.

    Attributes:
        trouble: why an index that is there could not be used, as a sentence; else ``""``.
    """

    def __init__(self, catalog: Catalog, number: int, model: Model) -> None:
        self.trouble = ""
        self._catalog, self._number, self._model = catalog, number, model
        self._start = f"{catalog.path.stem}.similar-"
        self._path = catalog.path.with_name(self._start + model.id)
        self._newer_path = self._path.with_name(f"{self._path.name}.new")
        self._index_path = self._path.with_name(f"{self._path.name}.index")

    def opened(self) -> Vectors:
        """All vectors, as the catalog has them now.

        Raises:
            CatalogError: the catalog cannot be read, it knows no sound that this model heard, or
                there is no room.
        """
        with _ONE:
            return self._opened()

    def _opened(self) -> Vectors:
        state = self._state()
        matrix = _matrix(self._path)
        index = self._index(matrix) if matrix else None
        if matrix and matrix.state == state:
            return Vectors(matrix, None, index)
        wanted = self._index_path.exists()  # even if it cannot be used now
        if matrix and (wanted or len(matrix) > SMALL) and self._is_part_of(matrix, state):
            most = None if wanted else len(matrix) // SHARE
            came = self._came(matrix.last, most)
            if not came:
                return Vectors(matrix, None, index)
            if most is None or came <= most:
                return Vectors(matrix, self._newer(matrix, state), index)
        del matrix, index  # Windows does not replace a file that is mapped
        return Vectors(self._anew(state), None, None)

    def build(self, on_progress: Progress) -> Vectors:
        """Make the index of all vectors, which are written anew if some came since.

        Args:
            on_progress: called with how many sounds are in the index, and their total.

        Raises:
            CatalogError: as ``opened``, or the index cannot be written.
            DrumsortError: faiss is not installed.
        """
        require()
        vectors, next_path = self.opened(), self._path.with_name(f"{self._path.name}.next")
        try:
            if vectors.newer is None:
                Index.write(self._index_path, vectors.matrix, on_progress)
            else:
                Matrix.write(next_path, self._state(), self._blocks(0))
                Index.write(self._index_path, Matrix(next_path), on_progress)
                del vectors  # Windows does not replace a file that is mapped
                next_path.replace(self._path)
        except OSError as error:
            raise _no_room(self._index_path, error) from error
        finally:
            next_path.unlink(missing_ok=True)
        self._tidy()
        return self.opened()

    def _state(self) -> str:
        """What to note in a file; asked for before what it stands for is read."""
        return state_of(self._catalog, self._number) or ""

    def _index(self, matrix: Matrix) -> Index | None:
        path, again = self._index_path, "'drumsort similar --build-index' makes it anew"
        self.trouble = ""
        try:
            return Index(path, matrix)
        except FileNotFoundError:
            return None
        except ImportError:
            again = "install drumsort with its 'index' extra"
        except (OSError, ValueError):
            pass
        self.trouble = f"{path} cannot be used, so sounds were compared one by one: {again}."
        return None

    def _is_part_of(self, matrix: Matrix, state: str) -> bool:
        """Whether all that came since a matrix was written has higher numbers than all in it."""
        (last,) = self._catalog.read(_LAST, (matrix.last,))
        return (
            only_more(matrix.state, state)
            and (last.highest or 0) >= matrix.last
            and last.audio_hash in (None, matrix.hashes[-1].tobytes())
        )

    def _came(self, last: int, most: int | None) -> int:
        """How many sounds have higher numbers, counted up to one more than ``most``."""
        limit = -1 if most is None else most + 1
        (row,) = self._catalog.read(_CAME, (last, self._number, limit))
        return int(row.count)

    def _newer(self, matrix: Matrix, state: str) -> Matrix:
        token = f"{matrix.state} {state}"
        newer = _matrix(self._newer_path)
        if newer and newer.state == token:
            return newer
        del newer
        return self._written(self._newer_path, token, matrix.last)

    def _anew(self, state: str) -> Matrix:
        matrix = self._written(self._path, state, 0)
        self._index_path.unlink(missing_ok=True)  # it was of the one before
        self._tidy()
        return matrix

    def _written(self, path: Path, state: str, after: int) -> Matrix:
        try:
            return self._write(path, state, after)
        except OSError:  # the catalog's folder cannot be written
            try:
                with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                    return self._write(Path(folder, "similar"), state, after)
            except OSError as error:
                raise _no_room(path, error) from error

    def _write(self, path: Path, state: str, after: int) -> Matrix:
        blocks = self._blocks(after)
        first = next(blocks, None)
        if first is None:
            raise self._nothing()
        Matrix.write(path, state, chain([first], blocks))
        return Matrix(path)

    def _blocks(self, after: int) -> Iterator[Block]:
        """The embeddings with higher numbers, as one moment of the catalog has them."""
        known = self._model.classes
        families = dict(zip(known.labels, known.family_of_label.tolist(), strict=True))
        rows = self._catalog.read(_EMBEDDINGS, (after, self._number))
        while batch := list(islice(rows, _BATCH)):
            numbers, hashes, raws, vectors, *measured = zip(*batch, strict=True)
            yield Block(
                np.frombuffer(b"".join(hashes), np.uint8).reshape(-1, 32),
                np.array([families[raw] for raw in raws], np.uint8),
                np.frombuffer(b"".join(vectors), np.float32).reshape(len(batch), -1),
                scales(Measured(*measured)),
                numbers[-1],
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

    def _tidy(self) -> None:
        """Remove the files of models that are no longer used, what came before a matrix was
        written, and unfinished files of dead runs."""
        used = self._start + next(iter(models(self._catalog).values())).id
        kept = {name + end for name in (self._path.name, used) for end in ("", ".index", ".new")}
        kept.remove(self._newer_path.name)
        for other in self._path.parent.glob(f"{glob.escape(self._start)}*"):
            with suppress(OSError):
                part = other.suffix in (".part", ".next")
                left = part and other.stat().st_mtime < time.time() - _LEFT_SECONDS
                if left or not (part or other.name in kept):
                    other.unlink()


def _matrix(path: Path) -> Matrix | None:
    with suppress(OSError, ValueError):  # damaged or missing: it can be written anew
        return Matrix(path)
    return None


def _no_room(path: Path, error: OSError) -> CatalogError:
    return CatalogError(
        f"There is no room for {path} ({error.strerror or error}): make room on its disk, or "
        "move the catalog to another disk and name it with --catalog."
    )
