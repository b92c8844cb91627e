"""Make a folder of real drum sounds to try drumsort on."""

import os
import shutil
from pathlib import Path

from drumsort.errors import DrumsortError

_SOUNDS = Path(__file__).parent.parent / "demo"

CREDITS = "CREDITS.csv"
"""The file beside the sounds that has the label, the licence and the origin of each."""


def demo(folder: str | os.PathLike[str]) -> int:
    """Copy the sounds that come with drumsort, as a library that was never tidied up.

    Args:
        folder: created if it is missing.

    Returns:
        How many sounds there are.

    Raises:
        DrumsortError: ``folder`` is not empty, is a file or cannot be written.
    """
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise DrumsortError(f"{folder} is a file: choose a new or an empty folder for the demo.")
    if folder.is_dir() and any(folder.iterdir()):
        raise DrumsortError(f"{folder} is not empty: choose a new or an empty folder for the demo.")
    try:
        shutil.copytree(_SOUNDS, folder, dirs_exist_ok=True)
    except (OSError, shutil.Error) as error:
        why = getattr(error, "strerror", None) or "not all files could be written"
        raise DrumsortError(
            f"The demo cannot be written to {folder} ({why}): choose another folder."
        ) from error
    return sum(1 for _ in folder.rglob("*.ogg"))
