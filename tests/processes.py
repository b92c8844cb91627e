"""Worker processes, looked at from outside (Linux)."""

import os
import time
from pathlib import Path


def workers_of(parent=None):
    """The process ids of the workers of a process, this one by default."""
    parent = os.getpid() if parent is None else parent
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if status[0] != "Z" and int(status[1]) == parent and b"hearing.worker" in command:
            found.append(int(folder.name))
    return found


def wait_until(condition, seconds=30):
    """Look until something is so, and give what ``condition`` said then."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)
    return found


def lives(process):
    """Whether there is a process of this id that has not ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
