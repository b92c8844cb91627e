"""A scan from the page: seen as it goes on, stopped, and in nobody's way."""

import json
import shutil
import signal
import socket
import threading
import time
from pathlib import Path

import pytest
import soundfile

from drumsort import Catalog, scan

from ..synth.drums import synthesize

MANY = 1200


class Events:
    """What the server tells, read in a thread."""

    def __init__(self, server):
        self.told = []
        self._sock = socket.create_connection(("127.0.0.1", server.port), timeout=60)
        self._sock.sendall(
            b"GET /api/events HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n"
            % (server.host.encode(), server.cookie.encode())
        )
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        name = None
        with self._sock.makefile("rb") as stream:
            for line in stream:
                if line.startswith(b"event: "):
                    name = line[7:].decode().strip()
                elif line.startswith(b"data: "):
                    self.told.append((name, json.loads(line[6:]), time.monotonic()))

    def of(self, kind):
        return [what for name, what, _ in self.told if name == kind]

    def until(self, condition, seconds=60):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, self.told[-3:]
            time.sleep(0.02)


@pytest.fixture
def many(tmp_path):
    """As many different sounds as a scan takes some seconds for."""
    base = [synthesize(label, 0) for label in ("kick", "snare", "closed_hat", "clap")]
    for number in range(MANY):
        path = tmp_path / "Many" / f"Pack {number % 9}" / f"{number:04}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, base[number % 4] * (1 - number / 2 / MANY), 44100)
    return tmp_path / "Many"


def test_a_folder_is_scanned_while_the_page_looks_on(tmp_path, start, demo):
    server = start(tmp_path / "catalog.db")
    assert server.json("/api/state")["count"] == 0
    assert server.sounds()[0]["total"] == 0
    events = Events(server)
    events.until(lambda: events.of("version"))
    assert events.of("job") == [None]
    job = server.do("/api/scan", {"folders": [str(demo)]})
    assert (job["kind"], job["state"]) == ("scan", "running")
    job = server.wait("done")
    assert (job["done"], job["total"]) == (36, 36)
    assert job["sentence"] == "Files: 36 heard."
    events.until(lambda: (events.of("job")[-1] or {}).get("state") == "done")
    events.until(lambda: events.of("version")[-1] == server.json("/api/state")["version"])
    assert len(server.sounds()[1]["names"]) == 36
    assert server.json("/api/state")["folders"] == [str(demo)]


def test_browse_scans_what_it_is_given(tmp_path, start, demo):
    server = start(tmp_path / "catalog.db", demo)
    assert server.wait("done")["kind"] == "scan"
    assert server.json("/api/state")["count"] == 36


def has_heard(job):
    """Whether a scan has heard a sound, and not only looked for some."""
    return job and job["what"] == "Listening" and job["done"] > 0


def test_a_scan_that_is_stopped_keeps_what_was_heard(tmp_path, start, many):
    server = start(tmp_path / "catalog.db", many)
    events = Events(server)
    events.until(lambda: any(map(has_heard, events.of("job"))))
    refused = server.post("/api/scan", {"folders": [str(many)]})
    assert (refused.status, "Something else" in refused.json["error"]) == (409, True)
    assert server.do("/api/stop")["kind"] == "scan"
    assert server.wait("stopped")["sentence"] == "Stopped; what was done stays."
    kept = server.json("/api/state")["count"]
    assert 0 < kept < MANY
    assert len(server.sounds()[1]["id"]) == kept
    server.do("/api/scan")  # goes on from there
    assert server.wait("done")["sentence"] == f"Files: {MANY - kept:,} heard, {kept:,} unchanged."
    assert server.json("/api/state")["count"] == MANY
    times = [when for name, _, when in events.told if name == "job"]
    assert len(times) < 11 * (times[-1] - times[0]) + 5


def test_no_request_waits_for_a_scan(tmp_path, start, demo, many):
    scan(demo, catalog=tmp_path / "catalog.db")
    server = start(tmp_path / "catalog.db", many)
    ids = list(server.ids().values())
    slowest = {}
    asked = 0
    while server.json("/api/state")["job"]["state"] == "running":
        one, other = ids[asked % 36], ids[asked % 35]
        for path in (
            "/api/state",
            "/api/sounds",
            "/api/tree",
            f"/api/sounds/{one}",
            f"/api/sounds/{one}/audio",
            f"/api/waveforms?ids={one},{other}",
        ):
            began = time.monotonic()
            assert server.get(path).status == 200
            kind = path.strip("0123456789,")
            slowest[kind] = max(slowest.get(kind, 0), time.monotonic() - began)
        began = time.monotonic()
        server.do("/api/correct", {"ids": ids[:2], "label": "ride"})
        slowest["correct"] = max(slowest.get("correct", 0), time.monotonic() - began)
        asked += 1
    assert asked >= 3, "the scan was over before anything was asked"
    assert max(slowest.values()) < 1.0, slowest
    assert server.json("/api/state")["corrections"] == 2


def test_what_the_page_does_to_files_is_found(server, demo):
    paths = sorted(demo.rglob("*.wav"))
    header, columns = server.sounds()
    paths[0].unlink()
    shutil.move(paths[1], demo / "moved.wav")
    (demo / "bad.wav").write_bytes(b"RIFF")
    server.do("/api/scan")
    job = server.wait("done")
    assert job["sentence"] == "Files: 34 unchanged, 1 moved, 1 gone, 1 not readable."
    (failure,) = job["failures"]
    assert failure.startswith(str(demo / "bad.wav"))
    later, now = server.sounds(f"/api/changes?since={header['version']}")
    assert later["whole"]
    assert set(columns["names"]) - set(now["names"]) == {paths[0].name, paths[1].name}
    assert set(now["names"]) - set(columns["names"]) == {"moved.wav"}


def test_a_scan_that_finds_nothing_new_changes_nothing(server):
    version = server.json("/api/state")["version"]
    server.do("/api/scan")
    assert server.wait("done")["sentence"] == "Files: 36 unchanged."
    assert server.json("/api/state")["version"] == version


def test_a_folder_that_is_gone_is_named(server, demo):
    demo.rename(demo.with_name("Unplugged"))
    server.do("/api/scan")
    (failure,) = server.wait("done")["failures"]
    assert failure.startswith(f"{demo} does not exist")
    assert server.json("/api/state")["count"] == 36


@pytest.mark.parametrize("folders", [["Demo"], ["/none/at/all"], ["{catalog}"], [3], "x", [""]])
def test_what_is_no_folder_is_not_scanned(shared, folders):
    given = [str(f).format(catalog=shared.catalog) for f in folders] if folders != [3] else folders
    assert shared.post("/api/scan", {"folders": given if folders != "x" else "x"}).status == 400


def test_nothing_to_scan_yet(tmp_path, start):
    server = start(tmp_path / "catalog.db")
    response = server.post("/api/scan")
    assert (response.status, response.json["error"]) == (
        400,
        "No folder has been scanned yet: choose one.",
    )
    assert server.do("/api/stop") is None


def test_another_scan_in_a_terminal_is_waited_for(server, demo, tmp_path):
    from drumsort.catalog import writer_lock

    with writer_lock(server.catalog):
        server.do("/api/scan")
        job = server.wait("failed")
    assert job["sentence"].startswith("Another drumsort is filling the catalog")


def test_killed_within_a_scan_it_goes_on(tmp_path, start, many):
    server = start(tmp_path / "catalog.db", many)
    while server.json("/api/state")["count"] == 0:
        time.sleep(0.05)
    server.end(signal.SIGKILL)
    with Catalog(tmp_path / "catalog.db") as catalog:
        kept = sum(1 for _ in catalog.entries())
    assert kept > 0
    again = start(tmp_path / "catalog.db", many)
    job = again.wait("done")
    assert f"{kept:,} unchanged" in job["sentence"]
    assert again.json("/api/state")["count"] == MANY


def test_folders_to_choose_from(shared, tmp_path):
    (tmp_path / "Demo").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "file.wav").touch()
    (tmp_path / "Ünï").mkdir()
    found = shared.json(f"/api/tree?path={tmp_path}")
    assert found["path"] == str(tmp_path)
    assert found["parent"] == str(tmp_path.parent)
    assert {"Demo", "Ünï"} <= set(found["folders"])
    assert ".hidden" not in found["folders"]
    assert "file.wav" not in found["folders"]
    assert shared.json("/api/tree?path=/")["parent"] is None
    assert shared.json("/api/tree")["path"]
    assert shared.get(f"/api/tree?path={tmp_path}/none").status == 410
    assert shared.json("/api/tree?path=~")["path"] == str(Path.home())
    assert shared.get("/api/tree?path=~nobody-of-this-name/x").status == 400


def test_a_folder_without_a_sound_is_named(server, tmp_path):
    (tmp_path / "Nothing").mkdir()
    server.do("/api/scan", {"folders": [str(tmp_path / "Nothing")]})
    job = server.wait("done")
    assert job["sentence"] == f"There is no sound in {tmp_path / 'Nothing'}."
