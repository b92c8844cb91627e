"""One process at a time, by a lock that ends with the process that holds it."""

import os
import sys

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 40  # Windows forbids others to read a locked byte, so lock one that is never used

    def lock(fd: int) -> bool:
        """Lock an open file until it is closed; ``False`` if another process holds it."""
        os.lseek(fd, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def lock(fd: int) -> bool:
        """Lock an open file until it is closed; ``False`` if another process holds it."""
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a network disk without locks: better unlocked than unusable
            return True
        return True
