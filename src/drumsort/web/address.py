"""Where the page of a catalog is served: written beside it, so that a second start finds it."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

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


class AlreadyServed(DrumsortError):  # noqa: N818  (it names a state)
    """The page of the catalog is served already; ``address`` says where, if that is known."""

    def __init__(self, catalog: Path, address: Address | None) -> None:
        where = f"at http://127.0.0.1:{address.port}" if address else "right now"
        super().__init__(f"The page of the catalog {catalog} already runs {where}.")
        self.address = address


@contextmanager
def server_lock(catalog: Path) -> Iterator[Callable[[Address], None]]:
    """Let one server alone serve the page of a catalog; gives a function that writes its address.

    The lock ends with the process, so that the address of one that died is ignored. Where nothing
    can be written beside the catalog, several servers may read it.

    Raises:
        AlreadyServed: another process serves it.
    """
    try:
        catalog.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(f"{catalog}.browse", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        yield lambda address: None
        return

    def tell(address: Address) -> None:
        os.ftruncate(fd, 0)
        os.lseek(fd, 0, os.SEEK_SET)
        os.write(fd, json.dumps(asdict(address)).encode())

    try:
        if not lock(fd):
            raise AlreadyServed(catalog, _read(fd))
        try:
            yield tell
        finally:
            os.ftruncate(fd, 0)
    finally:
        os.close(fd)


def pass_on(address: Address, folders: Sequence[Path]) -> str:
    """Ask the server that already runs to scan folders; one sentence on why not, or ``""``."""
    host = f"127.0.0.1:{address.port}"
    headers = {
        "Cookie": f"drumsort-{address.port}={address.token}",
        "Origin": f"http://{host}",
        "Content-Type": "application/json",
    }
    body = json.dumps({"folders": [str(folder) for folder in folders]})
    try:
        with closing(HTTPConnection(host, timeout=_SECONDS)) as connection:
            connection.request("POST", "/api/scan", body, headers)
            response = connection.getresponse()
            said = json.loads(response.read())
    except (OSError, HTTPException, ValueError) as error:
        return f"It does not respond ({error}): end it and start again."
    return str(said["error"]) if response.status != 200 else ""


def _read(fd: int) -> Address | None:
    try:
        os.lseek(fd, 0, os.SEEK_SET)
        return Address(**json.loads(os.read(fd, 1000)))
    except (OSError, ValueError, TypeError):  # it has only just started
        return None
