"""One drumsort at a time sorts into a folder, or moves files out of one."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from drumsort.errors import PlanRefused
from drumsort.files.lock import lock
from drumsort.sorting.journal import open_lock
from drumsort.types import Action, Plan

_ours: set[str] = set()


@contextmanager
def alone(plan: Plan) -> Iterator[None]:
    """Keep other processes from what ``plan`` works on, until this ends or dies.

    That is the output folder and, where files are moved or linked anew, each folder they lie in. A
    process that has a folder to itself may ask for it again.

    Raises:
        PlanRefused: another process has one of them right now.
        JournalError: there is no writing where journals are kept.
    """
    takes_away = plan.action in (Action.MOVE, Action.RELINK)
    folders = {os.path.realpath(f) for f in (plan.into, *(plan.roots if takes_away else ()))}
    with ExitStack() as stack:
        for folder in sorted(folders - _ours):
            stack.enter_context(_held(folder))
        yield


@contextmanager
def _held(folder: str) -> Iterator[None]:
    fd = open_lock(folder)
    try:
        if not lock(fd):
            raise PlanRefused(
                f"Another drumsort is at work in {folder} right now: wait until that is done, then "
                "run the same command again."
            )
        _ours.add(folder)
        yield
    finally:
        _ours.discard(folder)
        os.close(fd)
