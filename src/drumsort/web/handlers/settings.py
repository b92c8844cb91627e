"""What the page keeps from one visit to the next, in a file beside the catalog."""

import json
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from drumsort.web.context import Context
from drumsort.web.protocol.fields import Done, Nothing
from drumsort.web.protocol.settings import KeepSettings, Settings
from drumsort.web.request import Request
from drumsort.web.response import Refused

_KEEPING = threading.Lock()  # several pages may be open, each in threads of its own


def kept(context: Context, request: Request[Nothing]) -> Settings:
    """Give what was kept last; nothing where it cannot be read."""
    with suppress(OSError, ValueError):
        return Settings(_file(context).read_text("utf-8"))
    return Settings("")


def keep(context: Context, request: Request[KeepSettings]) -> Done:
    """Keep what changed; where nothing can be written, the next visit begins anew."""
    try:
        changed = _object(request.params.settings)
    except ValueError as error:
        raise Refused(400, "The settings are not a JSON object.") from error
    file = _file(context)
    fresh = file.with_name(f"{file.name}.new")
    with _KEEPING, suppress(OSError):
        before: dict[str, Any] = {}
        with suppress(FileNotFoundError, ValueError):  # what is damaged is written anew
            before = _object(file.read_text("utf-8"))
        fresh.write_text(json.dumps({**before, **changed}), "utf-8")
        fresh.replace(file)
    return Done()


def _object(text: str) -> dict[str, Any]:
    """A JSON object; raises ``ValueError`` where it is anything else."""
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(found, dict):
        raise ValueError("it is no object")
    return found


def _file(context: Context) -> Path:
    return context.path.with_name(f"{context.path.name}.page")
