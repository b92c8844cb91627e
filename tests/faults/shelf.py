"""Kills of what needs a library that was scanned: re-filing, and sorts from the page.

The library is made once and put back before each trial.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import soundfile

from drumsort.workflows import correct, refile, scan, sort

from ..synth.drums import synthesize
from .kills import SOUNDS, fork_and_kill
from .scene import Scene, differences, newest, settled, states

COPIES = 5


class Shelf:
    """A library, its catalog and its output folder, as they were when all was prepared.

    Args:
        top: where all of it is.
        prepare: done once, in a process of its own.
    """

    def __init__(self, top: Path, prepare: Callable[[Scene], object]) -> None:
        self.scene = Scene(top / "library", top / "library" / "out", top / "library" / "home", {})
        self.scene.clear()
        self.scene.make()
        for number, (label, seed) in enumerate(SOUNDS * COPIES):
            path = self.scene.root / f"Pack {number % 3}" / f"{label} {number}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, synthesize(label, seed + 10 * number), 44100)
        self.contents = {self._sum(path) for path in self.scene.root.rglob("*.wav")}
        fork_and_kill(lambda: prepare(self.scene), self.scene.home, None)
        self.kept = top / "kept"
        shutil.copytree(self.scene.top, self.kept)
        self.start = self.scene.look()

    def put_back(self) -> None:
        """Make everything as it was."""
        shutil.rmtree(self.scene.top)
        shutil.copytree(self.kept, self.scene.top)
        os.environ["DRUMSORT_HOME"] = str(self.scene.home)

    def lost(self) -> int:
        """How many sounds are nowhere complete."""
        places = (self.scene.root, self.scene.out)
        found = {self._sum(path) for place in places for path in place.rglob("*.wav")}
        return len(self.contents - found)

    @staticmethod
    def _sum(path: Path) -> str:
        return hashlib.sha256(path.read_bytes()).hexdigest()


def _sorted_otherwise(scene: Scene) -> None:
    scan.scan(scene.root)
    sort.sort(scene.root, scene.out, "move", catalog=scene.home / "catalog.db")
    correct.correct(sorted(scene.out.rglob("*kick*.wav")), "rim")
    correct.correct(sorted(scene.out.rglob("*tom*.wav")), "crash")


class Refiles:
    """Kills while sounds that an earlier sort moved are moved on; nowhere else are they."""

    def __init__(self, top: Path) -> None:
        self.shelf = Shelf(top / "refiled", _sorted_otherwise)

    def work(self) -> object:
        scene = self.shelf.scene
        return refile.refile(scene.out, catalog=scene.home / "catalog.db")

    def trial(self, chance: random.Random, length: float) -> tuple[bool, str]:
        """Whether the process was killed, and what was wrong after it."""
        shelf, scene = self.shelf, self.shelf.scene
        shelf.put_back()
        before = newest(scene)
        killed = fork_and_kill(self.work, scene.home, chance.uniform(0, length))
        if gone := shelf.lost():
            return killed, f"{gone} sounds are lost"
        if newest(scene) == before:
            wrong = differences(shelf.start, scene.look())
            return killed, f"before anything was written down: {wrong}" if wrong else ""
        if chance.random() < 0.5:
            if wrong := settled(scene, "resume"):
                return killed, wrong
            if wrong := differences(self.whole, scene.look()):
                return killed, f"after resume: {wrong}"
        if wrong := settled(scene, "undo"):
            return killed, wrong
        wrong = differences(shelf.start, scene.look())
        return killed, f"not as before: {wrong}" if wrong else ""

    def all(self, times: int) -> Iterator[tuple[str, bool, str]]:
        self.shelf.put_back()
        began = time.perf_counter()
        fork_and_kill(self.work, self.shelf.scene.home, None)
        length = (time.perf_counter() - began) * 1.1
        self.whole = self.shelf.scene.look()
        assert self.whole != self.shelf.start, "nothing was re-filed"
        chance = random.Random("refile")
        for _ in range(times):
            yield "refile", *self.trial(chance, length)


class Asked:
    """A server in a forked process, which ends by a kill."""

    def __init__(self, home: Path) -> None:
        reader, writer = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            self._serve(home, writer)
        os.close(writer)
        with os.fdopen(reader) as said:
            address = said.readline().strip()
        self.host, self.token = address.removeprefix("http://").split("/?token=")

    @staticmethod
    def _serve(home: Path, writer: int) -> None:
        from drumsort.web.serve import serve

        os.environ["DRUMSORT_HOME"] = str(home)
        try:
            serve(
                home / "catalog.db",
                port=0,
                on_ready=lambda it: os.write(writer, f"{it}\n".encode()) and os.close(writer),
            )
        finally:
            os._exit(0)

    def ask(self, path: str, body: object = None) -> Any:
        """What a request gives; with a body, it is a change."""
        connection = HTTPConnection(self.host, timeout=60)
        cookie = f"drumsort-{self.host.split(':')[1]}={self.token}"
        headers = {
            "Cookie": cookie,
            "Origin": f"http://{self.host}",
            "Content-Type": "application/json",
        }
        method, text = ("GET", None) if body is None else ("POST", json.dumps(body))
        connection.request(method, path, text, headers)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        assert response.status == 200, (path, response.status, content[:300])
        return (
            json.loads(content)
            if response.headers["Content-Type"] == "application/json"
            else content
        )

    def wait(self) -> Any:
        """The job, once it has ended."""
        while (job := self.ask("/api/state")["job"])["state"] == "running":
            time.sleep(0.01)
        return job

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


@contextmanager
def asked(home: Path) -> Iterator[Asked]:
    """A server; it is killed at the end of the block."""
    server = Asked(home)
    try:
        yield server
    finally:
        server.kill()


class Pages:
    """Kills of the server while it sorts; terminal or page go on, and the page says what is so."""

    def __init__(self, top: Path) -> None:
        self.shelf = Shelf(top / "paged", lambda scene: scan.scan(scene.root))

    def sort(self, server: Asked, action: str) -> None:
        into = str(self.shelf.scene.out)
        plan = server.ask("/api/sort/plan", {"into": into, "action": action})
        server.ask("/api/sort/apply", {"plan": plan["plan"]})

    def trial(self, action: str, chance: random.Random) -> tuple[bool, str]:
        """Whether the server was killed midway, and what was wrong after it."""
        shelf, scene = self.shelf, self.shelf.scene
        shelf.put_back()
        with asked(scene.home) as server:
            self.sort(server, action)
            time.sleep(chance.uniform(0, self.length))
        state = states(scene)[0] if states(scene) else ""
        running = state == "unfinished"
        if gone := shelf.lost():
            return running, f"{gone} sounds are lost"
        how, by = chance.choice(["resume", "undo"]), chance.choice(["terminal", "page"])
        if state and by == "terminal" and (wrong := settled(scene, how, scene.home / "catalog.db")):
            return running, wrong
        with asked(scene.home) as server:
            if state and by == "page":
                server.ask(f"/api/sort/{how}", {"run": newest(scene)})
                job = server.wait()
                if job["state"] != "done" or job["failures"]:
                    return running, f"{how} on the page: {job}"
            told = [run["state"] for run in server.ask("/api/sort/history")]
            wanted = [] if not state else ["finished" if how == "resume" else "undone"]
            if told != wanted or told != states(scene):
                return running, f"the page says {told}, the terminal {states(scene)}: {wanted}"
            count = server.ask("/api/state")["count"]
            if count < len(self.shelf.contents):
                return running, f"the page has {count} sounds"
            for number in range(1, count + 1):
                server.ask(f"/api/sounds/{number}/audio")
        whole = self.whole if state and how == "resume" else shelf.start
        wrong = differences(whole, scene.look())
        return running, f"after {how} by the {by} ({state}): {wrong}" if wrong else ""

    def all(self, times: int) -> Iterator[tuple[str, bool, str]]:
        for action in ("move", "copy"):
            self.shelf.put_back()
            with asked(self.shelf.scene.home) as server:
                self.sort(server, action)
                began = time.perf_counter()
                server.wait()
                self.length = (time.perf_counter() - began) * 1.1
            self.whole = self.shelf.scene.look()
            chance = random.Random(f"page {action}")
            for _ in range(times):
                yield f"{action} from the page", *self.trial(action, chance)
