"""The server: started on the loopback, noted beside the catalog, and ended at once."""

import secrets
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn

from drumsort.errors import DrumsortError
from drumsort.web import scans
from drumsort.web.app import app
from drumsort.web.guard import Guard
from drumsort.web.note import Address, alone
from drumsort.web.shelf import Shelf
from drumsort.web.studio import Studio

_SECONDS_TO_STOP = 10.0


def serve(
    catalog: Path,
    folders: Sequence[Path] = (),
    port: int = 0,
    on_ready: Callable[[str], None] = lambda address: None,
) -> None:
    """Serve the page until it is ended.

    Args:
        catalog: the file; a new one is begun where there is none.
        folders: what to scan at the start.
        port: where; a free one by default.
        on_ready: called with the address to open, token and all.

    Raises:
        CatalogError: the catalog cannot be opened.
        AlreadyServed: a page of it is served already.
        DrumsortError: the port is taken.
        KeyboardInterrupt: it was ended by Ctrl-C.
    """
    with alone(catalog) as tell, _bound(port) as sock:
        address = Address(sock.getsockname()[1], secrets.token_urlsafe(32))
        shelf = Shelf(catalog)
        studio = Studio(shelf, lambda: setattr(server, "should_exit", True))
        server = _Server(
            uvicorn.Config(
                Guard(app(studio), address.port, address.token),
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                date_header=False,
                proxy_headers=False,
                ws="none",
                lifespan="off",
                timeout_graceful_shutdown=1,
            ),
            studio,
        )
        shelf.start()
        tell(address)
        if folders:
            scans.start(studio, folders)
        on_ready(address.to_open)
        try:
            server.run([sock])
        finally:
            studio.ended.set()
            studio.jobs.stop(_SECONDS_TO_STOP)
            shelf.close()


class _Server(uvicorn.Server):
    """Says to streams that they are to end, before it waits for them."""

    def __init__(self, config: uvicorn.Config, studio: Studio) -> None:
        super().__init__(config)
        self._studio = studio

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._studio.ended.set()
        await super().shutdown(sockets)


def _bound(port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", port))
        sock.listen(128)  # who opens the address before the server is up waits
        return sock
    except OSError as error:
        sock.close()
        raise DrumsortError(
            f"Port {port} cannot be had ({error.strerror}): name another with --port, or none to "
            "have a free one found."
        ) from error
