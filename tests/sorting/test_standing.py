"""The disk is believed rather than the journal; a drive that is gone says nothing."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from drumsort import sorting
from drumsort.errors import JournalError
from drumsort.sorting import disk, standing
from drumsort.sorting.journal import Journal, load
from drumsort.sorting.plan import WAYS_TO_SORT
from drumsort.sorting.volumes import Volume, VolumeGone
from drumsort.types import Action
from drumsort.workflows import undo as past

FILES = {"in/A/Kick.wav": b"one", "in/B/Kick.wav": b"two", "in/B/Hat.wav": b"three"}
FAMILIES = {"in/B/Hat.wav": "hat"}


@pytest.fixture
def before(tree):
    tree.make(FILES)
    return tree.read(), tree.stamps()


def return_all(tree, run):
    """What a power cut does to a move that was not on the disk yet."""
    for op in load(run.id).operations:
        shutil.move(op.target, op.source)


def test_a_finished_move_whose_files_returned_is_finished_again(tree, before):
    run = tree.sort(Action.MOVE, FAMILIES)
    moved = tree.read(), tree.stamps()
    return_all(tree, run)
    (seen,) = past.history()
    assert (seen.state, seen.done) == ("unfinished", 0)
    again = past.resume(catalog=False)  # no name: it is the one to finish
    assert (again.id, again.done, again.failures, again.stopped) == (run.id, 3, {}, "")
    assert (tree.read(), tree.stamps()) == moved
    assert [(seen.state, seen.done) for seen in past.history()] == [("finished", 3)]
    assert sorting.undo().failures == {}
    assert (tree.read(), tree.stamps()) == before


def test_a_source_that_came_back_beside_its_copy_goes_again(tree, before):
    run = tree.sort(Action.MOVE, FAMILIES)
    moved = tree.read()
    op = load(run.id).operations[0]
    shutil.copy2(op.target, op.source)
    assert past.history()[0].state == "unfinished"
    assert past.resume(run.id, catalog=False).done == 3
    assert tree.read() == moved


def test_deleted_copies_are_nobodys_loss(tree, before):
    run = tree.sort(Action.COPY, FAMILIES)
    shutil.rmtree(tree.out)
    assert past.history()[0].state == "finished"
    said = r"^There is nothing to finish: 'drumsort history' lists what was sorted\.$"
    with pytest.raises(JournalError, match=said):
        past.resume(catalog=False)
    assert past.resume(run.id, catalog=False).done == 3  # by name they are made again
    assert len(tree.read()) == 6


@pytest.mark.parametrize("action", WAYS_TO_SORT)
def test_an_undone_run_whose_files_returned_is_undone_again(tree, before, action):
    run = tree.sort(action, FAMILIES)
    sorting.undo(run)
    tree.sort(action, FAMILIES)  # stands for what a power cut brings back
    assert past.history()[1].state == "undone", "a later run put them there"
    (runs_folder_entry,) = [p for p in _journals() if p.stem != run.id]
    runs_folder_entry.unlink()
    if action is Action.MOVE:
        for op in load(run.id).operations:
            shutil.copy2(op.target, op.source)
    assert [seen.state for seen in past.history()] == ["partly undone"]
    assert sorting.undo(run.id).done == 3
    assert (tree.read(), tree.stamps()) == before


def _journals():
    return sorted((Path(os.environ["DRUMSORT_HOME"]) / "runs").glob("*.jsonl"))


def test_an_undo_is_recorded_after_it_is_on_the_disk(tree, before, monkeypatch):
    tree.sort(Action.MOVE, FAMILIES)
    seen = []
    sync, add, rmdir = disk.sync, Journal.add, Path.rmdir
    monkeypatch.setattr(disk, "sync", lambda path: seen.append(str(path)) or sync(path))
    monkeypatch.setattr(Journal, "add", lambda self, **e: seen.append(e) or add(self, **e))
    monkeypatch.setattr(Path, "rmdir", lambda self: seen.append("rmdir") or rmdir(self))
    sorting.undo()
    undone = next(n for n, e in enumerate(seen) if isinstance(e, dict) and e.get("undone"))
    assert {str(tree.out / "kick"), str(tree.out / "hat")} <= set(map(str, seen[:undone]))
    left = next(n for n, e in enumerate(seen) if isinstance(e, dict) and "left" in e)
    removed = len(seen) - seen[::-1].index("rmdir")
    assert set(seen[removed:left]) == {str(tree.out), str(tree.top)}


@pytest.fixture
def unplugged(monkeypatch):
    """Makes a folder look as if its drive were not mounted."""

    def unplug(folder):
        of = Volume.of.__func__
        monkeypatch.setattr(
            Volume,
            "of",
            classmethod(
                lambda cls, f: (
                    Volume(f, "/somewhere else")
                    if f == folder or folder in f.parents
                    else of(cls, f)
                )
            ),
        )

    return unplug


@pytest.mark.parametrize("side", ["in", "out"])
@pytest.mark.parametrize("action", WAYS_TO_SORT)
def test_without_its_drive_a_run_waits(tree, before, monkeypatch, unplugged, action, side):
    run = tree.sort(action, FAMILIES)
    sorted_ = tree.read()
    with monkeypatch.context():
        unplugged(tree.root if side == "in" else tree.out)
        for work in (sorting.undo, sorting.resume):
            with pytest.raises(VolumeGone, match="plug in the drive"):
                work(run.id)
        assert [seen.state for seen in past.history()] == ["finished"]
    assert tree.read() == sorted_
    monkeypatch.undo()


@pytest.mark.parametrize("during", ["sort", "undo"])
def test_a_drive_that_goes_midway_leaves_nothing_below_its_mount_point(
    tree, before, monkeypatch, unplugged, during
):
    if during == "undo":
        tree.sort(Action.MOVE, FAMILIES)
    gone = tree.root if during == "undo" else tree.out
    make = disk.make_folders
    monkeypatch.setattr(disk, "make_folders", lambda *a: unplugged(gone) or make(*a))
    if during == "undo":
        shutil.rmtree(tree.root)
        run = sorting.undo()
        assert not tree.root.exists()
    else:
        run = tree.sort(Action.COPY, FAMILIES)
        assert not tree.out.exists()
    assert run.done == 0 and "plug in the drive" in run.stopped and run.failures == {}
    assert "drumsort undo" in run.stopped


def test_runs_are_numbered_whatever_the_clock_says(tree, before, monkeypatch):
    import drumsort.sorting.journal as journal

    first = tree.sort(Action.COPY, FAMILIES)

    class Earlier(journal.datetime):
        @classmethod
        def now(cls, tz=None):
            return super().now(tz).replace(year=2001)

    monkeypatch.setattr(journal, "datetime", Earlier)
    tree.make({"in/Late.wav": b"late"})
    second = tree.sort(Action.COPY, FAMILIES)
    assert [run.id for run in sorting.history()] == [second.id, first.id]
    assert sorting.undo().id == second.id


@pytest.mark.parametrize("call", ["stat", "lstat", "open"])
def test_an_error_while_a_resume_looks_leaves_the_run_unfinished(tree, before, monkeypatch, call):
    """What cannot be seen now is neither in place nor failed; it is looked for again."""
    with monkeypatch.context() as patch:
        patch.setattr(Journal, "add", _die_at_placed)
        with pytest.raises(SystemExit):
            tree.sort(Action.COPY, FAMILIES)
    hidden, real = tree.out / "hat" / "Hat.wav", getattr(Path, call)

    def fail(path, *args, **kwargs):
        if path == hidden:
            raise OSError(errno.EIO, "Input/output error")
        return real(path, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(Path, call, fail)
        run = sorting.resume()
    assert (run.done, list(run.failures)) == (2, [tree.path("in/B/Hat.wav")])
    assert run.stopped == (
        "Of some files the disk does not say whether they are in place: see to it. "
        f"2 of 3 files are in place: then 'drumsort resume {run.id}' goes on, "
        f"'drumsort undo {run.id}' takes it back."
    )
    assert [seen.state for seen in sorting.history()] == ["unfinished"]
    assert sorting.undo().failures == {}
    assert (tree.read(), tree.stamps()) == before


_add = Journal.add


def _die_at_placed(self, **entry):
    if "placed" in entry:
        raise SystemExit
    _add(self, **entry)


@pytest.mark.parametrize("number", [errno.EIO, errno.EROFS, errno.EACCES])
def test_a_folder_that_cannot_be_removed_is_named(tree, before, monkeypatch, number):
    tree.sort(Action.COPY, FAMILIES)
    rmdir = Path.rmdir

    def fail(path):
        if path == tree.out / "hat":
            raise OSError(number, os.strerror(number))
        rmdir(path)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rmdir", fail)
        undone = sorting.undo()
    assert (undone.done, list(undone.failures)) == (3, [tree.out / "hat"])
    assert [seen.state for seen in sorting.history()] == ["partly undone"]
    assert sorting.undo().failures == {}
    assert not tree.out.exists() and tree.read() == FILES


@pytest.mark.parametrize("call", ["utime", "chmod"])
@pytest.mark.parametrize("number", [errno.EINTR, errno.EIO])
def test_stamps_are_kept_or_the_file_is_named(tree, before, monkeypatch, call, number):
    """An interrupted call is repeated; any other error is one of the file."""
    tree.path("in/A/Kick.wav").chmod(0o640)
    real, fails = getattr(os, call), [2]

    def fail(*args, **kwargs):
        if fails:
            fails[0] -= 1
            fails[0] or fails.clear()
            raise OSError(number, os.strerror(number))
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        run = tree.sort(Action.COPY, FAMILIES)
    if number == errno.EINTR:
        assert run.failures == {}
        copy, source = tree.path("out/kick/Kick.wav").stat(), tree.path("in/A/Kick.wav").stat()
        assert (copy.st_mtime_ns, copy.st_mode) == (source.st_mtime_ns, source.st_mode)
    else:
        assert len(run.failures) == 1 and "Input/output error" in str(run.failures)
    assert not [name for name in tree.read() if name.endswith(".part")]


def test_a_temporary_file_that_stays_is_named(tree, before, monkeypatch):
    unlink = os.unlink

    def fail(path, **kwargs):
        if os.fspath(path).endswith("-0.part"):
            raise OSError(errno.EIO, "Input/output error")
        unlink(path, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", fail)
        run = tree.sort(Action.COPY, FAMILIES)
    (why,) = run.failures.values()
    assert run.done == 3 and "-0.part could not be removed (Input/output error)" in why
    assert sorting.undo().failures == {}
    assert (tree.read(), tree.stamps()) == before


def test_undo_brings_time_and_permissions_from_the_journal(
    tree, make_tree, other_disk, monkeypatch
):
    """As after a stay on exFAT, which keeps neither."""
    far = make_tree(tree.top, out=other_disk / "out")
    far.make(FILES)
    far.path("in/A/Kick.wav").chmod(0o640)
    before = far.stamps()
    far.sort(Action.MOVE, FAMILIES)
    for path in far.out.rglob("*.wav"):
        path.chmod(0o777)
        os.utime(path, ns=(0, path.stat().st_mtime_ns // 2_000_000_000 * 2_000_000_000))
    assert sorting.undo().failures == {}
    assert far.stamps() == before
    assert far.path("in/A/Kick.wav").stat().st_mode & 0o777 == 0o640


def full(*_):
    raise OSError(errno.EDQUOT, "Disk quota exceeded")


@pytest.mark.parametrize("action", [Action.COPY, Action.MOVE])
def test_the_first_error_that_all_share_stops_the_run(
    tree, before, monkeypatch, no_hard_links, action
):
    with monkeypatch.context() as patch:
        patch.setattr(disk, "copy_bytes", full)
        run = tree.sort(action, FAMILIES)
    assert (run.done, run.failures) == (0, {})
    assert "is used up: make room there. 0 of 3 files are in place" in run.stopped
    assert tree.read() == FILES
    assert sorting.resume().done == 3


def test_many_errors_of_one_kind_stop_the_run(tree, monkeypatch):
    tree.make({f"in/Kick {n}.wav": b"%d" % n for n in range(30)})

    def fail(*_):
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(disk, "copy_bytes", fail)
        run = tree.sort(Action.COPY)
    assert run.failures == {} and "10 files in a row" in run.stopped
    assert sorting.resume().done == 30


def test_a_drive_that_is_away_says_nothing_of_what_was_undone(tree, before, unplugged):
    run = tree.sort(Action.COPY, FAMILIES)
    sorting.undo(run)
    for op in load(run.id).operations:
        op.target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(op.source, op.target)
    assert [seen.state for seen in past.history()] == ["partly undone"]
    unplugged(tree.out)
    assert [seen.state for seen in past.history()] == ["undone"]
    with pytest.raises(VolumeGone):
        sorting.undo(run)


@pytest.mark.parametrize("undone", [False, True])
def test_what_cannot_be_seen_now_has_not_come_back(tree, before, monkeypatch, undone):
    run = tree.sort(Action.MOVE, FAMILIES)
    if undone:
        sorting.undo(run)
        for op in load(run.id).operations:
            op.target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(op.source, op.target)
    else:
        return_all(tree, run)

    def fail(path):
        raise OSError(errno.EIO, "Input/output error")

    assert past.history()[0].state == ("partly undone" if undone else "unfinished")
    monkeypatch.setattr(Path, "lstat", fail)
    assert past.history()[0].state == ("undone" if undone else "finished")


def test_times_of_a_coarse_disk_are_the_same_within_two_seconds(tree, before):
    run = tree.sort(Action.MOVE, FAMILIES)
    sorting.undo(run)
    op = load(run.id).operations[0]
    op.target.parent.mkdir(parents=True)
    for late, returned in ((2_000_000_000, 1), (2_000_000_001, 0), (-2_000_000_000, 1)):
        shutil.copy2(op.source, op.target)
        os.utime(op.target, ns=(0, op.mtime_ns + late))
        assert len(standing.returned(load(run.id))) == returned
    op.target.write_bytes(b"longer")
    os.utime(op.target, ns=(0, op.mtime_ns))
    assert standing.returned(load(run.id)) == []
    assert standing.lost_again(load(run.id)) == [0, 1, 2]  # taken back, so where they came from
