"""Folders, by name, for a chooser."""

import os

from drumsort.web.context import Context
from drumsort.web.protocol.sounds import FolderPath, Tree
from drumsort.web.request import Request, expanded
from drumsort.web.response import Refused, printable


def tree(context: Context, request: Request[FolderPath]) -> Tree:
    """List the folders in a folder."""
    given = request.params.path
    folder = expanded(given or "~")
    if "\0" in given or not folder.is_absolute():
        raise Refused(400, f"{given!r} is not a full path, which begins with '/' or '~'.")
    try:
        with os.scandir(folder) as found:
            names = [entry.name for entry in found if _is_shown(entry)]
    except OSError as error:
        sentence = f"{printable(folder)} cannot be listed: {error.strerror or error}."
        raise Refused(410, sentence) from error
    return Tree(
        path=str(folder),
        parent=None if folder.parent == folder else str(folder.parent),
        folders=sorted(names, key=str.casefold),
    )


def _is_shown(entry: "os.DirEntry[str]") -> bool:
    """Whether it is a folder that a page can name: not hidden, and in UTF-8."""
    try:
        entry.name.encode()
        return entry.is_dir() and not entry.name.startswith(".")
    except (OSError, UnicodeEncodeError):
        return False
