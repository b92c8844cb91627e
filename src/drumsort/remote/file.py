"""An object of a store as an open file; only what is read of it is fetched."""

import io
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from drumsort.remote.place import Place

if TYPE_CHECKING:
    from concurrent.futures import Future

FIRST = 512 << 10
"""Bytes that the first request for an object asks for: nearly all one-shots are shorter."""

WHOLE = 16 << 20
"""Bytes that are kept of an object of which all is needed; of a larger one, a block at a time."""

_MOST = 8 << 20  # bytes per request


Fetch = Callable[[Place, int, int], "Future[bytes]"]


class RemoteFile(io.RawIOBase):
    """An object of a store.

    What fails while it is read does not end a decoder, which would take it for the end of the file:
    nothing more is read, and leaving the ``with`` block raises it.

    Args:
        url: its place.
        size: bytes.
        start: its first bytes.
        fetch: gives its bytes from one up to another.

    Attributes:
        size: bytes.
        failure: why it cannot be read any further, or ``None``.
    """

    def __init__(self, url: Place, size: int, start: bytes, fetch: Fetch) -> None:
        self.size = size
        self.failure: OSError | None = None
        self._url, self._start, self._fetched = url, start, fetch
        self._at, self._step = 0, FIRST
        self._block, self._block_at = b"", 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        view = memoryview(buffer).cast("B")
        content = self.read(len(view))
        view[: len(content)] = content
        return len(content)

    def readall(self) -> bytes:
        return self.read()

    def read(self, size: int = -1) -> bytes:
        """As many bytes as there are, up to ``size``."""
        left = max(0, self.size - self._at)
        wanted = left if size < 0 else min(size, left)
        content = self._from(self._at, wanted)
        while len(content) < wanted and self.failure is None:
            self._fetch(self._at + len(content), wanted - len(content))
            content += self._from(self._at + len(content), wanted - len(content))
        self._at += len(content)
        return content

    def __exit__(self, *args: object) -> None:
        self.close()
        if self.failure is not None:
            raise self.failure

    def _from(self, at: int, size: int) -> bytes:
        """What is there of a stretch, from its beginning on."""
        if at < len(self._start):
            return self._start[at : at + size]
        at -= self._block_at
        return self._block[at : at + size] if 0 <= at < len(self._block) else b""

    def _fetch(self, at: int, size: int) -> None:
        end = min(self.size, at + min(_MOST, max(size, self._step)))
        self._step = min(_MOST, 2 * self._step)
        try:
            block = self._fetched(self._url, at, end).result()
        except OSError as error:
            self.failure = error
            return
        if at == len(self._start) and end <= WHOLE:
            self._start += block
        else:
            self._block, self._block_at = block, at


def size_of(file: io.FileIO) -> int:
    """How many bytes an open file has; it may be a ``RemoteFile`` as well."""
    return file.size if isinstance(file, RemoteFile) else os.fstat(file.fileno()).st_size
