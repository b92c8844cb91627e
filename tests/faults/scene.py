"""A small tree to do something to, what a fault did to it, and whether what was said is so.

Each trial runs in a forked child, so that thousands of them take no start of their own.
"""

import hashlib
import os
import pickle
import shutil
import stat
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal
from unittest.mock import patch

from drumsort import sorting
from drumsort.errors import DrumsortError, in_words
from drumsort.sorting import tagging
from drumsort.sorting.journal import load
from drumsort.tags import edited
from drumsort.types import Action, Operation, Plan, Prediction, Result, Run, Tags
from drumsort.workflows import undo as past

from ..tags.formats import sound

LONG_AGO = 1_000_000_000_123_456_700
FILES = {
    "A/Kick.wav": b"one" * 500,
    "B/Kick.wav": b"two" * 700,
    "B/Hat.wav": b"three" * 300,
    "B/Silence.wav": b"",
    "C/Same.wav": b"one" * 500,
    "Top.wav": b"four" * 20_000,
}
SOUNDS = {"A/Kick.wav": "16.wav", "B/Hat.flac": "16.flac", "C/Tom.ogg": "vorbis.ogg"}
TAGGED = {name: sound(kind) for name, kind in SOUNDS.items()}
TAGS = Tags("kick", "kick", "F", "kick, F1 (drumsort)", "drum; one-shot; kick")
CLOCK = patch.object(tagging, "time", SimpleNamespace(time_ns=lambda: LONG_AGO))
"""Tags get the same time in every trial."""
MODES = {"A/Kick.wav": 0o640, "B/Hat.wav": 0o600}
ACTIONS = ("copy", "move", "link", "symlink", "relink")


@dataclass
class Scene:
    """A tree with ``in`` and ``out`` and a home of its own.

    Attributes:
        top: the folder of it all.
        out: the output folder, which may lie on another disk.
        home: of the journals.
    """

    top: Path
    out: Path
    home: Path
    files: Mapping[str, bytes] = field(default_factory=lambda: FILES)

    @property
    def root(self) -> Path:
        return self.top / "in"

    def make(self) -> None:
        for number, (name, content) in enumerate(self.files.items()):
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(MODES.get(name, 0o644))
            stamp = LONG_AGO + number * 1_000_000_000
            os.utime(path, ns=(stamp, stamp))
        self.home.mkdir(parents=True, exist_ok=True)

    def clear(self) -> None:
        for folder in (self.root, self.out, self.home):
            shutil.rmtree(folder, ignore_errors=True)

    def look(self) -> dict[str, Any]:
        """Each entry below both folders: kind, content, time and permissions."""
        seen: dict[str, Any] = {}
        for label, base in (("in", self.root), ("out", self.out)):
            for path in [base, *sorted(base.rglob("*"))] if base.is_dir() else []:
                name = f"{label}/{path.relative_to(base).as_posix()}"
                status = path.lstat()
                if stat.S_ISLNK(status.st_mode):
                    seen[name] = "-> " + os.path.relpath(path.readlink(), self.top)
                elif stat.S_ISDIR(status.st_mode):
                    seen[name] = "folder"
                else:
                    content = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
                    mode = stat.S_IMODE(status.st_mode)
                    seen[name] = (content, status.st_mtime_ns, mode, status.st_nlink)
        return seen

    def twins(self) -> dict[str, str]:
        """Each file that has the content of one before it, and that one."""
        first: dict[bytes, str] = {}
        for name, content in self.files.items():
            first.setdefault(content, name)
        return {name: first[c] for name, c in self.files.items() if first[c] != name}

    def plan(self, action: str) -> Plan:
        if action == "tag":
            operations = []
            for path in map(self.root.joinpath, self.files):
                facts = path.stat().st_size, path.stat().st_mtime_ns
                operations.append(Operation(path, path, *facts, tags=TAGS))
            return Plan((self.root,), self.root, Action.TAG, tuple(operations))
        if action == "relink":
            operations = []
            for name, kept in self.twins().items():
                status = (self.root / name).stat()
                facts = status.st_size, status.st_mtime_ns
                operations.append(Operation(self.root / name, self.root / kept, *facts))
            return Plan((self.root,), self.root, Action.RELINK, tuple(operations))
        results = []
        for path in sorted(self.root.rglob("*")):
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode):
                continue
            family = "hat" if "Hat" in path.name else "kick"
            said = Prediction(family, family, family, 0.9, {})
            results.append(Result(path, self.root, status.st_size, status.st_mtime_ns, said))
        return sorting.plan(results, self.out, Action(action))

    def sort(self, action: str) -> Run:
        with CLOCK:
            return sorting.apply(sorting.check(self.plan(action)))


@dataclass
class Word:
    """What a command said: a run, or the error that it ended with.

    Attributes:
        crashed: the traceback of an error that no user should see.
    """

    run: Run | None = None
    error: str = ""
    crashed: str = ""
    killed: bool = False

    @property
    def well(self) -> bool:
        """Whether all was said to be well."""
        return self.run is not None and not self.run.failures and not self.run.stopped

    @property
    def text(self) -> str:
        if self.run is None:
            return self.error
        return " ".join([*self.run.failures.values(), self.run.stopped])


def in_child(
    scene: Scene,
    work: Callable[[], Run],
    before: Callable[[], None] = lambda: None,
    meanwhile: Callable[[int], None] | None = None,
) -> Word:
    """Do ``work`` in a child, after ``before``; what it said. ``meanwhile`` gets its process id."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        os.environ["DRUMSORT_HOME"] = str(scene.home)
        word = Word()
        try:
            before()
            word.run = work()
        except DrumsortError as error:
            word.error = str(error)
        except OSError as error:  # a command says it in these words, and exits with 2
            word.error = in_words(error)
        except BaseException:
            word.crashed = traceback.format_exc()
        with os.fdopen(writer, "wb") as stream:
            stream.write(pickle.dumps(word))
        os._exit(0)
    os.close(writer)
    if meanwhile is not None:
        meanwhile(pid)
    with os.fdopen(reader, "rb") as stream:
        content = stream.read()
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return Word(killed=True)
    word: Word = pickle.loads(content)
    return word


def states(scene: Scene) -> list[str]:
    """The states of all runs, newest first, as the history tells them."""
    os.environ["DRUMSORT_HOME"] = str(scene.home)
    return [str(run.state) for run in past.history()]


def newest(scene: Scene) -> str:
    os.environ["DRUMSORT_HOME"] = str(scene.home)
    return sorting.history()[0].id


def lost(scene: Scene) -> list[str]:
    """The original files whose bytes are nowhere complete, with tags or without."""
    found = set()
    for base in (scene.root, scene.out):
        for path in base.rglob("*") if base.is_dir() else []:
            if path.is_file() and not path.is_symlink() and not path.name.endswith(".part"):
                found.add(hashlib.sha256(path.read_bytes()).digest())
    return [n for n, c in scene.files.items() if found.isdisjoint(_versions(n, c))]


def _versions(name: str, content: bytes) -> set[bytes]:
    """Hashes of a file as it was, and with the tags that it may have now."""
    contents = [content]
    if TAGGED.get(name) == content:
        contents.append(edited(Path(name), content, TAGS))
    return {hashlib.sha256(one).digest() for one in contents}


def settled(scene: Scene, how: str, catalog: Path | Literal[False] = False) -> str:
    """Resume or undo the newest run without a fault; what is wrong with what that said."""
    os.environ["DRUMSORT_HOME"] = str(scene.home)
    run_id = newest(scene)
    work = past.resume if how == "resume" else past.undo
    try:
        with CLOCK:
            done = work(run_id, catalog=catalog)
    except DrumsortError as error:
        return f"{how}: {error}"
    if done.failures or done.stopped:
        return f"{how}: {dict(done.failures)} {done.stopped}"
    wanted = "finished" if how == "resume" else "undone"
    if states(scene)[0] != wanted:
        return f"after {how} the run is {states(scene)[0]}"
    if how == "resume" and done.done != len(load(run_id).operations):
        return f"resume says {done.done}"
    return ""


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    return "; ".join(
        f"{name}: {one.get(name)} -> {other.get(name)}"
        for name in sorted(one.keys() | other.keys())
        if one.get(name) != other.get(name)
    )


class Tally:
    """Counts trials and prints what was wrong, and now and then how many there were."""

    def __init__(self) -> None:
        self.tried: Counter[str] = Counter()
        self.hit: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()

    def add(self, kind: str, wrong: str, name: str = "", hit: bool = True) -> None:
        """Count one trial of ``kind``; ``hit`` tells whether the fault came in time."""
        self.tried[kind] += 1
        self.hit[kind] += hit
        self.faults[kind] += bool(wrong)
        if wrong:
            print(f"{name or kind}: {wrong[:600]}", flush=True)
        if self.tried.total() % 50 == 0:
            print(self, flush=True)

    def __str__(self) -> str:
        kinds = "; ".join(f"{kind}: {self.hit[kind]}" for kind in self.tried)
        total = f"{self.tried.total()} trials, {self.hit.total()} hit"
        return f"{total}, {self.faults.total()} faults ({kinds})"
