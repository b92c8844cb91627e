"""Tags in the files themselves: journaled, killed anywhere, taken back to the byte."""

import importlib
import itertools
import os
import shutil
import stat

import pytest

from drumsort import sorting
from drumsort.catalog import Catalog
from drumsort.errors import JournalError
from drumsort.sorting import disk
from drumsort.tags import sound_of
from drumsort.types import Action, Operation, Plan, Tags
from drumsort.workflows import undo as past

from ..tags.formats import sound
from .test_kill import killed_at

KICK, HAT, OGG = "in/A/Kick.wav", "in/A/Hat.flac", "in/B/Tom.ogg"
FILES = {KICK: sound("16.wav"), HAT: sound("16.flac"), OGG: sound("vorbis.ogg")}
TWO = {KICK: FILES[KICK], HAT: FILES[HAT]}
TAGS = Tags("kick", "kick", "F", "kick, F1 (drumsort)", "drum; one-shot; kick")


def plan(tree, names=FILES, tags=TAGS):
    operations = []
    for name in names:
        path, now = tree.path(name), tree.path(name).stat()
        operations.append(Operation(path, path, now.st_size, now.st_mtime_ns, tags=tags))
    return Plan((tree.root,), tree.root, Action.TAG, tuple(operations))


def look(tree):
    return tree.read(), tree.stamps(), {n: stat.S_IMODE(p.stat().st_mode) for n, p in tree._paths()}


@pytest.fixture
def before(tree):
    tree.make(FILES)
    tree.path(HAT).chmod(0o640)
    return look(tree)


def test_a_tag_and_its_undo(tree, before):
    sounds = {name: sound_of(tree.path(name)) for name in FILES}
    run = sorting.apply(plan(tree))
    assert (run.done, run.failures) == (3, {})
    content, stamps, modes = look(tree)
    assert modes == before[2] and content.keys() == before[0].keys()
    for name in FILES:
        assert content[name] != FILES[name] and stamps[name] > before[1][name]
        assert sound_of(tree.path(name)) == sounds[name]
    past = sorting.history()[0]
    assert (past.state, past.action, past.done) == ("finished", "tag", 3)
    assert [c.kind for c in sorting.check(plan(tree)).conflicts] == ["already there"] * 3
    assert sorting.undo(dry_run=True).done == 3 and look(tree)[0] == content
    assert (sorting.undo().done, look(tree)) == (3, before)
    assert sorting.history()[0].state == "undone"


def test_what_is_not_a_file_of_its_own_is_named(tree, before):
    os.link(tree.path(KICK), tree.path("in/A/Link.wav"))
    tree.path("in/A/Sym.wav").symlink_to(tree.path(OGG))
    tree.path(HAT).chmod(0o440)
    tree.make({"in/B/Gone.wav": b"", "in/B/New.wav": b"x"})
    wanted = plan(tree, [KICK, HAT, "in/A/Sym.wav", "in/B/Gone.wav", "in/B/New.wav"])
    tree.path("in/B/Gone.wav").unlink()
    tree.path("in/B/New.wav").write_bytes(b"xy")
    found = [conflict.message for conflict in sorting.check(wanted).conflicts]
    for words in ("other names", "write-protected", "symbolic link", "cannot be read", "changed"):
        assert sum(words in sentence for sentence in found) == 1, (words, found)


def test_what_changes_after_the_check_is_left(tree, before):
    checked = sorting.check(plan(tree))
    tree.path(KICK).write_bytes(b"other")
    run = sorting.apply(checked)
    assert list(run.failures) == [tree.path(KICK)] and run.done == 2
    assert tree.read()[KICK] == b"other"
    tree.path(HAT).write_bytes(b"new")
    undone = sorting.undo()
    assert list(undone.failures) == [tree.path(HAT)] and undone.done == 1
    assert "changed since it was tagged" in undone.failures[tree.path(HAT)]
    assert tree.read() == {KICK: b"other", HAT: b"new", OGG: FILES[OGG]}


def test_a_sound_that_would_not_stay_the_same_is_left(tree, before, monkeypatch):
    module = importlib.import_module("drumsort.sorting.tagging")
    edited = module.edited

    def louder(path, data, tags):
        new = bytearray(edited(path, data, tags))
        if path == tree.path(KICK):
            new[1000] ^= 1
        return bytes(new)

    checked = sorting.check(plan(tree))
    monkeypatch.setattr(module, "edited", louder)
    run = sorting.apply(checked)
    assert run.failures[tree.path(KICK)] == (
        f"{tree.path(KICK)} is left without tags: its sound would not stay the same. It may be "
        "damaged; export it again."
    )
    assert tree.read()[KICK] == FILES[KICK] and run.done == 2


def test_a_full_disk_stops_the_run_and_resume_goes_on(tree, before, monkeypatch):
    write = disk.write

    def full(path, content):
        if "-1.part" in path.name:
            path.touch()
            raise OSError(28, "No space left on device")
        write(path, content)

    monkeypatch.setattr("drumsort.sorting.halt._is_full", lambda *_: True)
    with monkeypatch.context() as patch:
        patch.setattr(disk, "write", full)
        run = sorting.apply(plan(tree))
    assert "is full" in run.stopped and run.failures == {}
    assert len(tree.read()) == 3 and sorting.history()[0].state == "unfinished"
    assert sorting.resume().done == 3
    assert sorting.undo().failures == {} and look(tree) == before


@pytest.fixture
def quick(monkeypatch):
    """One file after the other; and no waiting for the disk, which a kill forgives."""
    monkeypatch.setattr(importlib.import_module("drumsort.sorting.groups"), "GROUP_FILES", 1)
    monkeypatch.setattr(os, "fsync", lambda fd: None)
    monkeypatch.setattr(disk, "sync", lambda path: None)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_a_tag_killed_anywhere_is_resumed_or_undone(make_tree, tmp_path, quick, kills, monkeypatch):
    whole = None
    for number in itertools.count(1):
        tree = make_tree(tmp_path / f"tree{number}")
        monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / f"home{number}"))
        tree.make(TWO)
        before = look(tree)
        dead = killed_at(number, "tag", kills, lambda tree=tree: sorting.apply(plan(tree, TWO)))
        content = tree.read()
        if not dead:
            break
        if not sorting.history():
            assert look(tree) == before
            with pytest.raises(JournalError):
                sorting.resume()
            continue
        if number % 2:
            assert sorting.resume().failures == {}
            content = tree.read()
            whole = whole or content
            assert content == whole
        assert sorting.undo(sorting.history()[0].id).failures == {}
        assert look(tree) == before
    assert content == whole and number > 30


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_an_undo_killed_anywhere_is_repeated(make_tree, tmp_path, quick, kills, monkeypatch):
    for number in itertools.count(1):
        tree = make_tree(tmp_path / f"tree{number}")
        monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / f"home{number}"))
        tree.make(TWO)
        before = look(tree)
        sorting.apply(plan(tree, TWO))
        tagged = tree.read()
        dead = killed_at(number, "undo of tag", kills, sorting.undo)
        for name, content in tree.read().items():
            assert name.endswith(".part") or content in (FILES[name], tagged[name])
        if not dead:
            return
        assert sorting.undo(sorting.history()[0].id).failures == {}
        assert look(tree) == before


@pytest.mark.parametrize("action", [Action.COPY, Action.MOVE])
def test_tags_of_a_sorted_file_and_the_sort_under_it(tree, before, action):
    """sort, tag what was sorted, sort again, undo in either order."""
    families = {KICK: "kick", HAT: "hat", OGG: "tom"}
    first = tree.sort(action, families)
    names = ["out/kick/Kick.wav", "out/hat/Hat.flac", "out/tom/Tom.ogg"]
    sorted_ = look(tree)
    tag = sorting.apply(plan(tree, names))
    refused = sorting.undo(first)
    assert refused.done == 0 and len(refused.failures) == 3
    assert all(f"first 'drumsort undo {tag.id}'" in why for why in refused.failures.values())
    assert sorting.undo(first, dry_run=True).failures == refused.failures
    assert sorting.undo(tag).failures == {} and look(tree) == sorted_
    assert sorting.undo(first).failures == {} and look(tree)[0] == before[0]


def copied_by_terms(tree, families):
    from dataclasses import replace

    from drumsort.types import Terms

    made = sorting.plan(tree.hear(families), tree.out, Action.COPY)
    return sorting.check(replace(made, roots=(tree.root,), terms=Terms("{family}/{name}")))


@pytest.mark.parametrize("side", ["copy", "original"])
def test_a_second_sort_sees_through_tags(tree, before, side):
    families = {KICK: "kick", HAT: "hat", OGG: "tom"}
    sorting.apply(copied_by_terms(tree, families))
    names = list(FILES) if side == "original" else ["out/kick/Kick.wav", "out/hat/Hat.flac"]
    tag = sorting.apply(plan(tree, names))
    again = copied_by_terms(tree, families)
    assert again.operations == () and len(again.conflicts) == 3, again
    copies = {tree.path(f"out/{name}") for name in ("kick/Kick.wav", "hat/Hat.flac", "tom/Tom.ogg")}
    assert {conflict.path for conflict in again.conflicts} == copies
    other = [c.message for c in again.conflicts if c.message.endswith("with other tags.")]
    assert len(other) == len(names)
    moved = sorting.apply(copied_by_terms(tree, families | {KICK: "tom"}))
    assert moved.refiled == 1 and tree.path("out/tom/Kick.wav").is_file()
    if side == "copy":
        refused = sorting.undo(tag)
        assert f"first 'drumsort undo {moved.id}'" in refused.failures[tree.path(names[0])]
    assert sorting.undo(moved).failures == {}
    assert sorting.undo(tag).failures == {}
    assert tree.read().items() >= FILES.items()
    assert tree.path("out/kick/Kick.wav").read_bytes() == FILES[KICK]


def test_what_a_person_changed_is_no_tag(tree, before):
    sorting.apply(copied_by_terms(tree, {}))
    sorting.apply(plan(tree, ["out/kick/Kick.wav"]))
    tree.path("out/kick/Kick.wav").write_bytes(b"mine")
    again = copied_by_terms(tree, {})
    assert [c.outcome for c in again.conflicts if c.path == tree.path("out/kick/Kick.wav")] == [
        "left"
    ]


def test_cleared_and_tagged_again_and_moved_by_hand(tree, before):
    sorting.apply(copied_by_terms(tree, {}))
    name = "out/kick/Kick.wav"
    for tags in (TAGS, Tags(), TAGS):
        assert sorting.apply(plan(tree, [name], tags)).done == 1
    again = copied_by_terms(tree, {})
    assert again.operations == ()
    by_hand = tree.out / "mine" / "Boom.wav"
    by_hand.parent.mkdir()
    shutil.move(tree.path(name), by_hand)
    (left,) = [c for c in copied_by_terms(tree, {}).conflicts if c.outcome == "left"]
    assert left.path == by_hand and "moved there by hand" in left.message
    gone = sorting.undo()
    assert (gone.done, list(gone.gone)) == (0, [tree.path(name)])


def test_older_versions_are_told_that_they_are_too_old(tree, before, monkeypatch):
    run = sorting.apply(plan(tree))
    journal = importlib.import_module("drumsort.sorting.journal")
    monkeypatch.setattr(journal, "VERSION", 4)
    with pytest.raises(JournalError, match="update drumsort"):
        journal.load(run.id)


def test_the_catalog_follows(tmp_path, tree, before):
    from drumsort.catalog.moved import follow_run
    from drumsort.workflows.scan import scan

    place = tmp_path / "catalog.db"
    assert scan(tree.root, catalog=place).heard == 3
    for work in (lambda: sorting.apply(plan(tree)), sorting.undo):
        run = work()
        with Catalog(place) as catalog:
            follow_run(catalog, run)
            sizes = {e.path: e.size for e in catalog.entries()}
        assert sizes == {tree.path(name): tree.path(name).stat().st_size for name in FILES}
        assert scan(tree.root, catalog=place).unchanged == 3


def test_what_cannot_carry_tags_is_named(tree, before, monkeypatch):
    module = importlib.import_module("drumsort.sorting.check_tag")
    tree.make({"in/A/Text.wav": b"no sound at all"})
    (conflict,) = sorting.check(plan(tree, ["in/A/Text.wav"])).conflicts
    assert (conflict.kind, conflict.outcome) == ("not possible", "failed")
    (conflict,) = sorting.check(plan(tree, ["in/A/Text.wav"], Tags())).conflicts
    assert (conflict.kind, conflict.outcome) == ("already there", "skipped")
    assert conflict.message == f"{tree.path('in/A/Text.wav')} has no tags of drumsort's."
    size = len(FILES[KICK])
    for largest, refused in ((size, 0), (size - 1, 1)):
        monkeypatch.setattr(module, "LARGEST", largest)
        found = [c.message for c in sorting.check(plan(tree, [KICK])).conflicts]
        assert len(found) == refused
        assert all(why.endswith("is left without tags: it is larger than 0 MiB.") for why in found)
    assert len(sorting.check(plan(tree, [KICK], Tags())).conflicts) == 1


def test_a_folder_that_is_read_only_is_said_once_for_each_file(tree, before, monkeypatch):
    module = importlib.import_module("drumsort.sorting.check_tag")
    monkeypatch.setattr(module, "writable", lambda folder: folder != tree.root / "A")
    found = sorting.check(plan(tree)).conflicts
    assert [c.path for c in found] == [tree.path(KICK), tree.path(HAT)]
    assert all("is in a read-only folder: change its permissions" in c.message for c in found)


def test_a_tag_that_was_stopped_is_counted_by_the_disk(tree, before):
    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sorting.apply(plan(tree), stop)
    assert [(run.state, run.done) for run in past.history()] == [("unfinished", 0)]
    assert sorting.undo(dry_run=True).done == 0
    sorting.resume()
    journal = importlib.import_module("drumsort.sorting.journal")
    with journal.Journal.open(sorting.history()[0].id) as open_:
        open_.add(lost=[0], done=2)
    assert [(run.state, run.done) for run in past.history()] == [("unfinished", 3)]
    assert sorting.undo(dry_run=True).done == 3
    tree.path(KICK).write_bytes(b"mine")
    tree.path(HAT).unlink()
    assert [(run.state, run.done) for run in past.history()] == [("unfinished", 1)]


def test_tags_that_came_back_are_taken_out_again(tree, before):
    run = sorting.apply(plan(tree))
    tagged = tree.read(), tree.stamps()
    sorting.undo()
    assert [seen.state for seen in past.history()] == ["undone"]
    for name in (KICK, OGG):
        tree.path(name).write_bytes(tagged[0][name])
        os.utime(tree.path(name), ns=(0, tagged[1][name]))
    assert [seen.state for seen in past.history()] == ["partly undone"]
    assert (sorting.undo(run).done, look(tree)) == (2, before)


def test_tags_that_went_are_written_again(tree, before):
    run = sorting.apply(plan(tree))
    tagged = tree.read()
    tree.path(KICK).write_bytes(FILES[KICK])
    os.utime(tree.path(KICK), ns=(0, before[1][KICK]))
    assert [seen.state for seen in past.history()] == ["finished"]
    assert sorting.resume(run.id).done == 3 and tree.read() == tagged
