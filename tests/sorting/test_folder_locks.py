"""Which folders a run keeps others out of."""

import importlib
import os

import pytest

from drumsort.errors import JournalError, PlanRefused
from drumsort.sorting import folder_locks
from drumsort.types import Action, Plan

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def is_free(folder):
    """Whether another process may sort into ``folder``."""
    pid = os.fork()
    if pid == 0:
        importlib.import_module("drumsort.sorting.folder_locks")._held_here.clear()
        try:
            with folder_locks(Plan((), folder, Action.COPY, ())):
                os._exit(0)
        except PlanRefused as refused:
            said = (
                f"Another drumsort is at work in {folder} right now: wait until it is done, then "
                "run the same command again."
            )
            os._exit(1 if str(refused) == said else 2)
        except BaseException:
            os._exit(2)
    return {0: True, 1: False}[os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])]


@pytest.mark.parametrize("action", Action)
def test_a_run_holds_its_output_and_the_folders_it_takes_from(tree, action):
    more = tree.top / "more"
    with folder_locks(Plan((tree.root, more), tree.out, action, ())):
        takes = action in (Action.MOVE, Action.RELINK, Action.TAG)
        assert [is_free(folder) for folder in (tree.root, more)] == [not takes] * 2
        assert not is_free(tree.out)
    assert all(is_free(folder) for folder in (tree.root, more, tree.out))


def test_a_process_may_hold_a_folder_twice_however_it_is_spelled(tree):
    tree.out.mkdir()
    (tree.top / "door").symlink_to(tree.out)
    with folder_locks(Plan((), tree.out, Action.COPY, ())):
        with folder_locks(Plan((), tree.top / "door", Action.COPY, ())):
            pass
        assert not is_free(tree.out)
    assert is_free(tree.out)


def test_without_room_for_a_lock_nothing_begins(tree, home):
    home.mkdir()
    (home / "runs").write_bytes(b"in the way")
    said = (
        rf"No lock can be created in {home}/runs/locks \(.*\): make room there, or set "
        r"DRUMSORT_HOME to another folder\.$"
    )
    with (
        pytest.raises(JournalError, match=said),
        folder_locks(Plan((), tree.out, Action.COPY, ())),
    ):
        pass
