"""Data sets on Zenodo: what a record holds, and all of it in a folder."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

import requests

from drumsort.errors import DataError
from drumsort.lab.data import web
from drumsort.lab.data.disk import ensure_room, writing
from drumsort.lab.data.download import Progress, download, part_of
from drumsort.lab.data.unpack import unpack as unpack_archive

ZENODO = "https://zenodo.org"

_NAME = re.compile(r'[^\x00-\x1f\x7f/\\:*?"<>|]+')
_MD5 = re.compile(r"md5:([0-9a-f]{32})")


@dataclass(frozen=True)
class RemoteFile:
    """A file of a record.

    Attributes:
        name: a plain file name.
        size: in bytes.
        md5: in hexadecimal.
        url: where it is to be had.
    """

    name: str
    size: int
    md5: str
    url: str


class ZenodoRecord:
    """One record of Zenodo, which is one version of a data set.

    Args:
        id: its number.
        base_url: of a server that answers as Zenodo does.
    """

    def __init__(self, id: int, base_url: str = ZENODO) -> None:
        self.id = id
        self.url = f"{base_url.rstrip('/')}/api/records/{id}"
        self._session = web.open_session()

    @classmethod
    def parse(cls, text: str, base_url: str = ZENODO) -> "ZenodoRecord":
        """The record that ``zenodo:NUMBER`` names.

        Raises:
            DataError: it names none.
        """
        found = re.fullmatch(r"zenodo:(\d{1,18})", text, re.ASCII)
        if not found:
            raise DataError(f"{text!r} names no record: write it like zenodo:3665275.")
        return cls(int(found[1]), base_url)

    def files(self, only: str | None = None) -> Sequence[RemoteFile]:
        """What it holds, or of that what the glob ``only`` matches.

        Raises:
            DataError: there is no such record, nothing in it or nothing that matches.
        """
        files = [f for f in self._files if only is None or fnmatchcase(f.name, only)]
        if not files:
            names = ", ".join(file.name for file in self._files)
            raise DataError(f"{self.url} holds nothing that matches {only!r}, only {names}.")
        return files

    def fetch(
        self,
        folder: Path,
        on_progress: Progress = lambda done, total: None,
        only: str | None = None,
        unpack: bool = True,
        on_unpack: Callable[[Path], None] = lambda archive: None,
    ) -> None:
        """Download its files into ``folder``; what is there, or in part, is not fetched again.

        Args:
            folder: made where it does not exist.
            on_progress: called with the bytes that are there, and of how many in all.
            only: a glob; other files are left out.
            unpack: whether each zip is unpacked to a folder of its name, unless that is there.
            on_unpack: called with an archive before it is unpacked.

        Raises:
            DataError: as ``files``, ``download`` and ``unpack`` do.
        """
        files = self.files(only)
        total = sum(file.size for file in files)
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
        ensure_room(folder, sum(file.size - _there(folder / file.name) for file in files))
        before = 0
        for file in files:

            def on_bytes(done: int, _: int | None, before: int = before) -> None:
                on_progress(before + done, total)

            download(
                file.url,
                folder / file.name,
                size=file.size,
                md5=file.md5,
                on_progress=on_bytes,
                session=self._session,
            )
            before += file.size
        for archive in (folder / file.name for file in files if unpack):
            target = archive.with_suffix("")
            if archive.suffix.lower() == ".zip" and not target.is_dir():
                on_unpack(archive)
                unpack_archive(archive, target)

    @cached_property
    def _files(self) -> Sequence[RemoteFile]:
        with web.get(self._session, self.url) as response:
            try:
                record = response.json()
            except requests.RequestException as error:
                raise DataError(f"{self.url} answers with no JSON: see the address.") from error
        try:
            files = [_described(entry) for entry in record["files"]]
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(
                f"{self.url} does not describe its files as Zenodo does: see the address."
            ) from error
        if not files:
            raise DataError(f"{self.url} has no files that everybody may have.")
        if len({file.name.casefold() for file in files}) < len(files):
            raise DataError(f"{self.url} has two files of one name: they cannot be told apart.")
        return files


def _described(entry: Any) -> RemoteFile:
    """A file from how Zenodo describes it; ``ValueError`` where that is not to be trusted."""
    name, size, md5 = entry["key"], entry["size"], _MD5.fullmatch(entry["checksum"])
    url = entry["links"]["self"]
    if not _NAME.fullmatch(name) or name.strip(". ") == "" or not md5:
        raise ValueError(name)
    if type(size) is not int or size < 0 or not re.match(r"https?://", url):
        raise ValueError(size, url)
    return RemoteFile(name, size, md5[1], url)


def _there(path: Path) -> int:
    """How many bytes of ``path`` have been fetched."""
    for place in (path, part_of(path)):
        if place.is_file():
            return place.stat().st_size
    return 0
