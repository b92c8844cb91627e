"""A place in a store as a path that can be read: ``s3://bucket/Kicks/a.wav``."""

import os
import stat
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from drumsort.errors import DrumsortError
from drumsort.remote.place import SCHEME, Entry, Place, Version

if TYPE_CHECKING:
    from concurrent.futures import Future

    from drumsort.remote.file import RemoteFile


_READ_ONLY = ("http", "https", "zip", "tar")


class Url(Place):
    """A place in a store. All that reads a ``Path`` reads it too; only ``put`` writes."""

    __slots__ = ("_coming", "_listing")
    _coming: "Future[RemoteFile] | None"
    _listing: "Future[list[Entry]] | None"

    def asked(self) -> Version:
        """What its store says of it; asked once.

        Raises:
            OSError: it does not exist, or the store does not answer.
        """
        from drumsort.remote.stores import look

        coming = getattr(self, "_coming", None)
        if self.version is None and coming is not None:
            coming.exception()  # it looks first
        return self.version or look(self).result()

    def ahead(self, *, whole: bool) -> None:
        """Have its beginning fetched, or all of it, while other things are done."""
        from drumsort.remote.file import FIRST, WHOLE
        from drumsort.remote.stores import start

        self._coming = start(self, WHOLE if whole else FIRST)

    def opened(self) -> "RemoteFile":
        """Open it for reading, from what was fetched ahead if it was.

        Raises:
            OSError: it cannot be read.
        """
        if getattr(self, "_coming", None) is None:
            self.ahead(whole=False)
        coming, self._coming = self._coming, None
        assert coming is not None
        return coming.result()

    def list_ahead(self) -> None:
        """Have its list fetched while other things are done."""
        from drumsort.remote.stores import entries

        if getattr(self, "_listing", None) is None:
            self._listing = entries(self)

    # What a ``Path`` does with the disk, a store does.

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Its size, and the stamp of its etag as the time of change."""
        size, _, folder = version = self.asked()
        mode = (stat.S_IFDIR if folder else stat.S_IFREG) | 0o444
        number = Version(None, os.fspath(self)).stamp  # no other has it, as with an inode
        status = (mode, number, 0, 1, 0, 0, -1 if size is None else size, 0, 0, 0)
        return os.stat_result(status, {"st_mtime_ns": version.stamp})

    def open(self, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        """Open it for reading, as bytes."""
        if mode != "rb":
            raise DrumsortError(f"{self} can only be read.")
        return self.opened()

    def read_bytes(self) -> bytes:
        """All of it."""
        with self.opened() as file:
            return file.readall()

    def require_writable(self) -> None:
        """Look at its kind only: the store may still refuse.

        Raises:
            DrumsortError: it is on the web, or in an archive.
        """
        if self.hops[-1][0] in _READ_ONLY:
            raise DrumsortError(
                f"{self} cannot be written to: name a folder, or one in a store that is no archive "
                "and no web server."
            )

    def put(self, content: bytes) -> None:
        """Make it, whole or not at all.

        Raises:
            DrumsortError: nothing can be written there.
            FileExistsError: there is such an object with another content.
            OSError: it cannot be written.
        """
        from drumsort.remote.stores import put

        self.require_writable()
        put(self, content).result()

    def read_text(self, encoding: str | None = None, errors: str | None = None) -> str:
        """All of it, as text."""
        with self.opened() as file:
            return file.readall().decode(encoding or "utf-8", errors or "strict")

    def scan(self) -> "list[Entry]":
        """What lies in it.

        Raises:
            OSError: it cannot be listed.
        """
        self.list_ahead()
        listing, self._listing = self._listing, None
        assert listing is not None
        return listing.result()

    def iterdir(self) -> Generator[Any, None, None]:
        """The places in it."""
        for entry in self.scan():
            yield entry.url

    def exists(self, *args: Any, **kwargs: Any) -> bool:
        """Whether it is there; one that cannot be asked about counts as there."""
        try:
            self.asked()
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return True

    def is_dir(self, *args: Any, **kwargs: Any) -> bool:
        """Whether it holds others."""
        return self.asked().folder

    def is_file(self, *args: Any, **kwargs: Any) -> bool:
        """Whether it is an object."""
        return not self.asked().folder

    def is_absolute(self) -> bool:
        """It is."""
        return True

    def absolute(self) -> Self:
        """The same."""
        return self

    def resolve(self, strict: bool = False) -> Self:
        """The same."""
        return self


def is_url(text: str | os.PathLike[str]) -> bool:
    """Whether this is a URL, and not the path of a local file: ``s3://bucket/a.wav``."""
    return isinstance(text, Url) or (isinstance(text, str) and bool(SCHEME.match(text)))


def as_path(text: str | os.PathLike[str]) -> Path:
    """The path that is meant: a ``Url``, or a local one.

    Raises:
        DrumsortError: it is a URL that cannot be used.
    """
    if not is_url(text):
        return Path(text)
    url = text if isinstance(text, Url) else Url.of(str(text))
    (scheme, path), *inside = url.hops
    return Path(f"/{path}") if scheme == "file" and not inside else url


def resolved(text: str | os.PathLike[str]) -> Path:
    """The same, and of a local path the real one: absolute, symbolic links followed.

    Raises:
        DrumsortError: it is a URL that cannot be used.
    """
    path = as_path(text)
    return path if isinstance(path, Url) else Path(os.path.realpath(path))
