"""Data sets on Zenodo: list the files of a record, and download them."""

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
        url: its address.
    """

    name: str
    size: int
    md5: str
    url: str


class ZenodoRecord:
    """A record of Zenodo, which is one version of a data set.

    Args:
        id: its number.
        base_url: of Zenodo, or a server with the same interface.
    """

    def __init__(self, id: int, base_url: str = ZENODO) -> None:
        self.id = id
        self.url = f"{base_url.rstrip('/')}/api/records/{id}"
        self._session = web.open_session()

    @classmethod
    def parse(cls, text: str, base_url: str = ZENODO) -> "ZenodoRecord":
        """The record that ``zenodo:NUMBER`` names.

        Raises:
            DataError: ``text`` is not like that.
        """
        found = re.fullmatch(r"zenodo:(\d{1,18})", text, re.ASCII)
        if not found:
            raise DataError(f"{text!r} is not a Zenodo record: write it like zenodo:3665275.")
        return cls(int(found[1]), base_url)

    def files(self, only: str | None = None) -> Sequence[RemoteFile]:
        """Its files, or those that the glob ``only`` matches.

        Raises:
            DataError: there is no such record, it has no files, or none that match.
        """
        files = [f for f in self._files if only is None or fnmatchcase(f.name, only)]
        if not files:
            names = ", ".join(file.name for file in self._files)
            raise DataError(f"{self.url} has no file that matches {only!r}, only {names}.")
        return files

    def fetch(
        self,
        folder: Path,
        on_progress: Progress = lambda done, total: None,
        only: str | None = None,
        unpack: bool = True,
        on_unpack: Callable[[Path], None] = lambda archive: None,
    ) -> None:
        """Download its files into ``folder``; what is there already is not downloaded again.

        Args:
            folder: made if it does not exist.
            on_progress: called with the bytes that are there, and their total.
            only: a glob; other files are left out.
            unpack: whether to unpack each zip into a folder of its name, unless that exists.
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
                raise DataError(
                    f"{self.url} does not answer with JSON: check the address."
                ) from error
        try:
            files = [_described(entry) for entry in record["files"]]
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(
                f"{self.url} does not describe its files as Zenodo does: check the address."
            ) from error
        if not files:
            raise DataError(f"{self.url} has no public files.")
        if len({file.name.casefold() for file in files}) < len(files):
            raise DataError(
                f"{self.url} has two files with the same name, so they cannot go into one folder."
            )
        return files


def _described(entry: Any) -> RemoteFile:
    """A file from Zenodo's description; ``ValueError`` if that cannot be trusted."""
    name, size, md5 = entry["key"], entry["size"], _MD5.fullmatch(entry["checksum"])
    url = entry["links"]["self"]
    if not _NAME.fullmatch(name) or name.strip(". ") == "" or not md5:
        raise ValueError(name)
    if type(size) is not int or size < 0 or not re.match(r"https?://", url):
        raise ValueError(size, url)
    return RemoteFile(name, size, md5[1], url)


def _there(path: Path) -> int:
    """Bytes of ``path`` that have been downloaded."""
    for candidate in (path, part_of(path)):
        if candidate.is_file():
            return candidate.stat().st_size
    return 0
