"""The SQLite file that holds the catalog: opened, checked, read and written.

Several processes may read it while one writes (WAL). A transaction that a kill or a power cut
interrupts leaves no trace.
"""

import os
import sqlite3
from collections import namedtuple
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from drumsort.catalog import schema, trouble
from drumsort.errors import CatalogError
from drumsort.files.home import home
from drumsort.packs import pack_of
from drumsort.remote import Url, as_path, is_url, resolved

_NO_FILE_BESIDE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)  # SQLite could not create it


def default_path() -> Path:
    """The default catalog: in ``$DRUMSORT_HOME`` if it is set, else in the user's data folder."""
    return home() / "catalog.db"


def time_now() -> str:
    """The time as the catalog writes it: ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


class Database:
    """What opens a catalog, checks it and closes it, for ``Catalog``."""

    def __init__(self, path: str | os.PathLike[str] | None = None, *, create: bool = True) -> None:
        self.path = Path(path if path is not None else default_path()).resolve()
        if self.path.exists() and not self.path.is_file():  # SQLite would wait for a pipe
            raise CatalogError(
                f"{self.path} is not a file, so it is no catalog: name another path with --catalog."
            )
        if not self.path.exists() and not create:
            raise CatalogError(
                f"There is no catalog {self.path}: run 'drumsort scan DIR' to create it."
            )
        self.writable = True
        self._real: dict[str, str] = {}
        self._roots_and_packs: dict[tuple[str, Path], tuple[bytes, bytes]] = {}
        with trouble.explained(self.path):
            self._connection = self._open()
            try:
                self._check()
            except BaseException:
                self._connection.close()
                raise

    def read(self, sql: str, values: tuple[Any, ...] | Mapping[str, Any] = ()) -> Iterator[Any]:
        """The rows of a query as named tuples, one at a time.

        Raises:
            CatalogError: the catalog cannot be read.
        """
        with trouble.explained(self.path):
            cursor = self._connection.execute(sql, values)
            yield from map(_row(*(column[0] for column in cursor.description))._make, cursor)

    @contextmanager
    def at_one_moment(self) -> Iterator[None]:
        """What is read within is as it was at one moment, whatever other processes write meanwhile.

        Raises:
            CatalogError: the catalog cannot be read.
        """
        if self._connection.in_transaction:
            yield
            return
        with trouble.explained(self.path):
            self._connection.execute("BEGIN")
        try:
            yield
        finally:
            with trouble.explained(self.path):
                self._connection.execute("COMMIT")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: committed at the end, rolled back if anything is raised.

        Raises:
            CatalogError: the catalog cannot be written.
        """
        with trouble.explained(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite may have rolled it back itself
                    self._connection.execute("ROLLBACK")
                raise

    def listened_by(self, statements: Iterable[str]) -> sqlite3.Connection:
        """Run statements that make temporary tables and triggers; gives the connection for them."""
        for statement in statements:
            self._connection.execute(statement)
        return self._connection

    def key(self, path: str | os.PathLike[str]) -> bytes:
        """A path as the catalog writes it: absolute, with symbolic links in its folder resolved.

        That of a sound in a store is its URL, as ``os.fspath`` gives it.
        """
        if isinstance(path, str) and is_url(path):
            path = as_path(path)
        if isinstance(path, Url):
            return os.fsencode(path)
        folder, name = os.path.split(path)
        return os.fsencode(f"{self.folder(folder).rstrip(os.sep)}{os.sep}{name}")

    def keys(self, path: Path, root: Path) -> tuple[bytes, bytes, bytes]:
        """A file, the folder that it was scanned with, and its pack, as the catalog writes them."""
        path, root = path.absolute(), root.absolute()
        folder = os.path.split(path)[0]
        if (folder, root) not in self._roots_and_packs:
            top = Path(self.folder(root))
            pack = pack_of(Path(self.folder(folder), "file"), top) or top.name
            here = os.fsencode(self.folder(root))
            self._roots_and_packs[folder, root] = here, os.fsencode(pack)
        return self.key(path), *self._roots_and_packs[folder, root]

    def folder(self, path: str | os.PathLike[str]) -> str:
        """A folder as the catalog writes it: absolute, with symbolic links resolved."""
        name = os.fspath(path)
        if is_url(name):
            return os.fspath(resolved(name))
        if name not in self._real:
            absolute = str(Path(name).absolute())
            if (
                absolute != name
            ):  # a relative name means another folder once the process changes directory
                return self.folder(absolute)
            self._real[name] = os.path.realpath(name)
        return self._real[name]

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _open(self) -> sqlite3.Connection:
        if not self.path.exists():
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise CatalogError(
                    f"The catalog {self.path} cannot be created ({error.strerror}): name another "
                    "path with --catalog."
                ) from error
            return _connect(os.fsencode(self.path))
        self.writable = _may_write(self.path) and _may_write(self.path.parent)
        if self.writable:
            return _connect(os.fsencode(self.path))
        try:
            return _connect(f"{self.path.as_uri()}?mode=ro")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _NO_FILE_BESIDE:
                raise
        return _connect(f"{self.path.as_uri()}?immutable=1")

    def _check(self) -> None:
        version = schema.version(self._connection)
        if version > schema.VERSION:
            raise trouble.newer(self.path)
        (application,) = self._connection.execute("PRAGMA application_id").fetchone()
        (tables,) = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if application != schema.APPLICATION and (version or tables):
            raise CatalogError(
                f"{self.path} is a database of another program: name another path with --catalog."
            )
        if not self.writable:
            if version < schema.VERSION:
                raise CatalogError(
                    f"The catalog {self.path} is of an older version and cannot be updated because "
                    "it is read-only: copy it to another folder and name the copy with --catalog."
                )
            return
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        schema.prepare(self._connection)


@cache
def _row(*names: str) -> Any:
    """The type of rows with these columns."""
    return namedtuple("Row", names, rename=True)


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _connect(file: bytes | str) -> sqlite3.Connection:
    """Open a file by its path as bytes or by a URI, and read from it so that errors show now."""
    connection = sqlite3.connect(
        file,
        timeout=trouble.BUSY_SECONDS,
        isolation_level=None,  # transactions begin and end explicitly
        check_same_thread=False,  # a generator may move to another thread, which uses it alone
        uri=isinstance(file, str),
    )
    try:
        schema.version(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def listed(numbers: str | None) -> NDArray[np.int64]:
    """Numbers that SQL's ``group_concat`` lists; none for ``None``.

    A hundred thousand of them are read in a tenth of the time that as many rows take.
    """
    return np.fromstring(numbers or "", np.int64, sep=",")


def inside(folder: bytes) -> tuple[bytes, bytes]:
    """The keys of all that lies in a folder: the lowest possible one, and the first above them."""
    separator = os.fsencode(os.sep)
    start = folder if folder.endswith(separator) else folder + separator
    return start, start[:-1] + bytes([start[-1] + 1])
