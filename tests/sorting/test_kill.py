"""Kill the process, really, at every instant: nothing is lost, and it can go on or go back.

``killed_at`` stops a forked process right before its n-th call that changes the disk; a write or
a copy by the system is cut in the middle. Sweeping n visits every state a kill can leave. The last
tests kill another process from outside, at random.
"""

import hashlib
import importlib
import itertools
import os
import pickle
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from drumsort import sorting
from drumsort.errors import JournalError
from drumsort.sorting import disk
from drumsort.types import Action

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")

CALLS = ("open", "write", "link", "unlink", "rename", "replace", "symlink", "mkdir", "rmdir")
CALLS += ("utime", "chmod", "ftruncate", "copy_file_range")
FILES = {
    "in/A/Kick.wav": b"one",
    "in/B/Kick.wav": b"two",
    "in/B/Hat.wav": b"three",
    "in/B/Silence.wav": b"",
    "in/C/Same.wav": b"one",
    "in/C/Nothing.wav": b"",
}
TWINS = {"in/C/Same.wav": "in/A/Kick.wav", "in/C/Nothing.wav": "in/B/Silence.wav"}
FAMILIES = {"in/B/Hat.wav": "hat"}
REFILED = {"in/A/Kick.wav": "snare", "in/B/Silence.wav": "hat"}
OTHERS = {"out/kick/Kick.wav": b"not ours", "out/empty": b""}

groups_module = importlib.import_module("drumsort.sorting.groups")


@pytest.fixture(autouse=True)
def small_groups(monkeypatch):
    """Many groups; and no waiting for the disk, which a kill, unlike a power cut, forgives."""
    monkeypatch.setattr(groups_module, "GROUP_FILES", 2)
    monkeypatch.setattr(os, "fsync", lambda fd: None)
    monkeypatch.setattr(disk, "sync", lambda path: None)  # its threads would blur the count


def arm(number):
    """Kill this process right before its ``number``-th call that changes the disk."""
    count = itertools.count(1)

    def wrap(call):
        def wrapped(*args, **kwargs):
            if next(count) == number:
                if call is write:
                    call(args[0], bytes(args[1])[: len(args[1]) // 2])
                elif call is copy_file_range:
                    call(args[0], args[1], 2)
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **kwargs)

        return wrapped

    write, copy_file_range = os.write, getattr(os, "copy_file_range", None)
    for name in CALLS:
        if hasattr(os, name):
            setattr(os, name, wrap(getattr(os, name)))


def killed_at(number, kind, kills, work):
    """Whether ``work`` in another process lived long enough to be killed at ``number``."""
    pid = os.fork()
    if pid == 0:
        try:
            arm(number)
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    kills[kind] += os.WIFSIGNALED(status)
    return os.WIFSIGNALED(status)


def sums(files):
    """Checksums of what is complete under a name that is not temporary."""
    return {
        hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if not name.endswith(".part")
    }


class Case:
    """Trees to sort in one way, each new, and what an unbroken run makes of them."""

    def __init__(self, name, make_tree, tmp_path, request):
        self.name, self.make_tree, self.tmp_path = name, make_tree, tmp_path
        self.action = Action(name.split()[0])
        self.numbers = itertools.count()
        self.disk = request.getfixturevalue("other_disk") if "disk" in name else None
        if "without" in name:
            request.getfixturevalue("no_hard_links")
        if "reflink" in name:
            self.tmp_path = request.getfixturevalue("cloning_disk")
        if "read" in name:
            request.getfixturevalue("no_help_of_the_system")
        self.earlier = int("refiled" in name)

    def tree(self):
        number = next(self.numbers)
        out = self.disk / f"{number}" if self.disk else None
        tree = self.make_tree(self.tmp_path / f"tree{number}", out)
        tree.make(FILES | OTHERS)
        os.environ["DRUMSORT_HOME"] = str(self.tmp_path / f"home{number}")
        if self.earlier:  # all but a few are kicks yet
            some = [one for one in tree.hear() if one.path.parent.name != "C"]
            sorting.apply(sorting.plan(some, tree.out, self.action))
        return tree

    def began(self):
        """Whether the killed run got as far as its journal; nothing is touched before."""
        return len(sorting.history()) > self.earlier

    def relative(self, tree):
        """What is in the tree, without its own name."""
        top = os.fsencode(tree.top)
        return {name: content.replace(top, b"") for name, content in tree.read().items()}

    def sort(self, tree):
        if self.action is Action.RELINK:
            return sorting.apply(tree.link_plan(TWINS))
        return tree.sort(self.action, FAMILIES | REFILED if self.earlier else FAMILIES)

    def assert_nothing_lost(self, tree):
        found = tree.read()
        assert sums(found) >= sums(FILES)
        assert found.items() >= (OTHERS if self.action is not Action.RELINK else FILES).items()

    def unbroken(self):
        tree = self.tree()
        self.sort(tree)
        return self.relative(tree), tree.stamps()


NAMES = [
    "copy",
    "copy by reflink",
    "copy by read and write",
    "copy without links",
    "move",
    "move without links",
    "move to another disk",
]
NAMES += ["link", "symlink", "relink", "copy refiled", "symlink refiled"]


@pytest.fixture(params=NAMES)
def case(request, make_tree, tmp_path, monkeypatch):
    monkeypatch.setenv("DRUMSORT_HOME", "")
    return Case(request.param, make_tree, tmp_path, request)


def test_a_run_killed_anywhere_is_resumed_or_undone(case, kills):
    whole = case.unbroken()
    for number in itertools.count(1):
        for how in (sorting.resume, sorting.undo):
            tree = case.tree()
            before = tree.read(), tree.stamps()
            dead = killed_at(number, case.name, kills, lambda tree=tree: case.sort(tree))
            case.assert_nothing_lost(tree)
            if not case.began():
                assert (tree.read(), tree.stamps()) == before
                if not case.earlier:
                    with pytest.raises(JournalError):
                        how()
                continue
            if not dead:
                return
            assert how(sorting.history()[0].id).failures == {}
            if how is sorting.resume:
                assert (case.relative(tree), tree.stamps()) == whole
                assert sorting.undo().failures == {}
            assert (tree.read(), tree.stamps()) == before


def test_an_undo_killed_anywhere_is_repeated(case, kills):
    for number in itertools.count(1):
        tree = case.tree()
        before = tree.read(), tree.stamps()
        case.sort(tree)
        dead = killed_at(number, f"undo of {case.name}", kills, sorting.undo)
        case.assert_nothing_lost(tree)
        if not dead:
            return
        assert sorting.undo(sorting.history()[0].id).failures == {}
        assert (tree.read(), tree.stamps()) == before


def test_killed_again_and_again(case, kills):
    """A run, what resumes it and what undoes it are all killed, at places drawn by chance."""
    chance = random.Random(case.name)
    whole = case.unbroken()
    for _ in range(12):
        tree = case.tree()
        before = tree.read(), tree.stamps()
        killed_at(chance.randint(9, 40), case.name, kills, lambda tree=tree: case.sort(tree))
        case.assert_nothing_lost(tree)
        if not case.began():
            continue
        if chance.random() < 0.5 and sorting.history()[0].state == "unfinished":
            killed_at(chance.randint(1, 10), f"resume of {case.name}", kills, sorting.resume)
            case.assert_nothing_lost(tree)
            run = sorting.resume(sorting.history()[0].id)
            assert run.failures == {}
            assert (case.relative(tree), tree.stamps()) == whole
        killed_at(chance.randint(2, 25), f"undo of {case.name}", kills, sorting.undo)
        case.assert_nothing_lost(tree)
        assert sorting.undo(sorting.history()[0].id).failures == {}
        assert (tree.read(), tree.stamps()) == before


SORT = """
import importlib, pickle, sys
from drumsort import sorting
importlib.import_module("drumsort.sorting.groups").GROUP_FILES = 16
checked = pickle.load(open(sys.argv[1], "rb"))
print("ready", flush=True)
sorting.apply(checked)
"""


@pytest.mark.parametrize("action", [Action.COPY, Action.MOVE])
def test_killed_from_outside(action, kills, make_tree, tmp_path, monkeypatch):
    chance = random.Random(1)
    files = {f"in/{n % 7}/Kick {n % 90}.wav": chance.randbytes(2000 + n) for n in range(300)}
    kinds = Counter()
    longest = 0.0
    for attempt in range(9):
        monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / f"home{attempt}"))
        tree = make_tree(tmp_path / f"tree{attempt}")
        tree.make(files)
        before = tree.read(), tree.stamps()
        plan = tmp_path / "plan"
        plan.write_bytes(pickle.dumps(tree.check(action)))
        with subprocess.Popen(
            [sys.executable, "-c", SORT, str(plan)], stdout=subprocess.PIPE
        ) as process:
            process.stdout.readline()
            start = time.perf_counter()
            try:  # the first is let live, to know for how long
                process.wait(chance.uniform(0, longest) if attempt else None)
                longest = time.perf_counter() - start
            except subprocess.TimeoutExpired:
                process.kill()
        if not attempt:
            whole = tree.read(), tree.stamps()
            continue
        assert sums(tree.read()) >= sums(files)
        state = sorting.history()[0].state if sorting.history() else "empty"
        kinds[state] += 1
        if state == "unfinished":
            kills[f"{action} from outside"] += 1
            if attempt % 2:
                assert sorting.resume().failures == {}
                assert (tree.read(), tree.stamps()) == whole
            assert sorting.undo().failures == {}
            assert (tree.read(), tree.stamps()) == before
    assert kinds["unfinished"] >= 2
