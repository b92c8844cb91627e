"""What each small step does when something is not as it should be."""

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

from drumsort.errors import SortError
from drumsort.files.hashes import file_hash
from drumsort.sorting import disk


@pytest.fixture
def two(tmp_path):
    """Two files of one content."""
    paths = tmp_path / "A" / "path", tmp_path / "B" / "twin"
    for path in paths:
        path.parent.mkdir()
        path.write_bytes(b"one")
    return paths


def test_a_look_removes_nothing(two):
    path, twin = two
    disk.drop(path, twin, only_look=True)
    disk.drop_made(path, twin, file_hash(path), only_look=True)
    assert path.exists()
    disk.drop(path, twin, file_hash(path))
    assert not path.exists() and twin.exists()
    disk.drop(path, twin)  # it is gone already


@pytest.mark.parametrize("which", [0, 1])
def test_both_must_have_the_hash_that_is_known(two, which):
    path, twin = two
    digest = file_hash(path)
    two[which].write_bytes(b"two")
    with pytest.raises(
        SortError, match="so it was left as it is" if which == 0 else "was left: it"
    ):
        disk.drop(path, twin, digest)
    assert path.exists() and twin.exists()


def test_what_is_no_file_is_not_removed(two):
    path, twin = two
    path.unlink()
    path.symlink_to(twin)
    for work in (
        lambda: disk.drop(path, twin),
        lambda: disk.drop_made(path, twin, file_hash(twin)),
        lambda: disk.swap_for_copy(path, twin, disk.signatures(path)),
        lambda: disk.swap_for_link(path, two[1].with_name("x"), twin, (3, 0)),
    ):
        with pytest.raises((SortError, FileNotFoundError)):
            work()
        assert path.is_symlink() and twin.read_bytes() == b"one"


def test_two_spellings_of_one_name_are_one_file_on_some_disks(two):
    """On a disk that ignores case both are one entry, and removing one removes both."""
    path, _ = two
    twin = path.with_name("PATH")
    twin.hardlink_to(path)
    with pytest.raises(SortError, match="may be the only one"):
        disk.drop(path, twin)
    assert path.exists()
    other = path.with_name("other")
    other.hardlink_to(path)
    disk.drop(path, other)
    assert not path.exists()


def test_links_are_removed_only_as_they_were(tmp_path):
    one, other, file = tmp_path / "one", tmp_path / "other", tmp_path / "file"
    file.write_bytes(b"1")
    one.symlink_to("file")
    other.symlink_to(file)  # leads there by other words
    for twin in (other, file):
        with pytest.raises(SortError, match=f"{one} leads elsewhere than {twin}"):
            disk.drop_symlink(one, twin)
    other.unlink()
    other.symlink_to("file")
    disk.drop_symlink(one, other)
    assert not one.is_symlink() and other.is_symlink()


def test_what_a_kill_left_is_finished_only_where_a_name_was_claimed(tmp_path):
    part, target = tmp_path / "x.part", tmp_path / "x"

    def settled(content, at_target, size=3):
        for path in (part, target):
            path.unlink(missing_ok=True)
        part.write_bytes(content)
        at_target()
        disk.settle(part, target, size)
        assert not part.exists()
        return target.read_bytes() if target.exists() else None

    assert settled(b"one", lambda: target.write_bytes(b"")) == b"one"
    assert settled(b"on", lambda: target.write_bytes(b"")) == b""
    assert settled(b"one", lambda: target.write_bytes(b"x")) == b"x"
    assert settled(b"one", lambda: None) is None
    assert settled(b"one", lambda: target.hardlink_to(part)) == b"one"
    assert settled(b"", lambda: target.hardlink_to(part), 0) == b""
    (tmp_path / "other").write_bytes(b"")
    assert settled(b"one", lambda: target.symlink_to(tmp_path / "other")) == b""
    target.unlink()
    target.mkdir()
    part.write_bytes(b"one")
    disk.settle(part, target, 3)
    assert target.is_dir() and not part.exists()
    disk.settle(part, target, 3)


def test_an_attribute_is_set_again_only_after_an_interruption():
    def attribute(errors):
        calls = []

        def set_it():
            calls.append(1)
            if len(calls) <= len(errors):
                raise OSError(errors[len(calls) - 1], "x")

        try:
            disk._set(set_it)
        except OSError as error:
            return len(calls), error.errno
        return len(calls), 0

    assert attribute([]) == (1, 0)
    assert attribute([errno.EINTR] * 5) == (6, 0)
    assert attribute([errno.EINTR] * 6) == (6, errno.EINTR)
    assert attribute([errno.EPERM]) == (1, 0)  # this disk has none
    assert attribute([errno.EIO]) == (1, errno.EIO)


def test_faults_of_a_flush_are_those_of_the_disk(tmp_path, monkeypatch):
    paths = [tmp_path / name for name in "abc"]
    for path in paths[:2]:
        path.mkdir()
    disk.barrier(paths)  # one is gone
    for number in (errno.EINVAL, errno.EIO):
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", lambda fd, number=number: _fail(number))
            if number == errno.EIO:
                with pytest.raises(OSError, match="Input/output"):
                    disk.barrier(paths)
                assert [fault.errno for fault in disk.sync_all(paths)] == [5, 5, errno.ENOENT]
                assert [fault.errno for fault in disk.sync_all(paths[:1])] == [5]
            else:
                disk.barrier(paths)


def test_without_a_thread_files_are_flushed_one_by_one(tmp_path, monkeypatch):
    def refuse(*_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(ThreadPoolExecutor, "submit", refuse)
    found = disk.sync_all([tmp_path, tmp_path / "none"])
    assert found[0] is None and found[1].errno == errno.ENOENT


def _fail(number):
    raise OSError(number, os.strerror(number))


def test_a_temporary_file_that_stays_is_told(tmp_path, monkeypatch):
    path = tmp_path / "x.part"
    assert disk.cannot_discard(path) == ""
    path.write_bytes(b"x")
    assert disk.cannot_discard(path) == "" and not path.exists()
    path.write_bytes(b"x")
    for number, why in ((errno.EIO, "Input/output error"), (errno.ENOENT, "")):
        monkeypatch.setattr(os, "unlink", lambda *_, number=number, **__: _fail(number))
        assert disk.cannot_discard(path) == why
        disk.discard(path)


def test_folders_are_made_only_where_they_may_be(tmp_path):
    asked = []
    deep = tmp_path / "a" / "b"
    assert disk.make_folders(deep, lambda: asked.append(deep.exists())) == {tmp_path, deep.parent}
    assert asked == [False, False] and deep.is_dir()
    assert disk.make_folders(deep, lambda: asked.append(1)) == set() and len(asked) == 2
    with pytest.raises(ZeroDivisionError):
        disk.make_folders(deep / "c" / "d", lambda: 1 / 0)
    assert list(deep.iterdir()) == []


def test_what_is_written_takes_no_name_and_no_other_reads_it(tmp_path):
    path = tmp_path / "x"
    disk.write(path, b"one")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"one", 0o600)
    for work in (lambda: disk.write(path, b"two"), lambda: disk.copy(tmp_path / "y", path)):
        with pytest.raises(FileExistsError):
            work()
    disk.copy(path, tmp_path / "y")
    assert (tmp_path / "y").stat().st_mode & 0o777 == 0o600
    assert path.read_bytes() == b"one"


def test_a_copy_of_a_locked_file_is_not_locked(tmp_path, monkeypatch):
    path, flags = tmp_path / "Kick.wav", []
    monkeypatch.setattr(os, "chflags", lambda *args: flags.append(args), raising=False)
    hidden = stat.UF_HIDDEN
    for now in (hidden, hidden | stat.UF_IMMUTABLE):
        monkeypatch.setattr(Path, "stat", lambda _, now=now: SimpleNamespace(st_flags=now))
        disk._unlock(path)
    assert flags == [(path, hidden)]
