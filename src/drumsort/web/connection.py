"""A connection that cannot keep the server waiting for ever, and as many of them as it can hold."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

SECONDS = 60.0
"""As long as a request may take to arrive, or a client not to read what it gets."""

_LOOKS = 6
_MOST = 2_000
_FILES = 4_096


def most_connections() -> int:
    """How many connections leave enough descriptors for files; as many are made possible.

    A browser needs six, and one for each stream of events.
    """
    try:
        import resource
    except ImportError:  # Windows counts sockets apart from files
        return _MOST
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
        except (OSError, ValueError):
            pass  # it serves fewer
    return _MOST if soft == resource.RLIM_INFINITY else min(_MOST, soft // 2)


class Connection(H11Protocol):
    """Dropped where the client does not go on with its request or does not read the response.

    Attributes:
        most: how many there may be; those that come then are dropped at once.
    """

    most = _MOST

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._since = self.loop.time()
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.most:
            transport.abort()
        else:
            self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        self._since = self.loop.time()
        super().on_response_complete()

    def _look(self) -> None:
        now = self.loop.time()
        if not self._waits():
            self._since = now
        elif now - self._since > SECONDS:
            self.transport.abort()
            return
        self._timer = self.loop.call_later(SECONDS / _LOOKS, self._look)

    def _waits(self) -> bool:
        """Whether it is the client's turn: to send a header or a body, or to read."""
        cycle = self.cycle
        unasked = cycle is None or cycle.response_complete
        return unasked or cycle.more_body or self.flow.write_paused
