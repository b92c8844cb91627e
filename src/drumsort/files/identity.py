"""Whether a path still leads to the same folder, or to another that took its place."""

import os
from pathlib import Path


def identity(path: Path) -> tuple[int, int] | None:
    """What tells the folder or file at a path from any other that could be there; else ``None``.

    The folder of a drive is another one than the empty folder that its drive was plugged into.
    """
    try:
        now = os.stat(path)  # noqa: PTH116  (as quick as can be: asked again and again)
    except (OSError, ValueError):
        return None
    return now.st_dev, now.st_ino
