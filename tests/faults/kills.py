"""``kill -9`` at random instants over every command that changes something.

After each kill: every original byte is there, resume or undo brings the tree to where it should be,
and what they say is so. ``python -m tests.faults kills`` does 600; the tests do a few.
"""

import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import soundfile

from drumsort.catalog import Catalog
from drumsort.teaching.teach import Teaching
from drumsort.workflows import undo as past

from ..synth.drums import synthesize
from .scene import ACTIONS, Scene, Tally, differences, in_child, lost, newest, settled, states

MANY = {f"{n % 5}/Kick {n}.wav": bytes([n % 40]) * (1000 + 137 * (n % 40)) for n in range(60)}
SOUNDS = [("kick", 1), ("kick", 2), ("snare", 1), ("closed_hat", 1), ("clap", 1), ("tom", 1)]


def fork_and_kill(work: Callable[[], object], home: Path, seconds: float | None) -> bool:
    """Do ``work`` in a child and kill it after some seconds; whether it was still alive then."""
    pid = os.fork()
    if pid == 0:
        os.environ["DRUMSORT_HOME"] = str(home)
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            work()
        finally:
            os._exit(0)
    if seconds is None:
        os.waitpid(pid, 0)
        return False
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status)


class Sorts:
    """Kills during a sort, its undo and its resume."""

    def __init__(self, top: Path, far: Path | None) -> None:
        self.scene = Scene(top / "tree", (far or top / "tree") / "out", top / "home", MANY)
        self.actions = ("copy", "move", "symlink") if far else ACTIONS

    def measure(self, action: str) -> None:
        """How long an unbroken sort takes, and what it makes of the tree."""
        self.scene.clear()
        self.scene.make()
        began = time.perf_counter()
        word = in_child(self.scene, lambda: self.scene.sort(action))
        self.length = (time.perf_counter() - began) * 1.1
        assert word.well, word
        self.whole = self.scene.look()

    def trial(self, action: str, verb: str, chance: random.Random) -> tuple[bool, str]:
        """Whether a process was killed, and what was wrong after it."""
        scene = self.scene
        scene.clear()
        scene.make()
        start = scene.look()
        if verb:
            seconds = chance.uniform(0, self.length) if verb == "resume" else None
            fork_and_kill(lambda: scene.sort(action), scene.home, seconds)
            if not states(scene) or (verb == "resume" and states(scene)[0] != "unfinished"):
                return False, ""  # it was over too early, or had not begun
        work = {
            "": lambda: scene.sort(action),
            "undo": lambda: past.undo(catalog=False),
            "resume": lambda: past.resume(catalog=False),
        }[verb]
        killed = fork_and_kill(work, scene.home, chance.uniform(0, self.length))
        if gone := lost(scene):
            return killed, f"lost: {gone}"
        if states(scene):
            how = chance.choice(["resume", "undo"]) if verb != "undo" else "undo"
            if states(scene)[0] not in ("unfinished", "partly undone", "undone", "finished"):
                return killed, f"the run is {states(scene)[0]}"
            if how == "resume":
                if wrong := settled(scene, "resume"):
                    return killed, wrong
                if wrong := differences(self.whole, scene.look()):
                    return killed, f"after resume: {wrong}"
            if wrong := settled(scene, "undo"):
                return killed, wrong
        wrong = differences(start, scene.look())
        return killed, f"not as before: {wrong}" if wrong else ""

    def all(self, times: int) -> Iterator[tuple[str, bool, str]]:
        for action in self.actions:
            self.measure(action)
            for verb in ("", "undo", "resume"):
                chance = random.Random(f"{action} {verb}")
                for _ in range(times):
                    yield f"{verb} {action}".strip(), *self.trial(action, verb, chance)


class Library:
    """Kills of what changes a catalog, or makes an export; the sounds are not touched by any."""

    def __init__(self, top: Path) -> None:
        self.scene = Scene(top / "library", top / "library" / "out", top / "library" / "home", {})
        self.scene.clear()
        self.scene.make()
        for number, (label, seed) in enumerate(SOUNDS * 2):
            path = self.scene.root / f"Pack {number % 2}" / f"{label} {seed} {number}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, synthesize(label, seed), 44100)  # even sizes: they carry tags
        self.sounds = self.scene.look()

    def commands(self) -> dict[str, Callable[[], object]]:
        from drumsort.catalog.collections import Collections
        from drumsort.workflows import (
            collect,
            correct,
            deduplicate,
            export_collection,
            learn,
            scan,
            tag,
        )

        root = self.scene.root
        kicks = sorted(root.rglob("kick*.wav"))

        each = [path for path in root.rglob("*.wav") if int(path.stem.split()[-1]) < len(SOUNDS)]

        def edit() -> None:
            collect.collect("Mine", each)
            collect.take_out("Mine", each[:1])
            collect.collect("Mine", each)
            collect.save_query("Smart", "kick")

        def teach() -> None:
            correct.teach_class("Boing", each)
            learn.learn()
            learn.switch_on()

        def export() -> None:
            with Catalog() as catalog:
                Collections(catalog).add_to("Kicks", kicks)
            export_collection.export_collection("Kicks", "folder", self.scene.out)

        return {
            "scan": lambda: scan.scan(root),
            "correct": lambda: correct.correct(kicks, "rim"),
            "collections": edit,
            "teach": teach,
            "export": export,
            "duplicates": lambda: deduplicate.deduplicate(move_to=self.scene.out),
            "tag": lambda: tag.tag(root),
            "duplicates link": lambda: deduplicate.deduplicate(link=True),
        }

    def trial(self, name: str, chance: random.Random, length: float) -> tuple[bool, str]:
        command = self.commands()[name]
        home = self.scene.home
        if name != "scan":
            fork_and_kill(self.commands()["scan"], home, None)
        killed = fork_and_kill(command, home, chance.uniform(0, length))
        os.environ["DRUMSORT_HOME"] = str(home)
        if wrong := self._halves():
            return killed, wrong
        for _ in range(3):
            if not states(self.scene) or states(self.scene)[0] in ("undone", "finished"):
                break
            if wrong := settled(self.scene, chance.choice(["resume", "undo"])):
                return killed, wrong
        fork_and_kill(command, home, None)  # the same again ends well, whatever was left
        hidden = [p.name for p in self.scene.out.glob(".*")] if self.scene.out.is_dir() else []
        if hidden:
            return killed, f"left: {hidden}"
        with Catalog() as catalog:
            check = list(catalog.read("PRAGMA integrity_check"))
            known = sum(not entry.missing for entry in catalog.entries())
        if [tuple(row) for row in check] != [("ok",)]:
            return killed, f"the catalog is damaged: {check}"
        if wrong := self._halves() or (self._missing() if name in ("teach", "collections") else ""):
            return killed, wrong
        if (
            name in ("scan", "correct", "teach", "collections", "export")
            and known != len(SOUNDS) * 2
        ):
            return killed, f"the catalog knows {known} sounds"
        while states(self.scene) and any(s != "undone" for s in states(self.scene)):
            if wrong := settled(self.scene, "undo"):
                return killed, wrong
            for path in (home / "runs").glob(f"{newest(self.scene)}.jsonl"):
                path.unlink()
        now = {k: v for k, v in self.scene.look().items() if k.startswith("in")}
        wrong = differences(self.sounds, now)
        return killed, f"the sounds changed: {wrong}" if wrong else ""

    def all(self, times: int) -> Iterator[tuple[str, bool, str]]:
        import shutil

        for name, command in self.commands().items():
            began = time.perf_counter()
            if name != "scan":
                fork_and_kill(self.commands()["scan"], self.scene.home, None)
                began = time.perf_counter()
            fork_and_kill(command, self.scene.home, None)
            length = (time.perf_counter() - began) * 1.1
            self._undo_all()
            chance = random.Random(name)
            for _ in range(times):
                shutil.rmtree(self.scene.home)
                shutil.rmtree(self.scene.out, ignore_errors=True)
                yield name, *self.trial(name, chance, length)

    def _halves(self) -> str:
        """What is half in the catalog: a change is there, or it is not."""
        from drumsort.workflows import collect

        with Catalog() as catalog:
            counts = {one.name: one.count for one in collect.collections_of(catalog=catalog)}
            examples = dict(Teaching(catalog).classes()).get("Boing", 0)
        most = len(SOUNDS)
        if counts.get("Mine", 0) not in (0, most - 1, most) or examples not in (0, most):
            return f"half a change: {counts}, {examples} examples"
        return ""

    def _missing(self) -> str:
        """What an unbroken command has not done."""
        from drumsort.workflows import collect

        with Catalog() as catalog:
            names = {one.name for one in collect.collections_of(catalog=catalog)}
            used = any(lesson.active for lesson in Teaching(catalog).lessons())
        return "" if used or "Smart" in names else f"no lesson is in use; collections: {names}"

    def _undo_all(self) -> None:
        while any(state != "undone" for state in states(self.scene)):
            settled(self.scene, "undo")
            (self.scene.home / "runs" / f"{newest(self.scene)}.jsonl").unlink()


def main(top: str, far: str, times: str) -> int:
    """Kill each command so many times, print what was wrong, and count by command."""
    from . import shelf  # which kills as this module does

    tally = Tally()
    kinds = [("", Sorts(Path(top), None).all), ("", Library(Path(top)).all)]
    kinds += [("", shelf.Refiles(Path(top)).all), ("", shelf.Pages(Path(top)).all)]
    if far != "-":
        kinds.append((" to another disk", Sorts(Path(top), Path(far)).all))
    for where, trials in kinds:
        for name, dead, wrong in trials(int(times)):
            tally.add(name + where, wrong, hit=dead)
    print(tally)
    return tally.faults.total() > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
