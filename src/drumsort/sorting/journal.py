"""The journal of each run: append-only JSON Lines, written before any file is touched.

A journal begins with a header, one line per operation and ``ready``. It gets its final name once
these are on disk, and only then is a file touched; so a journal without them is damaged. After that
comes one line for each group of files that is durably in place. A line that a kill or a power cut
left incomplete counts as not written.
"""

import json
import os
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from drumsort.errors import JournalError
from drumsort.files.home import runs_folder
from drumsort.files.lock import lock
from drumsort.sorting.record import RunRecord, from_entries, header, row
from drumsort.sorting.volumes import Volume
from drumsort.types import Action, Operation, Terms

VERSION = 5
"""The newest format; a journal without tags has format 4, which older versions read, too."""

NOT_A_JOURNAL = (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)
"""What reading a damaged journal may raise."""


def load(run_id: str) -> RunRecord:
    """The full record of a run.

    Raises:
        JournalError: there is no such run, or its journal is damaged or has a newer format.
    """
    return _parse(_path(run_id))[0]


def is_locked(run_id: str) -> bool:
    """Whether a process, this one included, has the journal of a run open to write."""
    try:
        fd = os.open(_path(run_id), os.O_RDWR | os.O_APPEND | _BINARY)
    except OSError:  # what cannot be written is not being written
        return False
    try:
        return not _lock_soon(fd)
    finally:
        os.close(fd)


def check_format(head: Mapping[str, Any], path: Path) -> None:
    """Refuse the journal at ``path``, whose first entry is ``head``, if its format is newer.

    Raises:
        JournalError: it is.
        KeyError, TypeError: ``head`` is not the first entry of a journal.
    """
    if head["format"] > VERSION:
        raise JournalError(f"{path} was written by a newer drumsort: update drumsort.")


class Journal:
    """The journal of a run, open for writing and locked until it is closed."""

    def __init__(self, fd: int, record: RunRecord) -> None:
        """Take over an open and locked file."""
        self._fd = fd
        self.record = record

    @classmethod
    def create(
        cls,
        action: Action,
        into: Path,
        operations: Sequence[Operation],
        folders: Sequence[Path],
        roots: Iterable[Path] = (),
        volumes: Iterable[Volume] = (),
        terms: Terms | None = None,
    ) -> Self:
        """Begin a journal; the whole plan is on disk when this returns.

        Raises:
            JournalError: it cannot be written.
        """
        now = datetime.now(UTC)
        try:
            runs_folder().mkdir(parents=True, exist_ok=True)
            part, fd = _new_file(f"{now:%Y%m%d-%H%M%S}-{action}")
        except OSError as error:
            raise _unwritable(error) from error
        try:
            record = RunRecord(
                part.stem,
                action,
                into,
                now,
                tuple(folders),
                tuple(operations),
                tuple(roots),
                tuple(volumes),
                1 + _last_number(),
                terms,
            )
            with cls(fd, record) as journal:
                version = VERSION if action is Action.TAG else VERSION - 1
                journal._write([header(record, version), *map(row, operations)])
                journal.add(ready=True)
            part.rename(part.with_suffix(".jsonl"))  # closed first: Windows requires it
            _sync_folder(runs_folder())
        except BaseException as error:
            for path in (part, part.with_suffix(".jsonl")):
                path.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise _unwritable(error) from error
            raise
        return cls(_open(record.id), record)

    @classmethod
    def open(cls, run_id: str) -> Self:
        """Open the journal of an earlier run to continue it.

        Raises:
            JournalError: there is no such run, its journal is damaged or has a newer format, or
                another process is working on it.
        """
        fd = _open(run_id)
        try:
            record, length = _parse(_path(run_id))
            os.ftruncate(fd, length)
        except BaseException:
            os.close(fd)
            raise
        return cls(fd, record)

    def add(self, **entry: Any) -> None:
        """Write one entry (see ``RunRecord.add``); it is on disk when this returns.

        Raises:
            JournalError: it cannot be written.
        """
        self._write([entry])
        try:
            os.fsync(self._fd)
        except OSError as error:
            raise _unwritable(error) from error
        self.record.add(json.loads(json.dumps(entry)))

    def _write(self, entries: Sequence[Any]) -> None:
        text = "".join(json.dumps(entry, separators=(",", ":")) + "\n" for entry in entries)
        data = memoryview(text.encode("ascii"))
        try:
            while data:
                data = data[os.write(self._fd, data) :]
        except OSError as error:
            raise _unwritable(error) from error

    def close(self) -> None:
        """Close the file and release its lock."""
        os.close(self._fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


_PATIENCE = 0.2  # seconds: ``is_locked`` holds the lock of a journal for an instant

_BINARY: int = getattr(os, "O_BINARY", 0)


def _unwritable(error: OSError) -> JournalError:
    return JournalError(
        f"The journal in {runs_folder()} cannot be written ({error.strerror}): make room there, or "
        "set DRUMSORT_HOME to another folder."
    )


def _last_number() -> int:
    """The highest number that a run has, or 0; clocks may be turned, numbers only grow."""
    numbers = [0]
    for path in runs_folder().glob("*.jsonl"):
        with suppress(OSError, *NOT_A_JOURNAL), path.open("rb") as file:
            numbers.append(int(json.loads(file.readline()).get("number", 0)))
    return max(numbers)


def _new_file(stem: str) -> tuple[Path, int]:
    """A new open journal file whose stem is the id of a new run."""
    while True:
        part = runs_folder() / f"{stem}-{secrets.token_hex(2)}.part"
        with suppress(FileExistsError):
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | _BINARY
            fd = os.open(part, flags, 0o600)
            if not part.with_suffix(".jsonl").exists():
                return part, fd
            os.close(fd)
            part.unlink()


def _open(run_id: str) -> int:
    """Open and lock the journal of a run."""
    try:
        fd = os.open(_path(run_id), os.O_RDWR | os.O_APPEND | _BINARY)
    except OSError as error:
        raise _unwritable(error) from error
    if not _lock_soon(fd):
        os.close(fd)
        raise JournalError(f"The run {run_id} is at work right now: wait until it ends.")
    return fd


def _lock_soon(fd: int) -> bool:
    """Lock a journal; ``False`` if another process holds it for longer than ``is_locked`` does."""
    deadline = time.monotonic() + _PATIENCE
    while not lock(fd):
        if time.monotonic() >= deadline:
            return False
        time.sleep(_PATIENCE / 20)
    return True


def _sync_folder(folder: Path) -> None:
    if os.name != "nt":
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def _path(run_id: str) -> Path:
    path = runs_folder() / f"{run_id}.jsonl"
    if path.parent != runs_folder() or not path.is_file():
        raise JournalError(f"There is no run {run_id!r}: 'drumsort history' lists all runs.")
    return path


def _parse(path: Path) -> tuple[RunRecord, int]:
    """The record in a journal, and the length in bytes of its complete lines."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise JournalError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        entries, length = _entries(data)
        head = entries[0]
        check_format(head, path)
        end = 1 + head["operations"]
        record = from_entries(head, entries[1:end])
        for entry in entries[end:]:
            record.add(entry)
        if not record.ready:
            raise ValueError
    except NOT_A_JOURNAL as error:
        raise JournalError(
            f"{path} is damaged: the run cannot be undone or resumed. Its files stay where they "
            "are."
        ) from error
    return record, length


def _entries(data: bytes) -> tuple[list[Any], int]:
    """All entries but a damaged last line, and the length in bytes of their lines."""
    entries: list[Any] = []
    length = 0
    for line in _whole_lines(data):
        try:
            entries.append(json.loads(line))
        except ValueError:
            if length + len(line) < data.rfind(b"\n") + 1:
                raise
            break
        length += len(line)
    return entries, length


def _whole_lines(data: bytes) -> Iterator[bytes]:
    return (line for line in data.splitlines(keepends=True) if line.endswith(b"\n"))
