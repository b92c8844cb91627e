"""Locks on the user's folders: only one drumsort at a time sorts into a folder or out of it."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from drumsort.errors import JournalError, PlanRefused
from drumsort.files.home import runs_folder
from drumsort.files.lock import lock, open_lock_file
from drumsort.types import Action, Plan

_held_here: set[str] = set()


@contextmanager
def folder_locks(plan: Plan) -> Iterator[None]:
    """Lock the folders that ``plan`` works on, until the block or the process ends.

    These are the output folder and, for a move, a relink and a tag, each folder the sources lie in.
    A process may lock a folder again that it has locked already.

    Raises:
        PlanRefused: another process holds one of the locks.
        JournalError: a lock file cannot be created.
    """
    takes_away = plan.action in (Action.MOVE, Action.RELINK, Action.TAG)
    folders = {os.path.realpath(f) for f in (plan.into, *(plan.roots if takes_away else ()))}
    with ExitStack() as stack:
        for folder in sorted(folders - _held_here):
            stack.enter_context(_folder_lock(folder))
        yield


@contextmanager
def _folder_lock(folder: str) -> Iterator[None]:
    fd = _open(folder)
    try:
        if not lock(fd):
            raise PlanRefused(
                f"Another drumsort is at work in {folder} right now: wait until it is done, then "
                "run the same command again."
            )
        _held_here.add(folder)
        yield
    finally:
        _held_here.discard(folder)
        os.close(fd)


def _open(folder: str) -> int:
    """Open the lock file of ``folder``; it lies beside the journals, not in the user's folder."""
    locks = runs_folder() / "locks"
    try:
        return open_lock_file(locks / hashlib.sha256(os.fsencode(folder)).hexdigest()[:32])
    except OSError as error:
        raise JournalError(
            f"No lock can be created in {locks} ({error.strerror}): make room there, or set "
            "DRUMSORT_HOME to another folder."
        ) from error
