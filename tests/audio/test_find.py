"""Which files of a folder are sounds, and in which order."""

import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from drumsort.audio.find import Source, _is_junction, find, is_sound, survey
from drumsort.audio.left_out import USUAL, LeftOut
from drumsort.audio.part import Part
from drumsort.errors import DrumsortError

from ..synth.drums import synthesize

APPLE_DOUBLE = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        "


@pytest.fixture(scope="module")
def wav(encode):
    return encode(synthesize("rim", 1))


def names(*paths):
    """Path below the folder to whether it is a sound, in the order of ``find``."""
    found = [(s.path.relative_to(s.root).as_posix(), sound) for s, sound in find(paths)]
    assert len(dict(found)) == len(found)
    return found


def test_files_of_a_folder_come_before_its_folders_and_by_name(tmp_path, wav):
    for name in ("b/2.wav", "b/10.wav", "b/a/1.wav", "z.wav", "A.wav", "a/c/d/e.wav", "a.wav"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(wav)
    assert [name for name, _ in names(tmp_path)] == [
        *("A.wav", "a.wav", "z.wav", "a/c/d/e.wav", "b/10.wav", "b/2.wav", "b/a/1.wav")
    ]


def test_roots_come_in_the_order_they_were_given(tmp_path, wav):
    for name in ("a/x.wav", "b/x.wav"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(wav)
    a, b, c = tmp_path / "a", tmp_path / "b", tmp_path / "c.wav"
    assert [(source.path, source.root) for source, _ in find([b, c, a])] == [
        (b / "x.wav", b),
        (c, tmp_path),
        (a / "x.wav", a),
    ]


@pytest.mark.parametrize("format", ["WAV", "RF64", "W64", "AIFF", "FLAC", "OGG", "CAF", "AU"])
@pytest.mark.parametrize("name", ["kick.txt", "kick", "kick.bak", "._kick.wav", ".kick"])
def test_a_sound_under_any_name_is_found(tmp_path, encode, name, format):
    subtype = "VORBIS" if format == "OGG" else "PCM_16"
    (tmp_path / name).write_bytes(encode(synthesize("kick", 1), 44100, format, subtype))
    assert names(tmp_path) == [(name, True)]


def test_mp3_without_name_or_tag_is_found(tmp_path, encode):
    sound = synthesize("kick", 1)
    for rate in (44100, 22050, 8000):
        content = encode(sound, rate, "MP3", "MPEG_LAYER_III")
        assert content[0] == 0xFF
        (tmp_path / str(rate)).write_bytes(content)
    assert names(tmp_path) == [("22050", True), ("44100", True), ("8000", True)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("readme.txt", b"Kicks from 1983.\n"),
        ("unicode.txt", "Füße".encode("utf-16")),
        ("empty", b""),
        ("clip.avi", b"RIFF\x10\x00\x00\x00AVI LIST"),
        ("cover.webp", b"RIFF\x10\x00\x00\x00WEBPVP8 "),
        ("song.rmi", b"RIFF\x10\x00\x00\x00RMIDdata"),
        ("picture.iff", b"FORM\x00\x00\x00\x10ILBMBMHD"),
        ("cover.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"),
        ("riff", b"RIFF"),
        ("._kick.wav", APPLE_DOUBLE),
        ("._kick", APPLE_DOUBLE),
        ("._snare.wav", b"Mac OS X"),
        ("._tom.wav", b""),
    ],
)
def test_what_is_no_sound_is_told_apart(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert names(tmp_path) == [(name, False)]


@pytest.mark.parametrize("name", ["x.wav", "X.WAV", "x.m4a", "x.Aif", "x.opus"])
def test_a_name_that_promises_sound_is_reported_whatever_it_holds(tmp_path, name):
    (tmp_path / name).write_bytes(b"text")
    assert names(tmp_path) == [(name, True)]


def test_a_path_by_name_is_taken_at_its_word(tmp_path):
    missing, too_long = tmp_path / "missing.txt", tmp_path / ("x" * 5000)
    assert list(find([missing, too_long])) == [
        (Source(missing, tmp_path), True),
        (Source(too_long, tmp_path), True),
    ]


def test_what_macos_leaves_beside_a_sound_is_none_by_name_either(tmp_path, wav):
    left, sound, gone = (tmp_path / f"._{name}.wav" for name in ("left", "sound", "gone"))
    left.write_bytes(APPLE_DOUBLE)
    sound.write_bytes(wav)
    found = [(source.path, is_sound) for source, is_sound in find([left, sound, gone])]
    assert found == [(left, False), (sound, True), (gone, True)]


def test_links_to_files_are_followed_and_links_to_folders_are_not(tmp_path, wav):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "x.wav").write_bytes(wav)
    (inside / "folder").symlink_to(outside, target_is_directory=True)
    (inside / "round").symlink_to(inside, target_is_directory=True)
    (inside / "file.wav").symlink_to(outside / "x.wav")
    (inside / "itself.wav").symlink_to(inside / "itself.wav")
    assert names(inside) == [("file.wav", True)]
    assert names(inside / "folder") == [("x.wav", True)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_a_folder_is_passed_by(tmp_path):
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "link.wav").symlink_to("/dev/zero")
    assert names(tmp_path) == []


@pytest.fixture
def deep(tmp_path, wav, monkeypatch):
    """A sound below more folders than Python calls deep."""
    depth = 1100
    monkeypatch.chdir(tmp_path)
    for _ in range(depth):
        Path("d").mkdir()
        os.chdir("d")
    Path("x.wav").write_bytes(wav)
    yield tmp_path
    Path("x.wav").unlink()
    for _ in range(depth):
        os.chdir("..")
        Path("d").rmdir()


@pytest.mark.skipif(sys.platform != "linux", reason="paths are not that long on this system")
def test_a_very_deep_folder(deep):
    assert [(source.path.name, sound) for source, sound in find([deep])] == [("x.wav", True)]


def test_a_folder_is_walked_while_it_is_used(tmp_path, wav):
    for folder in "ab":
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.wav").write_bytes(wav)
    walk = find([tmp_path])
    next(walk)
    (tmp_path / "b" / "y.wav").write_bytes(wav)
    assert [source.path.name for source, _ in walk] == ["x.wav", "y.wav"]


def test_a_file_that_goes_away_is_what_its_name_says(tmp_path):
    assert is_sound(tmp_path / "gone.wav")
    assert not is_sound(tmp_path / "gone.txt")


def left(top, **options):
    """Path below ``top`` to why it is left alone; ``""`` for a sound."""
    found = survey([top], LeftOut(**options))
    return {source.path.relative_to(top).as_posix(): why for source, why in found}


@pytest.fixture
def people(tmp_path, wav):
    """A folder as people have it."""
    for name in (
        "a.wav", "Loops/l.wav", "Kit/Loops/k.wav", "Kit/b.wav", "Kit/old/c.wav", "Kit/old/keep.wav",
        ".Trashes/d.wav", "__MACOSX/Kit/e.wav", "$RECYCLE.BIN/f.wav", "Kit/.git/g.wav",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(wav)
    for name in ("Kit/._b.wav", "more.zip", "notes.txt"):
        (tmp_path / name).write_bytes(APPLE_DOUBLE)
    return tmp_path


def test_hidden_folders_and_those_of_a_system_are_left_alone(people):
    found = left(people)
    assert {name for name, why in found.items() if not why} == {
        "a.wav", "Loops/l.wav", "Kit/Loops/k.wav", "Kit/b.wav", "Kit/old/c.wav", "Kit/old/keep.wav",
    }  # fmt: skip
    assert {name: why for name, why in found.items() if why} == {
        ".Trashes": "hidden",
        "Kit/.git": "hidden",
        "__MACOSX": "made by a system for itself",
        "$RECYCLE.BIN": "made by a system for itself",
        "Kit/._b.wav": "not a sound: macOS leaves it beside a file",
        "more.zip": "an archive: unpack it to sort what is in it",
        "notes.txt": "not a sound",
    }
    assert sum(not why for why in left(people, hidden=True).values()) == 10
    folders = {".Trashes", "Kit/.git", "__MACOSX", "$RECYCLE.BIN"}
    assert dict(names(people)).keys() == found.keys() - folders


def test_patterns_leave_out_files_and_folders_and_the_innermost_decides(people):
    (people / "Kit" / ".drumsortignore").write_text("# not these\n\nold/*\n!keep.wav\n/Loops/\n")
    found = left(people, exclude=["*oop*/", "keep.wav", "a.*"])
    assert {name for name, why in found.items() if not why} == {"Kit/b.wav", "Kit/old/keep.wav"}
    where = people / "Kit" / ".drumsortignore"
    assert found["Kit/old/c.wav"] == f"left out by {where}: old/*"
    assert found["Kit/Loops"] == f"left out by {where}: /Loops/"
    assert found["Loops"] == "left out by --exclude: *oop*/"
    assert found["a.wav"] == "left out by --exclude: a.*"
    with pytest.raises(DrumsortError, match="A pattern of --exclude is not understood"):
        LeftOut(exclude=["!"])


def test_patterns_say_the_same_of_the_folder_that_one_is_in(people, monkeypatch):
    (people / "Kit" / ".drumsortignore").write_text("old/c.wav\n")
    exclude = ["Kit/b.wav", "/a.wav"]
    whole = left(people, exclude=exclude)
    assert [whole[name] for name in ("Kit/b.wav", "a.wav")] == [
        f"left out by --exclude: {pattern}" for pattern in exclude
    ]
    assert whole["Kit/old/c.wav"].endswith("old/c.wav")
    monkeypatch.chdir(people)
    assert left(Path(), exclude=exclude).keys() == whole.keys()
    assert {name for name, why in left(Path(), exclude=exclude).items() if not why} == {
        name for name, why in whole.items() if not why
    }


def test_a_text_is_one_pattern(people):
    assert left(people, exclude="*.mp3") == left(people, exclude=["*.mp3"])
    assert not left(people, exclude="*.mp3")["a.wav"]


@pytest.mark.parametrize(("tag", "is_one"), [(0, False), (0xA0000003, True), (0x9000001A, False)])
def test_a_junction_is_known_by_its_tag(tag, is_one):
    entry = SimpleNamespace(stat=lambda follow_symlinks: SimpleNamespace(st_reparse_tag=tag))
    assert _is_junction(entry) == is_one


def test_what_is_still_being_downloaded_is_no_sound(tmp_path, wav):
    (tmp_path / "Safari.download").mkdir()
    (tmp_path / "other").mkdir()
    for name in ("a.wav.part", "b.CRDOWNLOAD", "c.tmp", "Safari.download/d.wav", "whole.wav"):
        (tmp_path / name).write_bytes(wav)
    for name in ("keeps the place.wav", "other/empty.wav"):
        (tmp_path / name).touch()
    assert {name for name, sound in names(tmp_path) if sound} == {"whole.wav", "other/empty.wav"}
    whys = {source.path.name: why for source, why in survey([tmp_path]) if why}
    assert set(whys.values()) == {"a download that is not finished"}
    assert len(whys) == 5


def test_a_part_is_what_is_asked_for_and_nothing_else_is_opened(tmp_path, wav):
    for name in ("top.wav", "A/1.wav", "A/2.wav", "A/deep/3.wav", "B/4.wav", "B/no/5.wav"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(wav)
    (tmp_path / "A" / ".drumsortignore").write_text("2.wav\n")

    def found(**part):
        part = {key: {tmp_path / name for name in names} for key, names in part.items()}
        sources = find([tmp_path], USUAL, Part(**part))
        return [source.path.relative_to(tmp_path).as_posix() for source, sound in sources if sound]

    assert found(trees=["A"]) == ["A/1.wav", "A/deep/3.wav"]
    assert found(folders=["A"]) == ["A/1.wav"]
    assert found(trees=["A/2.wav", "A/deep/3.wav", "gone"]) == ["A/deep/3.wav"]
    assert found(folders=[""], trees=["B"], without=["B/no"]) == ["top.wav", "B/4.wav"]
    assert found(trees=[""], without=["A", "top.wav"]) == ["B/4.wav", "B/no/5.wav"]
    assert found(trees=[""], without=[""]) == []
