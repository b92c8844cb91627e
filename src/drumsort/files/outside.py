"""Read files that others made: a model folder, a table. They may be anything, and of any size.

A pipe would hang, a device never end, and a deeply nested text would take the interpreter down. So
only a regular file is read, and no more of it than its kind can need.
"""

import hashlib
import json
import os
import stat
from pathlib import Path
from typing import Any

from drumsort.files.hashes import CHUNK


def open_outside(path: Path, most: int) -> int:
    """Open a regular file of at most ``most`` bytes for reading; its descriptor.

    Raises:
        OSError: it cannot be opened.
        ValueError: it is no regular file, or larger.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    fd = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # a pipe must not be waited for
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            raise ValueError(f"{path.name} is not a regular file")
        if status.st_size > most:
            raise ValueError(f"{path.name} is larger than {most:,} bytes")
    except BaseException:
        os.close(fd)
        raise
    return fd


def read_outside(path: Path, most: int) -> bytes:
    """All bytes of a regular file, at most ``most``.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no regular file, or larger.
    """
    with os.fdopen(open_outside(path, most), "rb") as file:
        content = file.read(most + 1)
    if len(content) > most:  # it grew
        raise ValueError(f"{path.name} is larger than {most:,} bytes")
    return content


def hash_outside(path: Path, most: int) -> str:
    """The SHA-256 in hex of a regular file of at most ``most`` bytes.

    Raises:
        OSError, ValueError: as for ``read_outside``.
    """
    digest = hashlib.sha256()
    with os.fdopen(open_outside(path, most), "rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def parsed(text: str | bytes) -> Any:
    """What a JSON text says.

    Raises:
        ValueError: it is not JSON, or nested too deeply.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def is_name(value: object) -> bool:
    """Whether ``value`` can name a class, and so a folder, on every disk and in every table."""
    return isinstance(value, str) and 0 < len(value) <= 100 and value.isprintable()
