"""The real server in a process of its own, asked over a real socket, about real sounds."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from drumsort import scan

from ..synth.packs import write_packs


class Response(NamedTuple):
    """What the server says."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        assert self.headers["Content-Type"] == "application/json", self.body[:200]
        return json.loads(self.body)


class Server:
    """``drumsort browse``, running; asks it as the page would.

    Args:
        catalog: to serve.
        args: of the command.
        through: a command that runs this one.
    """

    def __init__(self, catalog: Path, *args: str | Path, through: Sequence[str] = ()) -> None:
        self.catalog = catalog
        self.process = subprocess.Popen(
            [
                *through,
                sys.executable,
                "-m",
                "drumsort",
                "browse",
                "--no-open",
                "--catalog",
                catalog,
                *args,
            ],
            env={**os.environ, "DRUMSORT_HOME": str(catalog.parent / "home")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        line = self.process.stdout.readline()
        found = re.fullmatch(r"The page is at (http://(127\.0\.0\.1:(\d+))/\?token=(\S+))\n", line)
        assert found, line + self.process.stderr.read()
        self.address, self.host, port, self.token = found.groups()
        self.port = int(port)
        assert self.process.stdout.readline() == "Ctrl-C ends it.\n"
        self.cookie = f"drumsort-{port}={self.token}"

    def ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        body: bytes | str | None = None,
    ) -> Response:
        """Any request, with no headers but those given."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            given = {"Host": self.host, "Cookie": self.cookie, **(headers or {})}
            content = body.encode() if isinstance(body, str) else body
            if content is not None and "Content-Length" not in given:
                given["Content-Length"] = str(len(content))
            for name, value in given.items():
                if value is not None:
                    connection.putheader(name, value)
            connection.endheaders(content)
            response = connection.getresponse()
            return Response(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Response:
        return self.ask("GET", path, headers)

    def json(self, path: str) -> Any:
        response = self.get(path)
        assert response.status == 200, response.body
        return response.json

    def post(self, path: str, body: Any = None, **headers: str | None) -> Response:
        given = {"Origin": f"http://{self.host}", "Content-Type": "application/json", **headers}
        return self.ask("POST", path, given, json.dumps({} if body is None else body))

    def do(self, path: str, body: Any = None) -> Any:
        response = self.post(path, body)
        assert response.status == 200, response.body
        return response.json

    def sounds(self, path: str = "/api/sounds") -> tuple[dict[str, Any], dict[str, Any]]:
        """A page of columns: its header, and column to values."""
        return unpacked(self.get(path).body)

    def ids(self) -> dict[str, int]:
        """File name to id."""
        columns = self.sounds()[1]
        return dict(zip(columns["names"], columns["id"].tolist(), strict=True))

    def keep_settings(self, **settings: Any) -> None:
        """Keep these settings of the page, and no others."""
        self.catalog.with_name(f"{self.catalog.name}.page").unlink(missing_ok=True)
        self.do("/api/settings", {"settings": json.dumps(settings)})

    def wait(self, *states: str) -> Any:
        """The job, once it has ended."""
        for _ in range(1200):
            job = self.json("/api/state")["job"]
            if job and job["state"] != "running":
                assert not states or job["state"] in states, job
                return job
            time.sleep(0.05)
        raise AssertionError(job)

    def end(self, how: signal.Signals = signal.SIGINT) -> str:
        """End it; what it printed to standard error."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        _, errors = self.process.communicate(timeout=30)
        return errors


def unpacked(content: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Columns, read as ``docs/page.md`` says."""
    length = int.from_bytes(content[:4], "little")
    assert length % 4 == 0
    header, rest = json.loads(content[4 : 4 + length]), content[4 + length :]
    columns: dict[str, Any] = {}
    for column in header["columns"]:
        assert column["start"] % 4 == 0
        part = rest[column["start"] : column["start"] + column["length"]]
        assert len(part) == column["length"]
        columns[column["name"]] = np.frombuffer(part, np.dtype(column["type"]).newbyteorder("<"))
    if "names" in columns:
        text, ends = columns["names"].tobytes(), columns.pop("name_ends").tolist()
        columns["names"] = [
            text[start:end].decode() for start, end in zip([0, *ends], ends, strict=False)
        ]
    assert {len(values) for values in columns.values()} == {header["count"]}
    return header, columns


@pytest.fixture
def start() -> Iterator[Callable[..., Server]]:
    """Starts servers, which end with the test."""
    servers: list[Server] = []

    def begin(catalog: Path, *args: str | Path) -> Server:
        servers.append(Server(catalog, *args))
        return servers[-1]

    yield begin
    for server in servers:
        errors = server.end(signal.SIGKILL)
        assert "Traceback" not in errors


@pytest.fixture(scope="session")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty-six sounds in three packs and all formats, to be copied."""
    folder = tmp_path_factory.mktemp("packs")
    write_packs(folder, per_label=2)
    return folder


@pytest.fixture
def demo(packs: Path, tmp_path: Path) -> Path:
    """Those sounds, in a folder of their own."""
    return Path(shutil.copytree(packs, tmp_path / "Demo"))


@pytest.fixture
def server(tmp_path: Path, demo: Path, start: Callable[..., Server]) -> Server:
    """A server of a catalog of these."""
    scan(demo, catalog=tmp_path / "catalog.db")
    return start(tmp_path / "catalog.db")


@pytest.fixture(scope="module")
def shared(packs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The same, for tests that change nothing."""
    folder = tmp_path_factory.mktemp("shared")
    shutil.copytree(packs, folder / "Demo")
    scan(folder / "Demo", catalog=folder / "catalog.db")
    server = Server(folder / "catalog.db")
    yield server
    assert "Traceback" not in server.end()
