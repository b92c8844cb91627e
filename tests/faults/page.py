"""The page's server under attack: ``python -m tests.faults page``.

A real ``drumsort browse`` about a few sounds is asked everything that its protocol declares with
values that nobody would send, by strangers, a thousand times at once, too slowly, and too much.
Nothing may be a 500 or a traceback, every answer must fit its declared type, and afterwards the
server answers as before, with no more descriptors or memory, and the sounds are what they were.
What an API can be asked comes from schemathesis, too (``pip install schemathesis``).
"""

import asyncio
import hashlib
import importlib.util
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from drumsort import scan
from drumsort.web.openapi import openapi
from drumsort.web.protocol.endpoints import ENDPOINTS, Endpoint
from drumsort.web.protocol.fields import MOST_IDS

from ..small_library import write
from ..web.conftest import Server, unpacked
from .scene import Tally

SOUNDS = ("kick", "snare", "closed_hat", "clap", "tom", "rim")
VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 2**31, 2**53, 2**64, 10**400, "", " ", "x", "0", "~", "~nobody/x", "/",
    "../..", "/../../etc/passwd", "\0", "a\0b", "\ud800", "/\ud800", "\udcff", "/\udcff\udc80",
    "\U0010ffff", "\u202e", "{", "{family", "{0.__class__}", "%s%n", "'; DROP TABLE files; --",
    "<script>", "a" * 300, "/" + "a/" * 3000, "x" * 10_000, "x" * 10_001, "-(" * 900, "pitch:..",
    "length:1..1e999", [], [None], [1], [-1], [2**32], ["1"], [[]], ["/\ud800"], ["\0"],
    ["/nowhere"], {}, {"": 1}, {"__class__": "x"},
)  # fmt: skip
"""What a field is given that may not like it."""
BODIES = (
    "[" * 100_000, '{"ids":' * 50_000, '{"x":' + "[" * 100_000, "null", "[]", '"x"', "NaN", "{",
    "\xff", "1e999", '{"ids":"\\ud800"}', '{"\\ud800":1}',
)  # fmt: skip
PATHS = (
    "/../../../etc/passwd", "/..%2f..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd",
    "/....//etc/passwd", "/assets/..%2f..%2fserve.py", "/assets/..%5c..%5cserve.py",
    "/assets/%2e%2e/%2e%2e/serve.py", "//etc/passwd", "/%2fetc%2fpasswd", "/.", "/..", "/~root",
    "/%252e%252e%252fetc%252fpasswd", "/..%c0%af..%c0%afetc/passwd", "/index.html%00.png",
    "/file:///etc/passwd", "/C:%5cWindows%5cwin.ini", "/assets/", "/api/sounds/..%2f1",
    "/api/sounds/1%2f..%2f..%2f..%2fetc%2fpasswd", "/api/sounds/%2e%2e/audio",
    "/api/collections/..", "/api/../serve.py",
)  # fmt: skip
HOSTS = (
    "evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil:{port}",
    "127.0.0.1:{port}.evil", "127.0.0.1:{port}@evil", "[::1]:{port}", "0.0.0.0:{port}",
    "2130706433:{port}", "",
)  # fmt: skip
ORIGINS = (
    None, "null", "http://evil.example", "https://127.0.0.1:{port}", "http://127.0.0.1:1",
    "http://127.0.0.1:{port}.evil", "http://evil.example#http://127.0.0.1:{port}", "*",
)  # fmt: skip
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_headers_conformance", "response_schema_conformance", "negative_data_rejection",
)  # fmt: skip
"""Of schemathesis; whoever is refused is tried here (``strangers``)."""
AT_ONCE = 1000
DESCRIPTORS = 256
SLOW = 300
HURRIED = """\
import runpy, sys
from drumsort.web import connection
connection.SECONDS = 2.0
sys.argv = sys.argv[3:]
runpy.run_module("drumsort", run_name="__main__")
"""
"""Runs ``python -m drumsort`` with less patience for slow clients."""
CATALOGS = 41
"""Descriptors of the catalog that may be open: the server's own, and one for each of its 40
threads, as SQLite keeps them to open it again. How many there are depends on how many threads were
in it at once."""
MORE = 150
"""MB that the server may hold in the end: what it remembers, and a body of 32 MiB or two."""


def fenced(top: Path) -> Sequence[str]:
    """A command that runs another with few descriptors (as many as macOS gives), and as root
    with a disk on which it can write below ``top`` alone.
    """
    script = f'ulimit -Sn {DESCRIPTORS} && exec "$@"'
    if os.geteuid() != 0:
        return ("sh", "-c", script, str(top))
    script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro / && ' + script
    return ("unshare", "--mount", "sh", "-c", script, str(top))


def why_not() -> str:
    """Why the page cannot be attacked here: what it is asked to write may be anywhere."""
    if not Path("/proc/self/statm").exists():
        return "needs /proc"
    with tempfile.TemporaryDirectory() as top, suppress(OSError, subprocess.CalledProcessError):
        subprocess.run([*fenced(Path(top)), "true"], check=True, capture_output=True)
        return ""
    return "needs another user than root, or the right to mount"


class Page:
    """The server, its sounds, and what it was like before.

    Args:
        top: where all of it is.
    """

    def __init__(self, top: Path) -> None:
        self.top, self.sounds = top, top / "Samples"
        for number, label in enumerate(SOUNDS):
            write(self.sounds / f"Pack {number % 2}" / f"{label} {number}.wav", label, number)
        self.user = top / "user"
        self.user.mkdir()
        scan(self.sounds, catalog=top / "catalog.db", ear="quick")
        os.environ["HOME"] = str(self.user)
        through = (*fenced(top), sys.executable, "-c", HURRIED)
        self.server = Server(top / "catalog.db", "--ear", "quick", through=through)
        self.ids = self.server.ids()
        self.files = self.sums()
        list(crowd(self, 100))  # it has loaded what it needs
        self.before = self.amounts()

    def sums(self) -> dict[str, str]:
        """Each sound and its checksum."""
        return {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.sounds.rglob("*.wav"))
        }

    def amounts(self) -> tuple[int, float]:
        """How many descriptors the server has open, and how many MB it holds.

        Those of the catalog count where they are more than ``CATALOGS``.
        """
        process = Path("/proc", str(self.server.process.pid))
        pages = int((process / "statm").read_text().split()[1])
        files = []
        for descriptor in (process / "fd").iterdir():
            with suppress(FileNotFoundError):  # closed since
                files.append(str(descriptor.readlink()))
        catalogs = files.count(str(self.top / "catalog.db"))
        count = len(files) - min(catalogs, CATALOGS)
        return count, pages * os.sysconf("SC_PAGESIZE") / 2**20

    def well(self) -> str:
        """What is wrong with the server after all that, once it came to rest."""
        if self.server.json("/api/state")["job"]:
            self.server.wait()
        end = time.monotonic() + 30
        while self.amounts()[0] > self.before[0] + 10 and time.monotonic() < end:
            time.sleep(0.1)
        now = self.amounts()
        if now[0] > self.before[0] + 10 or now[1] > self.before[1] + MORE:
            return f"descriptors and MB were {self.before}, are {now}"
        if self.server.json("/api/state")["count"] != len(SOUNDS):
            return "it has other sounds"
        return "" if self.sums() == self.files else "the sounds changed"

    def ended(self) -> str:
        """End the server; what it said that nobody should see."""
        errors = self.server.end()
        return errors if "Traceback" in errors else ""


@contextmanager
def page(top: Path) -> Iterator[Page]:
    """A page under attack; its server ends with the block."""
    with ExitStack() as stack:
        made = Page(top)
        stack.callback(made.server.end)
        yield made


def answer(response: Any, endpoint: Endpoint | None) -> str:
    """What is wrong with a response: each is of its declared type, or one sentence."""
    if response.status >= 500:
        return f"{response.status} {response.body[:300]!r}"
    if response.status >= 400:
        said = response.json
        well = list(said) == ["error"] and said["error"].strip().endswith((".", "!", "?"))
        return "" if well else f"{response.status} {response.body[:300]!r}"
    if endpoint is None or response.status != 200:
        return f"an answer, {response.status}"
    try:
        if endpoint.header is not None:
            msgspec.convert(unpacked(response.body)[0], endpoint.header)
        elif endpoint.response is not bytes:
            msgspec.json.decode(response.body, type=endpoint.response)
    except msgspec.MsgspecError as error:
        return f"{error}: {response.body[:300]!r}"
    return ""


def usual(page: Page, name: str) -> tuple[str, dict[str, Any]]:
    """The path of an endpoint, and parameters that it takes."""
    ids = list(page.ids.values())
    known = {
        "folders": [str(page.sounds)], "ids": ids[:2], "label": "kick", "name": "Mine", "n": 3,
        "query": "kick", "into": str(page.top / "out"), "kind": "folder", "kept": [None], "seed": 1,
        "step": 0, "run": "x", "plan": "x", "number": None, "settings": "{}", "family": "",
        "path": str(page.top), "points": 8, "since": 0, "offset": 0, "limit": 10, "action": "copy",
        "layout": "{name}", "policy": "balanced",
    }  # fmt: skip
    number = 1 if "collections" in name else ids[0]
    params = ENDPOINTS[name].params
    fields = [field.name for field in msgspec.structs.fields(params)]
    return name.split(" ")[1].format(id=number), {field: known.get(field) for field in fields}


def asked(page: Page, name: str, path: str, params: Mapping[str, Any]) -> Any:
    """Ask an endpoint; ``params`` as its query or its body."""
    if name.startswith("POST"):
        return page.server.post(path, params)
    query = {
        key: ",".join(map(str, value)) if isinstance(value, list) else value
        for key, value in params.items()
    }
    return page.server.get(f"{path}?{urlencode(query, errors='surrogatepass')}"[:60_000])


def hostile(page: Page, every: int = 1) -> Iterator[tuple[str, str]]:
    """Each field of each endpoint with each value that it may not like, the others as usual.

    Args:
        page: to attack.
        every: only one in so many of the values, others for the next endpoint.
    """
    for number, (name, endpoint) in enumerate(ENDPOINTS.items()):
        some = VALUES[number % every :: every]
        if name == "POST /api/quit":
            continue
        path, known = usual(page, name)
        bodies = [known, *({**known, field: value} for field in known for value in some)]
        for params in bodies:
            yield name, answer(asked(page, name, path, params), endpoint)
            if (
                name in ("POST /api/scan", "POST /api/sort/plan")
                and page.server.json("/api/state")["job"]
            ):
                page.server.wait()
        if name.startswith("POST"):
            headers = {"Origin": f"http://{page.server.host}", "Content-Type": "application/json"}
            for body in BODIES[number % every :: every]:
                content = body.encode("latin-1")
                yield name, answer(page.server.ask("POST", path, headers, content), endpoint)
        if "{id}" in name:
            for value in some:
                odd = name.split(" ")[1].format(id=quote(str(value), safe="", errors="replace"))
                yield name, answer(asked(page, name, odd, known), endpoint)


def strangers(page: Page) -> Iterator[tuple[str, str]]:
    """Whoever is not the page: another host, another origin, another site, nobody."""
    server, port = page.server, page.server.port
    for name in ENDPOINTS:
        method, _ = name.split(" ")
        path, known = usual(page, name)
        body = json.dumps(known)
        own = {"Origin": f"http://{server.host}", "Content-Type": "application/json"}
        wrong: list[dict[str, str | None]] = [{"Host": host.format(port=port)} for host in HOSTS]
        wrong += [{"Sec-Fetch-Site": site} for site in ("cross-site", "same-site")]
        wrong += [{"Cookie": cookie} for cookie in (None, "", f"drumsort-{port}=x", "a=b; =;;")]
        if method == "POST":
            wrong += [{"Origin": origin and origin.format(port=port)} for origin in ORIGINS]
            kinds = (None, "text/plain", "multipart/form-data", "application/x-www-form-urlencoded")
            wrong += [{"Content-Type": kind} for kind in kinds]
        for headers in wrong:
            response = server.ask(method, path, {**own, **headers}, body)
            well = response.status in (400, 403, 415) and list(response.json) == ["error"]
            yield f"a stranger: {name}", "" if well else f"{headers}: {response.status}"


def outside(page: Page) -> Iterator[tuple[str, str]]:
    """Paths that would lead out of the page's folder."""
    for path in PATHS:
        response = page.server.get(path)
        yield "paths", "" if response.status in (400, 404) else f"{path}: {response.status}"


async def _ask(page: Page, path: str, gate: asyncio.Event) -> bytes:
    """One request on a connection of its own; what came back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", page.server.port)
    await gate.wait()
    head = f"GET {path} HTTP/1.1\r\nHost: {page.server.host}\r\nCookie: {page.server.cookie}\r\n"
    writer.write(f"{head}Connection: close\r\n\r\n".encode())
    try:
        return await reader.read(-1)
    finally:
        writer.close()


def crowd(page: Page, count: int) -> Iterator[tuple[str, str]]:
    """So many requests for audio at once: each gets the whole sound."""
    wanted = {number: page.files[name] for name, number in page.ids.items()}

    async def all_at_once() -> list[bytes | BaseException]:
        gate = asyncio.Event()
        paths = [f"/api/sounds/{list(wanted)[n % len(wanted)]}/audio" for n in range(count)]
        tasks = [asyncio.create_task(_ask(page, path, gate)) for path in paths]
        gate.set()
        return await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 400)

    for number, found in enumerate(asyncio.run(all_at_once())):
        if isinstance(found, BaseException):
            yield "at once", repr(found)
            continue
        head, _, body = found.partition(b"\r\n\r\n")
        well = hashlib.sha256(body).hexdigest() == list(wanted.values())[number % len(wanted)]
        yield "at once", "" if well else f"{head[:60]!r} {body[:200]!r}"


def slow(page: Page, count: int) -> Iterator[tuple[str, str]]:
    """Clients that begin and do not go on, or read nothing: nobody waits for them."""
    server = page.server
    post = (
        f"POST /api/correct HTTP/1.1\r\nHost: {server.host}\r\nCookie: {server.cookie}\r\n"
        f"Origin: http://{server.host}\r\nContent-Type: application/json\r\n"
    )
    get = f"GET {{}} HTTP/1.1\r\nHost: {server.host}\r\nCookie: {server.cookie}\r\n\r\n"
    number = next(iter(page.ids.values()))
    beginnings = {
        "nothing": "",
        "half a header": post,
        "half a body": f'{post}Content-Length: 100\r\n\r\n{{"ids"',
        "chunks without an end": f"{post}Transfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n",
        "reads nothing": get.format(f"/api/sounds/{number}/audio") * 60,
        "reads no event": get.format("/api/events"),
    }
    for kind, beginning in beginnings.items():
        with ExitStack() as stack:
            for _ in range(count):
                sock = stack.enter_context(socket.socket())
                sock.settimeout(5)
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                with suppress(OSError):
                    sock.connect(("127.0.0.1", server.port))
                    sock.sendall(beginning.encode())
            began = time.monotonic()
            try:
                well = server.get("/api/state").status == 200
                well &= server.get(f"/api/sounds/{number}/audio").status == 200
                took = time.monotonic() - began
                wrong = "" if well and took < 20 else f"the page waited {took:.1f} s"
            except OSError as error:
                wrong = f"the page got no answer: {error!r}"
        yield f"slow: {kind}", wrong


def huge(page: Page) -> Iterator[tuple[str, str]]:
    """Bodies as long as they may be, and longer."""
    server = page.server
    headers = {"Origin": f"http://{server.host}", "Content-Type": "application/json"}
    longest = 32 * 2**20
    ids = "[" + ",".join(["4294967295"] * MOST_IDS) + "]"
    bodies = {
        "empty lists": '{"ids":[' + ",".join(["[]"] * (longest // 3 - 10)) + "]}",
        "empty objects": '{"ids":[' + ",".join(["{}"] * (longest // 3 - 10)) + "]}",
        "spaces": " " * longest,
        "a long text": '{"label":"' + "x" * (longest - 20) + '"}',
        "digits": '{"ids":[' + "9" * (longest - 20) + "]}",
        "ids": f'{{"ids":{ids},"label":"kick"}}',
        "brackets": "[" * longest,
        "longer than allowed": " " * (longest + 1),
    }
    for kind, body in bodies.items():
        wrong = ""
        with suppress(BrokenPipeError, ConnectionResetError):  # it does not listen to the end
            response = server.ask("POST", "/api/correct", headers, body)
            wrong = answer(response, ENDPOINTS["POST /api/correct"])
        yield f"huge: {kind}", wrong


def patient(page: Page, count: int) -> Iterator[tuple[str, str]]:
    """Clients that never go on are dropped after a while (``HURRIED`` makes that short)."""
    address = "127.0.0.1", page.server.port
    head = f"GET /api/state HTTP/1.1\r\nHost: {page.server.host}\r\n".encode()
    with ExitStack() as stack:
        socks = [stack.enter_context(socket.create_connection(address)) for _ in range(count)]
        for sock in socks:
            sock.sendall(head)
            sock.settimeout(60)
        for sock in socks:
            try:
                wrong = "" if sock.recv(1) == b"" else "it was answered"
            except ConnectionError:
                wrong = ""
            except TimeoutError:
                wrong = "it was never dropped"
            yield "never goes on", wrong


def schemathesis(page: Page, examples: int) -> str:
    """Ask what the protocol declares, and what it does not; what that says at its end."""
    document = openapi()
    del document["paths"]["/api/quit"], document["security"]  # the cookie is sent with all
    place = page.top / "openapi.json"
    place.write_text(json.dumps(document))
    command = [
        *(
            sys.executable,
            "-m",
            "schemathesis.cli",
            "run",
            str(place),
            "--mode",
            "all",
            "--no-color",
        ),
        *("--url", f"http://{page.server.host}", "--max-examples", str(examples)),
        *("--checks", ",".join(CHECKS)),
        *("-H", f"Cookie: {page.server.cookie}", "-H", f"Origin: http://{page.server.host}"),
        *("--suppress-health-check", "all", "--warnings", "off", "--continue-on-failure"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=page.top)
    return done.stdout + done.stderr


def why_no_schemathesis() -> str:
    if importlib.util.find_spec("schemathesis") is None:
        return "schemathesis is left out (pip install schemathesis)"
    return ""


def main(top: str, examples: str) -> int:
    """Attack one server in every way, print what was wrong, and count."""
    tally, failed = Tally(), False
    with page(Path(top)) as attacked:
        attacks = (
            hostile(attacked),
            strangers(attacked),
            outside(attacked),
            crowd(attacked, AT_ONCE),
            slow(attacked, SLOW),
            patient(attacked, SLOW),
            huge(attacked),
        )
        for attack in attacks:
            for kind, wrong in attack:
                tally.add(kind, wrong)
        if why := why_no_schemathesis():
            print(why)
        else:
            said = schemathesis(attacked, int(examples))
            failed |= "No issues found" not in said
            print(said[-8000:])
        wrong = attacked.well()
        tally.add("the server afterwards", wrong or attacked.ended())
    print(tally)
    return failed or tally.faults.total() > 0
