"""The server: starts on the loopback, writes its address beside the catalog, ends at once."""

import secrets
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import uvicorn

from drumsort.errors import DrumsortError
from drumsort.model.named import HINT
from drumsort.web.address import Address, server_lock
from drumsort.web.app import app
from drumsort.web.connection import Connection, most_connections
from drumsort.web.context import Context
from drumsort.web.guard import Guard
from drumsort.web.handlers import scans
from drumsort.web.live_sounds import LiveSounds

_SECONDS_TO_STOP = 10.0


PORT = 5808
"""Where the page is served by default: one address, so that a browser finds it again."""


def serve(
    catalog: Path,
    folders: Sequence[Path] = (),
    port: int | None = None,
    on_ready: Callable[[str], None] = lambda address: None,
    *,
    ear: str = "second",
    names: str = HINT,
) -> None:
    """Serve the page until it is ended.

    Args:
        catalog: the file; it is created where there is none.
        folders: to scan at the start.
        port: to listen on, or 0 for a free one; by default the one used last for this catalog, else
            ``PORT``, else a free one.
        on_ready: called with the address to open, which holds the token.
        ear: by which scans hear, ``second`` or ``quick``.
        names: how names count in verdicts: ``hint``, ``ignore`` or ``trust``.

    Raises:
        CatalogError: the catalog cannot be opened.
        AlreadyServed: its page is served already.
        DrumsortError: the port is taken.
        KeyboardInterrupt: Ctrl-C ended it.
    """
    with server_lock(catalog) as place, _found(port, place.former) as sock:
        token = place.former.token if place.former else secrets.token_urlsafe(32)
        address = Address(sock.getsockname()[1], token)
        Connection.most = most_connections()
        sounds = LiveSounds(catalog, names)
        context = Context(sounds, lambda: setattr(server, "should_exit", True), ear=ear)
        server = _Server(
            uvicorn.Config(
                Guard(app(context), address.port, address.token),
                http=Connection,
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
            context,
        )
        sounds.start()
        place.write(address)
        if folders:
            scans.start(context, folders)
        on_ready(address.to_open)
        try:
            server.run([sock])
        finally:
            context.ended.set()
            context.jobs.stop(_SECONDS_TO_STOP)
            context.searching.close()
            sounds.close()


class _Server(uvicorn.Server):
    """Tells streams to end before it waits for them."""

    def __init__(self, config: uvicorn.Config, context: Context) -> None:
        super().__init__(config)
        self._context = context

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._context.ended.set()
        await super().shutdown(sockets)


def _found(port: int | None, former: Address | None) -> socket.socket:
    """A socket at the port that is wanted, or at the first of those by default that is free."""
    if port is not None:
        return _bound(port)
    for usual in ([former.port] if former else []) + [PORT]:
        with suppress(DrumsortError):
            return _bound(usual)
    return _bound(0)


def _bound(port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", port))
        sock.listen(128)  # a browser that is early waits
        return sock
    except OSError as error:
        sock.close()
        raise DrumsortError(
            f"Port {port} is not available ({error.strerror}): name another with --port, or leave "
            "it out to use a free one."
        ) from error
