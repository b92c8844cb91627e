"""What the page keeps from one visit to the next, in a file beside the catalog."""

from contextlib import suppress
from pathlib import Path

from drumsort.web.context import Context
from drumsort.web.protocol.fields import Done, Nothing
from drumsort.web.protocol.settings import KeepSettings, Settings
from drumsort.web.request import Request


def kept(context: Context, request: Request[Nothing]) -> Settings:
    """Give what was kept last; nothing where it cannot be read."""
    with suppress(OSError, ValueError):
        return Settings(_file(context).read_text("utf-8"))
    return Settings("")


def keep(context: Context, request: Request[KeepSettings]) -> Done:
    """Keep it; where nothing can be written, the next visit begins anew."""
    file = _file(context)
    fresh = file.with_name(f"{file.name}.new")
    with suppress(OSError):
        fresh.write_text(request.params.settings, "utf-8", errors="replace")
        fresh.replace(file)
    return Done()


def _file(context: Context) -> Path:
    return context.path.with_name(f"{context.path.name}.page")
