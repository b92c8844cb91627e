"""Which drive a folder lies on."""

import errno
import os
from collections import namedtuple

import pytest

from drumsort.sorting import volumes
from drumsort.sorting.volumes import Volume, VolumeGone, demand

MOUNT = "/mnt"


@pytest.fixture
def now(monkeypatch):
    """Says which volume any folder lies on."""

    def now(mount=MOUNT, name="", number=0):
        there = classmethod(lambda cls, folder: Volume(folder, mount, name, number))
        monkeypatch.setattr(Volume, "of", there)

    return now


@pytest.mark.parametrize(
    ("noted", "found", "is_here"),
    [
        (("", 0), ("", 0), True),
        (("a", 1), ("a", 2), True),  # the name counts
        (("a", 1), ("b", 1), False),
        (("a", 1), ("", 1), True),
        (("a", 1), ("", 2), False),
        (("", 1), ("b", 2), False),
        (("", 1), ("b", 0), True),
        (("a", 0), ("", 2), True),
    ],
)
def test_what_is_known_on_both_sides_decides(tmp_path, now, noted, found, is_here):
    now(MOUNT, *found)
    assert Volume(tmp_path, MOUNT, *noted).is_here() is is_here
    now("/other", *found)
    assert not Volume(tmp_path, MOUNT, *noted).is_here()


def test_what_cannot_be_told_is_not_here_and_not_noted(tmp_path, monkeypatch):
    here = Volume.of(tmp_path / "none" / "none")
    assert here.folder == tmp_path / "none" / "none" and os.path.ismount(here.mount)
    assert tmp_path.is_relative_to(here.mount) and here.is_here()
    assert volumes.volumes([tmp_path, tmp_path]) == (Volume.of(tmp_path),)
    of = Volume.of

    def fail(cls, folder):
        if folder == tmp_path / "bad":
            raise OSError(errno.EIO, "Input/output error")
        return of(folder)

    noted = Volume(tmp_path / "bad", here.mount)
    assert noted.is_here()
    monkeypatch.setattr(Volume, "of", classmethod(fail))
    assert not noted.is_here()
    with pytest.raises(VolumeGone, match=r"The drive with .*bad is not there"):
        demand([here, noted])
    assert volumes.volumes([tmp_path / "bad", tmp_path]) == (of(tmp_path),)


def test_the_journal_keeps_all_of_it(tmp_path):
    volume = Volume(tmp_path, MOUNT, "1234-ABCD", 77)
    assert Volume.from_entry(volume.entry()) == volume
    assert volume.entry()["folder"] == str(tmp_path)


@pytest.mark.skipif(not hasattr(os, "major"), reason="needs device numbers")
def test_the_name_is_the_uuid_of_the_device(tmp_path, monkeypatch):
    entry = namedtuple("entry", "name device")
    entry.stat = lambda self: namedtuple("status", "st_rdev")(self.device)
    disks = [entry("AAAA", 1), entry("BBBB", 2)]
    monkeypatch.setattr(os, "scandir", lambda folder: disks)
    assert [volumes._uuid(device) for device in (1, 2, 3)] == ["AAAA", "BBBB", ""]

    def none(folder):
        raise FileNotFoundError(folder)

    monkeypatch.setattr(os, "scandir", none)
    assert volumes._uuid(1) == ""


@pytest.mark.skipif(not hasattr(os, "statvfs"), reason="needs statvfs")
def test_a_number_that_tells_the_socket_only_is_not_noted(tmp_path, monkeypatch):
    device = os.makedev(8, 0x345)
    encoded = 0x45 | 8 << 8 | 0x300 << 12
    monkeypatch.setattr("sys.platform", "linux")
    for number, noted in ((encoded, 0), (encoded + 1, encoded + 1)):
        status = namedtuple("status", "f_fsid")(number)
        monkeypatch.setattr(os, "statvfs", lambda _, status=status: status)
        assert volumes._number(tmp_path, device) == noted
    monkeypatch.setattr("sys.platform", "darwin")
    assert volumes._number(tmp_path, device) == 0
    monkeypatch.setattr("sys.platform", "win32")
    assert volumes._number(tmp_path, device) == device


def test_all_that_tells_it_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(volumes, "_uuid", lambda device: f"of {device}")
    monkeypatch.setattr(volumes, "_number", lambda path, device: (path, device))
    device = tmp_path.stat().st_dev
    found = Volume.of(tmp_path / "none")
    assert (found.name, found.number) == (f"of {device}", (tmp_path, device))
