"""What an output folder is known to hold, from one look at it."""

import os
import sys

import pytest

from drumsort.sorting import listing
from drumsort.sorting.listing import Folder, nearest
from drumsort.types import ConflictKind


def test_the_nearest_that_exists(tmp_path):
    assert nearest(tmp_path) == tmp_path
    assert nearest(tmp_path / "a" / "b") == tmp_path
    (tmp_path / "a").symlink_to("nowhere")
    assert nearest(tmp_path / "a" / "b") == tmp_path / "a"


def test_names_alike_however_they_are_spelled(tmp_path):
    for name in ("KICK.wav", "kick.wav", "Kick.wav", "Hat.wav"):
        (tmp_path / name).write_bytes(b"1")
    folder = Folder(tmp_path)
    assert folder.problem is None
    assert folder.alike("Kick.wav")[0] == tmp_path / "Kick.wav"
    assert {path.name for path in folder.alike("kicK.wav")} == {"KICK.wav", "kick.wav", "Kick.wav"}
    assert folder.alike("Snare.wav") == []
    assert Folder(tmp_path / "none").alike("Kick.wav") == []


def test_what_may_be_the_same_under_a_number(tmp_path):
    for name, size in (
        ("Kick.wav", 1),
        ("kick (2).wav", 1),
        ("Kick (3).wav", 2),
        ("Kick 4.wav", 1),
    ):
        (tmp_path / name).write_bytes(bytes(size))
    (tmp_path / "Kick (5).wav").mkdir()
    folder = Folder(tmp_path)
    for _ in range(2):
        found = [path.name for path in folder.numbered("KICK.wav", 1)]
        assert found == ["Kick.wav", "kick (2).wav"]
        assert [path.name for path in folder.numbered("Kick.wav", 2)] == ["Kick (3).wav"]
    assert list(folder.numbered("Kick (3).wav", 2)) == [tmp_path / "Kick (3).wav"]
    assert list(folder.numbered("Kick.wav", 9)) == list(folder.numbered("Hat.wav", 1)) == []


def test_why_nothing_can_be_put_there(tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"")
    kind, why = Folder(tmp_path / "file" / "kick").problem
    assert kind is ConflictKind.NAME_NOT_ALLOWED
    assert why == (
        f"{tmp_path / 'file'} is a file, but a folder is needed there: rename it or sort elsewhere."
    )
    monkeypatch.setattr(listing, "writable", lambda folder: folder != tmp_path)
    kind, why = Folder(tmp_path / "kick").problem
    assert kind is ConflictKind.NOT_WRITABLE
    assert why == f"{tmp_path} cannot be written to: change its permissions or sort elsewhere."


@pytest.mark.skipif(sys.platform == "win32", reason="needs names in bytes")
def test_how_long_a_name_may_be_is_for_the_disk_to_say(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(os, "pathconf", lambda *what: asked.append(what) or 10)
    folder = Folder(tmp_path / "kick")
    assert asked == [(tmp_path, "PC_NAME_MAX")]
    assert "is 11 long, and at most 10" in folder.why_not("k" * 11)
    assert folder.why_not("k" * 10) == ""
    assert "'" + "k" * 11 + "' is 11 long" in Folder(tmp_path / "kick" / ("k" * 11)).problem[1]
    for error in (OSError, ValueError):

        def refuse(*_, error=error):
            raise error

        monkeypatch.setattr(os, "pathconf", refuse)
        folder = Folder(tmp_path)
        assert folder.why_not("k" * 255) == "" and "at most 255" in folder.why_not("k" * 256)
