"""Whoever is not the page itself is refused: each way in is really tried, over a real socket."""

import json
import os
import socket
from contextlib import suppress
from pathlib import Path

import pytest
import soundfile

from drumsort import scan
from drumsort.web.guard import MOST_BYTES
from drumsort.web.serve import _bound

from ..synth.drums import synthesize

TABLE = Path("/proc/net/tcp")
HOSTILE = (
    b"<img src=x onerror=alert(1)>.wav",
    b"\"quotes\" & 'others'.wav",
    b"two\nlines.wav",
    b"bad \xff\xfe bytes.wav",
    b"\xe2\x80\xaetxt.wav",
    "é 鼓 🥁.wav".encode(),
    b"<!--<script>.wav",
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def refused(response, status):
    """One sentence as JSON, and nothing else."""
    assert response.status == status, response.body
    assert list(response.json) == ["error"]
    assert response.json["error"].endswith(".")
    protected(response)
    return response.json["error"]


def protected(response):
    for name, value in ALWAYS.items():
        assert response.headers.get_all(name) == [value]
    (policy,) = response.headers.get_all("Content-Security-Policy")
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy
    assert "Server" not in response.headers
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.skipif(not TABLE.exists(), reason="needs the kernel's table of sockets")
def test_it_listens_on_the_loopback_only(shared):
    rows = [line.split() for line in TABLE.read_text().splitlines()[1:]]
    listening = [address for _, address, _, state, *_ in rows if state == "0A"]
    assert [a for a in listening if a.endswith(f":{shared.port:04X}")] == [
        f"0100007F:{shared.port:04X}"
    ]


def test_no_response_waits_for_an_acknowledgement():
    """asyncio sends at once (TCP_NODELAY) only where the socket says that it is one of TCP."""
    with _bound(0) as sock:
        assert sock.proto == socket.IPPROTO_TCP


def test_the_address_sets_a_cookie_that_no_script_can_read(shared):
    response = shared.ask("GET", f"/?token={shared.token}", {"Cookie": None})
    assert (response.status, response.headers["Location"]) == (303, "/")
    cookie, *rules = response.headers["Set-Cookie"].split("; ")
    assert cookie == shared.cookie
    assert {rule.lower() for rule in rules} == {"httponly", "path=/", "samesite=strict"}
    protected(response)


@pytest.mark.parametrize("token", ["x", "", "%00", "a&token=b", "%C3%A9", "a&" * 20])
def test_a_wrong_token_opens_nothing(shared, token):
    response = shared.ask("GET", f"/?token={token}", {"Cookie": None})
    refused(response, 403)
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("path", ["/", "/api/state", "/api/sounds/1/audio", "/assets/x.js", "/no"])
@pytest.mark.parametrize("cookie", [None, "", "drumsort-1=x", "a=b; =; ;;", "drumsort={port}"])
def test_without_the_cookie_nothing_is_answered(shared, path, cookie):
    given = cookie and cookie.format(port=shared.port)
    refused(shared.ask("GET", path, {"Cookie": given}), 403)
    refused(shared.ask("GET", path, {"Cookie": f"drumsort-{shared.port}=wrong"}), 403)


@pytest.mark.parametrize("path", ["/", "/?token=x"])
def test_a_browser_without_the_cookie_gets_a_page_to_read(shared, path):
    response = shared.ask("GET", path, {"Cookie": None, "Accept": "text/html,*/*;q=0.8"})
    assert (response.status, response.headers.get_content_type()) == (403, "text/html")
    assert b"<h1>drumsort</h1>" in response.body
    assert shared.token.encode() not in response.body
    assert "Set-Cookie" not in response.headers
    protected(response)
    refused(shared.ask("GET", "/api/state", {"Cookie": None, "Accept": "text/html"}), 403)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil:{port}",
     "127.0.0.1:{port}.evil", "[::1]:{port}", ""],
)  # fmt: skip
def test_another_host_is_dns_rebinding(shared, host):
    refused(shared.ask("GET", "/api/state", {"Host": host.format(port=shared.port)}), 400)


def test_localhost_is_a_name_of_it(shared):
    assert shared.ask("GET", "/api/state", {"Host": f"localhost:{shared.port}"}).status == 200


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "https://127.0.0.1:{port}", "http://127.0.0.1:1",
               "http://127.0.0.1:{port}.evil", "http://127.0.0.1:{port}/"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/api/correct", "/api/quit", "/api/scan", "/api/sort/apply"])
def test_a_change_comes_from_the_page_itself(shared, path, origin):
    given = origin and origin.format(port=shared.port)
    refused(shared.post(path, {"ids": [1], "label": "kick"}, Origin=given), 403)
    assert shared.json("/api/state")["corrections"] == 0


@pytest.mark.parametrize("site", ["cross-site", "same-site", "x"])
def test_another_site_is_refused_even_with_the_cookie(shared, site):
    """A browser sends the cookie from a page of another port of this machine, too."""
    sent = {"Sec-Fetch-Site": site}
    for path in ("/api/state", "/api/sounds/1/audio", "/api/events", "/assets/x.js"):
        refused(shared.get(path, **sent), 403)
    refused(shared.post("/api/correct", {"ids": [1], "label": "kick"}, **sent), 403)
    assert shared.get("/", **sent).status == 200, "a link may lead to the page"
    for own in ("same-origin", "none"):
        assert shared.get("/api/state", **{"Sec-Fetch-Site": own}).status == 200


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""]
)
def test_a_change_is_asked_for_in_json(shared, kind):
    response = shared.post("/api/correct", {"ids": [1], "label": "kick"}, **{"Content-Type": kind})
    refused(response, 415)
    assert shared.json("/api/state")["corrections"] == 0


@pytest.mark.parametrize(
    "body",
    ["", "[]", "null", "{", '{"label": "kick"}', '{"ids": 1, "label": "kick"}',
     '{"ids": ["1"], "label": "kick"}', '{"ids": [1.5], "label": "kick"}',
     '{"ids": [true], "label": "kick"}', '{"ids": [1]}', '{"ids": [1], "label": ["kick"]}',
     '{"ids": "\\ud800", "label": "kick"}', '{"\\ud800": 1}', '{"x": ' + "[" * 100_000,
     "[" * 100_000, '{"ids": [1], "label": "\\u0000"}', '{"ids": [1], "label": "drum"}', "\xff"],
)  # fmt: skip
def test_a_body_that_makes_no_sense_is_refused(shared, body):
    given = {"Origin": f"http://{shared.host}", "Content-Type": "application/json"}
    refused(shared.ask("POST", "/api/correct", given, body.encode("latin-1")), 400)


def test_a_body_that_is_too_long_is_refused_by_its_header(shared):
    given = {"Content-Length": str(MOST_BYTES + 1)}
    refused(shared.post("/api/correct", {}, **given), 413)


def test_a_body_that_is_longer_than_it_says_is_refused(shared):
    with socket.create_connection(("127.0.0.1", shared.port), timeout=60) as sock:
        sock.sendall(
            (
                f"POST /api/correct HTTP/1.1\r\nHost: {shared.host}\r\nCookie: {shared.cookie}\r\n"
                f"Origin: http://{shared.host}\r\nContent-Type: application/json\r\n"
                "Transfer-Encoding: chunked\r\n\r\n"
            ).encode()
        )
        chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
        with suppress(ConnectionError):  # or it does not even listen to the end
            for _ in range(MOST_BYTES // 0x100000 + 2):
                sock.sendall(chunk)
            sock.sendall(b"0\r\n\r\n")
            assert sock.recv(1000).startswith(b"HTTP/1.1 413 ")
    assert shared.json("/api/state")["corrections"] == 0


@pytest.mark.parametrize("path", ["/\ud800", "/" + "a/" * 3000, "/" + "x" * 5000, "relative"])
def test_what_can_be_no_folder_is_refused(shared, path):
    refused(shared.post("/api/scan", {"folders": [path]}), 400)
    refused(shared.post("/api/sort/plan", {"into": path}), 400)
    refused(shared.post("/api/collections/1/export", {"into": path, "kind": "folder"}), 400)


@pytest.mark.parametrize(
    "path",
    ["/../../../etc/passwd", "/..%2f..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/app.py",
     "/assets/../../app.py", "/assets/..%5c..%5capp.py", "//etc/passwd", "/app.py", "/.gitignore",
     "/%00", "/assets/", "/index.html/x", "/api", "/api/", "/api/none", "/%ff"],
)  # fmt: skip
def test_no_file_but_the_page_is_served(shared, path):
    refused(shared.get(path), 404)


@pytest.mark.parametrize(
    "number", ["0", "-1", "999", "4294967295", "4294967296", "9" * 5000, "1.5", "x", "%00", "..",
               "1%2f..", "/etc/passwd", "%D9%A3", "1%20OR%201=1"],
)  # fmt: skip
@pytest.mark.parametrize("what", ["", "/audio", "/spectrogram", "/similar"])
def test_a_sound_is_asked_for_by_its_number_alone(shared, number, what):
    refused(shared.get(f"/api/sounds/{number}{what}"), 404)


@pytest.mark.parametrize(
    "query", ["sounds?offset=-1", "sounds?limit=0", "sounds?limit=1000000", "sounds?offset=x",
              "sounds?offset=" + "9" * 5000, "waveforms?ids=x", "waveforms?ids=", "waveforms",
              "waveforms?ids=1&points=0", "waveforms?ids=1&points=100000", "changes?since=x",
              "waveforms?ids=" + ",".join(map(str, range(201))), "tree?path=Demo", "tree?path=%00",
              "sounds/1/similar?n=0", "sounds/1/similar?family=none"],
)  # fmt: skip
def test_a_query_that_asks_too_much_is_refused(shared, query):
    refused(shared.get(f"/api/{query}"), 400)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "POST"])
def test_other_methods_are_refused(shared, method):
    headers = {"Origin": f"http://{shared.host}", "Content-Type": "application/json"}
    refused(shared.ask(method, "/api/state", headers, "{}"), 405)
    assert shared.ask(method, "/api/state", {"Origin": "http://evil.example"}).status == 403


def test_a_change_is_no_get(shared):
    for path in ("/api/correct", "/api/quit", "/api/scan", "/api/stop"):
        refused(shared.get(path), 404)  # no page of that name
    assert shared.process.poll() is None


def test_head_gives_the_headers_alone(shared):
    response = shared.ask("HEAD", "/api/state")
    assert (response.status, response.body) == (200, b"")
    protected(response)


def test_every_response_is_protected_and_not_kept(shared):
    for path in ("/api/state", "/api/sounds", "/api/sounds/1", "/api/sounds/1/audio",
                 "/api/sounds/1/spectrogram", "/api/waveforms?ids=1", "/api/tree"):  # fmt: skip
        response = shared.get(path)
        assert response.status == 200
        protected(response)
        assert response.headers["Cache-Control"] == "no-store"


def test_what_is_no_http_ends_the_connection_and_nothing_else(shared):
    for rubbish in (
        b"\x16\x03\x01\x02\x00",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"a" * 100_000,
    ):
        address = "127.0.0.1", shared.port
        with socket.create_connection(address, timeout=10) as sock, suppress(ConnectionError):
            sock.sendall(rubbish + b"\r\n\r\n")
            sock.recv(1000)
    assert shared.json("/api/state")["count"] == 36


@pytest.fixture
def hostile(tmp_path, start):
    """Sounds whose names are none that a page would like."""
    for number, name in enumerate(HOSTILE):
        path = tmp_path / "Pack <b>" / os.fsdecode(name)
        path.parent.mkdir(exist_ok=True)
        with path.open("wb") as file:
            soundfile.write(file, synthesize("kick", number), 44100, format="WAV")
    scan(tmp_path / "Pack <b>", catalog=tmp_path / "catalog.db")
    return start(tmp_path / "catalog.db"), [name.decode("utf-8", "replace") for name in HOSTILE]


def test_a_hostile_name_is_text(hostile):
    server, names = hostile
    header, columns = server.sounds()
    assert sorted(columns["names"]) == sorted(names)
    assert header["packs"] == ["Pack <b>"]
    for number in columns["id"].tolist():
        response = server.get(f"/api/sounds/{number}")
        protected(response)
        assert response.json["name"] in names
        assert json.loads(response.body.decode("utf-8"))["pack"] == "Pack <b>"
        assert server.get(f"/api/sounds/{number}/audio").headers["Content-Type"] == "audio/wav"


def test_a_hostile_name_that_is_gone_is_text_too(hostile, tmp_path):
    server, _ = hostile
    for path in (tmp_path / "Pack <b>").iterdir():
        path.unlink()
    for number in server.ids().values():
        refused(server.get(f"/api/sounds/{number}/audio"), 410)
