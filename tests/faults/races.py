"""Two at once on the same trees: drumsort beside drumsort, and beside files that change.

After each race every content is there that no other program took away, what each said of its files
is so, and the undo of all runs makes the tree what it was, where only drumsort changed it.
``python -m tests.faults races`` does 640; the tests do a few.
"""

import hashlib
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from drumsort.sorting.journal import load
from drumsort.types import Run
from drumsort.workflows import undo as past

from .kills import MANY
from .scene import Scene, Tally, Word, differences, in_child, lost, states

ACTIONS = ("copy", "move", "symlink", "relink")


def at_once(
    scene: Scene, one: Callable[[], Run], other: Callable[[], Run], seconds: float
) -> list[Word]:
    """What two processes say, of which one begins some seconds after the other."""
    words: list[Word] = []

    def meanwhile(_: int) -> None:
        time.sleep(seconds)
        words.append(in_child(scene, other))

    return [in_child(scene, one, meanwhile=meanwhile), *words]


class Races:
    """Races on one disk, or on two."""

    def __init__(self, top: Path, far: Path | None) -> None:
        self.scene = Scene(top / "tree", (far or top / "tree") / "out", top / "home", MANY)
        self.actions = ACTIONS if far is None else ("copy", "move")

    def measure(self, action: str) -> None:
        """How long a sort takes by itself."""
        os.environ["DRUMSORT_HOME"] = str(self.scene.home)
        self.scene.clear()
        self.scene.make()
        began = time.perf_counter()
        in_child(self.scene, lambda: self.scene.sort(action))
        self.length = time.perf_counter() - began

    def pair(self, action: str, kind: str, chance: random.Random) -> str:
        """A drumsort beside another; what was wrong."""
        scene = self.scene
        scene.clear()
        scene.make()
        start = scene.look()
        if kind == "undo":
            in_child(scene, lambda: scene.sort(action))
        first: dict[str, Callable[[], Run]] = {
            "sort": lambda: scene.sort(action),
            "undo": lambda: past.undo(catalog=False),
        }
        beside = chance.choice(["sort", "undo"])
        words = at_once(scene, first[kind], first[beside], chance.uniform(0, self.length))
        if crashed := [word.crashed for word in words if word.crashed]:
            return crashed[0]
        if kind == beside == "sort" and (false := [w for w in words if not self._is_so(w)]):
            return f"not so: {false}"
        return self._gone() or self._undone() or differences(start, scene.look())

    def changing(self, action: str, chance: random.Random) -> str:
        """A sort while another program changes the files; what was wrong."""
        scene = self.scene
        scene.clear()
        scene.make()
        kept = dict(scene.files)
        word = in_child(
            scene,
            lambda: scene.sort(action),
            meanwhile=lambda pid: self._change(kept, chance, self.length),
        )
        if word.crashed:
            return word.crashed
        wanted = {hashlib.sha256(content).hexdigest(): name for name, content in kept.items()}
        for then in ("sorted", "undone"):
            if then == "undone":
                for run in past.history():
                    if run.state != "undone":
                        past.undo(run.id, catalog=False)
            found = {hashlib.sha256(path.read_bytes()).hexdigest() for path in self._files()}
            if gone := wanted.keys() - found:
                return f"{then}, lost: {[wanted[one] for one in gone]}"
        hidden = [path.name for path in self._files() if path.name.startswith(".")]
        return f"left: {hidden}" if hidden else ""

    def _change(self, kept: dict[str, bytes], chance: random.Random, seconds: float) -> None:
        """Change files as other programs do; ``kept`` then says what they left, by its name."""
        ends = time.perf_counter() + seconds
        number = 0
        while time.perf_counter() < ends:
            number += 1
            name = chance.choice(list(kept))
            path = self.scene.root / name
            new = f"{name} {number}".encode() * chance.randrange(1, 300)
            what = chance.choice(["replace", "grow", "rename", "remove", "add"])
            try:
                if what == "replace":
                    beside = path.with_name(f"{number}.tmp")
                    beside.write_bytes(new)
                    path.stat()  # a file that drumsort took is not made anew
                    beside.rename(path)
                    kept[name] = new
                elif what == "grow":
                    with path.open("r+b") as stream:
                        stream.seek(0, os.SEEK_END)
                        stream.write(new)
                    kept[name] += new
                elif what == "rename":
                    path.rename(path.with_name(f"Renamed {number}.wav"))
                elif what == "remove":
                    path.unlink()
                    del kept[name]
                else:
                    added = path.with_name(f"Added {number}.wav")
                    added.write_bytes(new)
                    kept[added.relative_to(self.scene.root).as_posix()] = new
            except FileNotFoundError:  # drumsort was there before
                continue
            time.sleep(chance.uniform(0, seconds / 20))

    def _files(self) -> Iterator[Path]:
        for base in (self.scene.root, self.scene.out):
            yield from (p for p in base.rglob("*") if p.is_file() and not p.name.endswith(".tmp"))

    def _is_so(self, word: Word) -> bool:
        """Whether the files lie where a sort says that it put them."""
        if word.run is None:
            return bool(word.error)
        if word.run.id not in {run.id for run in past.history()}:
            return word.run.done == 0
        operations = load(word.run.id).operations
        put = [one for one in operations if one.source not in word.run.failures]
        return word.run.done == len(put) and all(os.path.lexists(one.target) for one in put)

    def _gone(self) -> str:
        gone = lost(self.scene)
        return f"lost: {gone}" if gone else ""

    def _undone(self) -> str:
        """Undo all runs, the newest first; what was wrong."""
        while any(state != "undone" for state in states(self.scene)):
            newest = next(run for run in past.history() if run.state != "undone")
            done = past.undo(newest.id, catalog=False)
            if done.failures or done.stopped:
                return f"undo: {dict(done.failures)} {done.stopped}"
        return ""

    def all(self, times: int) -> Iterator[tuple[str, str]]:
        for action in self.actions:
            self.measure(action)
            for kind in ("sort", "undo"):
                chance = random.Random(f"{action} {kind}")
                for _ in range(times):
                    yield f"{kind} of {action} beside another", self.pair(action, kind, chance)
            if action in ("copy", "move"):
                chance = random.Random(action)
                for _ in range(times):
                    yield f"{action} of files that change", self.changing(action, chance)


def main(top: str, far: str, times: str) -> int:
    """Run so many races of each kind, print what was wrong, and count by kind."""
    tally = Tally()
    for where, races in (
        ("", Races(Path(top), None)),
        (", on another disk", Races(Path(top), Path(far))),
    ):
        for name, wrong in races.all(int(times)):
            tally.add(name + where, wrong)
    print(tally)
    return tally.faults.total() > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
