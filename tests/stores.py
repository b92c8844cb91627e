"""A folder as a store on the loopback interface: S3's protocol, and plain HTTP, with its troubles.

It speaks as much of S3 as drumsort needs, in one thread without a framework, so that it takes
little of the processor beside what is measured: moto's server takes several ms for a request.
"""

import asyncio
import hashlib
import os
import random
from collections import Counter
from collections.abc import Iterator
from html import escape
from pathlib import Path
from threading import Event, Thread
from typing import Self
from urllib.parse import parse_qs, quote, unquote, urlsplit

PAGE = 1000
"""Keys that a list has at most, as S3's."""


class ObjectStore:
    """Serves the folders in ``folder`` as buckets; a context manager.

    Attributes:
        url: its address.
        requests: how often each method was used; ``LIST`` for a list.
        sent: bytes of objects that it gave.
        latency: seconds before an answer; with ``shuffle`` up to three times as many, at random.
        busy: how many requests for each object it answers with 503.
        cut: how many requests for each object it ends in the middle.
        silent: how many new objects it takes without an answer.
        refuses: whether it answers 403 to all.
    """

    def __init__(self, folder: Path, *, latency: float = 0.0, shuffle: bool = False) -> None:
        self.requests: Counter[str] = Counter()
        self.sent = self.busy = self.cut = self.silent = 0
        self.latency, self.shuffle, self.refuses = latency, shuffle, False
        self.most_at_once = self._at_once = 0
        self.url = ""
        self._folder, self._began = folder, Event()
        self._met: Counter[tuple[str, str]] = Counter()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._began.wait()
        return self

    def __exit__(self, *args: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def environment(self) -> dict[str, str]:
        """What makes it the S3 of a process."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "AKIAONLYFORTESTS",
            "AWS_SECRET_ACCESS_KEY": "this-is-no-secret",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        listening = self._loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        server = self._loop.run_until_complete(listening)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._began.set()
        self._loop.run_forever()
        server.close()

    def answered(self, head: bytes, body: bytes) -> Iterator[tuple[float, bytes, bool]]:
        """What to do for a request: wait so long, send this, and whether to hang up."""
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = headers_of(lines)
        parts = urlsplit(target)
        asked = parse_qs(parts.query, keep_blank_values=True)
        path = unquote(parts.path).strip("/")
        kind = "LIST" if "list-type" in asked else method
        self.requests[kind] += 1
        self._met[kind, path] += 1
        wait = self.latency * (random.uniform(0, 3) if self.shuffle else 1)
        if kind == "PUT":
            yield wait, *self._kept(path, headers, body)
            return
        yield wait, *self._answer(kind, path, headers, {k: v[0] for k, v in asked.items()})

    def _kept(self, path: str, headers: dict[str, str], body: bytes) -> tuple[bytes, bool]:
        if self.refuses:
            return _response("403 Forbidden", b""), False
        if self._met["PUT", path] <= self.busy:
            return _response("503 Slow Down", b"<Error><Code>SlowDown</Code></Error>"), False
        file = self._folder / path
        is_new = headers.get("if-none-match") == "*"  # in Google's words, generation 0
        is_new |= headers.get("x-goog-if-generation-match") == "0"
        if is_new and file.exists():
            error = b"<Error><Code>PreconditionFailed</Code></Error>"
            return _response("412 Precondition Failed", error), False
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        if self._met["PUT", path] <= self.silent:
            return b"", True
        return _response("200 OK", b"", more=f"ETag: {_etag(file)}\r\n"), False

    def _answer(
        self, kind: str, path: str, headers: dict[str, str], asked: dict[str, str]
    ) -> tuple[bytes, bool]:
        if self.refuses:
            return _response("403 Forbidden", b""), False
        if self._met[kind, path] <= self.busy:
            return _response("503 Slow Down", b"<Error><Code>SlowDown</Code></Error>"), False
        file = self._folder / path
        if kind == "LIST":
            return _response("200 OK", self._listed(path, asked), "application/xml"), False
        if file.is_dir():
            names = sorted(entry.name + "/" * entry.is_dir() for entry in os.scandir(file))
            page = "".join(f'<a href="{quote(name)}">{escape(name)}</a>\n' for name in names)
            is_web = not asked and "object_store" not in headers.get("user-agent", "")
            if is_web:
                return _response("200 OK", page.encode(), "text/html", method=kind), False
        if not file.is_file():
            return _response("404 Not Found", b"", method=kind), False
        content, code, more = file.read_bytes(), "200 OK", f"ETag: {_etag(file)}\r\n"
        more += "Last-Modified: Fri, 27 Nov 2026 04:40:01 GMT\r\nAccept-Ranges: bytes\r\n"
        if wanted := headers.get("range"):
            begins, _, ends = wanted.removeprefix("bytes=").partition("-")
            last = min(int(ends or len(content) - 1), len(content) - 1)
            code = "206 Partial Content"
            more += f"Content-Range: bytes {begins}-{last}/{len(content)}\r\n"
            content = content[int(begins) : last + 1]
        answer = _response(code, content, "application/octet-stream", more, kind)
        if kind == "GET":
            self.sent += len(content)
            if self._met[kind, path] <= self.cut:
                return answer[: len(answer) - len(content) // 2 - 1], True
        return answer, False

    def _listed(self, bucket: str, asked: dict[str, str]) -> bytes:
        prefix, after = asked.get("prefix", ""), asked.get("continuation-token", "")
        folder = self._folder / bucket / prefix
        if not folder.is_dir():
            names = []
        else:
            names = sorted(entry.name + "/" * entry.is_dir() for entry in os.scandir(folder))
        left = [name for name in names if name > after]
        rows = []
        for name in left[:PAGE]:
            key = escape(prefix + name)
            if name.endswith("/"):
                rows.append(f"<CommonPrefixes><Prefix>{key}</Prefix></CommonPrefixes>")
                continue
            file = folder / name
            rows.append(
                f"<Contents><Key>{key}</Key><Size>{file.stat().st_size}</Size>"
                f"<ETag>{escape(_etag(file))}</ETag>"
                "<LastModified>2026-11-27T04:40:01.000Z</LastModified></Contents>"
            )
        more = len(left) > PAGE
        last = escape(left[PAGE - 1]) if more else ""
        token = f"<NextContinuationToken>{last}</NextContinuationToken>" * more
        return (
            f"<ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>{token}"
            f"<KeyCount>{len(rows)}</KeyCount>{''.join(rows)}</ListBucketResult>"
        ).encode()


class _Connection(asyncio.Protocol):
    def __init__(self, store: ObjectStore) -> None:
        self._store, self._head = store, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._head += data
        while (end := self._head.find(b"\r\n\r\n")) >= 0:
            head = self._head[:end]
            headers = headers_of(head.decode("latin-1").split("\r\n")[1:])
            rest = end + 4 + int(headers.get("content-length", 0))
            if len(self._head) < rest:
                return
            body, self._head = self._head[end + 4 : rest], self._head[rest:]
            store = self._store
            store._at_once += 1
            store.most_at_once = max(store.most_at_once, store._at_once)
            for wait, answer, hang_up in store.answered(head, body):
                asyncio.get_running_loop().call_later(wait, self._send, answer, hang_up)

    def _send(self, answer: bytes, hang_up: bool) -> None:
        self._store._at_once -= 1
        self._transport.write(answer)
        if hang_up:
            self._transport.close()


def headers_of(lines: list[str]) -> dict[str, str]:
    """The headers of a request, by their names in small letters."""
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


def _etag(file: Path) -> str:
    status = file.stat()
    seen = f"{status.st_ino} {status.st_size} {status.st_mtime_ns}".encode()
    return f'"{hashlib.md5(seen).hexdigest()}"'


def _response(
    code: str, content: bytes, kind: str = "application/xml", more: str = "", method: str = "GET"
) -> bytes:
    head = (
        f"HTTP/1.1 {code}\r\nContent-Length: {len(content)}\r\nContent-Type: {kind}\r\n{more}\r\n"
    )
    return head.encode() + (b"" if method == "HEAD" else content)
