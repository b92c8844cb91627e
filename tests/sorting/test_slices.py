"""A slice puts in place what drumsort cut; killed anywhere, it goes on or leaves nothing behind."""

import itertools
import os

import pytest

from drumsort import sorting
from drumsort.errors import JournalError
from drumsort.sorting import disk, scratch
from drumsort.types import Action, Operation, Plan

from .test_kill import killed_at

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")

LOOPS = {"in/Loop.wav": b"one two three"}
CUT = {"kick/Loop_01_kick.wav": b"one", "snare/Loop_02_snare.wav": b"two", "kick/x.wav": b"three"}
OTHERS = {"out/kick/x.wav": b"not ours"}


@pytest.fixture(autouse=True)
def quickly(monkeypatch):
    """No waiting for the disk; its threads would blur the count."""
    monkeypatch.setattr(os, "fsync", lambda fd: None)
    monkeypatch.setattr(disk, "sync", lambda path: None)


def plan_of(tree):
    """Write what was cut, and plan where it goes."""
    folder, operations = scratch.make(tree.out), []
    for number, (below, content) in enumerate(CUT.items()):
        path = folder / f"{number}.wav"
        path.write_bytes(content)
        status, loop = path.stat(), tree.path("in/Loop.wav")
        target = tree.out / below
        operations.append(
            Operation(path, target, status.st_size, status.st_mtime_ns, cut_from=loop)
        )
    return Plan((tree.path("in/Loop.wav"),), tree.out, Action.SLICE, tuple(operations))


def run(tree):
    return sorting.apply(plan_of(tree))


def files_of(tree):
    """All files, and what is left of scratch folders, wherever these are."""
    left = [path.name for path in tree.top.rglob(".drumsort*")]
    return tree.read(), left


WHOLE = LOOPS | OTHERS | {
    "out/kick/Loop_01_kick.wav": b"one",
    "out/snare/Loop_02_snare.wav": b"two",
    "out/kick/x (2).wav": b"three",
}  # fmt: skip


@pytest.mark.parametrize("others", [OTHERS, {}])
def test_slices_are_placed_and_taken_back(make_tree, tmp_path, monkeypatch, others):
    monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / "home"))
    tree = make_tree(tmp_path / "tree")
    tree.make(LOOPS | others)
    done = run(tree)
    assert (done.action, done.done, done.failures) == (Action.SLICE, 3, {})
    if others:
        assert files_of(tree) == (WHOLE, [])
    assert sorting.undo(dry_run=True).done == 3
    assert sorting.undo().failures == {}
    assert files_of(tree) == (LOOPS | others, [])
    assert tree.out.exists() == bool(others)


def test_a_slice_that_was_changed_or_is_all_that_is_left_stays(make_tree, tmp_path, monkeypatch):
    monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / "home"))
    tree = make_tree(tmp_path / "tree")
    tree.make(LOOPS)
    run(tree)
    changed = tree.path("out/kick/Loop_01_kick.wav")
    changed.write_bytes(b"mine")
    assert list(sorting.undo(dry_run=True).failures) == [changed]
    loop = tree.path("in/Loop.wav")
    loop.rename(loop.with_name("gone"))
    failures = sorting.undo().failures
    assert len(failures) == 3
    assert "may be all that is left" in failures[tree.path("out/kick/x.wav")]
    loop.with_name("gone").rename(loop)
    done = sorting.undo()
    assert (done.done, list(done.failures)) == (2, [changed])
    assert "changed since it was cut" in done.failures[changed]
    assert changed.read_bytes() == b"mine"


def test_slices_killed_anywhere_are_resumed_or_undone(make_tree, tmp_path, monkeypatch, kills):
    for number in itertools.count(1):
        for how in (sorting.resume, sorting.undo):
            monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / f"home {number} {how.__name__}"))
            tree = make_tree(tmp_path / f"{number} {how.__name__}")
            tree.make(LOOPS | OTHERS)
            plan = plan_of(tree)
            dead = killed_at(number, "slice", kills, lambda plan=plan: sorting.apply(plan))
            read, _ = files_of(tree)
            assert read.items() >= (LOOPS | OTHERS).items()
            if not sorting.history():
                with pytest.raises(JournalError):
                    how()
                scratch.remove(tree.out)  # as the next run does
                assert files_of(tree) == (LOOPS | OTHERS, [])
                continue
            assert how(sorting.history()[0].id).failures == {}
            if how is sorting.resume:
                assert files_of(tree)[0] == WHOLE
                assert sorting.undo().failures == {}
            assert files_of(tree) == (LOOPS | OTHERS, [])
        if not dead:
            break
    assert kills["slice"] > 20


def test_an_undo_of_slices_killed_anywhere_is_repeated(make_tree, tmp_path, monkeypatch, kills):
    for number in itertools.count(1):
        monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / f"home {number}"))
        tree = make_tree(tmp_path / f"{number}")
        tree.make(LOOPS | OTHERS)
        run(tree)
        dead = killed_at(number, "undo of slice", kills, sorting.undo)
        assert files_of(tree)[0].items() >= (LOOPS | OTHERS).items()
        if not dead:
            break
        sorting.undo(sorting.history()[0].id)
        assert files_of(tree) == (LOOPS | OTHERS, [])


def test_what_was_cut_must_be_on_the_disk(tree, monkeypatch):
    def fail(path):
        raise OSError(5, "Input/output error")

    folder = scratch.make(tree.out)
    (folder / "0.wav").write_bytes(b"one")
    scratch.make_durable([folder / "0.wav"])
    monkeypatch.setattr(disk, "sync", fail)
    with pytest.raises(OSError, match="Input/output error"):
        scratch.make_durable([folder / "0.wav"])


def test_each_output_has_a_scratch_folder_of_its_own_and_each_run_an_empty_one(tree):
    tree.out.mkdir()
    first, other = scratch.make(tree.out), scratch.make(tree.top / "other" / "deep")
    assert (first.parent, other.parent) == (tree.out, tree.top)
    assert first.stat().st_mode & 0o777 == 0o700
    (first / "0.wav").write_bytes(b"one")
    again = scratch.make(tree.out)
    assert again == first and list(again.iterdir()) == []
    scratch.remove(tree.out)
    assert not first.exists() and other.is_dir()
    tree.out.rmdir()
    first = scratch.make(tree.out)  # beside the output, which is made by the run
    assert first.parent == tree.top
    tree.out.mkdir()
    scratch.remove(tree.out)
    assert not first.exists()


def test_a_slice_that_became_a_folder_or_a_link_stays(tree):
    tree.make(LOOPS)
    run(tree)
    slice_, aside = tree.path("out/kick/x.wav"), tree.top / "aside"
    slice_.rename(aside)
    slice_.symlink_to(aside)
    undone = sorting.undo()
    assert undone.failures == {slice_: f"{slice_} is no longer a file, so it was left as it is."}
    assert slice_.is_symlink() and aside.read_bytes() == b"three"


def test_a_link_in_the_place_of_a_scratch_folder_is_not_followed(tree):
    folder = scratch.make(tree.out)
    folder.rmdir()
    tree.make({"in/mine/x": b"1"})
    folder.symlink_to(tree.root / "mine")
    scratch.remove(tree.out)
    assert tree.read() == {"in/mine/x": b"1"} and folder.is_symlink()
