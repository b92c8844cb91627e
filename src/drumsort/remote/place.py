"""A place in a store, by its parts: what it is called, and what is known of it."""

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import unquote

from drumsort.errors import DrumsortError

if TYPE_CHECKING:
    _Path = Path
else:
    _Path = type(Path())

SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]+)://")
_IN_PATH = re.compile(r"[a-z][a-z0-9+.-]+:")
_INSIDE = re.compile(r"/(zip|tar)://")
_SECRET = re.compile(r"[^/@:]*:[^/@]*@")  # user:password@


class Version(NamedTuple):
    """What a store says of an object.

    Attributes:
        size: bytes; ``None`` if the store does not say.
        etag: changes whenever the content does; ``""`` if the store has none.
        folder: whether it holds others.
    """

    size: int | None
    etag: str = ""
    folder: bool = False

    @property
    def stamp(self) -> int:
        """A number that stands for the etag where a file has its time of change; 0 without one.

        It is below 0, which no time of change is.
        """
        if not self.etag:
            return 0
        digest = hashlib.blake2b(self.etag.encode(), digest_size=8).digest()
        return -1 - (int.from_bytes(digest) >> 1)


class Place(_Path):
    """A place in a store.

    Its parts begin with the scheme: ``s3:``, ``bucket``, ``Kicks``, ``a.wav``. What is in an
    archive lies below it, so that folders have names and company there, too. So
    ``zip://Kicks/a.wav::s3://b/p.zip`` has the parts ``s3:``, ``b``, ``p.zip``, ``zip:``,
    ``Kicks``, ``a.wav``. ``str`` gives fsspec's form; ``os.fspath`` gives that of the parts, where
    the path of a folder begins those of its files: ``s3://b/p.zip/zip://Kicks/a.wav``. Both are
    read.
    """

    __slots__ = ("_version",)
    _version: Version | None

    @classmethod
    def of(cls, text: str) -> Self:
        """Read a URL.

        Raises:
            DrumsortError: it holds a password or a signature, or names nothing.
        """
        hops = [hop for link in reversed(text.split("::")) for hop in _hops(link)]
        if hops[0][0] in ("zip", "tar"):
            raise DrumsortError(
                f"{text} does not say which archive is meant: write {hops[0][0]}://::PATH, or "
                f"{hops[0][0]}://FOLDER::PATH for a folder in it."
            )
        parts: list[str] = []
        for scheme, rest in hops:
            if _SECRET.match(rest) or (scheme in ("http", "https") and "?" in rest):
                shown = f"{scheme}://{rest.split('?')[0].rpartition('@')[2]}"
                raise DrumsortError(
                    f"The URL of {shown} holds a password or a query, which would stand in every "
                    "result: give it without, and let the store's own settings say who you are."
                )
            if scheme in ("http", "https"):
                rest = unquote(rest)
            parts += [f"{scheme}:", *filter(None, rest.split("/"))]
        if len(parts) < 2:
            raise DrumsortError(f"{text} names nothing in a store: add a bucket or a host.")
        return cls(*parts)

    def __reduce__(self) -> Any:
        return _again, (type(self), tuple(self.parts), self.version)

    def __str__(self) -> str:
        hops = self._hops()
        return "::".join(_shown(*hop) for hop in reversed(hops)) if hops else "/".join(self.parts)

    def __fspath__(self) -> str:
        hops = self._hops()
        return "/".join(_shown(*hop) for hop in hops) if hops else "/".join(self.parts)

    def __repr__(self) -> str:
        return f"Place({str(self)!r})"

    def __lt__(self, other: PurePath) -> bool:  # from Python 3.12 on, paths sort by their str
        return self.parts < other.parts

    def __gt__(self, other: PurePath) -> bool:
        return self.parts > other.parts

    def _hops(self) -> list[tuple[str, list[str]]]:
        """The schemes of a place from the outside in, each with the parts behind it."""
        hops: list[tuple[str, list[str]]] = []
        if not self.parts or not _IN_PATH.fullmatch(self.parts[0]):
            return hops  # a part of a place
        for part in self.parts:
            if _IN_PATH.fullmatch(part) and (not hops or part in ("zip:", "tar:")):
                hops.append((part[:-1], []))
            elif hops:
                hops[-1][1].append(part)
        return hops

    @property
    def hops(self) -> list[tuple[str, str]]:
        """The schemes of a place from the outside in, each with the path behind it."""
        return [(scheme, "/".join(parts)) for scheme, parts in self._hops()]

    @property
    def version(self) -> Version | None:
        """What its store said of it, if it was asked."""
        return getattr(self, "_version", None)

    @version.setter
    def version(self, version: Version | None) -> None:
        self._version = version


class Entry:
    """What lies in a folder of a store, as ``os.scandir`` gives it.

    Attributes:
        name: the last part of its path.
        path: the whole.
        url: the place.
    """

    __slots__ = ("name", "url")

    def __init__(self, url: Place) -> None:
        self.name, self.url = url.name, url

    @property
    def path(self) -> str:
        return os.fspath(self.url)

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        return self.url.version is not None and self.url.version.folder

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        return not self.is_dir()

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        return self.url.stat()


def _again(kind: type[Place], parts: tuple[str, ...], version: Version | None) -> Place:
    place = kind(*parts)
    place.version = version
    return place


def _hops(link: str) -> Iterator[tuple[str, str]]:
    """The scheme of a link of a chain and what is behind it; several in the form of the parts."""
    outside, *inside = _INSIDE.split(link)
    if scheme := SCHEME.match(outside):
        yield scheme[1].lower(), outside[scheme.end() :].rstrip("/")
    else:
        yield "file", os.path.realpath(outside)
    for archive, rest in zip(inside[::2], inside[1::2], strict=True):
        yield archive, rest.rstrip("/")


def _shown(scheme: str, parts: list[str]) -> str:
    return f"{scheme}://{'/' * (scheme == 'file')}{'/'.join(parts)}"
