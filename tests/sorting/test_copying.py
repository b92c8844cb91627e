"""Bytes are copied by whatever the disk can do best, and what it did is not taken on trust."""

import errno
import hashlib
import os
import sys

import pytest

from drumsort import sorting
from drumsort.sorting import disk
from drumsort.types import Action, Way

CONTENT = bytes(range(256)) * 9000  # more than is read at a time
WHOLE = CONTENT[: 2 << 20]  # in reads that leave no rest
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies by system call")


def copied(folder, content=CONTENT):
    """By which way ``content`` was copied, having looked that it was."""
    source, copy = folder / "source", folder / "copy"
    source.write_bytes(content)
    digest, way = disk.copy(source, copy)
    assert copy.read_bytes() == content
    assert digest == hashlib.sha256(content).hexdigest()
    copy.unlink()
    return way


@pytest.mark.parametrize("content", [CONTENT, CONTENT[: 1 << 20], b"1", b""])
def test_every_byte_is_copied_and_counted(tmp_path, content):
    assert copied(tmp_path, content) in Way


def test_by_hand(tmp_path, no_help_of_the_system):
    assert copied(tmp_path) is Way.READ_AND_WRITE


def test_by_clone(each_cloning_disk):
    free = os.statvfs(each_cloning_disk).f_bavail
    (each_cloning_disk / "many").write_bytes(os.urandom(1 << 20) * 64)
    os.sync()
    used = free - os.statvfs(each_cloning_disk).f_bavail
    assert disk.copy(each_cloning_disk / "many", each_cloning_disk / "clone")[1] is Way.REFLINK
    os.sync()
    assert free - os.statvfs(each_cloning_disk).f_bavail < 1.2 * used
    assert copied(each_cloning_disk) is Way.REFLINK


def test_from_a_disk_that_clones_to_another(cloning_disk, tmp_path):
    source = cloning_disk / "source"
    source.write_bytes(CONTENT)
    assert disk.copy(source, tmp_path / "copy")[1] is not Way.REFLINK
    assert (tmp_path / "copy").read_bytes() == CONTENT


@LINUX
@pytest.mark.parametrize("wrong", [b"", WHOLE[:-1], WHOLE + b"\0", b"\0" * len(WHOLE), None])
def test_a_system_that_copies_something_else_is_noticed(tmp_path, monkeypatch, wrong):
    """``None`` stands for one that gives up half way."""
    done = []

    def copy_file_range(_, copy, count):
        if done:
            done.clear()
            return 0
        os.write(copy, WHOLE[:5000] if wrong is None else wrong)
        if wrong is None:
            raise OSError(errno.EXDEV, "not between these two")
        done.append(count)
        return len(wrong)

    monkeypatch.setattr(os, "copy_file_range", copy_file_range)
    assert copied(tmp_path, WHOLE) in (Way.READ_AND_WRITE, Way.REFLINK)


@LINUX
def test_the_run_says_how_and_its_journal_remembers(tree):
    tree.make({"in/A/Kick.wav": b"one", "in/B/Kick.wav": b"two"})
    checked = tree.check(Action.COPY)

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sorting.apply(checked, stop)
    run = sorting.resume()
    assert run.done == sum(run.ways.values()) == 2
    assert run.ways == sorting.resume(run.id).ways
    assert set(run.ways) <= {Way.REFLINK, Way.COPY_FILE_RANGE}
    sorting.undo()
    assert tree.sort(Action.LINK).ways == {}


def test_each_fault_of_the_disk_is_told(tmp_path):
    there = tmp_path / "there"
    there.write_bytes(b"1")
    faults = disk.sync_all([there, tmp_path / "gone", there])
    assert [fault is None for fault in faults] == [True, False, True]
    assert str(tmp_path / "gone") in str(faults[1])
