"""Which volume each side of a run lies on, so that a drive that is gone is not taken for empty.

A path below the mount point of a drive still exists when the drive is gone: it leads into the empty
folder below it. So the journal notes the volume of the output folder and of each folder that the
files come from, and nothing is put there, or called gone, while another volume is in its place.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from drumsort.errors import SortError
from drumsort.sorting.listing import nearest


class VolumeGone(SortError):  # noqa: N818  (it names what happened to the drive)
    """The drive that a run works on is not there, or another is in its place."""


@dataclass(frozen=True, slots=True)
class Volume:
    """The volume that ``folder`` lay on when a run began.

    Device numbers change each time a drive is plugged in, so they are not noted. What is known
    differs between systems and file systems; ``""`` and 0 stand for what is not.

    Attributes:
        folder: a folder of the run, which need not have existed.
        mount: the mount point above it.
        name: the UUID of the file system.
        number: the id of the file system, unless it depends on where the drive is plugged in.
    """

    folder: Path
    mount: str
    name: str = ""
    number: int = 0

    @classmethod
    def of(cls, folder: Path) -> Self:
        """The volume that ``folder`` lies on now, whether it exists or not.

        Raises:
            OSError: that cannot be told.
        """
        here = nearest(folder)
        device = here.stat().st_dev
        return cls(folder, _mount_point(here), _uuid(device), _number(here, device))

    @classmethod
    def from_entry(cls, entry: Mapping[str, Any]) -> Self:
        """The volume that ``entry`` was made from.

        Raises:
            KeyError, TypeError, ValueError: it is no such entry.
        """
        folder, mount, name = Path(entry["folder"]), str(entry["mount"]), str(entry["name"])
        return cls(folder, mount, name, int(entry["number"]))

    def entry(self) -> dict[str, Any]:
        """What the journal keeps of it."""
        return asdict(self) | {"folder": str(self.folder)}

    def is_here(self) -> bool:
        """Whether the folder lies on that volume now."""
        try:
            now = Volume.of(self.folder)
        except OSError:
            return False
        if now.mount != self.mount:
            return False
        if self.name and now.name:
            return self.name == now.name
        return not (self.number and now.number) or self.number == now.number


def volumes(folders: Iterable[Path]) -> tuple[Volume, ...]:
    """The volume of each of ``folders``, as far as that can be told."""

    def known() -> Iterator[Volume]:
        for folder in dict.fromkeys(folders):
            try:
                yield Volume.of(folder)
            except OSError:
                continue

    return tuple(known())


def demand(wanted: Iterable[Volume]) -> None:
    """Make sure that all of ``wanted`` are where they were.

    Raises:
        VolumeGone: one is not.
    """
    for volume in wanted:
        if not volume.is_here():
            raise VolumeGone(
                f"The drive with {volume.folder} is not there, or another drive is in its place: "
                "plug in the drive"
            )


def _mount_point(path: Path) -> str:
    path = Path(os.path.realpath(path))
    while not os.path.ismount(path) and path != path.parent:
        path = path.parent
    return os.fspath(path)


def _uuid(device: int) -> str:
    """The UUID of the file system on a block device, where Linux lists it."""
    if not hasattr(os, "major"):
        return ""
    try:
        for entry in os.scandir("/dev/disk/by-uuid"):
            if entry.stat().st_rdev == device:
                return entry.name
    except OSError:
        pass
    return ""


def _number(path: Path, device: int) -> int:
    """The id of a file system, or 0 where another drive in the same socket could have it."""
    if sys.platform == "win32":
        return device  # the serial number of the volume
    if sys.platform != "linux":
        return 0
    number = os.statvfs(path).f_fsid
    major, minor = os.major(device), os.minor(device)
    of_the_socket = (minor & 0xFF) | (major << 8) | ((minor & ~0xFF) << 12)  # XFS, FAT, exFAT
    return 0 if number == of_the_socket else number
