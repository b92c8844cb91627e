"""What changed, and what of it has come to rest: nothing is taken up before it is whole."""

import math
import os
import stat
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

MOST = 60.0
"""Seconds after which what is at rest is taken up, however much else arrives meanwhile."""

MANY = 1000
"""With so many files at once, some changes may have been missed."""

Look = tuple[int, int, int]
"""How many files there are, their bytes in all, and the latest time of change in ns."""


@dataclass(slots=True)
class _Place:
    """A file, or a whole new folder, that changed.

    Attributes:
        is_folder: whether it stands for all that is below it.
        changed: when something was last heard of it.
        look: what was seen when nothing had been heard of it for a while, or ``None``.
        looked: when.
    """

    is_folder: bool
    changed: float
    look: Look | None = None
    looked: float = 0.0


class Restless:
    """The files and folders that changed and were not taken up yet.

    A file is at rest when it has not been written to, by what the system tells and by its size and
    its time of change, for ``rest`` seconds. A new folder is at rest, as a whole, when that is so
    of all that is in it. All that is at rest is taken up together, once nothing new has arrived
    for as long.

    Attributes:
        rest: seconds.

    Args:
        rest: seconds.
        most: seconds after which what is at rest waits no longer for what still arrives.
    """

    def __init__(self, rest: float, most: float = MOST) -> None:
        self.rest, self._most = rest, most
        self._places: dict[Path, _Place] = {}
        self._arrived = self._began = -math.inf  # when the last place came, and the first of many

    def add(self, path: Path, now: float, *, new_folder: bool = False) -> None:
        """Take note that a file changed, came or went, or that a folder came.

        Args:
            path: absolute.
            now: seconds on a clock that only goes forwards.
            new_folder: whether it is a folder that was not there before.
        """
        for folder in (path, *path.parents):
            place = self._places.get(folder)
            if place and (place.is_folder or folder == path):
                place.changed, place.look = now, None
                place.is_folder |= new_folder
                return
        if new_folder:
            for below in [other for other in self._places if path in other.parents]:
                del self._places[below]
        self._places[path] = _Place(new_folder, now)
        if now - self._arrived >= self.rest:
            self._began = now
        self._arrived = now

    def ready(self, now: float) -> Collection[Path]:
        """What is to be taken up now, if anything; call ``done`` when that was done."""
        quiet, lasted = now - self._arrived, now - self._began
        if quiet < self.rest / 2 and lasted < self._most:
            return ()
        ripe = [path for path, place in self._places.items() if self._is_at_rest(path, place, now)]
        return ripe if quiet >= self.rest or lasted >= self._most else ()

    def done(self, paths: Collection[Path], now: float) -> None:
        """Forget what was taken up."""
        for path in paths:
            self._places.pop(path, None)
        self._began = now

    def below(self, folder: Path) -> frozenset[Path]:
        """All that waits at or below a folder."""
        return frozenset(p for p in self._places if p == folder or folder in p.parents)

    def others(self, paths: Collection[Path]) -> frozenset[Path]:
        """All that waits, except some."""
        return frozenset(self._places).difference(paths)

    def many(self, paths: Collection[Path]) -> bool:
        """Whether these are so many files that the system may have kept some changes to itself."""
        looks = (self._places[path].look for path in paths)
        return sum(max(1, look[0] if look else 1) for look in looks) >= MANY

    def _is_at_rest(self, path: Path, place: _Place, now: float) -> bool:
        if now - place.changed < self.rest / 2:
            return False
        if place.look is None:
            place.look, place.looked = look_at(path), now
            return False
        if min(now - place.changed, 2 * (now - place.looked)) < self.rest:
            return False
        again = look_at(path)
        if again == place.look:
            return True
        place.changed, place.look, place.looked = now, again, now
        return False


def look_at(path: Path) -> Look:
    """A file, or all below a folder; all zeros for what is not there."""
    count = size = latest = 0
    for now in _below(path):
        count, size, latest = count + 1, size + now.st_size, max(latest, now.st_mtime_ns)
    return count, size, latest


def lately_changed(folder: Path, seconds: float) -> Iterator[Path]:
    """The files below a folder that were changed within the last few seconds, or may have been."""
    since = time.time() - seconds
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            try:
                now = path.stat()
            except OSError:
                continue
            if max(now.st_mtime, now.st_ctime) >= since:
                yield path


def _below(path: Path) -> Iterator[os.stat_result]:
    try:
        now = path.stat()
        if not stat.S_ISDIR(now.st_mode) or path.is_symlink():
            yield now
            return
    except (OSError, ValueError):
        return
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                yield os.lstat(os.path.join(folder, name))  # noqa: PTH118  (many)
            except OSError:
                continue
