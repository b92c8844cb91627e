"""Zip archives -> folders: nothing outside the folder, nothing endless, nothing half done."""

import lzma
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

from drumsort.errors import DataError
from drumsort.lab.data.disk import ensure_room, writing

MAX_ENTRIES = 200_000
MAX_RATIO = 200
"""How many times its own size an archive may unpack to ..."""
SMALL = 1 << 30
"""... and how many bytes it may unpack to whatever the ratio."""

CHUNK = 1 << 16

_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError),
    *(
        FileExistsError,
        IsADirectoryError,
        NotADirectoryError,
    ),  # a name twice, a file used as a folder
)  # everything that zipfile raises for a bad archive


def unpack(archive: Path, target: Path) -> None:
    """Unpack the zip ``archive`` to the new folder ``target``, which appears whole or not at all.

    Until then its files are beside it in ``NAME.part``; what an earlier call left there is removed.
    Permissions and owners in the archive are ignored.

    Args:
        archive: a zip file.
        target: a folder that does not exist yet.

    Raises:
        DiskError: there is no room, or writing fails.
        DataError: ``target`` exists; or the archive is damaged or encrypted, would unpack to far
            more than its size, or has an entry that is a link or would be outside ``target``.
    """
    if target.exists():
        raise DataError(f"{target} is there already: move it away to unpack {archive} again.")
    part = target.with_name(target.name + ".part")
    try:
        with writing(target):
            if part.exists():
                shutil.rmtree(part)
            _fill(part, archive)
            part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _fill(part: Path, archive: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = opened.infolist()
            total = _checked_size(archive, entries)
            ensure_room(part.parent, total)
            part.mkdir()
            done = 0
            for entry in entries:
                done = _write(opened, entry, part, done, total)
    except _DAMAGE as error:
        raise DataError(
            f"{archive} is damaged ({str(error).rstrip('.')}): delete it and fetch it again."
        ) from error


def _checked_size(archive: Path, entries: list[zipfile.ZipInfo]) -> int:
    """The bytes that ``entries`` claim to unpack to, after a check of each."""
    for entry in entries:
        if why := _fault(entry):
            raise DataError(f"{archive} cannot be trusted: its entry {entry.filename!r} {why}.")
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES:
        raise DataError(f"{archive} cannot be trusted: it has {len(entries):,} entries.")
    if total > max(SMALL, MAX_RATIO * archive.stat().st_size):
        raise DataError(
            f"{archive} cannot be trusted: it would unpack to {total / 1e6:,.0f} MB, more than "
            f"{MAX_RATIO} times its size."
        )
    return total


def _fault(entry: zipfile.ZipInfo) -> str:
    """Why ``entry`` must not be unpacked, or ``""``."""
    name = entry.filename
    if "\\" in entry.orig_filename or PureWindowsPath(name).anchor:
        return "is not a relative path"
    if ".." in PurePosixPath(name).parts:
        return "is outside the archive"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "is a link"
    return "is encrypted" if entry.flag_bits & 1 else ""


def _write(
    opened: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path, done: int, limit: int
) -> int:
    """Unpack one entry, and return the bytes ``done``, which must not exceed ``limit``."""
    path = folder / entry.filename
    if entry.is_dir():
        path.mkdir(parents=True, exist_ok=True)
        return done
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as stream:
        for chunk in _chunks(opened, entry):
            done += len(chunk)
            if done > limit:  # whatever the header says
                raise zipfile.BadZipFile(f"{entry.filename!r} is longer than it says")
            stream.write(chunk)
    return done


def _chunks(opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with opened.open(entry) as source:
            while chunk := source.read(CHUNK):
                yield chunk
    except OSError as error:  # a bad offset or bad bzip2 data; not the target disk
        raise zipfile.BadZipFile(f"{entry.filename!r}: {error}") from error
