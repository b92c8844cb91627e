"""Download of one file: whole, checked, and resumed after a stop."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import requests

from drumsort.errors import DataError
from drumsort.lab.data import web
from drumsort.lab.data.disk import ensure_room, writing

Progress = Callable[[int, int | None], None]
"""Called with the bytes that are there, and the total if it is known."""

CHUNK = 1 << 14
"""Bytes read at a time, and so the most that a broken connection loses."""


def download(
    url: str,
    path: Path,
    *,
    size: int | None = None,
    md5: str | None = None,
    on_progress: Progress = lambda done, total: None,
    session: requests.Session | None = None,
) -> None:
    """Fetch ``url`` to ``path``, which appears whole and checked or not at all.

    Until then it is beside it as ``NAME.part``. With an ``md5``, a part that an earlier call left
    is continued. Without one, nothing shows whether the part belongs to the same file, so the
    download starts again, and replaces a file that is there.

    Args:
        url: its address.
        path: the file to write, in a folder that exists; if it is there with the right ``md5``,
            nothing is downloaded.
        size: its length in bytes, if known.
        md5: its MD5 in hexadecimal, if known.
        on_progress: called as bytes arrive.
        session: from ``web.open_session``, to share connections.

    Raises:
        UnreachableError: there is no connection, or the server stays busy; the part stays.
        DiskError: there is no room, or writing fails; the part stays.
        DataError: the server refuses, the file arrives damaged twice, or ``path`` is another file.
    """
    if md5 and path.is_file():
        if _md5(path) != md5:
            raise DataError(
                f"{path} exists and is not the file at {url}: move it away, then run the same "
                "command again."
            )
        on_progress(path.stat().st_size, path.stat().st_size)
        return
    transfer = _Transfer(url, part_of(path), size, on_progress, session or web.open_session())
    with writing(path):
        if not md5:
            transfer.forget()
        for _ in range(2):  # a resumed file may be wrong where a fresh one is right
            transfer.run()
            if size in (None, transfer.done) and (not md5 or _md5(transfer.part) == md5):
                transfer.part.replace(path)
                return
            transfer.forget()
    raise DataError(
        f"{path.name} arrived damaged twice from {url}: try again later, and if that does not "
        "help, ask those who publish it."
    )


def part_of(path: Path) -> Path:
    """Where ``path`` is while it is incomplete."""
    return path.with_name(path.name + ".part")


@dataclass
class _Transfer:
    """A download into ``part``."""

    url: str
    part: Path
    size: int | None
    on_progress: Progress
    session: requests.Session
    etag: str = field(default="", init=False)

    @property
    def done(self) -> int:
        """Bytes that are there."""
        return self.part.stat().st_size if self.part.exists() else 0

    def forget(self) -> None:
        """Start again."""
        self.part.unlink(missing_ok=True)
        self.etag = ""

    def run(self) -> None:
        """Request what is missing until nothing is."""
        self.part.touch()  # the file may be empty
        fruitless = 0
        while self.size is None or self.done < self.size:
            before = self.done
            ended = self._ask(before)
            if ended and self.size is None:
                return
            fruitless = 0 if self.done > before else fruitless + 1
            if fruitless > web.TRIES:
                raise web.UnreachableError(
                    f"The connection to {self.url} keeps breaking: try again later; what was "
                    "fetched is kept."
                )
            time.sleep(web.BACKOFF * (2**fruitless - 1))

    def _ask(self, done: int) -> bool:
        """Read one response as far as it goes; whether it was complete."""
        headers = {"Range": f"bytes={done}-"} if done else {}
        if done and self.etag:
            headers["If-Range"] = self.etag
        with web.get(self.session, self.url, headers) as response:
            if response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                self.forget()  # the server's file is shorter than the part
                return False
            if response.status_code != HTTPStatus.PARTIAL_CONTENT:
                done = 0
            elif not response.headers.get("Content-Range", "").startswith(f"bytes {done}-"):
                self.forget()
                return False
            etag = response.headers.get("ETag", "")
            self.etag = "" if etag.startswith("W/") else etag  # a weak one proves nothing
            return self._take(response, done)

    def _take(self, response: requests.Response, done: int) -> bool:
        length = response.headers.get("Content-Length", "")
        total = self.size or (done + int(length) if length.isdecimal() else None)
        ensure_room(self.part.parent, (total or 0) - done)
        with self.part.open("ab" if done else "wb") as stream:
            try:
                for chunk in response.iter_content(CHUNK):
                    stream.write(chunk)
                    done += len(chunk)
                    self.on_progress(done, total)
                    if self.size and done > self.size:
                        break  # too long: the check will find it
            except requests.RequestException:
                return False
        return True


def _md5(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
