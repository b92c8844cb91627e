"""Locks between processes; a lock ends with the process that holds it, however it ends."""

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 40  # Windows lets no other process read a locked byte: lock one beyond the content

    def locked(fd: int) -> bool | None:
        """Lock an open file until it is closed.

        Returns:
            Whether it is; ``None`` if the disk cannot lock.
        """
        os.lseek(fd, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def locked(fd: int) -> bool | None:
        """Lock an open file until it is closed.

        Returns:
            Whether it is; ``None`` if the disk cannot lock.
        """
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return None
        return True


def lock(fd: int) -> bool:
    """Lock an open file until it is closed; ``False`` if another process holds the lock.

    On a network disk without locks it is not: better unlocked than unusable.
    """
    return locked(fd) is not False


def open_lock_file(path: Path) -> int:
    """Open the file at ``path`` to ``lock`` it; create it, and its folder, where missing.

    Raises:
        OSError: it cannot be created or opened.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
