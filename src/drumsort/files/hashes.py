"""What a file holds, byte by byte."""

import hashlib
import os
from pathlib import Path

CHUNK = 1 << 20
"""Bytes that are read at a time."""


def file_hash(path: Path) -> str:
    """SHA-256 of the bytes of ``path``, in hex: every byte counts, tags and all.

    Raises:
        OSError: if the file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def same_content(one: Path, other: Path) -> bool:
    """Whether two regular files hold the same bytes.

    Raises:
        OSError: if either cannot be read.
    """
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as left, other.open("rb") as right:
        while chunk := left.read(CHUNK):
            if chunk != right.read(CHUNK):
                return False
        return not right.read(1)


def points_to(link: Path, path: Path) -> bool:
    """Whether ``link`` is a symbolic link that leads to ``path``."""
    return link.is_symlink() and os.path.realpath(link) == os.path.realpath(path)
