"""A stream of files: heard in parallel, given in order, never more than some of them waiting."""

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from drumsort.hearing.listener import HeardFile
from drumsort.hearing.pool import GROUP, Request
from drumsort.remote import Url


class Hearers(Protocol):
    """Who hears groups of files; see ``Pool``."""

    def give(self, requests: Sequence[Request]) -> None: ...
    def take(self) -> None: ...
    def take_what_is_there(self) -> None: ...
    def close(self) -> None: ...


AHEAD = 8 * GROUP
"""Files that may wait, heard or not, for each worker: bounds the memory of a stream."""

_PATIENCE = 0.1  # seconds that a file waits for its group to be full

T = TypeVar("T")


def in_order(
    asked: Iterable[tuple[T, Path | None]],
    hear: Callable[[Path], HeardFile],
    start: Callable[[], Hearers] | None = None,
    most: int = AHEAD,
) -> Generator[tuple[T, HeardFile | None], None, None]:
    """Hear files, and give what was heard in each in the order of ``asked``.

    A stream of less than a group of files, or one that comes slowly, is heard in this process:
    others would not have started before it is over.

    Args:
        asked: pairs of anything and the file to hear for it, ``None`` where there is none to hear.
        hear: hears one file in this process.
        start: starts a pool; without it all is heard in this process.
        most: how many may wait at the same time.

    Yields:
        The same things, each with what was heard in its file.

    Raises:
        DrumsortError: what ``Pool`` raises.
    """
    line: _Line[T] = _Line(hear, start, most)
    try:
        for thing, path in asked:
            line.join(thing, path)
            while line.moves():
                yield line.first()
        while line.waiting:
            yield line.first()
    finally:
        line.close()


class _Line(Generic[T]):
    """Those who wait; the last of them make a group that nobody was given yet."""

    def __init__(
        self, hear: Callable[[Path], HeardFile], start: Callable[[], Hearers] | None, most: int
    ) -> None:
        self.waiting: deque[tuple[T, Request | None]] = deque()
        self._hear, self._start, self._most = hear, start, most
        self._pool: Hearers | None = None
        self._group: list[Request] = []
        self._begun = 0.0

    def join(self, thing: T, path: Path | None) -> None:
        """Wait at the end of the line."""
        request = Request(path) if path is not None else None
        self.waiting.append((thing, request))
        if request:
            self._begun = self._begun if self._group else time.monotonic()
            self._group.append(request)
        if self._group and (
            self._start is None
            or len(self._group) == GROUP
            or time.monotonic() - self._begun > _PATIENCE
        ):
            self._pass_on()
        if self._pool:
            self._pool.take_what_is_there()

    def moves(self) -> bool:
        """Whether the first need not wait any longer, or the line is too long for others."""
        if not self.waiting:
            return False
        request = self.waiting[0][1]
        if request is None or request.file or len(self.waiting) >= self._most:
            return True
        return not request.given and not self._is_grouped(request)

    def first(self) -> tuple[T, HeardFile | None]:
        """The first, and what was heard, for which it waits if need be."""
        thing, request = self.waiting.popleft()
        if request is None:
            return thing, None
        if self._is_grouped(request):
            self._pass_on()
        if not request.given:
            return thing, self._hear(request.path)
        while request.file is None:
            assert self._pool is not None
            self._pool.take()
        return thing, request.file

    def close(self) -> None:
        """Let go of the workers."""
        if self._pool:
            self._pool.close()

    def _is_grouped(self, request: Request) -> bool:
        return bool(self._group) and self._group[0] is request

    def _pass_on(self) -> None:
        """Give the group to the pool; without one, each is heard here when it is the first."""
        group, self._group = self._group, []
        if self._pool is None and len(group) < GROUP:
            for request in group:
                if isinstance(request.path, Url):
                    request.path.ahead(whole=False)
        if self._pool is None and self._start and len(group) == GROUP:
            self._pool = self._start()
        if self._pool:
            self._pool.give(group)
