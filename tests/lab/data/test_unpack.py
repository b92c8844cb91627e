"""An archive is unpacked whole, inside its folder and within bounds, or not at all."""

import io
import random
import re
import resource
import shutil
import stat
import struct
import zipfile
from collections import namedtuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumsort.errors import DataError
from drumsort.lab.data import unpack as module
from drumsort.lab.data.disk import DiskError
from drumsort.lab.data.unpack import unpack

FILES = {
    "kick/1.wav": random.Random(0).randbytes(100_000),
    "kick/2.wav": bytes(100_000),
    "Größe/ä.wav": b"x",
    "Kit: B/empty.txt": b"",
}


def zipped(files, method=zipfile.ZIP_DEFLATED) -> bytes:
    """``files``, name or ``ZipInfo`` to content, as a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def tree(folder):
    """Every file below ``folder`` and what it holds."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def refused(tmp_path):
    """Unpacks a zip that cannot be, and says what was said; nothing else is left."""

    def refused(content, kind=DataError) -> str:
        archive = tmp_path / "in" / "a.zip"
        archive.parent.mkdir(exist_ok=True)
        archive.write_bytes(content)
        with pytest.raises(DataError) as caught:
            unpack(archive, tmp_path / "in" / "a")
        assert type(caught.value) is kind
        assert list(tree(tmp_path)) == ["in/a.zip"]
        assert [entry.name for entry in archive.parent.iterdir()] == ["a.zip"]
        assert re.fullmatch(r"[^\n]+[^.\n]\.", str(caught.value))
        return str(caught.value)

    return refused


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_all_is_there(tmp_path, method):
    (tmp_path / "a.zip").write_bytes(zipped(FILES | {"hollow/": b""}, method))
    (tmp_path / "a.part" / "of an earlier call").mkdir(parents=True)
    unpack(tmp_path / "a.zip", tmp_path / "a")
    assert tree(tmp_path / "a") == FILES
    assert (tmp_path / "a" / "hollow").is_dir()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a", "a.zip"]


def test_what_is_there_is_left_alone(tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped(FILES))
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "mine").write_bytes(b"mine")
    with pytest.raises(DataError, match="is there already"):
        unpack(tmp_path / "a.zip", tmp_path / "a")
    assert tree(tmp_path / "a") == {"mine": b"mine"}


@pytest.mark.parametrize(
    "name",
    [
        *("/evil", "//host/share/evil", "C:/evil", "C:evil", "C:\\evil", "\\evil", "a\\b"),
        *("../evil", "a/../../evil", "a/..", "..", "..\\evil"),
    ],
)
def test_no_entry_lies_elsewhere(refused, name):
    message = refused(zipped({"good.wav": b"x", name: b"evil"}))
    assert repr(name) in message
    assert "cannot be trusted" in message


def test_links_are_refused(refused):
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "'link' is a link" in refused(zipped({link: "/etc", "link/passwd": b"evil"}))


def test_an_encrypted_entry_is_refused(refused):
    content = bytearray(zipped({"a": b"x"}))
    content[content.index(b"PK\1\2") + 8] |= 1
    assert "is encrypted" in refused(bytes(content))


def test_a_bomb_is_refused(refused, monkeypatch):
    bomb = zipped({"zeros": bytes(1_000_000)})
    assert len(bomb) * module.MAX_RATIO < 1_000_000
    monkeypatch.setattr(module, "SMALL", 999_999)
    assert "would unpack to 1 MB, more than 200 times its size" in refused(bomb)


def test_silence_is_no_bomb(tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped({"zeros": bytes(1_000_000)}))
    unpack(tmp_path / "a.zip", tmp_path / "a")
    assert tree(tmp_path / "a") == {"zeros": bytes(1_000_000)}


def test_too_many_entries_are_refused(refused, monkeypatch):
    monkeypatch.setattr(module, "MAX_ENTRIES", 3)
    assert "it has 4 entries" in refused(zipped(FILES))


@pytest.mark.parametrize("claim", [0, 10, 99_999, 2**32 - 2])
def test_an_entry_that_lies_about_its_length(refused, claim):
    content = bytearray(zipped({"a": bytes(100_000)}))
    struct.pack_into("<I", content, content.index(b"PK\1\2") + 24, claim)
    refused(bytes(content))


def test_bytes_are_counted_whatever_the_header_says(refused, monkeypatch):
    endless = iter(lambda: bytes(50_000), None)
    monkeypatch.setattr(module, "_chunks", lambda *_: endless)
    assert "'a' is longer than it says" in refused(zipped({"a": bytes(100_000)}))


@pytest.mark.parametrize(
    ("names", "words"),
    [(["a", "b", "a"], "File exists"), (["a", "a/b"], ""), (["a/b", "a"], "")],
    ids=str,
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_that_are_in_each_others_way(refused, names, words):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    message = refused(stream.getvalue())
    assert "a.zip is damaged" in message
    assert words in message


@pytest.mark.parametrize("content", [b"", b"x", b"<html>", zipped(FILES)[:-30], zipped(FILES)[9:]])
def test_what_is_no_zip(refused, content):
    assert "is damaged" in refused(content)


def test_a_disk_that_gets_full(refused):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    content = zipped({"small": b"x", "large": bytes(400_000)})
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, limits[1]))
    try:
        assert "in/a cannot be written (File too large)" in refused(content, DiskError)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_room_is_looked_for_first(refused, monkeypatch):
    usage = namedtuple("usage", ["free"])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(200_000))
    assert "0.2 MB are needed" in refused(zipped(FILES), DiskError)


def test_ctrl_c_leaves_nothing_half_done(tmp_path, monkeypatch):
    def stopped(*_):
        yield b"x"
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_chunks", stopped)
    (tmp_path / "a.zip").write_bytes(zipped(FILES))
    with pytest.raises(KeyboardInterrupt):
        unpack(tmp_path / "a.zip", tmp_path / "a")
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.zip"]


METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
SMALL = {f"{n}/x": random.Random(n).randbytes(50) * 5 for n in range(3)}
INTACT = [zipped(SMALL, method) for method in METHODS]


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(
    intact=st.sampled_from(INTACT),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=5),
    in_directory=st.booleans(),
)
def test_any_damage_gives_all_or_nothing(tmp_path_factory, intact, changes, in_directory):
    content = bytearray(intact)
    first = content.index(b"PK\1\2") if in_directory else 0
    for place, byte in changes:
        content[first + int(place * (len(content) - 1 - first))] = byte
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "a.zip").write_bytes(content)
    try:
        unpack(folder / "a.zip", folder / "a")
    except DataError:
        assert [entry.name for entry in folder.iterdir()] == ["a.zip"]
    else:
        assert set(tree(folder / "a").values()) <= set(SMALL.values())
    finally:
        shutil.rmtree(folder)
