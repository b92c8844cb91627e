"""What is at a path: a folder, and still the same one, or another that took its place.

Drives fail in many ways. What cannot be looked at counts as gone, and nothing here raises.
"""

import os
import stat
from pathlib import Path


def identity(path: Path) -> tuple[int, int] | None:
    """What tells the folder or file at a path from any other that could be there; else ``None``.

    The folder of a drive is another one than the empty folder that its drive was plugged into.
    """
    now = _status(path)
    return now and (now.st_dev, now.st_ino)


def folder_identity(path: Path) -> tuple[int, int] | None:
    """The same of a folder; ``None`` if there is anything else."""
    now = _status(path)
    return (now.st_dev, now.st_ino) if now and stat.S_ISDIR(now.st_mode) else None


def leads_to_folder(path: Path) -> bool:
    """Whether a folder is there."""
    return folder_identity(path) is not None


def _status(path: Path) -> os.stat_result | None:
    try:
        return os.stat(path)  # noqa: PTH116  (as quick as can be: asked again and again)
    except (OSError, ValueError):
        return None
