"""Files, shown in the system's file manager."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from drumsort.web.response import Refused, printable

_MOST = 50  # files that are named to it at once
_MOST_WINDOWS = 5  # where each is one of its own
_SECONDS = 5.0


def reveal(paths: Sequence[Path]) -> None:
    """Open the file manager at files that exist, with these chosen in it.

    On Linux by the interface ``org.freedesktop.FileManager1``, which the file managers of GNOME,
    KDE, Xfce and others have; where none answers, the folder of the first is opened. On macOS by
    ``open -R``, on Windows by ``explorer /select``: one window for each of the first folders.

    Args:
        paths: of files on this computer, the first 50 of which are shown.

    Raises:
        Refused: there is no file manager.
    """
    for command in _commands(paths[:_MOST]):
        if _runs(command):
            if sys.platform == "win32":
                continue  # a window for each
            return
    if sys.platform != "win32":
        raise Refused(
            409, f"No file manager could be started here: the file is {printable(paths[0])}."
        )


def _commands(paths: Sequence[Path]) -> list[list[str]]:
    """What to try: on Windows all, elsewhere one after the other until one works."""
    if sys.platform == "darwin":
        return [["open", "-R", *map(str, paths)]]
    if sys.platform == "win32":
        first = {path.parent: path for path in reversed(paths)}
        return [["explorer", f"/select,{path}"] for path in list(first.values())[:_MOST_WINDOWS]]
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return []
    # An array of strings has commas between its values; as_uri keeps a comma, so it is encoded.
    uris = ",".join(path.as_uri().replace(",", "%2C") for path in paths)
    ask = [
        "dbus-send", "--session", "--print-reply", f"--reply-timeout={int(_SECONDS * 1000)}",
        "--dest=org.freedesktop.FileManager1", "/org/freedesktop/FileManager1",
        "org.freedesktop.FileManager1.ShowItems", f"array:string:{uris}", "string:",
    ]  # fmt: skip
    return [ask, ["xdg-open", str(paths[0].parent)]]


def _runs(command: Sequence[str]) -> bool:
    """Whether the command is there and says that all went well; Explorer never does."""
    if shutil.which(command[0]) is None:
        return False
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=2 * _SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:  # it is the file manager itself
        return True
    except OSError:
        return False
    return done.returncode == 0
