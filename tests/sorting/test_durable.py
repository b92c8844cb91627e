"""What the journal says is done is on the disk before; a kill cannot show that, only the order."""

import os

import pytest

from drumsort import sorting
from drumsort.files.home import runs_folder
from drumsort.sorting import disk
from drumsort.sorting.journal import Journal
from drumsort.types import Action

from .test_tag import HAT, KICK, TWO, plan

FILES = {"in/A/Kick.wav": b"one", "in/B/Kick.wav": b"one"}
TWINS = {"in/B/Kick.wav": "in/A/Kick.wav"}


@pytest.fixture
def seen(monkeypatch):
    """What is flushed, put in the place of another file and written down, in order."""
    seen = []

    def watch(owner, name, what):
        call = getattr(owner, name)

        def watched(*args, **kwargs):
            seen.append(what(*args, **kwargs))
            return call(*args, **kwargs)

        monkeypatch.setattr(owner, name, watched)

    watch(disk, "sync", lambda path: ("sync", path))
    watch(disk, "swap_for_copy", lambda path, part, _: ("swap", path, part))
    watch(Journal, "add", lambda _, **entry: tuple(entry))
    return seen


def swapped(seen, entry):
    """The files that were replaced, each between its own flush and that of its folder."""
    (noted,) = (n for n, event in enumerate(seen) if entry in event)
    swaps = [(n, event) for n, event in enumerate(seen) if event[0] == "swap"]
    for n, (_, path, part) in swaps:
        assert ("sync", part) in seen[:n]
        assert ("sync", path.parent) in seen[n:noted]
    return {path for _, (_, path, _) in swaps}


def test_tags_and_their_undo(tree, seen):
    tree.make(TWO)
    sorting.apply(plan(tree, TWO))
    assert swapped(seen, "placed") == {tree.path(KICK), tree.path(HAT)}
    assert any("tagged" in event for event in seen[: [e[0] for e in seen].index("swap")])
    seen.clear()
    sorting.undo()
    assert swapped(seen, "undone") == {tree.path(KICK), tree.path(HAT)}


def test_links_that_become_files_again(tree, seen):
    tree.make(FILES)
    sorting.apply(tree.link_plan(TWINS))
    sorting.undo()
    assert swapped(seen, "undone") == {tree.path("in/B/Kick.wav")}


@pytest.mark.parametrize("action", [Action.COPY, Action.LINK])
def test_what_a_resume_finds_in_place(tree, monkeypatch, seen, action):
    tree.make(FILES)

    def stop(done, _):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sorting.apply(tree.check(Action.LINK), stop)
    seen.clear()
    assert sorting.resume().done == 2
    (placed,) = (n for n, event in enumerate(seen) if "placed" in event)
    assert {("sync", tree.path("out/kick/Kick.wav")), ("sync", tree.out / "kick")} <= set(
        seen[:placed]
    )


def test_the_journal_itself(tree, monkeypatch):
    tree.make(FILES)
    checked, flushed, fsync, add = tree.check(), [], os.fsync, Journal.add
    entries = []

    def note(fd):
        flushed.append(os.fstat(fd).st_ino)
        fsync(fd)

    def added(journal, **entry):
        add(journal, **entry)
        entries.append((tuple(entry), flushed[-1] == os.fstat(journal._fd).st_ino))

    monkeypatch.setattr(os, "fsync", note)
    monkeypatch.setattr(Journal, "add", added)
    sorting.apply(checked)
    assert [told for told, _ in entries] == [
        ("ready",), ("placed", "failed", "ways"), ("finished", "done")
    ]  # fmt: skip
    assert all(last for _, last in entries)
    assert flushed[1] == runs_folder().stat().st_ino
