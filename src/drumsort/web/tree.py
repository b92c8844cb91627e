"""Folders, by name, for a chooser."""

import os

from starlette.responses import Response

from drumsort.web.answers import Refused, as_json, shown
from drumsort.web.asked import Asked, expanded
from drumsort.web.studio import Studio


def folders(studio: Studio, asked: Asked) -> Response:
    """``GET /api/tree``."""
    given = asked.query.get("path", "")
    folder = expanded(given or "~")
    if "\0" in given or not folder.is_absolute():
        raise Refused(400, f"{given!r} is not the whole path of a folder, from '/' or '~' on.")
    try:
        with os.scandir(folder) as found:
            names = [entry.name for entry in found if _is_shown(entry)]
    except OSError as error:
        sentence = f"{shown(folder)} cannot be listed: {error.strerror or error}."
        raise Refused(410, sentence) from error
    return as_json(
        {
            "path": str(folder),
            "parent": None if folder.parent == folder else str(folder.parent),
            "folders": sorted(names, key=str.casefold),
        }
    )


def _is_shown(entry: "os.DirEntry[str]") -> bool:
    """Whether it is a folder that a page can name: not hidden, and in UTF-8."""
    try:
        entry.name.encode()
        return entry.is_dir() and not entry.name.startswith(".")
    except (OSError, UnicodeEncodeError):
        return False
