"""Sort files into folders, and tag them, without ever losing one.

``plan`` decides where files go, ``check`` compares the plan with the disk, and ``apply`` carries it
out. ``resume`` finishes a run that was stopped, ``undo`` takes one back, and ``history`` lists all
runs. Only ``disk`` writes to a user's files.
"""

from drumsort.files.hashes import file_hash
from drumsort.sorting.apply import apply, resume
from drumsort.sorting.check import check
from drumsort.sorting.folder_locks import folder_locks
from drumsort.sorting.history import PastRun, history
from drumsort.sorting.layout import DEFAULT_LAYOUT, FIELDS, Layout, layout_of
from drumsort.sorting.owned import Owned, owned
from drumsort.sorting.plan import place, plan
from drumsort.sorting.prune import prune
from drumsort.sorting.record import RunState
from drumsort.sorting.sidecars import followers, refiled_sounds, with_sidecars
from drumsort.sorting.undo import back_again, undo

__all__ = [
    "DEFAULT_LAYOUT",
    "FIELDS",
    "Layout",
    "Owned",
    "PastRun",
    "RunState",
    "apply",
    "back_again",
    "check",
    "file_hash",
    "folder_locks",
    "followers",
    "history",
    "layout_of",
    "owned",
    "place",
    "plan",
    "prune",
    "refiled_sounds",
    "resume",
    "undo",
    "with_sidecars",
]
