"""Duplicates become names of one file, if they are the same byte by byte, and come apart again."""

import os
import stat

import pytest

from drumsort import sorting
from drumsort.sorting import disk
from drumsort.workflows import undo as past

FILES = {"in/A/Kick.wav": b"one", "in/B/Kick.wav": b"one", "in/B/Hat.wav": b"two", "in/C/k": b"one"}
TWINS = {"in/B/Kick.wav": "in/A/Kick.wav", "in/C/k": "in/A/Kick.wav"}
A, B, C = (f"in/{name}" for name in ("A/Kick.wav", "B/Kick.wav", "C/k"))


@pytest.fixture
def before(tree):
    """Make the tree; what it looks like before any run."""
    tree.make(FILES)
    tree.path(B).chmod(0o640)
    return look(tree)


def look(tree):
    modes = {name: stat.S_IMODE(tree.path(name).stat().st_mode) for name in tree.read()}
    return tree.read(), tree.stamps(), modes


def relink(tree):
    return sorting.apply(tree.link_plan(TWINS))


def one_file(tree, *names):
    return len({tree.path(name).stat().st_ino for name in names}) == 1


def test_names_of_one_file_and_files_of_their_own_again(tree, before):
    run = relink(tree)
    assert (run.done, run.failures, run.ways) == (2, {}, {})
    assert tree.read() == FILES
    assert one_file(tree, A, B, C)
    assert tree.stamps()[A] == before[1][A]
    undone = sorting.undo()
    assert (undone.done, undone.failures) == (2, {})
    assert look(tree) == before
    assert not one_file(tree, A, B) and not one_file(tree, B, C) and not one_file(tree, A, C)
    assert [past.state for past in sorting.history()] == ["undone"]


def test_what_is_linked_is_not_linked_again(tree, before):
    relink(tree)
    checked = sorting.check(tree.link_plan(TWINS))
    assert [c.outcome for c in checked.conflicts] == ["skipped", "skipped"]
    assert checked.operations == () and sorting.apply(checked).id == ""


def refused(tree, sentence):
    """Linking ``B`` fails by ``sentence``, and nothing happens to it."""
    before = look(tree)
    run = relink(tree)
    assert list(run.failures) == [tree.path(B)]
    assert sentence in run.failures[tree.path(B)]
    assert run.done == 1
    after = look(tree)
    assert [facts[B] for facts in after] == [facts[B] for facts in before]
    assert not one_file(tree, A, B)


def test_a_file_with_other_bytes_is_left(tree, before):
    stamp = tree.path(B).stat().st_mtime_ns
    tree.path(B).write_bytes(b"two")
    os.utime(tree.path(B), ns=(stamp, stamp))
    refused(tree, "does not have the same bytes")


def test_a_file_of_another_size_is_left(tree, before):
    tree.path(B).write_bytes(b"longer")
    refused(tree, "does not have the same bytes")


def test_a_file_with_more_names_is_left(tree, before):
    (tree.root / "D").hardlink_to(tree.path(B))
    (conflict,) = sorting.check(tree.link_plan({B: A})).conflicts
    assert (conflict.kind, conflict.outcome) == ("not possible", "failed")
    refused(tree, "already has other names, and a link would separate it from them.")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_a_file_of_another_user_is_left(tree, before):
    os.chown(tree.path(B), 12345, 12345)
    refused(tree, "another user or group")


def test_a_file_on_another_disk_is_left(tree, before, other_disk):
    (other_disk / "k").write_bytes(b"one")
    (tree.root / "D").symlink_to(other_disk)
    (conflict,) = sorting.check(tree.link_plan({"in/D/k": A})).conflicts
    assert "is on another disk" in conflict.message and conflict.outcome == "failed"


def test_a_symbolic_link_is_left(tree, before):
    (tree.root / "D").symlink_to(tree.path("in/B/Hat.wav"))
    (conflict,) = sorting.check(tree.link_plan({"in/D": A})).conflicts
    assert "changed after it was heard" in conflict.message


@pytest.mark.parametrize("gone", [A, B])
def test_what_is_gone_is_named(tree, before, gone):
    plan = tree.link_plan({B: A})
    tree.path(gone).unlink()
    (conflict,) = sorting.check(plan).conflicts
    assert str(tree.path(gone)) in conflict.message and "no longer there" in conflict.message


@pytest.mark.parametrize("content", [b"new", b"one"])
def test_what_changes_after_the_check_is_left(tree, before, content):
    checked = sorting.check(tree.link_plan(TWINS))
    tree.path(B).write_bytes(content)
    run = sorting.apply(checked)
    assert list(run.failures) == [tree.path(B)] and run.done == 1
    assert tree.read() == FILES | {B: content}
    assert not one_file(tree, A, B)


def test_what_changes_while_it_is_compared_is_left(tree, before, monkeypatch):
    checked = sorting.check(tree.link_plan({B: A}))
    file_hash = disk.file_hash

    def late(path):
        digest = file_hash(path)
        if path == tree.path(B):
            path.write_bytes(b"new")
        return digest

    monkeypatch.setattr(disk, "file_hash", late)
    assert sorting.apply(checked).done == 0
    assert tree.read() == FILES | {B: b"new"}


def test_without_hard_links_nothing_happens(tree, before, no_hard_links):
    run = relink(tree)
    assert run.done == 0 and all("cannot be linked" in why for why in run.failures.values())
    assert look(tree) == before


def test_the_file_that_is_kept_is_on_disk_before_another_goes(tree, before, monkeypatch):
    seen = []
    sync, swap = disk.sync, disk.swap_for_link
    monkeypatch.setattr(disk, "sync", lambda path: seen.append(str(path)) or sync(path))
    monkeypatch.setattr(disk, "swap_for_link", lambda *a: seen.append("swap") or swap(*a))
    relink(tree)
    folders = [str(tree.path(name).parent) for name in (B, C)]
    assert seen[:3] == [str(tree.path(A)), "swap", "swap"]
    assert sorted(seen[3:]) == sorted(folders)


@pytest.mark.parametrize("undone", [False, True])
def test_a_full_disk_undoes_nothing_by_halves(tree, before, monkeypatch, undone):
    relink(tree)
    linked = look(tree)

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(disk, "copy_bytes" if undone else "sync_all", full)
        if undone:
            assert len(sorting.undo().failures) == 2
        else:
            stopped = sorting.undo()
            assert stopped.done == 0 and "(No space left on device)" in stopped.stopped
            assert [run.state for run in sorting.history()] == ["partly undone"]
    assert look(tree) == linked
    assert sorting.undo().failures == {}
    assert look(tree) == before


@pytest.mark.parametrize("through", [A, B])
def test_what_changed_since_stays_as_it_is(tree, before, through):
    relink(tree)
    tree.path(through).write_bytes(b"new")
    undone = sorting.undo()
    assert set(undone.failures) == {tree.path(B), tree.path(C)}
    assert all("changed since it was linked" in why for why in undone.failures.values())
    assert tree.read() == FILES | dict.fromkeys((A, B, C), b"new")


def test_undo_needs_nothing_of_the_file_that_was_kept(tree, before):
    relink(tree)
    tree.path(A).unlink()
    assert sorting.undo().failures == {}
    content, stamps, modes = look(tree)
    assert (content, modes) == tuple({k: v for k, v in b.items() if k != A} for b in before[::2])
    assert stamps[B] == before[1][B] and stamps[C] == before[1][C]
    assert not one_file(tree, B, C)


def test_what_was_removed_since_stays_removed(tree, before):
    relink(tree)
    tree.path(B).unlink()
    assert sorting.undo().failures == {}
    assert tree.read() == {name: content for name, content in FILES.items() if name != B}


def test_ctrl_c_leaves_no_temporary_file(tree, before):
    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sorting.apply(tree.link_plan(TWINS), stop)
    assert tree.read() == FILES
    assert sorting.resume().done == 2
    with pytest.raises(KeyboardInterrupt):
        sorting.undo(on_progress=stop)
    assert tree.read() == FILES
    assert sorting.undo().failures == {}
    assert look(tree) == before


def test_a_look_ahead_says_what_an_undo_will(tree, before):
    run = relink(tree)
    tree.path(A).write_bytes(b"new")
    tree.path(C).unlink()
    seen = sorting.undo(run, dry_run=True)
    assert (seen.done, list(seen.failures), list(seen.gone)) == (0, [tree.path(B)], [tree.path(C)])
    assert "changed since it was linked" in seen.failures[tree.path(B)]
    undone = sorting.undo(run)
    assert (undone.done, undone.failures, undone.gone) == (0, seen.failures, seen.gone)
    assert sorting.undo(run, dry_run=True).failures == seen.failures


def stopped(tree):
    """A relink that linked both, of which nothing is noted."""

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sorting.apply(tree.link_plan(TWINS), lambda done, _: stop() if done == 2 else None)
    assert one_file(tree, A, B, C)


def test_links_that_are_not_noted_come_apart_too(tree, before):
    stopped(tree)
    assert [(run.state, run.done) for run in past.history()] == [("unfinished", 2)]
    tree.path(C).unlink()
    assert [(run.state, run.done) for run in past.history()] == [("unfinished", 1)]
    assert sorting.undo(dry_run=True).done == 1
    undone = sorting.undo()
    assert (undone.done, undone.failures) == (1, {})
    content, stamps, modes = look(tree)
    assert (stamps[B], modes[B], content.keys()) == (before[1][B], before[2][B], FILES.keys() - {C})
    assert not one_file(tree, A, B)


def test_what_was_not_noted_and_lost_its_twin_is_nobodys_link(tree, before):
    stopped(tree)
    tree.path(A).unlink()
    undone = sorting.undo()
    assert (undone.done, undone.failures) == (0, {}) and one_file(tree, B, C)


def test_links_that_came_apart_again_are_linked_again_and_the_other_way(tree, before):
    run = relink(tree)
    assert [seen.state for seen in past.history()] == ["finished"]
    tree.path(B).unlink()
    tree.path(B).write_bytes(b"one")
    assert [seen.state for seen in past.history()] == ["finished"]  # it is not as it was
    os.utime(tree.path(B), ns=(0, before[1][B]))
    assert [(seen.state, seen.done) for seen in past.history()] == [("unfinished", 1)]
    assert sorting.resume().done == 2 and one_file(tree, A, B, C)
    sorting.undo()
    assert [seen.state for seen in past.history()] == ["undone"]
    tree.path(B).unlink()
    tree.path(B).hardlink_to(tree.path(A))
    assert [seen.state for seen in past.history()] == ["partly undone"]
    assert sorting.undo(run).done == 1
    assert not one_file(tree, A, B)
