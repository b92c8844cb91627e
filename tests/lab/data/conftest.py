"""A server that can do wrong in every way that servers do."""

import gzip
import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import unquote

import pytest

from drumsort.lab.data import web


@dataclass(frozen=True)
class Reply:
    """How to answer a request; as it stands, right.

    Attributes:
        status: answer with nothing but this one.
        headers: besides or in place of the usual ones.
        content: another file than the one that is there.
        cut: break off after so many bytes of the body; before the headers if negative.
        hold: wait for it before breaking off.
        ranges: whether ``Range`` is heeded.
    """

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    cut: int | None = None
    hold: Event | None = None
    ranges: bool = True


class Site:
    """What the server has, what it does to it, and what it was asked.

    Attributes:
        files: path to content.
        asked: path, as it was sent, and ``Range`` of each request.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str]] = []
        self._next: dict[str, list[Reply]] = defaultdict(list)
        self._always: dict[str, Reply] = {}

    def once(self, path: str, **reply: object) -> None:
        """Answer the next request for ``path`` so; after that the one that is said next."""
        self._next[path].append(Reply(**reply))

    def always(self, path: str, **reply: object) -> None:
        """Answer every request for ``path`` so, after those of ``once``."""
        self._always[path] = Reply(**reply)

    def forget(self) -> None:
        """Do right again."""
        self._next.clear()
        self._always.clear()

    def reply(self, path: str) -> Reply:
        return self._next[path].pop(0) if self._next[path] else self._always.get(path, Reply())

    def record(self, number: int, contents: Mapping[str, bytes], **changes: object) -> None:
        """Offer ``contents`` as Zenodo does; ``changes`` are made to how each is described."""
        described = []
        for name, content in contents.items():
            path = f"/api/records/{number}/files/{name}/content"
            self.files[path] = content
            facts = {
                "key": name,
                "size": len(content),
                "checksum": f"md5:{hashlib.md5(content).hexdigest()}",
                "links": {"self": self.url + path},
            }
            described.append(facts | changes)
        self.files[f"/api/records/{number}"] = json.dumps(
            {"id": number, "files": described}
        ).encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer takes 40 ms
    site: Site

    def do_GET(self) -> None:
        reply = self.site.reply(self.path)
        self.site.asked.append((self.path, self.headers.get("Range", "")))
        if reply.cut is not None and reply.cut < 0:
            self.close_connection = True
            return
        content = reply.content
        if content is None:
            content = self.site.files.get(unquote(self.path))
        if reply.status or content is None:
            self.answer(reply.status or 404, b"", reply, {})
            return
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            gzipped = {"Content-Encoding": "gzip"}
            self.answer(200, gzip.compress(content), reply, gzipped)
            return
        etag = f'"{hashlib.md5(content).hexdigest()}"'
        start = self.start(etag) if reply.ranges else None
        if start is None:
            self.answer(200, content, reply, {"ETag": etag})
        elif start >= len(content):
            self.answer(416, b"", reply, {"Content-Range": f"bytes */{len(content)}"})
        else:
            span = f"bytes {start}-{len(content) - 1}/{len(content)}"
            self.answer(206, content[start:], reply, {"Content-Range": span, "ETag": etag})

    def start(self, etag: str) -> int | None:
        """The first byte that is asked for; ``None`` for all of the file."""
        if "Range" not in self.headers or self.headers.get("If-Range", etag) != etag:
            return None
        return int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))

    def answer(self, status: int, body: bytes, reply: Reply, headers: Mapping[str, str]) -> None:
        usual = {"Date": formatdate(time.time(), usegmt=True), "Content-Length": str(len(body))}
        self.send_response_only(status)
        for name, value in (usual | dict(headers) | dict(reply.headers)).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body if reply.cut is None else body[: reply.cut])
        if reply.hold:
            self.wfile.flush()
            reply.hold.wait(30)
        self.close_connection = reply.cut is not None


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 50

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is nothing to print."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A server on this machine; pauses between tries are short."""
    monkeypatch.setattr(web, "BACKOFF", 0.001)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    handler = type("SiteHandler", (Handler,), {})
    with Server(("127.0.0.1", 0), handler) as server:
        handler.site = Site(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield handler.site
        server.shutdown()
        thread.join()
