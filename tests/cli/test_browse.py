"""``drumsort browse``, the real command: how it starts, ends and complains."""

import json
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing

import pytest

from drumsort import scan

LINE = re.compile(r"The page is at (http://127\.0\.0\.1:(\d+)/\?token=\S{43})\n")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and modes of the POSIX kind")


@pytest.fixture
def browse(tmp_path):
    """Starts ``drumsort browse ARGS`` and gives the process, its address and port."""
    begun = []

    def start(*args, opener=None):
        environment = {**os.environ, "DRUMSORT_HOME": str(tmp_path / "home")}
        if opener:
            environment["BROWSER"] = f"{opener} %s"
        process = subprocess.Popen(
            [sys.executable, "-m", "drumsort", "browse", *(() if opener else ("--no-open",)),
             *map(str, args)],
            env=environment, cwd=tmp_path, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
        begun.append(process)
        found = LINE.fullmatch(process.stdout.readline())
        assert found, process.stderr.read()
        assert process.stdout.readline() == "Ctrl-C ends it.\n"
        return process, found[1], int(found[2])

    yield start
    for process in begun:
        process.kill()
        process.communicate()


def wait(process, seconds=10):
    began = time.monotonic()
    _, errors = process.communicate(timeout=seconds)
    assert "Traceback" not in errors
    return process.returncode, errors, time.monotonic() - began


def ask(address, path="/api/state"):
    """Open the address as a browser would, then ask for a path."""
    from http.client import HTTPConnection

    host, entrance = re.fullmatch(r"http://([^/]+)(/.*)", address).groups()
    with closing(HTTPConnection(host, timeout=30)) as connection:
        connection.request("GET", entrance)
        answer = connection.getresponse()
        answer.read()
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
        connection.request("GET", path, headers={"Cookie": cookie})
        return json.loads(connection.getresponse().read())


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_it_at_once_though_a_page_listens(browse, how):
    process, address, port = browse()
    token = address.partition("token=")[2]
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.sendall(
            b"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: drumsort-%d=%s\r\n\r\n"
            % (port, port, token.encode())
        )
        heard = b""
        while b"event: version" not in heard:
            heard += sock.recv(10_000)
        process.send_signal(how)
        code, errors, seconds = wait(process)
    assert (code, errors) == (0, "The page is closed.\n")
    assert seconds < 3


def test_ctrl_c_within_a_scan_keeps_what_was_heard(browse, samples, tmp_path):
    for number in range(400):
        content = bytearray(next(samples.rglob("PRT_1.wav")).read_bytes())
        content[-2:] = number.to_bytes(2, "little")
        (samples / f"{number}.wav").write_bytes(content)
    process, address, _ = browse(samples, "--catalog", "a.db")
    while ask(address)["count"] == 0:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    code, errors, _ = wait(process, 30)
    assert (code, errors) == (0, "The page is closed.\n")
    assert scan(samples, catalog=tmp_path / "a.db").unchanged > 0


def test_without_a_catalog_it_starts_empty(browse, tmp_path):
    _, address, _ = browse()
    state = ask(address)
    assert (state["count"], state["folders"]) == (0, [])
    assert state["catalog"] == str(tmp_path / "home" / "catalog.db")


def test_a_second_one_leads_to_the_first(browse, drumsort, samples, tmp_path):
    opened = tmp_path / "opened"
    opener = tmp_path / "open.sh"
    opener.write_text(f'#!/bin/sh\necho "$1" >> "{opened}"\n')
    opener.chmod(0o755)
    first, address, port = browse("--catalog", tmp_path / "a.db", opener=opener)
    for _ in range(100):
        if opened.exists():
            break
        time.sleep(0.05)
    assert opened.read_text() == f"{address}\n"
    assert stat.S_IMODE((tmp_path / "a.db.browse").stat().st_mode) == 0o600
    again = drumsort("browse", "--no-open", "--catalog", tmp_path / "a.db")
    assert again.returncode == 0
    assert again.stderr == (
        f"The page of the catalog {tmp_path / 'a.db'} already runs at http://127.0.0.1:{port}.\n"
    )
    assert again.stdout == f"The page is at {address}\n"
    os.environ["BROWSER"] = f"{opener} %s"
    try:
        drumsort("browse", "--catalog", tmp_path / "a.db")
    finally:
        del os.environ["BROWSER"]
    assert opened.read_text() == f"{address}\n" * 2
    assert drumsort("browse", "--no-open", "--catalog", "a.db", samples).returncode == 0
    for _ in range(200):
        if (job := ask(address)["job"]) and job["state"] == "done":
            break
        time.sleep(0.05)
    assert ask(address)["count"] == 4
    browse("--catalog", tmp_path / "b.db")  # another catalog is another matter
    first.send_signal(signal.SIGINT)
    wait(first)
    with socket.socket() as sock:
        assert sock.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_the_next_one_goes_on_at_the_address_of_one_that_ended(browse, tmp_path, how):
    first, address, port = browse("--catalog", tmp_path / "a.db")
    first.send_signal(how)
    first.wait()
    second, again, _ = browse("--catalog", tmp_path / "a.db")
    assert again == address
    assert ask(again)["count"] == 0
    second.kill()
    second.wait()
    with socket.create_server(("127.0.0.1", port)):
        _, elsewhere, other = browse("--catalog", tmp_path / "a.db")
        assert other != port
        assert ask(elsewhere)["count"] == 0


def test_the_address_is_the_same_for_everyone_where_it_is_free(browse, tmp_path):
    from drumsort.web.serve import PORT

    ports = {browse("--catalog", tmp_path / name)[2] for name in ("a.db", "b.db")}
    assert len(ports) == 2
    with socket.socket() as sock:  # by one of these, or by somebody else on this machine
        assert sock.connect_ex(("127.0.0.1", PORT)) == 0


def refused(drumsort, *args):
    done = drumsort("browse", "--no-open", *args)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_a_port_that_is_taken(drumsort):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused(drumsort, "--port", str(port))
    assert said.startswith(f"drumsort: Port {port} is not available (Address already in use): name")


def test_a_catalog_that_is_damaged(drumsort, tmp_path):
    (tmp_path / "a.db").write_bytes(b"SQLite format 3\0" + b"\xa5" * 5000)
    assert "is damaged" in refused(drumsort, "--catalog", tmp_path / "a.db")


def test_a_catalog_that_is_newer(drumsort, samples, tmp_path):
    scan(samples, catalog=tmp_path / "a.db")
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection, connection:
        connection.execute("PRAGMA user_version = 99")
    assert "newer drumsort" in refused(drumsort, "--catalog", tmp_path / "a.db")


def test_a_catalog_in_the_hands_of_another(drumsort, samples, tmp_path):
    scan(samples, catalog=tmp_path / "a.db")
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        assert "is in use" in refused(drumsort, "--catalog", tmp_path / "a.db")


def test_a_catalog_that_is_damaged_deep_inside_is_said_on_the_page(browse, samples, tmp_path):
    scan(samples, catalog=tmp_path / "a.db")
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection, connection:
        connection.execute("UPDATE verdicts SET scores = x'00'")
    _, address, _ = browse("--catalog", tmp_path / "a.db")
    said = ask(address, "/api/sounds")["error"]
    assert said.startswith(f"The catalog {tmp_path / 'a.db'} is damaged")


def test_a_catalog_that_can_only_be_read_is_shown(browse, samples, tmp_path):
    place = tmp_path / "shut" / "a.db"
    scan(samples, catalog=place)
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    place.chmod(0o444)
    place.parent.chmod(0o555)
    try:
        _, address, _ = browse("--catalog", place)
        assert ask(address)["count"] == 4
    finally:
        place.parent.chmod(0o755)


def test_a_folder_that_is_not_there(drumsort):
    done = drumsort("browse", "none")
    assert done.returncode == 2
    assert "does not exist" in done.stderr


def test_no_more_of_uvicorn_is_loaded_than_the_base_install_has():
    code = (
        "import sys, drumsort.cli.browse, drumsort.web.serve;"
        "print([m for m in ('torch', 'httptools', 'uvloop', 'websockets') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
