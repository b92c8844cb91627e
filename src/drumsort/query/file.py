"""A file of arrays that is mapped into memory, so that only what a query looks at is read.

header  ``MAGIC``, the length of the JSON that follows as 8 bytes, and the JSON: the state that
        the file stands for, and the name, dtype and length of each array
arrays  one after the other, each from a multiple of 8 bytes on
"""

import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumsort.files.outside import parsed

MAGIC = b"drumsort find 3\n"

_STEP = 8


def read(path: Path, state: str | None = None) -> Mapping[str, NDArray[Any]]:
    """The arrays of a file that stands for this state, or for any.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is damaged, of another version, or stands for another state.
    """
    content = np.asarray(np.memmap(path, np.uint8, "r"))
    start = len(MAGIC) + _STEP
    head = content[:start].tobytes()
    if not head.startswith(MAGIC):
        raise ValueError(f"{path} is not a file of columns")
    start += int.from_bytes(head[len(MAGIC) :], "little")
    known = parsed(content[len(head) : start].tobytes())
    arrays: dict[str, NDArray[Any]] = {}
    try:
        if state is not None and known["state"] != state:
            raise ValueError(f"{path} is out of date")
        for name, kind, count in known["arrays"]:
            start += -start % _STEP
            end = start + np.dtype(kind).itemsize * count
            arrays[name] = content[start:end].view(kind)
            start = end
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path} has a damaged header") from error
    if start != len(content):
        raise ValueError(f"{path} is incomplete")
    return arrays


def write(path: Path, state: str, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a file: whole, or not at all.

    Args:
        path: the file; an existing one is replaced.
        state: a token that tells later whether the file is up to date.
        arrays: name to array, each with one dimension.

    Raises:
        OSError: the file cannot be written.
    """
    listed = [(name, array.dtype.str, len(array)) for name, array in arrays.items()]
    header = json.dumps({"state": state, "arrays": listed}).encode()
    part = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        with part.open("xb") as stream:
            stream.write(MAGIC + len(header).to_bytes(_STEP, "little") + header)
            for array in arrays.values():
                stream.write(bytes(-stream.tell() % _STEP) + array.tobytes())
            stream.flush()
            os.fsync(stream.fileno())  # or a power cut could leave the name without the content
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
