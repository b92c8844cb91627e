"""Every conflict there is, each from a real state of the disk."""

import errno
import importlib
import os
import pickle
import shutil
import stat
import sys
import tempfile
from collections import namedtuple
from pathlib import Path

import pytest

from drumsort import sorting
from drumsort.sorting.plan import WAYS_TO_SORT
from drumsort.types import Action, ConflictKind, Outcome

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX permissions and names")


def only(checked):
    """The one conflict, whose sentence must be one."""
    (conflict,) = checked.conflicts
    assert conflict.message.endswith(".") and "\n" not in conflict.message
    return conflict


def targets(tree, checked):
    return [op.target.relative_to(tree.out).as_posix() for op in checked.operations]


def test_no_conflict_and_nothing_written(tree):
    tree.make({"in/A/Kick.wav": b"1", "in/B/Kick.wav": b"2"})
    before = tree.stamps()
    checked = tree.check()
    assert checked.conflicts == ()
    assert checked.operations == checked.plan.operations
    assert tree.stamps() == before


@pytest.mark.parametrize("action", WAYS_TO_SORT)
def test_sorting_twice_skips_all(tree, action):
    tree.make({"in/A/Kick.wav": b"1", "in/B/Kick.wav": b"2", "in/C/Kick.wav": b"1"})
    tree.make({"out/kick/Kick.wav": b"not ours"})
    results = tree.hear()
    kept = {r.path: r.path.read_bytes() for r in results}
    tree.sort(action)
    for path, content in kept.items():
        if not path.exists():  # moved, and there again
            tree.make({f"in/{path.relative_to(tree.root).as_posix()}": content})
    checked = tree.check(action)
    assert checked.operations == ()
    assert {c.outcome for c in checked.conflicts} == {Outcome.SKIPPED}
    assert {c.kind for c in checked.conflicts} == {ConflictKind.ALREADY_THERE}


def test_same_content_is_there(tree):
    tree.make({"in/Kick.wav": b"1", "out/kick/Kick.wav": b"1"})
    conflict = only(tree.check())
    assert (conflict.kind, conflict.outcome) == (ConflictKind.ALREADY_THERE, Outcome.SKIPPED)
    assert "both are kept" not in conflict.message


def test_a_move_leaves_an_original_that_is_there_already(tree):
    tree.make({"in/Kick.wav": b"1", "out/kick/Kick.wav": b"1"})
    checked = tree.check(Action.MOVE)
    assert only(checked).outcome is Outcome.SKIPPED
    assert only(checked).message == (
        f"{tree.path('in/Kick.wav')} is already at {tree.path('out/kick/Kick.wav')}: both are "
        "kept, delete the one you do not need."
    )
    assert checked.operations == ()


def test_a_symbolic_link_is_no_copy(tree):
    tree.make({"in/Kick.wav": b"1"})
    tree.sort(Action.SYMLINK)
    assert only(tree.check(Action.SYMLINK)).outcome is Outcome.SKIPPED
    checked = tree.check(Action.COPY)
    assert only(checked).outcome is Outcome.RENAMED
    assert targets(tree, checked) == ["kick/Kick (2).wav"]


def test_other_content_is_there(tree):
    tree.make({"in/A/Kick.wav": b"1", "in/B/Kick.wav": b"2"})
    tree.make({"out/kick/Kick.wav": b"x", "out/kick/Kick (3).wav": b"y"})
    checked = tree.check()
    conflict = only(checked)
    assert (conflict.kind, conflict.outcome) == (ConflictKind.TARGET_TAKEN, Outcome.RENAMED)
    assert targets(tree, checked) == ["kick/Kick (4).wav", "kick/Kick (2).wav"]


def test_a_number_from_the_plan_is_replaced(tree):
    tree.make({"in/A/Kick.wav": b"1", "in/B/Kick.wav": b"2", "out/kick/Kick (2).wav": b"x"})
    assert targets(tree, tree.check()) == ["kick/Kick.wav", "kick/Kick (3).wav"]


def test_a_number_that_is_a_part_of_the_name_stays(tree):
    tree.make({"in/Kick (2).wav": b"1", "out/kick/Kick (2).wav": b"x"})
    assert targets(tree, tree.check()) == ["kick/Kick (2) (2).wav"]


def test_a_folder_of_that_name_is_there(tree):
    tree.make({"in/Kick.wav": b"1", "out/kick/Kick.wav/inner": b"x"})
    checked = tree.check()
    assert only(checked).kind is ConflictKind.TARGET_TAKEN
    assert targets(tree, checked) == ["kick/Kick (2).wav"]


def test_a_name_that_differs_in_case_is_there(tree):
    tree.make({"in/Kick.wav": b"1", "out/kick/KICK.wav": b"x"})
    checked = tree.check()
    conflict = only(checked)
    assert (conflict.kind, conflict.outcome) == (ConflictKind.CASE_CLASH, Outcome.RENAMED)
    assert targets(tree, checked) == ["kick/Kick (2).wav"]


@posix
def test_name_too_long(tree):
    long = "k" * 251 + ".wav"
    tree.make({f"in/A/{long}": b"1", f"in/B/{long}": b"2", "in/fine.wav": b"3"})
    checked = tree.check()
    conflict = only(checked)
    assert (conflict.kind, conflict.outcome) == (ConflictKind.NAME_NOT_ALLOWED, Outcome.FAILED)
    assert conflict.path == tree.root / "B" / long
    assert len(checked.operations) == 2


def test_a_file_where_a_folder_is_needed(tree):
    tree.make({"in/Kick.wav": b"1", "in/Hat.wav": b"2", "out/kick": b"x"})
    checked = tree.check(families={"in/Hat.wav": "hat"})
    conflict = only(checked)
    assert (conflict.kind, conflict.outcome) == (ConflictKind.NAME_NOT_ALLOWED, Outcome.FAILED)
    assert targets(tree, checked) == ["hat/Hat.wav"]


def test_source_changed(tree):
    tree.make({"in/a.wav": b"1", "in/b.wav": b"2"})
    plan = sorting.plan(tree.hear(), tree.out)
    tree.path("in/a.wav").write_bytes(b"9")
    conflict = only(sorting.check(plan))
    assert (conflict.kind, conflict.outcome) == (ConflictKind.SOURCE_CHANGED, Outcome.FAILED)
    assert conflict.path == tree.path("in/a.wav")


def test_source_gone(tree):
    tree.make({"in/a.wav": b"1", "in/b.wav": b"2"})
    plan = sorting.plan(tree.hear(), tree.out)
    tree.path("in/a.wav").unlink()
    checked = sorting.check(plan)
    assert only(checked).kind is ConflictKind.SOURCE_GONE
    assert [op.source.name for op in checked.operations] == ["b.wav"]


def test_a_symbolic_link_is_not_moved(tree):
    tree.make({"in/a.wav": b"1"})
    tree.path("in/b.wav").symlink_to("a.wav")
    checked = tree.check(Action.MOVE)
    assert only(checked).kind is ConflictKind.NOT_POSSIBLE
    assert [op.source.name for op in checked.operations] == ["a.wav"]
    assert tree.check(Action.COPY).conflicts == ()


@pytest.mark.parametrize("into", ["in", "in/sorted", "in/A/../deep/sorted"])
def test_output_inside_input(tree, into):
    tree.make({"in/A/Kick.wav": b"1"})
    checked = sorting.check(sorting.plan(tree.hear(), tree.top / into))
    assert [c.kind for c in checked.refused] == [ConflictKind.OUTPUT_INSIDE_INPUT]
    where = "is" if into == "in" else f"lies inside {tree.root},"
    assert checked.refused[0].message == (
        f"{tree.top / into} {where} where the files come from: choose a folder outside it."
    )


@pytest.mark.parametrize("behind", ["in", "in/A"])
def test_output_inside_input_by_a_symbolic_link(tree, behind):
    tree.make({"in/A/Kick.wav": b"1"})
    (tree.top / "door").symlink_to(tree.top / behind)
    checked = sorting.check(sorting.plan(tree.hear(), tree.top / "door" / "sorted"))
    assert [c.kind for c in checked.refused] == [ConflictKind.OUTPUT_INSIDE_INPUT]


def test_input_inside_output_is_fine(tree, make_result):
    tree.make({"in/New/Kick.wav": b"1"})
    found = make_result(tree.root / "New", tree.path("in/New/Kick.wav"))
    checked = sorting.check(sorting.plan([found], tree.root))
    assert checked.conflicts == ()
    sorting.apply(checked)
    assert tree.read() == {"in/New/Kick.wav": b"1", "in/kick/Kick.wav": b"1"}


def test_no_space(tree, monkeypatch):
    tree.make({"in/Kick.wav": b"12345"})
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(9, 5, 4))
    (conflict,) = tree.check(Action.COPY).refused
    assert conflict.kind is ConflictKind.NO_SPACE
    assert "5 bytes" in conflict.message and "4 bytes" in conflict.message
    for action in (Action.MOVE, Action.LINK, Action.SYMLINK):
        assert tree.check(action).conflicts == ()


def test_output_is_a_file(tree):
    tree.make({"in/Kick.wav": b"1"})
    tree.out.write_bytes(b"x")
    assert [c.kind for c in tree.check().refused] == [ConflictKind.NOT_WRITABLE]


def as_nobody(work):
    """What ``work()`` gives to a user without rights."""
    if os.getuid() != 0:
        return work()
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setuid(65534)
        os.write(writer, pickle.dumps(work()))
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        data = pipe.read()
    os.waitpid(pid, 0)
    return pickle.loads(data)


@pytest.fixture
def open_tree(make_tree):
    """A tree that every user can reach and write to."""
    with tempfile.TemporaryDirectory() as folder:
        tree = make_tree(Path(folder))
        tree.make({"in/A/Kick.wav": b"1", "in/B/Hat.wav": b"2", "out/snare/x.wav": b"3"})
        for path in (tree.top, *tree.top.rglob("*")):
            path.chmod(0o777)
        yield tree
        for path in (tree.top, *tree.top.rglob("*")):
            path.chmod(stat.S_IRWXU)


@posix
def test_output_not_writable(open_tree):
    open_tree.out.chmod(0o555)
    checked = as_nobody(open_tree.check)
    assert [c.kind for c in checked.refused] == [ConflictKind.NOT_WRITABLE]


@posix
def test_one_output_folder_not_writable(open_tree):
    (open_tree.out / "snare").chmod(0o555)
    checked = as_nobody(lambda: open_tree.check(families={"in/A/Kick.wav": "snare"}))
    conflict = only(checked)
    assert (conflict.kind, conflict.outcome) == (ConflictKind.NOT_WRITABLE, Outcome.FAILED)
    assert conflict.path == open_tree.path("in/A/Kick.wav")


@posix
def test_a_move_out_of_a_folder_that_is_read_only(open_tree):
    (open_tree.root / "A").chmod(0o555)
    checked = as_nobody(lambda: open_tree.check(Action.MOVE))
    conflict = only(checked)
    assert (conflict.kind, conflict.outcome) == (ConflictKind.NOT_WRITABLE, Outcome.FAILED)
    assert [op.source.name for op in checked.operations] == ["Hat.wav"]
    assert as_nobody(open_tree.check).conflicts == ()


def test_no_hard_link_reaches_another_disk(tree, make_tree, other_disk):
    far = make_tree(tree.top, out=other_disk / "out")
    far.make({"in/Kick.wav": b"1"})
    (conflict,) = far.check(Action.LINK).refused
    assert conflict.kind is ConflictKind.NOT_POSSIBLE
    assert conflict.message == (
        f"{far.path('in/Kick.wav')} is on another disk than {far.out}, and hard links cannot cross "
        "disks: use symbolic links or copy."
    )
    assert far.check(Action.SYMLINK).conflicts == ()


def test_how_much_room_is_missing_is_said_in_units_that_one_reads(tree, monkeypatch):
    tree.make({"in/Kick.wav": bytes(5_670_000)})
    usage = namedtuple("usage", "total used free")
    for free, said in ((1000, "1 kB"), (999, "999 bytes"), (2_500_000, "2.5 MB")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: usage(9, 5, free))
        (conflict,) = tree.check(Action.COPY).refused
        assert conflict.message == (
            f"{tree.out} needs 5.67 MB, but only {said} are free: make room or choose another disk."
        )
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(9, 5, 5_670_000))
    assert tree.check(Action.COPY).conflicts == ()


def test_a_move_to_another_disk_needs_room_there(tree, make_tree, other_disk, monkeypatch):
    far = make_tree(tree.top, out=other_disk / "out")
    far.make({"in/Kick.wav": b"12345"})
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(9, 5, 4))
    assert [c.kind for c in far.check(Action.MOVE).refused] == [ConflictKind.NO_SPACE]


@posix
def test_a_number_that_makes_a_name_too_long(tree):
    long = "k" * 251 + ".wav"
    tree.make({f"in/{long}": b"1", f"out/kick/{long}": b"2"})
    checked = tree.check()
    conflict = only(checked)
    assert (conflict.kind, conflict.outcome) == (ConflictKind.NAME_NOT_ALLOWED, Outcome.FAILED)
    assert checked.operations == ()


@posix
def test_a_folder_with_a_name_too_long(tree):
    tree.make({"in/Kick.wav": b"1"})
    conflict = only(tree.check(layout=f"{'k' * 256}/{{name}}"))
    assert conflict.kind is ConflictKind.NAME_NOT_ALLOWED
    assert conflict.message.endswith(
        "is 256 long, and at most 255 are allowed: choose another layout."
    )


@posix
def test_a_folder_that_cannot_be_listed(open_tree):
    (open_tree.out / "snare").chmod(0o333)
    checked = as_nobody(lambda: open_tree.check(families={"in/A/Kick.wav": "snare"}))
    assert only(checked).kind is ConflictKind.NOT_WRITABLE
    assert "snare cannot be read (Permission denied)" in only(checked).message


@posix
@pytest.mark.parametrize("name", ["Kick.wav", "Kick (2).wav"])
def test_what_cannot_be_compared_is_another_file(open_tree, name):
    open_tree.make({f"out/kick/{name}": b"1"})
    for path in (open_tree.out / "kick", open_tree.path(f"out/kick/{name}")):
        path.chmod(0o777)
    open_tree.path(f"out/kick/{name}").chmod(0)
    checked = as_nobody(lambda: open_tree.check(families={"in/B/Hat.wav": "hat"}))
    assert targets(open_tree, checked) == [
        "kick/Kick (2).wav" if name == "Kick.wav" else "kick/Kick.wav", "hat/Hat.wav",
    ]  # fmt: skip


def test_what_is_refiled_is_left_where_its_content_lies_already(tree):
    tree.make({"in/Kick.wav": b"1", "in/Hat.wav": b"2"})
    tree.sort(Action.COPY)
    tree.make({"out/snare/Mine.wav": b"1", "out/snare/Kick.wav": b"1"})
    checked = tree.check(Action.COPY, {"in/Kick.wav": "snare"})
    conflict = next(c for c in checked.conflicts if c.outcome is Outcome.LEFT)
    kick, there = tree.path("out/kick/Kick.wav"), tree.path("out/snare/Kick.wav")
    assert conflict.message == (
        f"{kick} is left where it is: {there}, where it belongs, has the same content."
    )
    assert (conflict.kind, conflict.path) == (ConflictKind.TARGET_TAKEN, kick)
    assert checked.operations == ()


def test_what_is_refiled_leaves_a_folder_that_may_be_changed(tree, monkeypatch):
    tree.make({"in/Kick.wav": b"1"})
    tree.sort(Action.COPY)
    module = importlib.import_module("drumsort.sorting.check")
    monkeypatch.setattr(module, "writable", lambda folder: folder != tree.out / "kick")
    conflict = only(tree.check(Action.COPY, {"in/Kick.wav": "snare"}))
    assert conflict.kind is ConflictKind.NOT_WRITABLE
    assert f"{tree.path('out/kick/Kick.wav')} is in a read-only folder" in conflict.message


@posix
def test_a_duplicate_in_a_read_only_folder_is_not_linked(open_tree):
    open_tree.make({"in/C/Kick.wav": b"1"})
    (open_tree.root / "C").chmod(0o555)
    plan = open_tree.link_plan({"in/C/Kick.wav": "in/A/Kick.wav"})
    os.chown(open_tree.path("in/C/Kick.wav"), 0, 0)
    checked = as_nobody(lambda: sorting.check(plan))
    assert only(checked).kind is ConflictKind.NOT_WRITABLE
    assert "read-only folder" in only(checked).message and checked.operations == ()


@pytest.mark.parametrize("action", [Action.COPY, Action.RELINK])
def test_what_may_not_be_looked_at_is_not_gone(tree, monkeypatch, action):
    tree.make({"in/A/Kick.wav": b"one", "in/B/Kick.wav": b"one"})
    relink = action is Action.RELINK
    twins = {"in/B/Kick.wav": "in/A/Kick.wav"}
    plan = tree.link_plan(twins) if relink else sorting.plan(tree.hear(), tree.out)
    closed, look = tree.path("in/B/Kick.wav"), Path.stat

    def stat(path, **options):
        if path == closed:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return look(path, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "stat", stat)
        patched.setattr(Path, "lstat", stat)
        (conflict,) = sorting.check(plan).conflicts
    assert (conflict.kind, conflict.path) == (ConflictKind.NOT_POSSIBLE, closed)
    assert conflict.message == (
        f"{closed} cannot be read (Permission denied): see that it may be read."
    )
