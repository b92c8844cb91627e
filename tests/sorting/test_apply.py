"""What apply leaves on the disk."""

import errno
import os
from pathlib import Path

import pytest

from drumsort import sorting
from drumsort.errors import PlanRefused, SortError
from drumsort.sorting import disk
from drumsort.sorting.journal import Journal
from drumsort.sorting.plan import WAYS_TO_SORT
from drumsort.types import Action

FILES = {"in/A/Kick.wav": b"one", "in/B/Kick.wav": b"two", "in/B/Hat.wav": b"three"}
FAMILIES = {"in/B/Hat.wav": "hat"}
SORTED = {"out/kick/Kick.wav": b"one", "out/kick/Kick (2).wav": b"two", "out/hat/Hat.wav": b"three"}


def test_copy(tree):
    tree.make(FILES)
    before = tree.stamps()
    run = tree.sort(Action.COPY, FAMILIES)
    assert tree.read() == FILES | SORTED
    assert (run.done, run.failures, run.action, run.into) == (3, {}, Action.COPY, tree.out)
    after = tree.stamps()
    assert after.items() >= before.items()
    assert after["out/hat/Hat.wav"] == before["in/B/Hat.wav"]
    assert not tree.path("out/hat/Hat.wav").samefile(tree.path("in/B/Hat.wav"))


def test_move(tree):
    tree.make(FILES)
    before = tree.stamps()
    assert tree.sort(Action.MOVE, FAMILIES).done == 3
    assert tree.read() == SORTED
    assert tree.stamps()["out/hat/Hat.wav"] == before["in/B/Hat.wav"]
    assert (tree.root / "A").is_dir()


@pytest.mark.parametrize("action", [Action.COPY, Action.MOVE])
def test_without_hard_links(tree, no_hard_links, action):
    tree.make(FILES)
    before = tree.stamps()
    assert tree.sort(action, FAMILIES).failures == {}
    assert tree.read() == (SORTED if action is Action.MOVE else FILES | SORTED)
    assert tree.stamps()["out/hat/Hat.wav"] == before["in/B/Hat.wav"]


def test_move_to_another_disk(tree, make_tree, other_disk):
    far = make_tree(tree.top, out=other_disk / "out")
    far.make(FILES)
    before = far.stamps()
    assert far.sort(Action.MOVE, FAMILIES).failures == {}
    assert far.read() == SORTED
    assert far.stamps()["out/hat/Hat.wav"] == before["in/B/Hat.wav"]


def test_link(tree):
    tree.make(FILES)
    tree.sort(Action.LINK, FAMILIES)
    assert tree.read() == FILES | SORTED
    assert tree.path("out/hat/Hat.wav").samefile(tree.path("in/B/Hat.wav"))


def test_symlink(tree):
    tree.make({"in/Kick.wav": b"1"})
    tree.sort(Action.SYMLINK)
    link = tree.path("out/kick/Kick.wav")
    assert link.is_symlink() and link.readlink() == tree.path("in/Kick.wav")


def test_links_that_cannot_be_made_are_named(tree, no_hard_links, monkeypatch):
    tree.make({"in/Kick.wav": b"1"})

    def refuse(*_, **__):
        raise OSError(errno.EPERM, "not here")

    monkeypatch.setattr(os, "symlink", refuse)
    for action in (Action.LINK, Action.SYMLINK):
        run = tree.sort(action)
        (why,) = run.failures.values()
        assert run.done == 0 and "copy it instead" in why
    assert tree.read() == {"in/Kick.wav": b"1"}


def test_a_name_that_is_not_text(tree):
    name = os.fsdecode(b"Kick \xff.wav")
    try:
        tree.make({f"in/{name}": b"1"})
    except OSError:
        pytest.skip("this disk takes only text as names")
    tree.sort(Action.MOVE)
    assert tree.read() == {f"out/kick/{name}": b"1"}
    sorting.undo()
    assert tree.read() == {f"in/{name}": b"1"}


def test_refused_plans_touch_nothing(tree, home):
    tree.make(FILES)
    checked = sorting.check(sorting.plan(tree.hear(), tree.root / "sorted"))
    with pytest.raises(PlanRefused, match="lies inside"):
        sorting.apply(checked)
    assert tree.read() == FILES
    assert sorting.history() == []


def test_nothing_to_do_is_no_run(tree):
    assert tree.sort().id == ""
    assert sorting.history() == []


@pytest.mark.parametrize("action", WAYS_TO_SORT)
@pytest.mark.parametrize("foreign", [b"foreign", b"one", b""])
def test_what_appears_after_the_check_is_left_alone(tree, action, foreign):
    tree.make(FILES)
    checked = tree.check(action, FAMILIES)
    tree.make({"out/kick/Kick.wav": foreign})
    run = sorting.apply(checked)
    assert tree.path("out/kick/Kick.wav").read_bytes() == foreign
    assert tree.path("in/A/Kick.wav").read_bytes() == b"one"
    assert list(run.failures) == [tree.path("in/A/Kick.wav")]
    assert run.done == 2
    sorting.undo(run)
    assert tree.read() == FILES | {"out/kick/Kick.wav": foreign}


@pytest.mark.parametrize("links", [True, False])
def test_what_appears_at_the_last_moment_is_left_alone(tree, monkeypatch, links, request):
    if not links:
        request.getfixturevalue("no_hard_links")
    tree.make({"in/Kick.wav": b"one"})
    publish = disk.publish

    def late(temporary, source, target, stamps):
        target.write_bytes(b"")
        publish(temporary, source, target, stamps)

    monkeypatch.setattr(disk, "publish", late)
    run = tree.sort(Action.COPY)
    assert run.done == 0 and len(run.failures) == 1
    assert tree.read() == {"in/Kick.wav": b"one", "out/kick/Kick.wav": b""}


def test_a_source_that_changes_after_the_check_is_left_alone(tree):
    for action in (Action.COPY, Action.MOVE, Action.LINK):
        tree.make(FILES)
        checked = tree.check(action, FAMILIES)
        tree.path("in/A/Kick.wav").write_bytes(b"new")
        run = sorting.apply(checked)
        assert list(run.failures) == [tree.path("in/A/Kick.wav")]
        assert "out/kick/Kick.wav" not in tree.read()
        assert tree.read()["in/A/Kick.wav"] == b"new"
        sorting.undo(run)


def test_a_full_disk_fails_by_name_and_the_rest_goes_on(tree, monkeypatch, no_help_of_the_system):
    tree.make(FILES)
    write, full = os.write, [True]

    def write_or_fail(fd, data):
        if bytes(data) == b"one" and full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(fd, data)

    monkeypatch.setattr(os, "write", write_or_fail)
    run = tree.sort(Action.COPY, FAMILIES)
    ((path, why),) = run.failures.items()
    assert path == tree.path("in/A/Kick.wav") and "No space left" in why
    assert tree.read() == FILES | {k: v for k, v in SORTED.items() if v != b"one"}


def test_a_name_that_exfat_does_not_allow_is_said_to_be_why(tree, monkeypatch, no_hard_links):
    tree.make({"in/A/12:30.wav": b"one", "in/A/b.wav": b"two"})
    opened = os.open

    def as_exfat_does(path, *args, **options):
        if ":" in os.path.basename(path):  # noqa: PTH119
            raise OSError(errno.EINVAL, "Invalid argument", str(path))
        return opened(path, *args, **options)

    reading = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    monkeypatch.setattr(
        os, "open", lambda p, f, *a, **o: (opened if f == reading else as_exfat_does)(p, f, *a, **o)
    )
    run = tree.sort(Action.COPY, {"12:30.wav": "kick", "b.wav": "kick"})
    ((path, why),) = run.failures.items()
    assert path == tree.path("in/A/12:30.wav")
    assert "contains ':', which this disk does not allow: rename the file" in why


@pytest.mark.parametrize("action", [Action.COPY, Action.MOVE])
def test_a_fault_of_the_disk_fails_by_name_and_the_rest_goes_on(
    tree, monkeypatch, no_hard_links, action
):
    tree.make(FILES)
    sync = disk.sync

    def fault(path):
        if path.name.endswith("-0.part"):
            raise OSError(errno.EIO, "Input/output error")
        sync(path)

    monkeypatch.setattr(disk, "sync", fault)
    run = tree.sort(action, FAMILIES)
    ((path, why),) = run.failures.items()
    assert path == tree.path("in/A/Kick.wav") and "Input/output error" in why
    rest = {name: content for name, content in SORTED.items() if content != b"one"}
    kept = FILES if action is Action.COPY else {"in/A/Kick.wav": b"one"}
    assert tree.read() == kept | rest


def test_a_source_that_cannot_be_removed_is_named_and_undone(tree, monkeypatch):
    tree.make(FILES)
    before = tree.stamps()
    with monkeypatch.context() as patch:
        unlink = os.unlink

        def refuse(path, **kw):
            if os.fspath(path) == os.fspath(tree.path("in/A/Kick.wav")):
                raise PermissionError(errno.EACCES, "Permission denied")
            unlink(path, **kw)

        patch.setattr(os, "unlink", refuse)
        run = tree.sort(Action.MOVE, FAMILIES)
    assert list(run.failures) == [tree.path("in/A/Kick.wav")]
    assert tree.read() == SORTED | {"in/A/Kick.wav": b"one"}
    assert sorting.undo(run).failures == {}
    assert tree.stamps() == before


def test_progress_counts_to_the_end(tree):
    tree.make(FILES)
    seen = []
    sorting.apply(tree.check(), lambda done, total: seen.append((done, total)))
    sorting.undo(on_progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)] * 2


@pytest.mark.parametrize("action", WAYS_TO_SORT)
def test_ctrl_c_leaves_no_temporary_file_and_can_be_resumed(tree, action):
    tree.make(FILES)

    def stop(done, _):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sorting.apply(tree.check(action, FAMILIES), stop)
    assert not [name for name in tree.read() if name.endswith(".part")]
    assert tree.read().items() >= FILES.items()
    assert [run.state for run in sorting.history()] == ["unfinished"]
    assert sorting.resume().done == 3
    assert len(tree.read()) == (3 if action is Action.MOVE else 6)


@pytest.mark.parametrize("call", ["claim", "replace"])
def test_ctrl_c_while_a_name_is_claimed(tree, monkeypatch, no_hard_links, call):
    tree.make({"in/Kick.wav": b"one"})

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if call == "replace":
            patch.setattr(os, "replace", lambda *_: patch.undo() or stop())
        else:
            patch.setattr(disk, "_claim", stop)
        with pytest.raises(KeyboardInterrupt):
            tree.sort()
    assert {name[:3] for name in tree.read()} <= {"in/", "out"}
    assert not [name for name in tree.read() if name.endswith(".part")]
    sorting.undo()
    assert tree.read() == {"in/Kick.wav": b"one"}


@pytest.mark.parametrize("links", [True, False])
def test_each_group_is_durable_and_written_down_before_a_source_goes(
    tree, monkeypatch, links, request
):
    if not links:
        request.getfixturevalue("no_hard_links")
    tree.make(FILES)
    checked = tree.check(Action.MOVE, FAMILIES)
    seen = []
    sync, drop, add = disk.sync, disk.drop, Journal.add
    make_folders, publish = disk.make_folders, disk.publish

    def watch(name, call):
        def watched(*args, **kwargs):
            seen.append((name, str(args[0]), kwargs))
            return call(*args, **kwargs)

        return watched

    monkeypatch.setattr(disk, "sync", watch("sync", sync))
    monkeypatch.setattr(disk, "drop", watch("drop", drop))
    monkeypatch.setattr(disk, "make_folders", watch("folders", make_folders))
    monkeypatch.setattr(disk, "publish", watch("publish", publish))
    monkeypatch.setattr(Journal, "add", watch("add", add))
    sorting.apply(checked)

    names = [name for name, _, _ in seen]
    assert seen[0][2] == {"ready": True} and names[1] == "folders"
    written = next(n for n, (_, _, entry) in enumerate(seen) if "placed" in entry)
    assert "drop" not in names[:written] and names.count("drop") == 3
    synced = {path for name, path, _ in seen[:written] if name == "sync"}
    assert {str(tree.out / "kick"), str(tree.out / "hat"), str(tree.out), str(tree.top)} <= synced
    (finished,) = (n for n, (_, _, entry) in enumerate(seen) if "finished" in entry)
    last_drop = len(names) - names[::-1].index("drop")
    emptied = {path for name, path, _ in seen[last_drop:finished] if name == "sync"}
    assert emptied == {str(tree.root / "A"), str(tree.root / "B")}
    parts = [path for name, path, _ in seen if name == "publish"]
    assert len(parts) == (0 if links else 3) and synced >= set(parts)
    for part in parts:
        assert [name for name, path, _ in seen if path == part] == ["sync", "publish"]


@pytest.mark.parametrize("changed", ["path", "twin"])
def test_drop_notices_a_change_while_it_compares(tree, monkeypatch, changed):
    tree.make({"in/path": b"1", "in/twin": b"1"})
    paths = {name: tree.path(f"in/{name}") for name in ("path", "twin")}
    monkeypatch.setattr(disk, "same_content", lambda *_: paths[changed].write_bytes(b"2") == 1)
    with pytest.raises(SortError, match="was left"):
        disk.drop(**paths)
    assert set(tree.read()) == {"in/path", "in/twin"}


def test_drop_removes_no_name_that_is_the_only_way_to_a_file(tree):
    tree.make({"in/A/path": b"1", "in/other": b"2"})
    path = tree.path("in/A/path")
    (tree.root / "B").symlink_to(tree.root / "A")
    (tree.root / "more").hardlink_to(path)
    for twin in (path, tree.root / "B" / "path", tree.path("in/other"), tree.path("in/none")):
        with pytest.raises(SortError, match="may be the only one"):
            disk.drop(path, twin)
    assert path.read_bytes() == b"1"
    disk.drop(path, tree.root / "more")
    assert not path.exists()


def test_only_disk_writes_to_files():
    """The rule of the house: no other module calls what changes a file."""
    writers = ("os.link", ".unlink(", ".rename(", ".mkdir(", ".rmdir(", "symlink_to(")
    writers += ("write_bytes", "write_text", "utime", "chmod", "hardlink_to", "copystat", "rmtree")
    for module in Path(disk.__file__).parent.glob("*.py"):
        if module.name not in ("disk.py", "journal.py"):
            text = module.read_text(encoding="utf-8")
            assert not [word for word in writers if word in text], module.name
