"""Past runs, read from the first and last lines of their journals.

A journal has a line for each file, so listing runs must not read journals in full. The first line
says what the run set out to do, the last lines how far it got. Damage in between is found when the
run is used.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from drumsort.errors import JournalError
from drumsort.files.home import runs_folder
from drumsort.sorting.journal import NOT_A_JOURNAL, check_format, is_locked, load
from drumsort.sorting.record import RunRecord, RunState, from_entries
from drumsort.types import Action

_BLOCK = 1 << 14
_NEVER = (-1, datetime.min.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class PastRun:
    """One line of the history.

    Attributes:
        id: the name of the run for ``undo`` and ``resume``.
        state: how far it got.
        created: when it began, in UTC; ``None`` if the journal is damaged.
        action: copy, move, link, symlink, relink, slice or tag; ``None`` if the journal is damaged.
        into: the output folder; ``None`` if the journal is damaged.
        files: number of files to sort.
        done: number of files put in place.
        number: 1 for the first run of all; 0 for runs of older versions, which were before that.
    """

    id: str
    state: RunState
    created: datetime | None = None
    action: Action | None = None
    into: Path | None = None
    files: int = 0
    done: int = 0
    number: int = 0


def history() -> list[PastRun]:
    """All runs that touched the disk, newest first; those with a damaged journal come last.

    A run that a process carries out, finishes or undoes at this moment is ``RUNNING``.
    """
    return [_now(run) for run in recorded()]


def _now(run: PastRun) -> PastRun:
    if run.state not in (RunState.UNFINISHED, RunState.PARTLY_UNDONE):
        return run
    with suppress(OSError, JournalError, *NOT_A_JOURNAL):
        if is_locked(run.id):
            return replace(run, state=RunState.RUNNING)
        return _past_run(runs_folder() / f"{run.id}.jsonl")  # it may have ended since it was read
    return run


def recorded() -> list[PastRun]:
    """The same, each in the state that its journal tells."""
    paths = sorted(runs_folder().glob("*.jsonl"), reverse=True)
    runs = {path.stem: PastRun(path.stem, RunState.DAMAGED) for path in paths}
    for path in paths:
        with suppress(OSError, JournalError, *NOT_A_JOURNAL):
            runs[path.stem] = _past_run(path)
    return sorted(runs.values(), key=_order, reverse=True)


def _order(run: PastRun) -> tuple[int, datetime]:
    """By number, because a clock may be turned back between two runs."""
    return (run.number, run.created) if run.created else _NEVER


def newest(*states: RunState, otherwise: str) -> Iterator[RunRecord]:
    """The runs in one of ``states``, newest first, each read in full when its turn comes.

    Raises:
        JournalError: there is none; the message begins with ``otherwise``.
    """
    found = False
    for run in recorded():
        if run.state not in states:
            continue
        try:
            record = load(run.id)
        except JournalError:  # damaged in between: try the run before it
            continue
        found = True
        yield record
    if not found:
        raise JournalError(f"{otherwise}: 'drumsort history' lists what was sorted.")


def later(record: RunRecord) -> Iterator[RunRecord]:
    """The runs that began after another one, newest first, as far as they can be read."""
    for run in recorded():
        if run.id == record.id:
            return
        with suppress(JournalError):
            yield load(run.id)


def _past_run(path: Path) -> PastRun:
    """The run whose journal is ``path``.

    Raises:
        OSError: it cannot be read.
        JournalError: it has a newer format.
        AttributeError, IndexError, KeyError, TypeError, ValueError: it is damaged.
    """
    with path.open("rb") as file:
        head = json.loads(file.readline())
        check_format(head, path)
        last = _last_entries(file)
    record = from_entries(head, [])
    for entry in last:
        record.add(entry)
    done = last[0].get("done", 0) + sum(len(entry.get("placed", ())) for entry in last)
    return PastRun(
        id=path.stem,
        state=record.state,
        created=record.created,
        action=record.action,
        into=record.into,
        files=head["operations"],
        done=done,
        number=record.number,
    )


def _last_entries(file: BinaryIO) -> list[dict[str, Any]]:
    """As many of the last entries, in order, as it takes to tell the state of the run.

    ``file`` was read up to the end of the first line.

    Raises:
        ValueError: they are damaged, or the journal ends before the run began.
    """
    lines = _lines_backwards(file, file.tell())
    next(lines)  # what follows the last line end: nothing, or part of a line
    entries: list[dict[str, Any]] = []
    for nth, line in enumerate(lines):
        try:
            entry = json.loads(line)
        except ValueError:
            if nth:
                raise
            continue  # a power cut may damage the last line
        if not isinstance(entry, dict):
            raise ValueError
        entries.append(entry)
        if "done" in entry or "ready" in entry:
            return entries[::-1]
    raise ValueError


def _lines_backwards(file: BinaryIO, start: int) -> Iterator[bytes]:
    """The lines of ``file`` from byte ``start``, last first, without their line ends."""
    end = file.seek(0, os.SEEK_END)
    rest = b""  # the end of a line whose beginning has not been read yet
    while end > start:
        begin = max(start, end - _BLOCK)
        file.seek(begin)
        rest, *lines = (file.read(end - begin) + rest).split(b"\n")
        yield from reversed(lines)
        end = begin
    yield rest
