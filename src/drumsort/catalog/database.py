"""One SQLite file that remembers every sound: opened, checked, read and written.

Readers and one writer at a time may use it from several processes (WAL); a transaction that a kill
or a power cut broke off is as good as not begun.
"""

import os
import sqlite3
from collections import namedtuple
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from drumsort.catalog import schema, trouble
from drumsort.errors import CatalogError
from drumsort.files.home import home
from drumsort.types import pack_of

_NO_FILE_BESIDE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)  # where SQLite wants one


def default_path() -> Path:
    """Where the catalog is kept: in ``$DRUMSORT_HOME``, else in the user's data folder."""
    return home() / "catalog.db"


class Database:
    """An open catalog; a context manager that closes it.

    Attributes:
        path: the file.
        writable: whether it may be written; one on a read-only drive is only read.

    Args:
        path: the file; that in the user's data folder by default.
        create: whether to begin a new one where there is none.

    Raises:
        CatalogError: there is none, or it is damaged, in use, of a newer version, or cannot be
            opened.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None, *, create: bool = True) -> None:
        self.path = Path(path if path is not None else default_path()).resolve()
        if not self.path.exists() and not create:
            raise CatalogError(
                f"There is no catalog {self.path}: 'drumsort scan DIR' begins one there."
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

    def read(self, sql: str, values: tuple[Any, ...] = ()) -> Iterator[Any]:
        """The rows of a query, one after the other: named tuples of its columns.

        Raises:
            CatalogError: the catalog cannot be read.
        """
        with trouble.explained(self.path):
            cursor = self._connection.execute(sql, values)
            yield from map(_row(*(column[0] for column in cursor.description))._make, cursor)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all that is executed in it is kept when it ends well, else nothing.

        Raises:
            CatalogError: it cannot be written.
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

    def key(self, path: str | os.PathLike[str]) -> bytes:
        """How a path is written in the catalog: absolute, its folder without symbolic links."""
        folder, name = os.path.split(path)
        return os.fsencode(f"{self.folder(folder).rstrip(os.sep)}{os.sep}{name}")

    def keys(self, path: Path, root: Path) -> tuple[bytes, bytes, bytes]:
        """How a file, the folder that it was scanned with, and its pack are written."""
        path, root = path.absolute(), root.absolute()
        folder = os.path.split(path)[0]
        if (folder, root) not in self._roots_and_packs:
            top = Path(self.folder(root))
            pack = pack_of(Path(self.folder(folder), "file"), top)
            self._roots_and_packs[folder, root] = os.fsencode(top), os.fsencode(pack)
        return self.key(path), *self._roots_and_packs[folder, root]

    def folder(self, path: str | os.PathLike[str]) -> str:
        """How a folder that is scanned is written: absolute, without symbolic links."""
        name = os.fspath(path)
        if name not in self._real:
            absolute = str(Path(name).absolute())
            if absolute != name:  # what is relative leads elsewhere from another folder
                return self.folder(absolute)
            self._real[name] = os.path.realpath(name)
        return self._real[name]

    def close(self) -> None:
        """Let go of the file."""
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
                    f"The catalog {self.path} cannot be made ({error.strerror}): name another "
                    "place with --catalog."
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
                f"{self.path} is a database of another program: name another place with --catalog."
            )
        if not self.writable:
            if version < schema.VERSION:
                raise CatalogError(
                    f"The catalog {self.path} is of an older version and cannot be written: copy "
                    "it to another place and name that with --catalog."
                )
            return
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        schema.prepare(self._connection)


@cache
def _row(*names: str) -> Any:
    """The type of a row with these columns; one that is no identifier is only reached by number."""
    return namedtuple("Row", names, rename=True)


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _connect(place: bytes | str) -> sqlite3.Connection:
    """Open a file by its path as bytes, or by a URI; it is read once, so that errors show."""
    connection = sqlite3.connect(
        place,
        timeout=trouble.BUSY_SECONDS,
        isolation_level=None,  # transactions begin and end where it says so
        check_same_thread=False,  # a generator may be taken in another thread, one at a time
        uri=isinstance(place, str),
    )
    try:
        schema.version(connection)
    except BaseException:
        connection.close()
        raise
    return connection
