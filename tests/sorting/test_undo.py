"""Undo restores the exact tree, and rather refuses than loses."""

import errno
from pathlib import Path

import pytest

from drumsort import sorting
from drumsort.errors import JournalError, SortError
from drumsort.sorting.plan import WAYS_TO_SORT
from drumsort.types import Action

FILES = {"in/A/Kick.wav": b"one", "in/B/Kick.wav": b"two", "in/B/deep/Hat.wav": b"three"}
FAMILIES = {"in/B/deep/Hat.wav": "hat"}
OTHERS = {"out/kick/Kick.wav": b"not ours", "out/readme": b""}


@pytest.fixture
def before(tree):
    """Make the tree; what it looks like before any run."""
    tree.make(FILES | OTHERS)
    return tree.read(), tree.stamps()


@pytest.mark.parametrize("action", WAYS_TO_SORT)
def test_the_exact_tree_is_back(tree, before, action):
    run = tree.sort(action, FAMILIES)
    assert tree.read() != before[0]
    undone = sorting.undo(run)
    assert (tree.read(), tree.stamps()) == before
    assert (undone.id, undone.done, undone.failures) == (run.id, 3, {})
    assert [past.state for past in sorting.history()] == ["undone"]


@pytest.mark.parametrize("action", WAYS_TO_SORT)
def test_what_cannot_be_seen_is_not_taken_for_gone(tree, before, action):
    tree.sort(action, FAMILIES)
    sorted_, away = tree.read(), tree.out.with_name("unplugged")
    tree.out.rename(away)
    with pytest.raises(SortError, match=r"cannot be read .*plug that in"):
        sorting.undo()
    away.rename(tree.out)
    assert tree.read() == sorted_
    assert [past.state for past in sorting.history()] == ["finished"]
    assert sorting.undo().done == 3
    assert (tree.read(), tree.stamps()) == before


def test_an_output_that_is_gone_is_said_once(tree, before):
    first = tree.sort(Action.COPY, FAMILIES)
    other = tree.top / "other"
    second = sorting.apply(sorting.plan(tree.hear(), other))
    other.rename(tree.top / "renamed")
    for dry_run in (True, False):
        with pytest.raises(SortError, match=rf"{second.id}.* again takes back {first.id}, "):
            sorting.undo(dry_run=dry_run)
    assert sorting.undo(dry_run=True).id == first.id
    assert (sorting.undo().id, tree.read()) == (first.id, before[0])
    with pytest.raises(SortError, match=r"other cannot be read .*as before"):
        sorting.undo()
    (tree.top / "renamed").rename(other)
    assert (sorting.undo().id, other.exists()) == (second.id, False)


@pytest.mark.parametrize("action", WAYS_TO_SORT)
def test_it_counts_what_it_took_back_itself_and_names_the_rest(tree, before, action):
    tree.make({"in/C.wav": b"four", "in/D.wav": b"five"})
    run = tree.sort(action, FAMILIES)
    kicks = {path.name: path for path in tree.out.glob("kick/*") if "not" not in path.name}
    changed, renamed, deleted = kicks["C.wav"], kicks["D.wav"], tree.path("out/hat/Hat.wav")
    changed.unlink()
    changed.write_bytes(b"edited")
    renamed.rename(renamed.with_name("Mine.wav"))
    deleted.unlink()
    seen = sorting.undo(run, dry_run=True)
    assert sorting.history()[0].state == "finished"
    undone = sorting.undo(run)
    assert (undone.done, undone.gone, set(undone.failures)) == (
        seen.done, seen.gone, set(seen.failures),
    )  # fmt: skip
    lost = action is Action.MOVE  # what was moved and is gone can not be put back
    assert undone.done == 2
    assert set(undone.failures) == {changed} | ({renamed, deleted} if lost else set())
    assert set(undone.gone) == (set() if lost else {renamed, deleted})
    if not lost:
        assert f"is {renamed.with_name('Mine.wav')} now" in undone.gone[renamed]
        assert "no longer there" in undone.gone[deleted]


def test_what_was_refiled_is_not_taken_for_gone(tree, before):
    first = tree.sort(Action.COPY)
    second = tree.sort(Action.COPY, FAMILIES)
    assert (second.done, second.refiled) == (1, 1)
    hat = tree.path("out/kick/Hat.wav")
    undone = sorting.undo(first)
    assert (undone.done, undone.gone) == (2, {})
    assert f"first 'drumsort undo {second.id}'" in undone.failures[hat]
    assert sorting.undo(second).refiled == 1
    assert sorting.undo(first).done == 1
    assert (tree.read(), tree.stamps()) == before


def test_one_that_cannot_be_looked_at_is_left(tree, before, monkeypatch):
    run = tree.sort(Action.COPY, FAMILIES)
    hidden, look = tree.out / "hat" / "Hat.wav", Path.lstat

    def lstat(path):
        if path == hidden:
            raise PermissionError(errno.EACCES, "Permission denied")
        return look(path)

    with monkeypatch.context() as blind:
        blind.setattr(Path, "lstat", lstat)
        assert sorting.undo(run).failures == {hidden: f"{hidden} was left: Permission denied."}
    assert sorting.undo().done == 1
    assert (tree.read(), tree.stamps()) == before


def test_a_move_without_hard_links(tree, before, no_hard_links):
    tree.sort(Action.MOVE, FAMILIES)
    assert sorting.undo().done == 3
    assert (tree.read(), tree.stamps()) == before


def test_a_move_to_another_disk(tree, make_tree, other_disk):
    far = make_tree(tree.top, out=other_disk / "out")
    far.make(FILES | OTHERS)
    before = far.read(), far.stamps()
    far.sort(Action.MOVE, FAMILIES)
    assert sorting.undo().failures == {}
    assert (far.read(), far.stamps()) == before


def test_folders_of_a_move_are_made_again(tree, before):
    tree.sort(Action.MOVE, FAMILIES)
    (tree.root / "B" / "deep").rmdir()
    (tree.root / "B").rmdir()
    sorting.undo()
    assert tree.read() == before[0]


def test_twice_is_as_good_as_once(tree, before):
    run = tree.sort(Action.MOVE, FAMILIES)
    assert [sorting.undo(run).done, sorting.undo(run.id).done] == [3, 0]
    assert tree.read() == before[0]


def test_runs_are_undone_from_the_latest(tree, before):
    tree.sort(Action.COPY, FAMILIES)
    tree.make({"in/Late.wav": b"late"})
    tree.sort(Action.COPY, FAMILIES)
    sorting.undo()
    assert "out/kick/Late.wav" not in tree.read() and "out/hat/Hat.wav" in tree.read()
    sorting.undo()
    assert tree.read() == before[0] | {"in/Late.wav": b"late"}
    said = r"^There is nothing to take back: 'drumsort history' lists what was sorted\.$"
    with pytest.raises(JournalError, match=said):
        sorting.undo()


def test_a_run_of_which_no_more_can_be_taken_back_is_passed_over(tree, before):
    first = tree.sort(Action.COPY, FAMILIES)
    tree.make({"in/Late.wav": b"late", "in/Later.wav": b"later"})
    second = tree.sort(Action.COPY, FAMILIES)
    late = tree.path("out/kick/Late.wav")
    late.write_bytes(b"changed")
    undone = sorting.undo()
    assert (undone.id, undone.done, list(undone.failures)) == (second.id, 1, [late])
    assert (sorting.undo().id, late.read_bytes()) == (first.id, b"changed")
    stuck = sorting.undo()  # nothing else is left
    assert (stuck.id, stuck.done, list(stuck.failures)) == (second.id, 0, [late])
    late.write_bytes(b"late")
    assert (sorting.undo().id, late.exists()) == (second.id, False)


def test_the_latest_is_not_passed_over_at_the_first_try(tree, before):
    tree.sort(Action.COPY, FAMILIES)
    tree.make({"in/Late.wav": b"late"})
    second = tree.sort(Action.COPY, FAMILIES)
    tree.path("out/kick/Late.wav").write_bytes(b"changed")
    assert (sorting.undo().id, len(sorting.history()[1:])) == (second.id, 1)
    assert sorting.history()[1].state == "finished"


def test_folders_of_others_stay(tree):
    tree.make(FILES)
    (tree.out / "kick").mkdir(parents=True)
    tree.sort(Action.COPY, FAMILIES)
    tree.make({"out/hat/mine": b"x"})
    sorting.undo()
    assert tree.read() == FILES | {"out/hat/mine": b"x"}
    assert (tree.out / "kick").is_dir()


def refused(tree, action, change):
    """What undo leaves, and the one target it names, after ``change`` to a sorted file."""
    tree.sort(action, FAMILIES)
    change()
    undone = sorting.undo()
    ((path, why),) = undone.failures.items()
    assert why.endswith(".") and str(path) in why
    assert undone.done == 2
    assert sorting.history()[0].state == "partly undone"
    return path


@pytest.mark.parametrize("action", [Action.COPY, Action.MOVE, Action.LINK])
def test_a_file_that_changed_since_is_left(tree, before, action):
    hat = tree.path("out/hat/Hat.wav")
    assert refused(tree, action, lambda: hat.write_bytes(b"other")) == hat
    assert hat.read_bytes() == b"other"
    if action is not Action.MOVE:
        tree.path("in/B/deep/Hat.wav").write_bytes(b"three")
        hat.write_bytes(b"three")
    else:
        hat.write_bytes(b"three")
    assert sorting.undo().failures == {}
    assert tree.read() == before[0]


@pytest.mark.parametrize("action", [Action.COPY, Action.LINK])
def test_the_last_copy_is_never_removed(tree, before, action):
    hat = tree.path("out/hat/Hat.wav")
    assert refused(tree, action, tree.path("in/B/deep/Hat.wav").unlink) == hat
    assert hat.read_bytes() == b"three"


@pytest.mark.parametrize("action", [Action.COPY, Action.LINK])
def test_the_last_copy_of_what_an_original_was_is_never_removed(tree, before, action):
    hat, original = tree.path("out/hat/Hat.wav"), tree.path("in/B/deep/Hat.wav")

    def save_anew():
        original.unlink()
        original.write_bytes(b"THREE")

    assert refused(tree, action, save_anew) == hat
    assert (hat.read_bytes(), original.read_bytes()) == (b"three", b"THREE")


def test_a_copy_that_became_a_link_to_itself_is_not_removed(tree, before):
    hat, original = tree.path("out/hat/Hat.wav"), tree.path("in/B/deep/Hat.wav")

    def save_space():
        original.unlink()
        original.symlink_to(hat)
        (tree.top / "elsewhere").hardlink_to(hat)

    assert refused(tree, Action.COPY, save_space) == hat
    assert hat.read_bytes() == original.read_bytes() == b"three"


def test_a_move_does_not_overwrite_what_took_the_place(tree, before):
    hat, place = tree.path("out/hat/Hat.wav"), tree.path("in/B/deep/Hat.wav")
    assert refused(tree, Action.MOVE, lambda: place.write_bytes(b"new")) == hat
    assert (hat.read_bytes(), place.read_bytes()) == (b"three", b"new")
    place.unlink()
    assert sorting.undo().failures == {}
    assert tree.read() == before[0]


def test_a_moved_file_that_is_gone_is_named(tree, before):
    hat = tree.path("out/hat/Hat.wav")
    assert refused(tree, Action.MOVE, hat.unlink) == hat


def test_a_link_that_leads_elsewhere_is_left(tree, before):
    hat = tree.path("out/hat/Hat.wav")

    def redirect():
        hat.unlink()
        hat.symlink_to(tree.path("in/A/Kick.wav"))

    assert refused(tree, Action.SYMLINK, redirect) == hat
    assert hat.read_bytes() == b"one"


def test_a_copy_that_was_removed_needs_no_undo(tree, before):
    tree.sort(Action.COPY, FAMILIES)
    tree.path("out/hat/Hat.wav").unlink()
    assert sorting.undo().failures == {}
    assert tree.read() == before[0]


def as_file(path):
    path.unlink()
    path.write_bytes(b"x")


def as_link(path):
    content = path.read_bytes()
    path.unlink()
    other = path.with_name("other")
    other.write_bytes(content)
    path.symlink_to(other)


def as_folder(path):
    path.unlink()
    path.mkdir()


HAPPENED = [as_file, as_link, as_folder, Path.unlink, lambda path: path.write_bytes(b"THREE")]


@pytest.mark.parametrize("where", ["out/hat/Hat.wav", "in/B/deep/Hat.wav"])
@pytest.mark.parametrize("action", WAYS_TO_SORT)
@pytest.mark.parametrize("happened", HAPPENED)
def test_a_look_ahead_says_what_an_undo_will_do(tree, before, action, happened, where):
    tree.make({"in/C.wav": b"four"})
    run = tree.sort(action, FAMILIES)
    path = tree.path(where)
    if not path.exists():  # moved, and a person put something else there
        path.write_bytes(b"five")
    happened(path)
    looks = tree.read()
    seen = sorting.undo(run, dry_run=True)
    assert (tree.read(), sorting.history()[0].state) == (looks, "finished")
    undone = sorting.undo(run)
    assert (seen.done, set(seen.failures), seen.gone) == (
        undone.done, set(undone.failures), undone.gone,
    )  # fmt: skip
    if happened is not as_folder:  # which is said in other words
        assert seen.failures == undone.failures
    for place, content in looks.items():  # nothing that a person made is lost
        if content in (b"x", b"THREE", b"five"):
            assert tree.read()[place] == content


def test_a_look_ahead_names_what_cannot_be_looked_at(tree, before, monkeypatch):
    run = tree.sort(Action.COPY, FAMILIES)
    hat, look = tree.path("out/hat/Hat.wav"), Path.lstat

    def lstat(path):
        if path == hat:
            raise PermissionError(errno.EACCES, "Permission denied")
        return look(path)

    monkeypatch.setattr(Path, "lstat", lstat)
    seen, ticks = [], []
    seen = sorting.undo(run, lambda *at: ticks.append(at), dry_run=True)
    assert (seen.done, seen.failures) == (
        2, {hat: f"{hat} cannot be looked at: Permission denied."},
    )  # fmt: skip
    assert ticks == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("action", WAYS_TO_SORT)
def test_a_look_ahead_at_a_run_that_was_stopped_and_at_one_that_is_undone(tree, before, action):
    def stop(done, _):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sorting.apply(tree.check(action, FAMILIES), stop)
    placed = sum(name.startswith("out/") and name not in OTHERS for name in tree.read())
    seen = sorting.undo(dry_run=True)
    assert (seen.done, seen.failures, seen.gone) == (placed, {}, {})
    undone = sorting.undo()
    assert undone.failures == {} and (tree.read(), tree.stamps()) == before
    again = sorting.undo(undone.id, dry_run=True)
    assert (again.id, again.done, again.failures) == (undone.id, 0, {})


@pytest.mark.parametrize("action", [Action.COPY, Action.SYMLINK])
def test_what_was_refiled_goes_back_unless_a_person_changed_it(tree, before, action):
    tree.sort(action)
    second = tree.sort(action, FAMILIES)
    assert second.refiled == 1
    hat = tree.path("out/hat/Hat.wav")
    content = hat.read_bytes()
    hat.unlink()
    hat.write_bytes(b"mine")
    for dry_run in (True, False):
        undone = sorting.undo(second, dry_run=dry_run)
        assert (undone.done, list(undone.failures)) == (0, [hat])
    hat.unlink()
    if action is Action.SYMLINK:
        hat.symlink_to(tree.path("in/B/deep/Hat.wav"))
    else:
        hat.write_bytes(content)
    assert (sorting.undo(second, dry_run=True).done, sorting.undo(second).done) == (1, 1)
    assert sorting.undo().failures == {}
    assert (tree.read(), tree.stamps()) == before


def test_a_link_that_was_refiled_and_leads_elsewhere_stays(tree, before):
    tree.sort(Action.SYMLINK)
    second = tree.sort(Action.SYMLINK, FAMILIES)
    hat = tree.path("out/hat/Hat.wav")
    hat.unlink()
    hat.symlink_to(tree.path("in/A/Kick.wav"))
    for dry_run in (True, False):
        undone = sorting.undo(second, dry_run=dry_run)
        assert (undone.done, list(undone.failures)) == (0, [hat])
        assert "stays where it is" in undone.failures[hat]
    assert hat.readlink() == tree.path("in/A/Kick.wav")
    hat.unlink()
    hat.symlink_to(tree.path("in/B/deep/Hat.wav"))
    tree.path("out/kick/Hat.wav").write_bytes(b"mine")  # where it would go
    for dry_run in (True, False):
        undone = sorting.undo(second, dry_run=dry_run)
        assert (undone.done, list(undone.failures)) == (0, [hat])
        assert "leads elsewhere than" in undone.failures[hat]


def test_an_undo_that_was_stopped_calls_nothing_gone(tree, before):
    run = tree.sort(Action.COPY, FAMILIES)

    def stop(done, _):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sorting.undo(on_progress=stop)
    assert sorting.history()[0].state == "partly undone"
    seen = sorting.undo(run, dry_run=True)
    undone = sorting.undo()
    assert (seen.done, undone.done, undone.gone, undone.failures) == (3, 3, {}, {})
    assert (tree.read(), tree.stamps()) == before


def test_gone_files_are_named_once_and_another_undo_is_over(tree, before):
    run = tree.sort(Action.COPY, FAMILIES)
    hat = tree.path("out/hat/Hat.wav")
    hat.unlink()
    assert (sorting.undo(run).gone, sorting.undo(run).gone) == (
        {hat: f"{hat} was no longer there."}, {},
    )  # fmt: skip
    assert sorting.history()[0].state == "undone"


def test_what_can_be_taken_back_by_now_is_not_passed_over(tree, before):
    tree.sort(Action.COPY, FAMILIES)
    tree.make({"in/Late.wav": b"late"})
    second = tree.sort(Action.COPY, FAMILIES)
    late = tree.path("out/kick/Late.wav")
    late.write_bytes(b"changed")
    assert sorting.undo().done == 0
    late.write_bytes(b"late")
    undone = sorting.undo()
    assert (undone.id, undone.done, late.exists()) == (second.id, 1, False)
    assert [run.state for run in sorting.history()] == ["undone", "finished"]


def test_where_no_output_can_be_seen_the_newest_is_named(tree, before):
    runs = []
    for name in ("one", "two"):
        runs.append(sorting.apply(sorting.plan(tree.hear(), tree.top / name)))
    for name in ("one", "two"):
        (tree.top / name).rename(tree.top / f"{name} away")
    for run in (runs[1], runs[0], runs[1], runs[1]):
        with pytest.raises(SortError, match=f"nothing was taken back of {run.id}"):
            sorting.undo()
