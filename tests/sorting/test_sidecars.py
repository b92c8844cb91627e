"""What other programs keep beside a sound goes where the sound goes."""

from dataclasses import replace
from pathlib import Path

import pytest

from drumsort import sorting
from drumsort.sorting.sidecars import followers, owner, refiled_sounds, with_sidecars
from drumsort.types import Action


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("kick.wav.asd", "kick.wav"),
        ("kick.wav.reapeaks", "kick.wav"),
        ("._kick.wav", "kick.wav"),
        ("kick.wav", None),
        ("kick.asd.wav", None),
        ("kick._wav", None),
    ],
)
def test_whose_a_file_is_by_its_name(name, sound):
    assert owner(Path("/a") / name) == (sound and Path("/a") / sound)


@pytest.fixture
def moved(tree):
    """A checked move of two sounds, with what lies beside them."""
    tree.make({"in/Kick.wav": b"1", "in/Hat.wav": b"2"})

    def moved(names):
        checked = tree.check(Action.MOVE)
        tree.make(dict.fromkeys(names, b"beside"))
        return with_sidecars(checked, map(tree.path, names))

    return moved


def test_they_follow_under_the_name_that_the_sound_gets(tree, moved):
    tree.make({"out/kick/Kick.wav": b"not ours"})
    beside = ["in/Kick.wav.asd", "in/._Kick.wav", "in/Kick.wav.reapeaks", "in/Other.wav.asd"]
    checked = moved(beside)
    operations = checked.operations
    names = [(op.source.name, op.target.name) for op in operations]
    assert names == [
        ("Hat.wav", "Hat.wav"),
        ("Kick.wav", "Kick (2).wav"),
        ("Kick.wav.asd", "Kick (2).wav.asd"),
        ("._Kick.wav", "._Kick (2).wav"),
        ("Kick.wav.reapeaks", "Kick (2).wav.reapeaks"),
    ]
    now = tree.path("in/Kick.wav.asd").stat()
    asd = operations[2]
    assert (asd.size, asd.mtime_ns, asd.mode) == (6, now.st_mtime_ns, now.st_mode & 0o7777)
    assert asd.origin is None and followers(operations) == {2, 3, 4}
    assert refiled_sounds(operations) == set()
    again = [replace(op, origin=op.source) for op in operations]
    assert refiled_sounds(again) == {0, 1}
    run = sorting.apply(checked)
    assert (run.done, run.failures) == (5, {})
    assert tree.path("in/Other.wav.asd").exists()


def test_what_has_no_free_name_or_is_no_file_stays(tree, moved):
    tree.make({"out/kick/KICK.wav.ASD": b"mine"})
    tree.path("in/._Hat.wav").mkdir()
    tree.path("in/Hat.wav.asd").symlink_to("Hat.wav")
    beside = ["in/Kick.wav.asd"]
    checked = moved(beside)
    others = map(tree.path, [*beside, "in/._Hat.wav", "in/Hat.wav.asd", "in/Hat.wav.reapeaks"])
    again = with_sidecars(checked, others)
    assert [op.source.name for op in again.operations] == ["Hat.wav", "Kick.wav"]


def test_a_sidecar_that_is_sorted_itself_goes_once(tree):
    tree.make({"in/Kick.wav": b"1", "in/._Kick.wav": b"2"})
    checked = tree.check(Action.MOVE)
    again = with_sidecars(checked, [tree.path("in/._Kick.wav")])
    assert again.operations == checked.operations and len(again.operations) == 2


def test_a_name_that_is_a_part_of_its_end_is_taken_once(tree):
    tree.make({"in/s": b"1", "in/s.asd": b"beside", "out/kick/s": b"not ours"})
    checked = with_sidecars(
        sorting.check(sorting.plan(tree.hear()[:1], tree.out, "move")), [tree.path("in/s.asd")]
    )
    assert [op.target.name for op in checked.operations] == ["s (2)", "s (2).asd"]
