"""Which contents are one file but for the tags in it, as the journals tell."""

from pathlib import Path

import pytest

from drumsort import sorting
from drumsort.files.hashes import file_hash
from drumsort.files.home import runs_folder
from drumsort.sorting import kin
from drumsort.sorting.kin import Kin
from drumsort.types import Tags

from .test_tag import FILES, KICK, TAGS, plan

OTHER_TAGS = Tags("snare", "snare", "", "snare (drumsort)", "drum; snare")


@pytest.fixture
def contents(tree):
    """What a file was, one after the other: as it came, tagged, tagged otherwise."""
    tree.make(FILES)
    found = [(file_hash(tree.path(KICK)), tree.path(KICK).stat().st_size)]
    for tags in (TAGS, OTHER_TAGS):
        sorting.apply(plan(tree, [KICK], tags))
        found.append((file_hash(tree.path(KICK)), tree.path(KICK).stat().st_size))
    return found


def test_all_that_a_file_was_is_one(tree, contents):
    known, hashes = Kin(), [digest for digest, _ in contents]
    assert len(set(hashes)) == 3
    assert all(known.are(one, other) for one in hashes for other in hashes)
    for digest in hashes:
        assert known.sizes(digest) == {size for _, size in contents}
    assert known.are("x", "x") and not known.are("x", hashes[0]) and not known.are("x", "y")
    assert known.sizes("x") == set()


def test_journals_that_cannot_be_read_tell_nothing(contents, monkeypatch):
    first, *_, last = sorted(runs_folder().glob("*-tag-*.jsonl"), key=lambda p: p.stat().st_mtime)
    lines = first.read_bytes().splitlines(keepends=True)
    first.write_bytes(b"".join([*lines[:2], b"nonsense\n", *lines[3:]]))
    hashes = [digest for digest, _ in contents]
    known = Kin()
    assert known.are(hashes[1], hashes[2]) and not known.are(hashes[0], hashes[1])

    def closed():
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(kin, "recorded", closed)
    assert not Kin().are(hashes[1], hashes[2]) and last.exists()


def test_a_tag_that_was_taken_out_keeps_nothing_back(tree):
    tree.make(FILES)
    copied = tree.sort(families={KICK: "kick"})
    sorting.apply(plan(tree, ["out/kick/Kick.wav"]))
    tagged = sorting.undo(copied, dry_run=True)
    assert [path.name for path in tagged.failures] == ["Kick.wav"]
    assert isinstance(next(iter(tagged.failures)), Path)
    sorting.undo()
    assert sorting.undo(copied).failures == {} and tree.read() == FILES


def test_a_tag_of_the_original_keeps_its_copy(tree):
    tree.make(FILES)
    copied = tree.sort(families={KICK: "kick"})
    tag = sorting.apply(plan(tree, [KICK]))
    undone = sorting.undo(copied)
    assert undone.done == 2
    ((path, why),) = undone.failures.items()
    assert path == tree.path("out/kick/Kick.wav")
    assert why == f"{tree.path(KICK)} was tagged by a later run: first 'drumsort undo {tag.id}'."


def test_a_tag_under_which_a_person_changed_the_file_is_not_the_reason(tree):
    tree.make(FILES)
    copied = tree.sort(families={KICK: "kick"})
    sorting.apply(plan(tree, ["out/kick/Kick.wav"]))
    tree.path("out/kick/Kick.wav").write_bytes(b"mine")
    for dry_run in (True, False):
        (why,) = sorting.undo(copied, dry_run=dry_run).failures.values()
        assert "changed since it was sorted" in why
