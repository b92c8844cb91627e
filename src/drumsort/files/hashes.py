"""What a file contains: its hash, and whether two files are the same."""

import errno
import hashlib
import os
from pathlib import Path

CHUNK = 1 << 20
"""Bytes to read at a time."""


def file_hash(path: Path) -> str:
    """SHA-256 in hex of all bytes of ``path``, tags included.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def link_hash(link: Path) -> str:
    """SHA-256 in hex of the path that a symbolic link holds.

    Raises:
        OSError: it is no symbolic link, or cannot be read.
    """
    return hashlib.sha256(os.fsencode(link.readlink())).hexdigest()


def same_content(one: Path, other: Path) -> bool:
    """Whether two regular files have the same bytes.

    Raises:
        OSError: either cannot be read.
    """
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as left, other.open("rb") as right:
        while chunk := left.read(CHUNK):
            if chunk != right.read(CHUNK):
                return False
        return not right.read(1)


_NOWHERE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)  # what a link that leads nowhere gives


def points_to(link: Path, path: Path) -> bool:
    """Whether ``link`` is a symbolic link that leads to ``path``, which need not exist.

    Raises:
        OSError: that cannot be told.
    """
    if not link.is_symlink():
        return False
    try:
        return os.path.realpath(link, strict=True) == os.path.realpath(path, strict=True)
    except OSError as error:
        if error.errno not in _NOWHERE:
            raise
        return os.path.realpath(link) == os.path.realpath(path)
