"""Where the page of a catalog is served: written beside it, so that a second start finds it.

The address stays there when the server ends. The next one takes the same port and token where it
can, so that a page that is still open goes on.
"""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from drumsort.errors import DrumsortError
from drumsort.files.lock import lock

_SECONDS = 10.0


@dataclass(frozen=True)
class Address:
    """Where a page is served, and the token that opens it."""

    port: int
    token: str

    @property
    def to_open(self) -> str:
        """What a browser opens."""
        return f"http://127.0.0.1:{self.port}/?token={self.token}"


class Place:
    """The file that says where the page of a catalog is served; held by one server.

    Attributes:
        former: what the server before said; ``None`` if there was none.

    Args:
        fd: of the file; ``None`` where nothing can be written beside the catalog.
    """

    def __init__(self, fd: int | None) -> None:
        self._fd = fd
        self.former = None if fd is None else _read(fd)

    def write(self, address: Address) -> None:
        """Say where the page is served now."""
        if self._fd is not None:
            os.ftruncate(self._fd, 0)
            os.lseek(self._fd, 0, os.SEEK_SET)
            os.write(self._fd, json.dumps(asdict(address)).encode())


class AlreadyServed(DrumsortError):  # noqa: N818  (it names a state)
    """The page of the catalog is served already; ``address`` says where, if that is known."""

    def __init__(self, catalog: Path, address: Address | None) -> None:
        where = f"at http://127.0.0.1:{address.port}" if address else "right now"
        super().__init__(f"The page of the catalog {catalog} already runs {where}.")
        self.address = address


@contextmanager
def server_lock(catalog: Path) -> Iterator[Place]:
    """Let one server alone serve the page of a catalog; gives the place of its address.

    The lock ends with the process, so that nobody is led to one that ended. Where nothing can be
    written beside the catalog, several servers may read it.

    Raises:
        AlreadyServed: another process serves it.
    """
    try:
        catalog.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(f"{catalog}.browse", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        yield Place(None)
        return
    try:
        if not lock(fd):
            raise AlreadyServed(catalog, _read(fd))
        yield Place(fd)
    finally:
        os.close(fd)


def pass_on(address: Address, folders: Sequence[Path]) -> str:
    """Ask the server that already runs to scan folders; one sentence on why not, or ``""``."""
    try:
        ask(address, "/api/scan", {"folders": [str(folder) for folder in folders]})
    except DrumsortError as error:
        return str(error)
    return ""


def ask(address: Address, path: str, body: Any) -> Any:
    """Ask a server that runs to do something, as its page does; what it responds.

    Raises:
        DrumsortError: it refuses, or does not respond.
    """
    host = f"127.0.0.1:{address.port}"
    headers = {
        "Cookie": f"drumsort-{address.port}={address.token}",
        "Origin": f"http://{host}",
        "Content-Type": "application/json",
    }
    try:
        with closing(HTTPConnection(host, timeout=_SECONDS)) as connection:
            connection.request("POST", path, json.dumps(body), headers)
            response = connection.getresponse()
            said = json.loads(response.read())
    except (OSError, HTTPException, ValueError) as error:
        raise DrumsortError(f"It does not respond ({error}): end it and start again.") from error
    if response.status != 200:
        raise DrumsortError(str(said["error"]))
    return said


def _read(fd: int) -> Address | None:
    try:
        os.lseek(fd, 0, os.SEEK_SET)
        return Address(**json.loads(os.read(fd, 1000)))
    except (OSError, ValueError, TypeError):  # it has only just started
        return None
