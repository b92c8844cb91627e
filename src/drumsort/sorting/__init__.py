"""Sorting files into folders, without ever losing one.

``plan`` decides, ``check`` looks, ``apply`` acts; ``resume`` and ``undo`` answer for what was done,
and ``history`` remembers it. Only ``disk`` writes to a user's files.
"""

from drumsort.files.hashes import file_hash
from drumsort.sorting.apply import apply, resume
from drumsort.sorting.check import check
from drumsort.sorting.folder_locks import folder_locks
from drumsort.sorting.history import PastRun, history
from drumsort.sorting.plan import DEFAULT_LAYOUT, plan
from drumsort.sorting.record import RunState
from drumsort.sorting.undo import undo

__all__ = [
    "DEFAULT_LAYOUT",
    "PastRun",
    "RunState",
    "apply",
    "check",
    "file_hash",
    "folder_locks",
    "history",
    "plan",
    "resume",
    "undo",
]
