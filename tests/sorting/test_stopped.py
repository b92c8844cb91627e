"""An error of the disk at one step: what is said, and that resume or undo goes on from there."""

import errno
import os
from pathlib import Path

import pytest

from drumsort import sorting
from drumsort.sorting import disk, patch
from drumsort.sorting.journal import Journal
from drumsort.sorting.volumes import Volume, VolumeGone
from drumsort.types import Action

from .test_tag import plan as tag_plan
from .test_tag import sound

FILES = {"in/A/Kick.wav": b"one", "in/B/Kick.wav": b"one", "in/B/Hat.wav": b"two"}
TWINS = {"in/B/Kick.wav": "in/A/Kick.wav"}
FAMILIES = {"in/B/Hat.wav": "hat"}
A, B = "in/A/Kick.wav", "in/B/Kick.wav"
TAGGED = {"in/Kick.wav": sound("16.wav"), "in/Hat.flac": sound("16.flac")}


@pytest.fixture
def fails(monkeypatch):
    """Makes a call fail for some paths, as long as a block lasts."""

    def fails(owner, name, number, when=lambda path: True):
        context = monkeypatch.context()
        call = getattr(owner, name)

        def fail(path, *args, **kwargs):
            if when(Path(path)):
                raise OSError(number, os.strerror(number), str(path))
            return call(path, *args, **kwargs)

        class Failing:
            def __enter__(self):
                context.__enter__().setattr(owner, name, fail)

            def __exit__(self, *error):
                context.__exit__(*error)

        return Failing()

    return fails


def states():
    return [run.state for run in sorting.history()]


@pytest.mark.parametrize("action", [Action.COPY, Action.MOVE, Action.RELINK])
def test_a_fault_of_a_folder_stops_a_run_by_its_name(tree, fails, action):
    tree.make(FILES)
    relink = action is Action.RELINK
    checked = sorting.check(tree.link_plan(TWINS)) if relink else tree.check(action, FAMILIES)
    folder = tree.root / "B" if relink else tree.out / "kick"
    with fails(disk, "sync", errno.EIO, lambda path: path == folder):
        run = sorting.apply(checked)
    said = f"The disk reports a fault at {folder} (Input/output error): see to it. 0 of "
    assert run.stopped.startswith(said) and run.failures == {}
    assert states() == ["unfinished"]
    done = sorting.resume()
    assert (done.done, done.failures) == (len(checked.operations), {})
    assert sorting.undo().failures == {} and tree.read() == FILES


def test_a_fault_without_a_name_is_one_of_the_output(tree, monkeypatch):
    tree.make(FILES)

    def fail(folders):
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(disk, "barrier", fail)
        run = tree.sort(Action.COPY, FAMILIES)
    assert run.stopped.startswith(f"The disk reports a fault at {tree.out} (Input/output error)")
    sorting.resume()
    with monkeypatch.context() as patched:
        patched.setattr(disk, "barrier", fail)
        undone = sorting.undo()
    said = "The disk reports a fault (Input/output error): see to it, then 'drumsort undo"
    assert undone.stopped == f"{said} {run.id}' goes on."
    assert sorting.undo().failures == {} and tree.read() == FILES


def test_sources_that_cannot_be_removed_any_more_stop_a_move(tree, fails):
    tree.make(FILES)
    with fails(os, "unlink", errno.EROFS, lambda path: path.parent == tree.root / "B"):
        run = tree.sort(Action.MOVE, FAMILIES)
    assert f"The disk of {tree.root / 'B'} is read-only now" in run.stopped
    assert (run.failures, run.done) == ({}, 3) and "3 of 3 files are in place" in run.stopped
    assert tree.read().items() >= {B: b"one"}.items() and states() == ["unfinished"]
    assert sorting.resume().failures == {} and list(tree.root.rglob("*.wav")) == []
    assert sorting.undo().failures == {} and tree.read() == FILES


def test_a_source_that_changes_before_it_goes_stays_and_is_named(tree, monkeypatch):
    tree.make(FILES)
    add = Journal.add

    def change(journal, **entry):
        add(journal, **entry)
        if entry.get("placed"):
            tree.path(A).unlink()
            tree.path(A).write_bytes(b"new")

    monkeypatch.setattr(Journal, "add", change)
    run = tree.sort(Action.MOVE, FAMILIES)
    ((path, why),) = run.failures.items()
    assert path == tree.path(A) and "so" in why and "was left" in why and run.stopped == ""
    assert tree.read().items() >= {A: b"new", "out/kick/Kick.wav": b"one"}.items()
    assert B not in tree.read() and states() == ["finished"]


def test_links_to_a_file_that_cannot_be_flushed_are_not_made(tree, fails):
    tree.make(FILES)
    with fails(disk, "sync", errno.EIO, lambda path: path == tree.path(A)):
        run = sorting.apply(tree.link_plan(TWINS))
    assert list(run.failures) == [tree.path(B)] and run.done == 0
    assert "cannot be linked to" in run.failures[tree.path(B)]
    assert not tree.path(B).samefile(tree.path(A))


def test_a_disk_that_is_read_only_now_stops_a_relink(tree, fails):
    tree.make(FILES)
    with fails(os, "replace", errno.EROFS):
        run = sorting.apply(tree.link_plan(TWINS))
    assert run.failures == {} and f"{tree.root / 'B'} is read-only now" in run.stopped
    assert states() == ["unfinished"] and tree.read() == FILES
    assert sorting.resume().done == 1


def test_a_disk_that_is_read_only_now_stops_the_undo_of_a_relink(tree, fails):
    twins = {f"in/B/{number}.wav": A for number in range(3)}
    tree.make({A: b"one"} | dict.fromkeys(twins, b"one"))
    sorting.apply(tree.link_plan(twins))
    with fails(os, "replace", errno.EROFS):
        run = sorting.undo()
    assert (run.done, run.failures) == (0, {})
    assert f"{tree.root / 'B'} is read-only now" in run.stopped
    assert sorting.undo().done == 3


def test_a_drive_that_goes_while_files_are_linked(tree, monkeypatch):
    tree.make(FILES)
    checked, swap = sorting.check(tree.link_plan(TWINS)), disk.swap_for_link

    def pulled(*args):
        away = classmethod(lambda cls, folder: Volume(folder, "/somewhere else"))
        patched.setattr(Volume, "of", away)
        return swap(*args)

    with monkeypatch.context() as patched:
        patched.setattr(disk, "swap_for_link", pulled)
        run = sorting.apply(checked)
    assert run.done == 0 and "plug in the drive" in run.stopped


def test_a_drive_that_goes_while_files_are_tagged(tree, monkeypatch):
    tree.make(TAGGED)
    checked, swap = sorting.check(tag_plan(tree, TAGGED)), disk.swap_for_copy

    def pulled(*args):
        away = classmethod(lambda cls, folder: Volume(folder, "/somewhere else"))
        patched.setattr(Volume, "of", away)
        return swap(*args)

    with monkeypatch.context() as patched:
        patched.setattr(disk, "swap_for_copy", pulled)
        run = sorting.apply(checked)
    said = f"The drive with {tree.root} is not there, or another drive is in its place: plug in "
    assert (run.done, run.failures) == (0, {})
    assert run.stopped.startswith(f"{said}the drive. 0 of 2 ")
    assert sorting.resume().done == 2
    assert sorting.undo().done == 2 and tree.read() == TAGGED


def test_many_links_that_fail_alike_stop_a_relink(tree, fails):
    names = [f"in/{n:02}.wav" for n in range(20)]
    tree.make(dict.fromkeys([*names, "in/x/one"], b"one"))
    with fails(disk, "swap_for_link", errno.EIO):
        run = sorting.apply(tree.link_plan(dict.fromkeys(names, "in/x/one")))
    assert run.failures == {} and "10 files in a row" in run.stopped
    assert sorting.resume().done == 20


@pytest.mark.parametrize("action", [Action.COPY, Action.LINK])
def test_targets_that_cannot_be_removed_any_more_stop_an_undo(tree, fails, action):
    tree.make(FILES)
    tree.sort(action, FAMILIES)
    with fails(os, "unlink", errno.EROFS, lambda path: path.parent == tree.out / "kick"):
        undone = sorting.undo()
    assert f"The disk of {tree.out / 'kick'} is read-only now" in undone.stopped
    assert undone.failures == {} and "drumsort undo" in undone.stopped
    assert states() == ["partly undone"]
    assert sorting.undo().failures == {} and tree.read() == FILES


@pytest.mark.parametrize("action", [Action.COPY, Action.MOVE])
def test_a_rest_that_cannot_be_removed_is_named_and_its_file_left(tree, fails, action):
    tree.make(FILES)
    run = tree.sort(action, FAMILIES)
    part = disk.part(run.id, 0, tree.path("out/kick/Kick.wav"))
    part.write_bytes(b"half")
    with fails(os, "unlink", errno.EIO, lambda path: path == part):
        undone = sorting.undo()
    assert undone.failures == {
        tree.path("out/kick/Kick.wav"): f"{part} could not be removed: Input/output error."
    }
    assert undone.done == 2
    assert sorting.undo().failures == {} and tree.read() == FILES


def test_an_undo_stops_at_the_first_group_that_cannot_be_handled(tree, fails, monkeypatch):
    tree.make(FILES)
    tree.sort(Action.COPY, FAMILIES)
    monkeypatch.setattr("drumsort.sorting.groups.GROUP_FILES", 1)
    tried = []
    looks = lambda path: path.suffix == ".wav" and (tried.append(path) or True)  # noqa: E731
    with fails(os, "unlink", errno.EROFS, looks):
        assert "read-only now" in sorting.undo().stopped
    assert len(tried) == 1


def test_a_name_that_was_claimed_is_free_again(tree, fails, no_hard_links):
    tree.make(FILES)
    with fails(os, "replace", errno.EIO, lambda path: path.name.endswith("-0.part")):
        run = tree.sort(Action.COPY, FAMILIES)
    assert list(run.failures) == [tree.path(A)]
    assert not tree.path("out/kick/Kick.wav").exists() and run.done == 2


def test_ends_that_lie_beside_an_error_are_said_in_one_sentence(tree, fails):
    tree.make(FILES)
    only = lambda path: path.name.endswith("-0.part")  # noqa: E731
    with fails(disk, "sync", errno.EIO, only), fails(os, "unlink", errno.EIO, only):
        run = tree.sort(Action.COPY, FAMILIES)
    why = run.failures[tree.path(A)]
    assert "could not be put at" in why and "-0.part could not be removed" in why


def test_tags_stay_out_where_a_copy_cannot_be_flushed(tree, fails):
    tree.make(TAGGED)
    with fails(disk, "sync", errno.EIO, lambda path: path.name.endswith("-0.part")):
        run = sorting.apply(tag_plan(tree, TAGGED))
        why = f"{tree.path('in/Kick.wav')} was left as it is: Input/output error."
        assert (run.done, run.failures) == (1, {tree.path("in/Kick.wav"): why})
    tree.path("in/Kick.wav").touch()
    with fails(disk, "sync", errno.EIO, lambda path: path.name.endswith("-1.part")):
        undone = sorting.undo()
        assert list(undone.failures) == [tree.path("in/Hat.flac")] and undone.done == 0
    assert sorting.undo().done == 1 and tree.read() == TAGGED


def test_tags_without_a_way_back_are_not_written(tree, monkeypatch):
    tree.make(TAGGED)
    between = patch.between
    monkeypatch.setattr(patch, "between", lambda new, old: between(new, old[:-1]))
    run = sorting.apply(tag_plan(tree, TAGGED))
    assert run.done == 0 and len(run.failures) == 2
    assert all("no way back" in why for why in run.failures.values())
    assert tree.read() == TAGGED


def test_tags_that_the_journal_cannot_take_out_stay(tree, monkeypatch):
    tree.make(TAGGED)
    sorting.apply(tag_plan(tree, TAGGED))
    tagged, applied = tree.read(), patch.applied
    for damaged in (lambda there, text: b"other", lambda there, text: applied(there, "[")):
        with monkeypatch.context() as patched:
            patched.setattr(patch, "applied", damaged)
            undone = sorting.undo()
        assert undone.done == 0 and len(undone.failures) == 2 and tree.read() == tagged
        assert all("journal says of it is damaged" in why for why in undone.failures.values())
    assert sorting.undo().done == 2 and tree.read() == TAGGED


def test_a_file_that_changes_while_it_is_tagged_is_left(tree, monkeypatch):
    tree.make(TAGGED)
    flush = disk.sync_all

    def meanwhile(paths):
        if any(path.suffix == ".part" for path in paths):
            tree.path("in/Kick.wav").write_bytes(b"new")
        return flush(paths)

    monkeypatch.setattr(disk, "sync_all", meanwhile)
    run = sorting.apply(tag_plan(tree, TAGGED))
    said = f"{tree.path('in/Kick.wav')} changed just now, so it was left as it is."
    assert run.failures == {tree.path("in/Kick.wav"): said}
    assert tree.read()["in/Kick.wav"] == b"new"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_a_tagged_file_keeps_its_owner_or_is_left(tree, fails):
    tree.make(TAGGED)
    for path in map(tree.path, TAGGED):
        os.chown(path, 12345, 23456)
        path.chmod(0o4750)
    with fails(os, "chown", errno.EPERM, lambda path: path.name.endswith("-0.part")):
        run = sorting.apply(tag_plan(tree, TAGGED))
    assert list(run.failures) == [tree.path("in/Kick.wav")] and run.done == 1
    assert "belongs to another user or group" in run.failures[tree.path("in/Kick.wav")]
    now = tree.path("in/Hat.flac").stat()
    assert (now.st_uid, now.st_gid, now.st_mode & 0o7777) == (12345, 23456, 0o4750)
    assert sorting.undo().done == 1
    now = tree.path("in/Hat.flac").stat()
    assert (now.st_uid, now.st_gid) == (12345, 23456)


def test_files_stay_linked_whose_copy_cannot_be_flushed(tree, fails):
    tree.make(FILES)
    sorting.apply(tree.link_plan(TWINS))
    with fails(disk, "sync", errno.EIO, lambda path: path.suffix == ".part"):
        undone = sorting.undo()
    assert undone.failures == {tree.path(B): f"{tree.path(B)} was left: Input/output error."}
    assert tree.path(B).samefile(tree.path(A)) and undone.done == 0
    assert sorting.undo().done == 1


def test_tags_stay_in_where_the_disk_is_read_only_now(tree, fails):
    tree.make(TAGGED)
    sorting.apply(tag_plan(tree, TAGGED))
    tagged, seen = tree.read(), []
    with fails(os, "open", errno.EROFS, lambda p: p.suffix == ".part" and (seen.append(p) or True)):
        undone = sorting.undo()
    assert undone.failures == {} and f"{tree.root} is read-only now" in undone.stopped
    assert len(seen) == 1 and tree.read() == tagged
    assert sorting.undo().done == 2 and tree.read() == TAGGED


MANY = {f"in/{n:02}.wav": b"%d" % n for n in range(24)}


def odd(path):
    return path.stem.isdigit() and int(path.stem) % 2 == 1


@pytest.mark.parametrize("action", [Action.COPY, Action.MOVE, Action.LINK])
def test_files_that_fail_here_and_there_stop_no_run(tree, fails, action):
    tree.make(MANY)
    links = action is Action.LINK
    call = "link" if links else "copy" if action is Action.COPY else "unlink"
    owner = os if call == "unlink" else disk
    with fails(owner, call, errno.EIO, lambda path: odd(path) and path.parent == tree.root):
        run = tree.sort(action)
    assert (len(run.failures), run.stopped) == (12, "")
    with fails(os, "unlink", errno.EIO, lambda path: odd(path) and path.parent != tree.root):
        undone = sorting.undo()
    assert undone.stopped == "" and len(undone.failures) == (12 if action is Action.MOVE else 0)
    assert sorting.undo(run).failures == {} and tree.read() == MANY


def test_links_that_fail_here_and_there_stop_no_relink(tree, fails):
    twins = dict.fromkeys(MANY, "in/x/one")
    tree.make(dict.fromkeys([*twins, "in/x/one"], b"one"))
    with fails(disk, "swap_for_link", errno.EIO, odd):
        run = sorting.apply(tree.link_plan(twins))
    assert (run.done, len(run.failures), run.stopped) == (12, 12, "")
    assert sorting.undo().done == 12


def test_tags_that_fail_here_and_there_stop_no_run(tree, fails):
    tree.make(dict.fromkeys(MANY, sound("16.wav")))
    before = tree.read()
    with fails(disk, "keep_owner", errno.EIO, lambda path: int(path.name.split("-")[-1][:-5]) % 2):
        run = sorting.apply(tag_plan(tree, MANY))
        assert (run.done, len(run.failures), run.stopped) == (12, 12, "")
    assert sorting.undo().done == 12 and tree.read() == before


def test_a_resume_without_its_drive_says_what_then(tree, fails, monkeypatch):
    tree.make(FILES)
    with fails(os, "replace", errno.EROFS):
        run = sorting.apply(tree.link_plan(TWINS))
    away = classmethod(lambda cls, folder: Volume(folder, "/somewhere else"))
    monkeypatch.setattr(Volume, "of", away)
    with pytest.raises(VolumeGone) as raised:
        sorting.resume()
    assert str(raised.value).endswith(
        f"plug in the drive, then 'drumsort resume {run.id}' goes on."
    )
