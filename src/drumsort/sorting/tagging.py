"""Write tags into files, and take them out to the byte.

Each file is replaced in one step by a changed copy, after the journal holds what makes the old
bytes from the new ones. So a name leads to the old or the new file at every instant, and the
hashes in the journal tell which.
"""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from drumsort.errors import SortError
from drumsort.files.hashes import file_hash
from drumsort.sorting import disk, patch
from drumsort.sorting.halt import Faults
from drumsort.sorting.record import RunRecord, Tagged
from drumsort.sorting.transfer import Transferred
from drumsort.tags import edited, sound_of
from drumsort.types import Operation


def write_tags(
    record: RunRecord,
    group: Sequence[int],
    tick: Callable[[], None],
    note: Callable[[Mapping[int, Sequence[Any]]], None],
) -> Transferred:
    """Tag the files of one group, durably.

    Args:
        record: of the run.
        group: indices of its operations.
        tick: called after each file.
        note: writes into the journal how each file is brought back, before any is replaced.

    Raises:
        JournalError: the journal cannot be written; no file of the group is replaced.
        OSError: the disk reports a fault in a folder; no temporary file is left, nor after Ctrl-C.
    """
    faults = _Faults(record)
    done = Transferred(failed=faults.failed, doubtful=faults.doubtful)
    ready: list[tuple[int, Path, disk.Signatures, Tagged]] = []
    with disk.no_rest([_part(record, index) for index in group]):
        for index in group:
            with faults.of(index):
                before = record.tagged.get(index)
                if before and file_hash(record.operations[index].source) == before.after:
                    done.placed[index] = before.after  # a kill came before it was noted
                else:
                    ready.append((index, *_changed(record, index)))
            if faults.halted:
                break
            tick()
        synced = disk.sync_all([part for _, part, _, _ in ready])
        note({index: made.entry() for index, _, _, made in ready})
        for (index, part, seen, made), fault in zip(ready, synced, strict=True):
            with faults.of(index):
                if fault is not None:
                    raise fault
                disk.swap_for_copy(record.operations[index].source, part, seen)
                done.placed[index] = made.after
    disk.barrier(record.operations[index].source.parent for index in done.placed)
    done.halted = faults.halted
    return done


def take_out(
    record: RunRecord, group: Sequence[int], tick: Callable[[], None]
) -> tuple[list[int], dict[int, str], str]:
    """Make each file of ``group`` what it was before it was tagged, time and permissions too.

    Returns:
        The indices of the files that are as they were, index to one sentence for the others, and
        why this and all further files cannot be handled, or ``""``.

    Raises:
        OSError: as for ``write_tags``.
    """
    back: list[int] = []
    faults = _Faults(record)
    ready: list[tuple[int, Path, disk.Signatures]] = []
    with disk.no_rest([_part(record, index) for index in group]):
        for index in group:
            with faults.of(index):
                if is_tagged(record, index):
                    ready.append((index, *_restored(record, index)))
                elif index in record.placed:
                    back.append(index)
            if faults.halted:
                break
            tick()
        synced = disk.sync_all([part for _, part, _ in ready])
        for (index, part, seen), fault in zip(ready, synced, strict=True):
            with faults.of(index):
                if fault is not None:
                    raise fault
                disk.swap_for_copy(record.operations[index].source, part, seen)
                back.append(index)
    disk.barrier(record.operations[index].source.parent for index in back)
    return back, faults.failed | faults.doubtful, str(faults.halted or "")


def is_tagged(record: RunRecord, index: int) -> bool:
    """Whether a file has the tags of this run; ``False`` if it has not, or is gone.

    Raises:
        SortError: it had them, and changed since.
        OSError: it cannot be read.
    """
    op, made = record.operations[index], record.tagged.get(index)
    failed = index in record.failed and index not in record.placed
    if made is None or failed or not disk.is_there(op.source):
        return False
    digest = "" if op.source.is_symlink() else file_hash(op.source)
    if digest not in (made.before, made.after):
        raise SortError(f"{op.source} changed since it was tagged, so it was left as it is.")
    return digest == made.after


def _changed(record: RunRecord, index: int) -> tuple[Path, disk.Signatures, Tagged]:
    """A tagged copy beside a file, which sounds the same; what the file is now; and the way back.

    Raises:
        SortError: the file changed, cannot carry tags, or would sound otherwise.
        OSError: it cannot be read, or the copy cannot be written.
    """
    op, part = record.operations[index], _part(record, index)
    seen = disk.signatures(op.source)
    if op.source.is_symlink() or seen[0][2:] != (op.size, op.mtime_ns):
        raise SortError(f"{op.source} changed in the meantime, so it was left as it is.")
    data = op.source.read_bytes()
    assert op.tags is not None
    new = edited(op.source, data, op.tags)
    disk.write(part, new)
    if sound_of(part) != sound_of(op.source):
        raise SortError(
            f"{op.source} is left without tags: its sound would not stay the same. It may be "
            "damaged; export it again."
        )
    disk.stamp(part, op.source, (time.time_ns(), op.mode))
    disk.keep_owner(part, op.source)
    status = part.stat()
    back = patch.between(new, data)
    made = Tagged(_hash(data), _hash(new), status.st_size, status.st_mtime_ns, back)
    if patch.applied(new, back) != data:
        raise SortError(f"{op.source} is left without tags: there would be no way back.")
    return part, seen, made


def _restored(record: RunRecord, index: int) -> tuple[Path, disk.Signatures]:
    """A copy beside a file as it was before; and what the file is now.

    Raises:
        SortError: it cannot be made again.
        OSError: the file cannot be read, or the copy cannot be written.
    """
    op, part, made = record.operations[index], _part(record, index), record.tagged[index]
    seen = disk.signatures(op.source)
    try:
        data = patch.applied(op.source.read_bytes(), made.patch)
    except (TypeError, ValueError):
        data = b""
    if _hash(data) != made.before:
        raise SortError(f"{op.source} was left: what the journal says of it is damaged.")
    disk.write(part, data)
    disk.stamp(part, op.source, (op.mtime_ns, op.mode))
    disk.keep_owner(part, op.source)
    return part, seen


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _part(record: RunRecord, index: int) -> Path:
    return disk.part(record.id, index, record.operations[index].source)


class _Faults(Faults):
    """Those of tagging: after an error, a file may have been replaced all the same.

    Attributes:
        doubtful: index to one sentence for each such file, in place of one in ``failed``.
    """

    def __init__(self, record: RunRecord) -> None:
        super().__init__(record.volumes)
        self.doubtful: dict[int, str] = {}
        self._record = record

    def of(self, index: int) -> AbstractContextManager[None]:
        """Turn an error with one file into a failure, or a doubt."""
        source, size = self._record.operations[index].source, self._record.operations[index].size
        return self.naming(index, source, size, f"{source} was left as it is")

    def fail(
        self, index: int, error: OSError | SortError, target: Path, size: int, sentence: str
    ) -> None:
        super().fail(index, error, target, size, sentence)
        doubt = isinstance(error, OSError) and index in self._record.tagged
        if index in self.failed and doubt and not _is_as_before(self._record.operations[index]):
            self.doubtful[index] = self.failed.pop(index)
        if self.halted:
            self.doubtful.clear()  # the next attempt looks at these again


def _is_as_before(op: Operation) -> bool:
    """Whether it is certain that a file was not replaced."""
    try:
        now = op.source.lstat()
    except OSError:
        return False
    return (now.st_size, now.st_mtime_ns) == (op.size, op.mtime_ns)
