"""Copy the bytes of one open file to another, by the file system itself where it can.

What the file system copied is read back and compared with the original before it counts.
"""

import hashlib
import os
import sys

from drumsort.files.hashes import CHUNK
from drumsort.types import Way

if sys.platform == "linux":
    import fcntl

    _FICLONE = 0x40049409

    def _clone(source: int, copy: int) -> None:
        fcntl.ioctl(copy, _FICLONE, source)

    def _range(source: int, copy: int) -> None:
        while os.copy_file_range(source, copy, CHUNK):
            pass

    _BY_SYSTEM = ((Way.REFLINK, _clone), (Way.COPY_FILE_RANGE, _range))
else:
    _BY_SYSTEM = ()


def copy_bytes(source: int, copy: int) -> tuple[str, Way]:
    """Copy all of ``source`` to the empty file ``copy``; both are file descriptors.

    Returns:
        The SHA-256 of the bytes in hex, and how they were copied.

    Raises:
        OSError: ``source`` cannot be read, or ``copy`` cannot be written.
    """
    for way, fill in _BY_SYSTEM:
        try:
            fill(source, copy)
            digest = _proved(source, copy)
        except OSError:  # not supported here, or not between these two files
            digest = ""
        _rewind(source, copy)
        if digest:
            return digest, way
        os.ftruncate(copy, 0)
    return _read_and_write(source, copy), Way.READ_AND_WRITE


def _proved(source: int, copy: int) -> str:
    """The SHA-256 of both files in hex, or ``""`` if they differ."""
    _rewind(source, copy)
    digest = hashlib.sha256()
    while chunk := os.read(source, CHUNK):
        digest.update(chunk)
        if os.read(copy, CHUNK) != chunk:
            return ""
    return "" if os.read(copy, 1) else digest.hexdigest()


def _rewind(*files: int) -> None:
    for file in files:
        os.lseek(file, 0, os.SEEK_SET)


def _read_and_write(source: int, copy: int) -> str:
    digest = hashlib.sha256()
    while chunk := os.read(source, CHUNK):
        digest.update(chunk)
        rest = memoryview(chunk)
        while rest:
            rest = rest[os.write(copy, rest) :]
    return digest.hexdigest()
