"""A second sort moves what the first made, unless a person had a hand in it."""

from dataclasses import replace

import pytest

from drumsort import sorting
from drumsort.files.home import runs_folder
from drumsort.sorting import refile
from drumsort.sorting.owned import made_folders, owned
from drumsort.types import Action, ConflictKind, Outcome

FILES = {"in/A/Kick.wav": b"one", "in/B/Hat.wav": b"two"}
KICK, HAT = "in/A/Kick.wav", "in/B/Hat.wav"
WAYS = [Action.COPY, Action.LINK, Action.SYMLINK]


def names(checked):
    return {op.source.name: op.target for op in checked.operations}


def left(checked):
    return [c for c in checked.conflicts if c.outcome is Outcome.LEFT]


@pytest.mark.parametrize("action", WAYS)
def test_what_a_sort_owns_is_told_by_the_journals(tree, action):
    tree.make(FILES)
    tree.sort(action)
    hat = tree.path(HAT)
    (of_hat, of_kick) = owned(tree.out)
    assert (of_hat.path, of_hat.origin, of_hat.root) == (
        tree.path("out/kick/Hat.wav"), hat, tree.root,
    )  # fmt: skip
    assert (of_hat.size, of_hat.mtime_ns) == (3, hat.stat().st_mtime_ns)
    assert of_hat.is_link is (action is Action.SYMLINK) and of_kick.path.name == "Kick.wav"
    assert made_folders(tree.out) == {tree.out, tree.out / "kick"}
    assert owned(tree.top / "other") == [] == owned(tree.root)
    moved = tree.sort(action, {HAT: "snare"})
    assert (moved.refiled, tree.path("out/snare/Hat.wav").exists()) == (1, True)
    assert [own.path.parent.name for own in owned(tree.out)] == ["kick", "snare"]
    assert [own.origin for own in owned(tree.out)] == [tree.path(KICK), hat]
    (tree.top / "door").symlink_to(tree.out)
    assert len(owned(tree.top / "door")) == 2
    sorting.undo(moved)
    assert [own.path.parent.name for own in owned(tree.out)] == ["kick", "kick"]
    sorting.undo()
    assert owned(tree.out) == []


def test_the_nearest_input_is_where_a_file_was_sorted_from(tree, make_result):
    tree.make(FILES)
    heard = [make_result(tree.root, tree.path(HAT)), make_result(tree.root / "A", tree.path(KICK))]
    plan = sorting.plan(heard, tree.out)
    sorting.apply(plan)
    assert [own.root for own in owned(tree.out)] == [tree.root, tree.root / "A"]


def test_a_file_of_that_size_is_not_the_one_that_is_gone(tree):
    tree.make(FILES)
    tree.sort(Action.COPY)
    tree.path("out/kick/Hat.wav").unlink()
    tree.make({"out/mine/other.wav": b"xyz"})
    checked = tree.check(Action.COPY)
    assert left(checked) == [] and names(checked) == {"Hat.wav": tree.path("out/kick/Hat.wav")}
    tree.make({"out/mine/that.wav": b"two"})
    (conflict,) = left(tree.check(Action.COPY))
    gone, there = tree.path("out/kick/Hat.wav"), tree.path("out/mine/that.wav")
    assert (
        conflict.message == f"{there} is left where it is: it was moved there by hand from {gone}."
    )
    assert (conflict.kind, conflict.path) == (ConflictKind.NO_LONGER_OURS, there)


def test_a_link_moved_by_hand_is_found_by_where_it_leads(tree):
    tree.make(FILES)
    tree.sort(Action.SYMLINK)
    (tree.out / "mine").mkdir()
    tree.path("out/kick/Hat.wav").unlink()
    tree.path("out/mine/a.wav").symlink_to(tree.path(KICK))
    checked = tree.check(Action.SYMLINK)
    assert left(checked) == [] and "Hat.wav" in names(checked)
    tree.path("out/mine/b.wav").symlink_to(tree.path(HAT))
    assert [c.path.name for c in left(tree.check(Action.SYMLINK))] == ["b.wav"]


@pytest.mark.parametrize("action", WAYS)
def test_what_a_person_put_in_its_place_is_left(tree, action):
    tree.make(FILES)
    tree.sort(action)
    hat = tree.path("out/kick/Hat.wav")
    hat.unlink()
    if action is Action.SYMLINK:
        hat.write_bytes(b"two")
    else:
        hat.symlink_to(tree.path(HAT))
    (conflict,) = left(tree.check(action, {HAT: "snare"}))
    assert conflict.message == f"{hat} was changed after it was sorted, so it is left as it is."
    assert (conflict.kind, conflict.path) == (ConflictKind.NO_LONGER_OURS, hat)


def test_what_cannot_be_read_counts_as_changed(tree, monkeypatch):
    tree.make(FILES)
    tree.sort(Action.COPY)
    hat = tree.path("out/kick/Hat.wav")
    hat.touch()
    real = refile.file_hash

    def fail(path):
        if path == hat:
            raise OSError(5, "Input/output error")
        return real(path)

    monkeypatch.setattr(refile, "file_hash", fail)
    assert [c.path for c in left(tree.check(Action.COPY, {HAT: "snare"}))] == [hat]
    monkeypatch.undo()


def test_touched_is_not_changed(tree):
    tree.make(FILES)
    tree.sort(Action.COPY)
    hat = tree.path("out/kick/Hat.wav")
    hat.touch()
    checked = tree.check(Action.COPY, {HAT: "snare"})
    assert [(op.source, op.origin) for op in checked.operations] == [(hat, tree.path(HAT))]
    assert checked.operations[0].mtime_ns == hat.stat().st_mtime_ns


def test_a_copy_under_another_number_is_in_place(tree):
    tree.make(FILES | {"out/kick/Hat.wav": b"not ours"})
    tree.sort(Action.COPY)
    assert tree.path("out/kick/Hat (2).wav").exists()
    tree.path("out/kick/Hat.wav").unlink()
    again = tree.check(Action.COPY)
    assert again.operations == ()
    assert {c.outcome for c in again.conflicts} == {Outcome.SKIPPED}
    (tree.top / "door").symlink_to(tree.out)
    through = sorting.plan(tree.hear(), tree.top / "door")
    assert sorting.check(through).operations == ()


def test_an_original_that_changed_is_sorted_beside_its_copy(tree):
    tree.make(FILES)
    tree.sort(Action.COPY)
    tree.path(HAT).write_bytes(b"new")
    checked = tree.check(Action.COPY)
    assert names(checked) == {"Hat.wav": tree.path("out/kick/Hat (2).wav")}
    sorting.apply(checked)
    moved = tree.check(Action.COPY, {HAT: "snare"})
    assert [op.source.name for op in moved.operations] == ["Hat (2).wav"]
    sorting.apply(moved)
    assert tree.path("out/kick/Hat.wav").read_bytes() == b"two"
    assert tree.path("out/snare/Hat.wav").read_bytes() == b"new"


def test_each_copy_stands_for_one_original_that_was_renamed(tree):
    tree.make({"in/A/Kick.wav": b"one", "in/B/Kick.wav": b"one"})
    tree.sort(Action.COPY)
    for folder in "AB":
        tree.path(f"in/{folder}/Kick.wav").rename(tree.path(f"in/{folder}/Boom.wav"))
    tree.make({"in/C/Boom.wav": b"one", "in/C/Last.wav": b"new"})
    checked = tree.check(Action.COPY)
    refiled = [op for op in checked.operations if op.origin]
    assert sorted(op.source.name for op in refiled) == ["Kick (2).wav", "Kick.wav"]
    assert [op.source.name for op in checked.operations if not op.origin] == [
        "Boom.wav",
        "Last.wav",
    ]


@pytest.mark.parametrize("name", ["in/A/Kick.wav", "in/B/Boom.wav"])
def test_a_new_file_with_the_content_of_a_moved_one_is_another(tree, name):
    tree.make({KICK: b"one"})
    tree.sort(Action.MOVE)
    tree.make({name: b"one", "in/C/Third.wav": b"one"})
    checked = tree.check(Action.MOVE, {name: "snare"})
    there, new = tree.path("out/kick/Kick.wav"), tree.path(name)
    assert checked.operations == ()
    assert [(c.kind, c.path) for c in checked.conflicts] == 2 * [
        (ConflictKind.ALREADY_THERE, there)
    ]
    assert checked.conflicts[0].message == (
        f"{new} is already at {there}: both are kept, delete the one you do not need."
    )
    there.write_bytes(b"two")  # so the new one is all that is left of it
    assert len(tree.check(Action.MOVE).operations) == 2


def test_an_original_of_another_folder_is_not_taken_for_one_that_was_renamed(tree, make_result):
    tree.make(FILES)
    tree.sort(Action.COPY)
    tree.path(KICK).unlink()
    elsewhere = tree.top / "more" / "Boom.wav"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(b"one")
    plan = sorting.plan([make_result(elsewhere.parent, elsewhere, "snare")], tree.out)
    assert [op.origin for op in sorting.check(plan).operations] == [None]


def test_folders_that_drumsort_made_go_when_refiling_empties_them(tree):
    tree.make(FILES | {"out/hat/mine.txt": b"mine"})
    tree.sort(Action.COPY, {KICK: "hat"}, layout="{family}/{pack}/{name}")
    tree.path("out/hat/mine.txt").unlink()
    tree.sort(Action.COPY, {KICK: "snare", HAT: "snare"}, layout="{family}/{name}")
    assert (tree.out / "hat").is_dir()  # a person made it
    assert list((tree.out / "hat").iterdir()) == [] and not (tree.out / "kick").exists()


def test_terms_say_what_the_next_refiling_holds_to(tree):
    tree.make(FILES)
    plan = sorting.plan(tree.hear(), tree.out)
    sorting.apply(replace(plan, terms=replace(plan.terms, layout="{name}")))
    assert {own.terms.layout for own in owned(tree.out)} == {"{name}"}


def test_what_a_damaged_journal_sorted_is_nobodys(tree):
    tree.make(FILES)
    first = tree.sort(Action.COPY)
    tree.sort(Action.COPY, {HAT: "snare"})  # re-files one of the first
    path = runs_folder() / f"{first.id}.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], b"nonsense\n", *lines[2:]]))
    assert owned(tree.out) == []
    assert sorting.undo().done == 1


def test_an_original_that_cannot_be_read_has_no_copy(tree, monkeypatch):
    tree.make(FILES)
    tree.sort(Action.COPY)
    tree.path(HAT).touch()
    real = refile.file_hash

    def fail(path):
        if path == tree.path(HAT):
            raise OSError(5, "Input/output error")
        return real(path)

    results = tree.hear({HAT: "snare"})
    with monkeypatch.context() as patch:
        patch.setattr(refile, "file_hash", fail)
        checked = sorting.check(sorting.plan(results, tree.out))
    (op,) = checked.operations
    assert (op.source, op.origin) == (tree.path(HAT), None)
