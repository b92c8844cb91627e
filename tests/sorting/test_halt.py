"""Which errors every further file would meet, and what is said of them."""

import errno
import os
import shutil
from collections import namedtuple

import pytest

from drumsort.sorting import halt
from drumsort.sorting.halt import ALIKE, Row, shared
from drumsort.sorting.volumes import Volume, VolumeGone

usage = namedtuple("usage", "total used free")
counts = namedtuple("counts", "f_ffree f_files")


def why(number, target, size=0, known=()):
    halted = shared(OSError(number, os.strerror(number)), target, size, known)
    return halted and str(halted)


@pytest.fixture
def target(tmp_path):
    """A file to be, in a folder that does not exist."""
    return tmp_path / "none" / "Kick.wav"


def test_what_the_disk_refuses_to_all(target, tmp_path):
    assert why(errno.EROFS, target) == f"The disk of {tmp_path} is read-only now: make it writable"
    share = f"Your share of the disk of {tmp_path} is used up: make room there"
    assert why(errno.EDQUOT, target) == share
    assert why(errno.EMFILE, target) == "Too many files are open: close programs"
    assert why(errno.ENFILE, target) == "Too many files are open: close programs"
    assert why(errno.ENOMEM, target) == "There is not enough memory: close programs"
    for number in (errno.EIO, errno.EACCES, errno.EPERM, errno.ENOSPC):
        assert why(number, target) is None


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM])
def test_a_folder_that_is_closed(target, tmp_path, monkeypatch, number):
    monkeypatch.setattr(halt, "writable", lambda folder: folder != tmp_path)
    said = f"{tmp_path} cannot be written to any more: change its permissions"
    assert why(number, target) == said
    assert why(errno.EIO, target) is None


def test_a_disk_is_full_before_its_last_block(target, tmp_path, monkeypatch):
    said = f"The disk of {tmp_path} is full: make room there"
    for free, size, is_full in ((2**20 + 99, 100, True), (2**20 + 100, 100, False)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: usage(9, 9, free))
        assert why(errno.ENOSPC, target, size) == (said if is_full else None)


@pytest.mark.skipif(not hasattr(os, "statvfs"), reason="needs statvfs")
def test_a_disk_is_full_without_room_for_names(target, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(9, 9, 2**30))
    for left, of, is_full in ((0, 10, True), (1, 10, False), (0, 0, False)):  # Btrfs counts none
        monkeypatch.setattr(os, "statvfs", lambda _, left=left, of=of: counts(left, of))
        assert bool(why(errno.ENOSPC, target)) is is_full


def test_errors_of_one_file_alone(target):
    for error in (FileExistsError(errno.EROFS, "x"), ValueError("x")):
        assert shared(error, target, 0, ()) is None


def test_a_drive_that_went(target, tmp_path, monkeypatch):
    gone = Volume(tmp_path, "/somewhere else")
    assert "plug in the drive" in why(errno.EIO, target, known=[gone])
    assert str(shared(VolumeGone("It went"), target, 0, ())) == "It went"

    def fail(_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(halt, "nearest", fail)
    said = f"{target.parent} cannot be read (Input/output error): see to its drive"
    assert why(errno.EIO, target) == said


def test_so_many_alike_in_a_row():
    row, error = Row(), OSError(errno.EIO, "Input/output error")
    for index in range(ALIKE - 1):
        assert row.failed(index, error) is None
    said = f"{ALIKE} files in a row could not be handled (Input/output error): see to the disk"
    assert str(row.failed(50, error)) == said
    assert row.indices == [*range(ALIKE - 1), 50]


@pytest.mark.parametrize(
    "between",
    [
        lambda row: row.well(),
        lambda row: row.failed(0, OSError(errno.ENXIO, "x")),
        lambda row: row.failed(0, FileNotFoundError(errno.EIO, "x")),
        lambda row: row.failed(0, FileExistsError(errno.EIO, "x")),
        lambda row: row.failed(0, OSError("without a number")),
    ],
)
def test_another_end_begins_a_new_row(between):
    row, error = Row(), OSError(errno.EIO, "x")
    for index in range(ALIKE - 1):
        row.failed(index, error)
    assert between(row) is None
    assert row.failed(99, error) is None and row.indices == [99]


def test_an_error_without_a_text_is_said_by_itself():
    row = Row()
    error = OSError(errno.EIO, None)
    assert f"({error})" in str([row.failed(index, error) for index in range(ALIKE)][-1])
