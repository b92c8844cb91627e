"""What was done in this visit, undone and redone."""

from collections.abc import Iterator
from contextlib import contextmanager

from drumsort.catalog.steps import ChangedSince
from drumsort.web.context import Context
from drumsort.web.protocol.fields import Step, Version
from drumsort.web.request import Request
from drumsort.web.response import Refused


def undo(context: Context, request: Request[Step]) -> Version:
    """Undo one step."""
    with _unless_changed():
        context.sounds.undo(request.params.step)
    return Version(context.sounds.version)


def redo(context: Context, request: Request[Step]) -> Version:
    """Redo one step that was undone."""
    with _unless_changed():
        context.sounds.redo(request.params.step)
    return Version(context.sounds.version)


@contextmanager
def _unless_changed() -> Iterator[None]:
    try:
        yield
    except ChangedSince as changed:
        raise Refused(409, str(changed)) from changed
