"""When to stop a run: at the first error that every file after it would meet, too."""

import errno
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from drumsort.errors import SortError
from drumsort.sorting.listing import nearest, writable
from drumsort.sorting.volumes import Volume, VolumeGone, demand

ALIKE = 10
"""So many files in a row that fail in the same way stop a run."""

_SLACK = 2**20  # bytes: a disk counts as full before its last block
_OF_THE_PROCESS = {
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open",
    errno.ENOMEM: "there is not enough memory",
}


class Halted(SortError):  # noqa: N818  (it names what happened to the run)
    """What keeps this and every further file from being handled; what to do ends the sentence."""


def shared(error: Exception, target: Path, size: int, known: Sequence[Volume]) -> Halted | None:
    """What else than the file itself may be the reason why it could not be put at ``target``.

    Args:
        error: what happened.
        target: where the file should have gone.
        size: of the file, in bytes.
        known: the volumes of the run.
    """
    if isinstance(error, VolumeGone):
        return Halted(str(error))
    if not isinstance(error, OSError) or isinstance(error, FileExistsError):
        return None
    try:
        demand(known)
        why = _of_the_disk(error.errno or 0, nearest(target.parent), size)
    except VolumeGone as gone:
        why = str(gone)
    except OSError as worse:  # not even a look at the folder works
        why = f"{target.parent} cannot be read ({worse.strerror}): see to its drive"
    return Halted(why) if why else None


def _of_the_disk(number: int, folder: Path, size: int) -> str:
    if number == errno.EROFS:
        return f"The disk of {folder} is read-only now: make it writable"
    if number == errno.EDQUOT:
        return f"Your share of the disk of {folder} is used up: make room there"
    if number == errno.ENOSPC and _is_full(folder, size):
        return f"The disk of {folder} is full: make room there"
    if number in (errno.EACCES, errno.EPERM) and not writable(folder):
        return f"{folder} cannot be written to any more: change its permissions"
    if number in _OF_THE_PROCESS:
        return f"{_OF_THE_PROCESS[number][0].upper()}{_OF_THE_PROCESS[number][1:]}: close programs"
    return ""


def _is_full(folder: Path, size: int) -> bool:
    if shutil.disk_usage(folder).free < size + _SLACK:
        return True
    return hasattr(os, "statvfs") and os.statvfs(folder).f_ffree == 0 < os.statvfs(folder).f_files


class Row:
    """Notices when one file after the other fails in the same way."""

    def __init__(self) -> None:
        self._why: int | None = None
        self.indices: list[int] = []

    def well(self) -> None:
        """A file was handled."""
        self._why, self.indices = None, []

    def failed(self, index: int, error: Exception) -> Halted | None:
        """A file failed with ``error``; what to say if it was one too many."""
        number = error.errno if isinstance(error, OSError) else None
        if number is None or isinstance(error, FileExistsError | FileNotFoundError):
            self.well()
            return None
        if number != self._why:
            self._why, self.indices = number, []
        self.indices.append(index)
        if len(self.indices) < ALIKE:
            return None
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return Halted(f"{ALIKE} files in a row could not be handled ({why}): see to the disk")


class Faults:
    """What went wrong with the files of a run: with one of them, or with the disk of all.

    Attributes:
        failed: index to one sentence for each file that could not be handled.
        halted: what keeps all further files from being handled, if anything does.

    Args:
        volumes: those of the run.
    """

    def __init__(self, volumes: Sequence[Volume]) -> None:
        self.failed: dict[int, str] = {}
        self.halted: Halted | None = None
        self._volumes, self._row = volumes, Row()

    def fail(
        self, index: int, error: OSError | SortError, target: Path, size: int, sentence: str
    ) -> None:
        """Note that a file failed: by its sentence, unless the reason is that of all files.

        Args:
            index: of the file.
            error: what happened.
            target: where the file should have gone.
            size: of the file, in bytes.
            sentence: names it.
        """
        self.failed[index] = sentence
        halted = shared(error, target, size, self._volumes) or self._row.failed(index, error)
        if halted:
            self.halted = self.halted or halted
            for one in {index, *self._row.indices}:
                self.failed.pop(one, None)

    def naming(
        self, index: int, target: Path, size: int, text: str
    ) -> AbstractContextManager[None]:
        """Turn an error with one file into a failure; its sentence is ``text`` and the reason."""

        def fail(error: OSError | SortError) -> None:
            sentence = str(error)
            if isinstance(error, OSError):
                sentence = f"{text}: {error.strerror or error}."
            self.fail(index, error, target, size, sentence)

        return self.told_to(fail)

    @contextmanager
    def told_to(self, fail: Callable[[OSError | SortError], None]) -> Iterator[None]:
        """Hand an error with one file to ``fail``."""
        try:
            yield
        except (OSError, SortError) as error:
            fail(error)
        else:
            self._row.well()
