"""Results as a data set: a folder of Parquet files, each whole or not there.

A part gets its name once it is on the disk, or in the store. So after a kill all parts that are
there are complete, and what they hold is not heard again. ``COLUMNS`` says what stands in a row.
"""

import hashlib
import io
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumsort.errors import DrumsortError
from drumsort.files.lock import lock, open_lock_file
from drumsort.model.infer import Heard
from drumsort.remote import Url, as_path
from drumsort.types import Analysis, Facts, Result

ROWS = 20_000
"""Sounds that a part holds at least, but for the last one of a run."""

_FACTS = tuple(field.name for field in fields(Facts) if field.name not in ("analysis", "remark"))
_MEASURED = tuple(field.name for field in fields(Analysis))
_KEY = "drumsort"
_NAME = re.compile(r"part-(\d+)\.parquet")
_AHEAD = 4  # parts of a store that are fetched together

FLOATS = "List(Float32)"

COLUMNS: Mapping[str, str] = {
    "path": "String", "root": "String", "size": "Int64", "stamp": "Int64", "etag": "String",
    "family": "String", "label": "String", "confidence": "Float64", "reason": "String",
    "scores": FLOATS, "network": FLOATS, "embedding": FLOATS,
    "x": "Float32", "y": "Float32",
    "file_hash": "String", "audio_hash": "String", "duration": "Float64", "rate": "Int64",
    "channels": "Int64", "format": "String", **dict.fromkeys(_MEASURED, "Float64"),
    "remark": "String", "error": "String", "unread": "Boolean",
}  # fmt: skip
"""Each column and its type.

``stamp`` is the time of change in ns, or a number made from ``etag``; ``scores`` are those of the
verdict and ``network`` those of the network alone, in the order of the labels that the file's
metadata names; ``unread`` says of an error that the file could not be read, so that a later run
tries again.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A sound of a data set: its result without a verdict, and what the network alone says."""

    result: Result
    heard: Heard | None


class Parts:
    """A data set in a folder, open to be read and to be added to by one process; closes with it.

    Args:
        folder: where it is; it may be a ``Url``.
        terms: what its results depend on. Those of all parts are the same.

    Attributes:
        count: how many parts there are.

    Raises:
        DrumsortError: it holds results on other terms, another process adds to it, it is no such
            folder, or Parquet cannot be read.
    """

    def __init__(self, folder: Path, terms: Mapping[str, Any]) -> None:
        self._polars = _polars()
        self._folder, self._terms = folder, json.dumps(terms)
        if isinstance(folder, Url):
            folder.require_writable()
        self._fd = None if isinstance(folder, Url) else open_lock_file(folder / ".lock")
        try:
            if self._fd is not None and not lock(self._fd):
                raise _other(folder)
            self._known = self._read()
        except BaseException:
            self.close()
            raise
        self._rows: list[dict[str, Any]] = []

    def close(self) -> None:
        """Let others add to it."""
        if self._fd is not None:
            os.close(self._fd)

    def has(self, path: Path, size: int, stamp: int) -> bool:
        """Whether a part holds what was heard in a file that did not change."""
        number = _number(_text(path), size, stamp)
        at = int(np.searchsorted(self._known, number))
        return at < len(self._known) and bool(self._known[at] == number)

    def add(self, result: Result, *, may_end: bool) -> None:
        """Add a result; a part may end before it where ``may_end``.

        Raises:
            DrumsortError, OSError: as for ``write``.
        """
        if may_end and len(self._rows) >= ROWS:
            self.write()
        self._rows.append(_row(result))

    def write(self) -> None:
        """Write what was added as a part.

        Raises:
            DrumsortError: another process wrote a part of the same number into a store, which has
                no locks; or nothing can be written there.
            OSError: it cannot be written.
        """
        if not self._rows:
            return
        polars, content = self._polars, io.BytesIO()
        kinds = {kind: getattr(polars, kind) for kind in {*COLUMNS.values()} - {FLOATS}}
        kinds[FLOATS] = polars.List(polars.Float32)
        schema = {name: kinds[kind] for name, kind in COLUMNS.items()}
        frame = polars.DataFrame(self._rows, schema=schema)
        frame.write_parquet(content, metadata={_KEY: self._terms})
        _put(self._folder / f"part-{self.count:06}.parquet", content.getbuffer())
        self.count += 1
        self._rows.clear()

    def _read(self) -> NDArray[np.uint64]:
        paths = _parts(self._folder)
        self.count = 1 + max((int(path.stem[5:]) for path in paths), default=-1)
        numbers = [np.zeros(0, np.uint64)]
        for path, content in _contents(paths):
            if _terms(self._polars, path, content) != self._terms:
                raise DrumsortError(
                    f"{self._folder} holds results of another model, or made with other options: "
                    "name another folder with --out."
                )
            columns = ["path", "size", "stamp", "unread"]
            frame = self._polars.read_parquet(content, columns=columns)
            some = (_number(*row[:3]) for row in frame.iter_rows() if not row[3])
            numbers.append(np.fromiter(some, np.uint64))
        return np.sort(np.concatenate(numbers))


def terms_of(folder: Path) -> dict[str, Any]:
    """What the results in a folder depend on.

    Raises:
        DrumsortError: there are none.
    """
    paths = _parts(folder)
    if not paths:
        raise DrumsortError(f"{folder} holds no results: 'drumsort classify URL --out DIR' does.")
    first, content = next(_contents(paths))
    found: dict[str, Any] = json.loads(_terms(_polars(), first, content))
    return found


def rows(folder: Path) -> Iterator[Row]:
    """All sounds of a data set, in the order in which they were heard.

    Raises:
        DrumsortError: a part cannot be read.
    """
    polars = _polars()
    for path, content in _contents(_parts(folder)):
        try:
            frame = polars.read_parquet(content)
            if dict(COLUMNS).keys() - set(frame.columns):
                raise ValueError("columns are missing")
        except (OSError, ValueError, polars.exceptions.PolarsError) as error:
            raise DrumsortError(f"{path} cannot be read as results: delete it.") from error
        for row in frame.iter_rows(named=True):
            yield _said(row)


def _parts(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    except FileNotFoundError:
        return []


def _contents(paths: Sequence[Path]) -> Iterator[tuple[Path, Path | io.BytesIO]]:
    """Parts, and what Parquet is to read: those of a store whole, some of them ahead."""
    for nth, path in enumerate(paths):
        if not isinstance(path, Url):
            yield path, path
            continue
        for other in paths[nth : nth + _AHEAD] if nth % _AHEAD == 0 else ():
            if isinstance(other, Url):
                other.ahead(whole=True)
        yield path, io.BytesIO(path.read_bytes())


def _put(path: Path, content: memoryview) -> None:
    if isinstance(path, Url):
        try:
            path.put(bytes(content))
        except FileExistsError as error:
            raise _other(path.parent) from error
        return
    new = path.with_name(f".{path.name}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _other(folder: Path) -> DrumsortError:
    return DrumsortError(f"Another drumsort writes to {folder}: wait until it is done.")


def _terms(polars: Any, path: Path, content: Path | io.BytesIO) -> str:
    try:
        return str(polars.read_parquet_metadata(content)[_KEY])
    except (KeyError, OSError, polars.exceptions.PolarsError) as error:
        raise DrumsortError(f"{path} is not a part of drumsort's results: move it away.") from error


def _polars() -> Any:
    try:
        import polars
    except ImportError as error:
        raise DrumsortError(
            "Results cannot be written as Parquet: install drumsort with its 'cluster' extra."
        ) from error
    return polars


def _number(path: str, size: int, stamp: int) -> int:
    digest = hashlib.blake2b(f"{path}\0{size}\0{stamp}".encode(errors="surrogateescape"))
    return int.from_bytes(digest.digest()[:8])


def _row(result: Result) -> dict[str, Any]:
    """A result as a row; ``None`` where there is nothing to say."""
    row: dict[str, Any] = dict.fromkeys(COLUMNS) | {
        "path": _text(result.path),
        "root": _text(result.root),
        "size": result.size,
        "stamp": result.mtime_ns,
        "remark": result.damage,
        "error": result.error and _text(result.error),
        "unread": result.unread,
    }
    if isinstance(result.path, Url) and result.path.version:
        row["etag"] = result.path.version.etag
    if verdict := result.prediction:
        row |= {name: getattr(verdict, name) for name in ("family", "label", "confidence")}
        row |= {"reason": verdict.reason, "scores": list(verdict.scores.values())}
        row |= {"network": verdict.network, "embedding": verdict.embedding}
        if verdict.place is not None:
            row |= {"x": float(verdict.place[0]), "y": float(verdict.place[1])}
    if facts := result.facts:
        row |= {name: getattr(facts, name) for name in _FACTS}
        row |= {name: getattr(facts.analysis, name) for name in _MEASURED}
    return row


def _text(value: object) -> str:
    """As text that UTF-8 can write: a name that cannot be decoded is kept by its bytes."""
    return str(value).encode(errors="surrogateescape").decode(errors="backslashreplace")


def _said(row: Mapping[str, Any]) -> Row:
    facts = heard = None
    if row["audio_hash"] is not None:
        analysis = Analysis(**{name: row[name] for name in _MEASURED})
        facts = Facts(
            **{name: row[name] for name in _FACTS}, remark=row["remark"], analysis=analysis
        )
    if row["network"] is not None:
        place = None if row["x"] is None else np.array([row["x"], row["y"]], np.float32)
        embedding = row["embedding"] and np.array(row["embedding"], np.float32)
        heard = Heard(np.array(row["network"], np.float32), embedding, place)
    result = Result(
        as_path(row["path"]),
        as_path(row["root"]),
        row["size"],
        row["stamp"],
        error=row["error"],
        facts=facts,
        damage=row["remark"],
        unread=row["unread"],
    )
    return Row(result, heard)
