"""How quickly ``drumsort browse`` answers with a large catalog, and how much memory it takes.

    python benchmarks/page.py                     100,000 sounds
    python benchmarks/page.py --sounds 500000
    python benchmarks/page.py --sounds 1000000 --library FOLDER --visits 30

With ``--library``, the catalog is made in that folder, if it is not there, and kept. With
``--visits``, the script does something to all sounds at once, then opens the page and scans a small
folder so many times, and says how much memory and how many descriptors the server has in between.

Makes a catalog in a temporary folder: the sounds of the demo are really scanned, then entered again
and again, each with its own hash, name and pack, and with slightly different scores and places. The
files are hard links. Then the script starts the real command and queries it over a real socket. A
time covers the whole request, up to the last byte of the body. "Beside a scan" is while the server
scans other files.
"""

import argparse
import json
import os
import re
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path

import numpy as np
import soundfile

from drumsort import scan
from drumsort.workflows.demo import demo


def main() -> None:
    """Make, start, query, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sounds", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=30)
    parser.add_argument(
        "--library", type=Path, help="make it here, if it is not there, and keep it"
    )
    parser.add_argument("--visits", type=int, default=0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = library(args.library or Path(name), args.sounds)
        os.environ["DRUMSORT_HOME"] = str(Path(name) / "home")
        if args.visits:
            last(folder, args.visits)
        else:
            more(folder / "Demo", folder / "More")
            measure(folder, args.repeats)


def library(folder: Path, sounds: int) -> Path:
    """A folder with so many sounds and a catalog of them, made unless it is there."""
    if not (folder / "catalog.db").exists():
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["DRUMSORT_HOME"] = str(folder / "home")
        demo(folder / "Demo")
        scan(folder / "Demo", catalog=folder / "catalog.db")
        many(folder / "catalog.db", sounds)
    return folder


def more(sounds: Path, into: Path) -> None:
    """Write the same sounds at ten levels, which makes them other sounds."""
    for path in sounds.rglob("*.ogg"):
        samples, rate = soundfile.read(path)
        (into / path.parent.relative_to(sounds)).mkdir(parents=True, exist_ok=True)
        for level in range(10):
            louder = into / path.relative_to(sounds).with_suffix(f".{level}.wav")
            soundfile.write(louder, samples * (1 - level / 20), rate)


def many(catalog: Path, wanted: int) -> None:
    """Enter the sounds of a catalog again until it has ``wanted`` files."""
    rng = np.random.default_rng(0)
    with sqlite3.connect(catalog) as connection:
        rows = connection.execute(
            "SELECT f.path, f.root, f.size, f.mtime_ns, f.format, v.model, v.raw, v.confidence,"
            " v.scores, v.embedding, v.x, v.y, s.* FROM files f JOIN sounds s USING (audio_hash)"
            " JOIN verdicts v USING (audio_hash)"
        ).fetchall()
        for number in range(wanted - len(rows)):
            row = rows[number % len(rows)]
            path, root, size, mtime, form, model, raw, sure, scores, embedding, x, y, _, *facts = (
                row
            )
            digest = rng.bytes(32)
            p = np.frombuffer(scores, np.float32) * rng.uniform(0.5, 1.5, len(scores) // 4)
            p = (p / p.sum()).astype(np.float32)
            e = np.frombuffer(embedding, np.float32)
            e = (e + rng.normal(0, 0.02, len(e))).astype(np.float32)
            x, y = x + rng.normal(0, 0.05), y + rng.normal(0, 0.05)
            pack = b"Pack %d" % (number // 100)
            source = Path(os.fsdecode(path))
            target = Path(os.fsdecode(root), os.fsdecode(pack), f"{number:05} {source.name}")
            target.parent.mkdir(exist_ok=True)
            target.hardlink_to(source)
            key = os.fsencode(target)
            connection.execute(
                f"INSERT INTO sounds VALUES ({', '.join('?' * (1 + len(facts)))})", (digest, *facts)
            )
            connection.execute(
                "INSERT INTO verdicts VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (digest, model, raw, sure, p.tobytes(), (e / np.linalg.norm(e)).tobytes(), x, y),
            )
            connection.execute(
                "INSERT INTO files (path, root, pack, size, mtime_ns, file_hash, audio_hash,"
                " format, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '')",
                (key, root, pack, size, mtime, digest, digest, form),
            )


class Page:
    """A browser's connection, which stays open, and its cookie."""

    def __init__(self, address: str) -> None:
        host, path = re.fullmatch(r"http://([^/]+)(/.*)", address).groups()
        self.host = host
        self.connection = HTTPConnection(host)
        self.connection.request("GET", path)
        response = self.connection.getresponse()
        response.read()
        self.cookie = response.headers["Set-Cookie"].partition(";")[0]

    def __call__(self, path: str, body: object = None) -> bytes:
        headers = {"Cookie": self.cookie}
        if body is not None:
            headers |= {"Origin": f"http://{self.host}", "Content-Type": "application/json"}
        given = None if body is None else json.dumps(body)
        self.connection.request("GET" if body is None else "POST", path, given, headers)
        response = self.connection.getresponse()
        content = response.read()
        assert response.status == 200, (path, response.status, content[:300])
        return content


def measure(folder: Path, repeats: int) -> None:
    """Start the command twice, the second time with a warm disk, and request everything."""
    for warm in (False, True):
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "drumsort", "browse", "--no-open", "--catalog",
             folder / "catalog.db"],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        address = process.stdout.readline().split()[-1]
        printed = time.perf_counter() - began
        page = Page(address)
        first = page("/api/sounds?limit=20000")
        painted = time.perf_counter() - began
        if not warm:
            process.send_signal(signal.SIGINT)
            process.wait()
    print(f"address printed after {printed:.2f} s, first 20,000 sounds after {painted:.2f} s")
    count = json.loads(page("/api/state"))["count"]
    whole = sum(len(page(f"/api/sounds?offset={at}&limit=20000")) for at in range(0, count, 20_000))
    print(f"{count:,} sounds; first page {len(first) / 1e6:.2f} MB, all {whole / 1e6:.2f} MB")
    columns = 4 + int.from_bytes(first[:4], "little")
    real = np.frombuffer(first[columns:], "<u4", 100).tolist()  # the first column is that of ids
    requests(page, real, repeats)
    print(f"memory: {memory(process.pid)}")
    began = time.perf_counter()
    plan = json.loads(page("/api/sort/plan", {"into": str(folder / "Sorted")}))
    print(f"plan of {plan['count']:,} files: {time.perf_counter() - began:.1f} s")
    print(f"memory: {memory(process.pid)}, at most {peak(process.pid)}")
    more = str(folder / "More")
    page("/api/scan", {"folders": [more]})
    print("\nbeside a scan:")
    requests(page, real, repeats)
    job = json.loads(page("/api/state"))["job"]
    print(f"the scan: {job['state']}, {job['done']:,} of {job['total'] or 0:,}")
    while json.loads(page("/api/state"))["job"]["state"] == "running":
        time.sleep(0.2)
    print(f"memory: {memory(process.pid)}")
    began = time.perf_counter()
    process.send_signal(signal.SIGINT)
    process.wait()
    print(f"ended {time.perf_counter() - began:.2f} s after Ctrl-C, exit code {process.returncode}")


def last(folder: Path, visits: int) -> None:
    """Change all sounds at once, then visit and scan again and again; print what it takes."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "drumsort", "browse", "--no-open", "--catalog",
         folder / "catalog.db"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    page = Page(process.stdout.readline().split()[-1])

    def told(what: str, began: float, before: float) -> None:
        took, busy = time.perf_counter() - began, cpu(process.pid) - before
        print(
            f"| {what} | {took:.1f} | {busy:.1f} | {memory(process.pid)}, at most"
            f" {peak(process.pid)} | {len(list(Path(f'/proc/{process.pid}/fd').iterdir()))} |",
            flush=True,
        )

    def timed(what: str, path: str, body: object = None) -> bytes:
        began, before = time.perf_counter(), cpu(process.pid)
        answer = page(path, body)
        told(what, began, before)
        return answer

    print("| what | s | CPU, s | memory | descriptors |\n|---|---|---|---|---|")
    page("/api/sounds?limit=20000")
    told("first sounds", began, 0)
    places = page("/api/places")
    told("all sounds", began, 0)
    count = json.loads(page("/api/state"))["count"]

    def ids() -> list[int]:
        found: list[int] = []
        for at in range(0, count, 100_000):
            part = page(f"/api/sounds?offset={at}&limit=100000")
            start = 4 + int.from_bytes(part[:4], "little")
            found += np.frombuffer(part[start:], "<u4", min(100_000, count - at)).tolist()
        return found

    timed(f"where they are ({len(places) / 1e6:.0f} MB)", "/api/places")
    began, before = time.perf_counter(), cpu(process.pid)
    every = ids()
    told("all columns", began, before)
    timed("the first query", "/api/find?query=label:kick+loud")
    timed("another query", "/api/find?query=length:..200ms+-snare")
    step = json.loads(timed("all corrected", "/api/correct", {"ids": every, "label": "snare"}))
    timed("all changes", f"/api/changes?since={step['version'] - 1}")
    timed("that undone", "/api/undo", {"step": step["step"]})
    made = json.loads(page("/api/collections", {"name": f"All {time.time()}"}))
    number = made["number"]
    path = f"/api/collections/{number}"
    step = json.loads(timed("all collected", f"{path}/add", {"id": number, "ids": every}))
    timed("that undone", "/api/undo", {"step": step["step"]})
    page(f"{path}/delete", {"id": number})
    small = next(iter(sorted((folder / "Demo").glob("Pack 1*"))))
    for visit in range(1, visits + 1):
        began, before = time.perf_counter(), cpu(process.pid)
        page("/api/places")
        ids()
        page("/api/scan", {"folders": [str(small)]})
        while json.loads(page("/api/state"))["job"]["state"] == "running":
            time.sleep(0.05)
        if visit == 1 or visit % 5 == 0:
            told(f"visit and scan {visit}", began, before)
    process.send_signal(signal.SIGINT)
    process.wait()


def requests(page: Page, ids: list[int], repeats: int) -> None:
    """Print median and slowest of each request, in ms."""
    listed = ",".join(map(str, ids))
    kinds = {
        "state": ("/api/state", None),
        "20,000 sounds": ("/api/sounds?limit=20000", None),
        "one sound": (f"/api/sounds/{ids[0]}", None),
        "audio": (f"/api/sounds/{ids[0]}/audio", None),
        "spectrogram": (f"/api/sounds/{ids[0]}/spectrogram", None),
        "similar": (f"/api/sounds/{ids[0]}/similar?n=20", None),
        "100 waveforms": (f"/api/waveforms?ids={listed}&points=64", None),
        "correct one": ("/api/correct", {"ids": ids[:1], "label": "snare"}),
        "correct 100": ("/api/correct", {"ids": ids, "label": "snare"}),
        "undo": ("/api/corrections/undo", {}),
    }
    print("| request | median, ms | slowest, ms |\n|---|---|---|")
    for name, (path, body) in kinds.items():
        times = []
        for _ in range(repeats):
            began = time.perf_counter()
            page(path, body)
            times.append(1000 * (time.perf_counter() - began))
        print(f"| {name} | {statistics.median(times):.1f} | {max(times):.1f} |")


def memory(pid: int) -> str:
    """Resident and proportional memory of a process, in MB, where the system reports it."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return "not known"
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1000 for line in lines}
    return f"RSS {sizes['Rss']:.0f} MB, PSS {sizes['Pss']:.0f} MB"


def cpu(pid: int) -> float:
    """Seconds of CPU time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak(pid: int) -> str:
    """The peak memory of a process, where the system reports it."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return "not known"
    (line,) = [line for line in lines if line.startswith("VmHWM:")]
    return f"{int(line.split()[1]) / 1000:.0f} MB"


if __name__ == "__main__":
    main()
