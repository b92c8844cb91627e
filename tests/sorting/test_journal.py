"""Journals remember, and bear being broken off."""

import errno
import importlib
import json
import os
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import pytest

from drumsort import sorting
from drumsort.errors import JournalError
from drumsort.files.home import runs_folder
from drumsort.files.lock import lock
from drumsort.sorting.journal import VERSION, Journal, load
from drumsort.types import Action, Operation

OPERATIONS = (
    Operation(Path("/a\udcff"), Path("/b"), 1, 2),
    Operation(Path("/c"), Path("/d"), 3, 4, 0o640),
)


@pytest.fixture
def run_id():
    """A run with one of two files placed and one failed, not finished."""
    with Journal.create(Action.MOVE, Path("/out"), OPERATIONS, [Path("/out")]) as journal:
        journal.add(placed={0: "abc"}, failed={1: "No."})
        return journal.record.id


@pytest.fixture
def path(run_id):
    return runs_folder() / f"{run_id}.jsonl"


def test_what_is_written_is_read(run_id):
    record = load(run_id)
    assert (record.id, record.action, record.into) == (run_id, Action.MOVE, Path("/out"))
    assert record.operations == OPERATIONS
    assert record.folders == (Path("/out"),)
    assert (record.placed, record.failed) == ({0: "abc"}, {1: "No."})
    assert record.state == "unfinished"
    assert record.run.failures == {Path("/c"): "No."}


def test_a_journal_of_format_1_is_read(run_id, path):
    head, *lines = [json.loads(line) for line in path.read_text().splitlines()]
    lines[:2] = [line[:4] for line in lines[:2]]
    entries = [head | {"format": 1}, *lines]
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    record = load(run_id)
    assert [op.mode for op in record.operations] == [0, 0]
    assert record.operations[0] == OPERATIONS[0] and record.placed == {0: "abc"}


def test_memory_and_disk_agree():
    with Journal.create(Action.COPY, Path("/out"), OPERATIONS, []) as journal:
        for entry in ({"placed": {1: "a"}}, {"finished": True}, {"undoing": True}, {"undone": [1]}):
            journal.add(**entry)
            assert load(journal.record.id) == journal.record


def test_states(run_id):
    states = [load(run_id).state]
    with Journal.open(run_id) as journal:
        for entry in (
            {"finished": True},
            {"undoing": True},
            {"left": 1},
            {"undoing": True},
            {"left": 0},
        ):
            journal.add(**entry)
            states.append(load(run_id).state)
    assert states == ["unfinished", "finished"] + ["partly undone"] * 3 + ["undone"]


def test_names_and_place(run_id, home, monkeypatch):
    assert runs_folder() == home / "runs"
    date, clock, action, mark = run_id.split("-")
    assert (len(date), len(clock), action, len(mark)) == (8, 6, "move", 4)
    monkeypatch.delenv("DRUMSORT_HOME")
    assert runs_folder().parts[-1] == "runs" and "drumsort" in str(runs_folder())


def test_history_is_newest_first():
    ids = []
    for action in Action:
        with Journal.create(action, Path("/out"), OPERATIONS, []) as journal:
            ids.append(journal.record.id)
    past = sorting.history()
    assert [run.id for run in past] == ids[::-1]
    assert (past[0].action, past[0].files, past[0].done) == ([*Action][-1], 2, 0)


def test_every_broken_end_is_tolerated(run_id, path):
    whole = path.read_bytes()
    begun = whole.index(b'{"ready":true}\n') + len(b'{"ready":true}\n')
    for length in range(begun, len(whole)):
        path.write_bytes(whole[:length])
        record = load(run_id)
        assert (record.state, record.placed) == ("unfinished", {})
    assert sorting.history()[0].id == run_id
    for length in range(begun):  # it has its name only when that much is on disk
        path.write_bytes(whole[:length])
        with pytest.raises(JournalError, match="is damaged"):
            load(run_id)


def test_a_broken_end_is_cut_off_before_going_on(run_id, path):
    path.write_bytes(path.read_bytes()[:-5])
    with Journal.open(run_id) as journal:
        journal.add(finished=True)
    assert load(run_id).state == "finished"
    assert load(run_id).placed == {}


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"nonsense", b"nonsense\n"])
def test_a_journal_that_lost_its_beginning(run_id, path, content):
    path.write_bytes(content)
    assert [(run.id, run.state) for run in sorting.history()] == [(run_id, "damaged")]
    for work in (sorting.resume, sorting.undo):
        with pytest.raises(JournalError, match="is damaged"):
            work(run_id)


def test_a_run_that_never_began_leaves_nothing(home, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(JournalError, match="No space left"):
            Journal.create(Action.COPY, Path("/out"), OPERATIONS, [])
    assert sorting.history() == [] and list(runs_folder().iterdir()) == []


def test_unknown_runs():
    for run_id in ("", "20200101-000000-copy-beef", "../runs", "a/b", "."):
        with pytest.raises(JournalError, match="There is no run"):
            sorting.undo(run_id)
        with pytest.raises(JournalError, match="There is no run"):
            sorting.resume(run_id)
    with pytest.raises(JournalError, match="nothing to finish"):
        sorting.resume()


def test_newer_and_damaged_journals(run_id, path):
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([json.dumps({"format": VERSION + 1}) + "\n", *lines[1:]]))
    with pytest.raises(JournalError, match="newer drumsort"):
        sorting.undo(run_id)
    for broken in (["nonsense\n", *lines[1:]], [*lines[:3], "{}}\n", *lines[3:]], ["{}\n"]):
        path.write_text("".join(broken))
        with pytest.raises(JournalError, match="is damaged"):
            sorting.undo(run_id)
    assert [(run.id, run.state) for run in sorting.history()] == [(run_id, "damaged")]


def test_a_run_that_was_undone_is_not_resumed(run_id):
    with Journal.open(run_id) as journal:
        journal.add(undoing=True)
    with pytest.raises(JournalError, match="was undone"):
        sorting.resume(run_id)


HOLD = """
import sys, time
from drumsort.sorting.journal import Journal
with Journal.open(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_look_at_the_history_is_not_taken_for_work(run_id):
    """Another look holds the lock of a journal for an instant."""
    fd = os.open(runs_folder() / f"{run_id}.jsonl", os.O_RDWR)
    assert lock(fd)
    other = threading.Timer(0.05, os.close, [fd])
    other.start()
    assert sorting.history()[0].state == "unfinished"
    other.join()


def test_one_process_at_a_time(run_id):
    holder = subprocess.Popen([sys.executable, "-c", HOLD, run_id], stdout=subprocess.PIPE)
    try:
        assert holder.stdout.readline().strip() == b"held"
        for work in (sorting.undo, sorting.resume):
            with pytest.raises(JournalError, match="at work right now"):
                work(run_id)
        assert sorting.history()[0].state == "running"
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    deadline = time.monotonic() + 5
    while True:
        try:
            Journal.open(run_id).close()
            break
        except JournalError:
            assert time.monotonic() < deadline
    assert sorting.history()[0].state == "unfinished"


def failing(number):
    def fail(*_, **__):
        raise OSError(number, os.strerror(number))

    return fail


def test_a_journal_that_cannot_be_flushed_says_what_to_do(run_id, monkeypatch):
    with Journal.open(run_id) as journal:
        monkeypatch.setattr(os, "fsync", failing(errno.EIO))
        said = (
            rf"^The journal in {runs_folder()} cannot be written \(Input/output error\): make room "
            r"there, or set DRUMSORT_HOME to another folder\.$"
        )
        with pytest.raises(JournalError, match=said):
            journal.add(finished=True)
        assert journal.record.state == "unfinished"
    with pytest.raises(JournalError, match=said):
        Journal.create(Action.COPY, Path("/out"), OPERATIONS, [])
    assert [path.stem for path in runs_folder().iterdir()] == [run_id]


def test_a_folder_for_journals_that_cannot_be_made(home):
    home.write_bytes(b"in the way")
    with pytest.raises(JournalError, match="cannot be written"):
        Journal.create(Action.COPY, Path("/out"), OPERATIONS, [])


def test_a_journal_that_cannot_be_read_or_opened(run_id, path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", failing(errno.EIO))
        with pytest.raises(JournalError, match=r"jsonl cannot be read: Input/output error\."):
            load(run_id)
        with pytest.raises(JournalError, match="cannot be read"):
            Journal.open(run_id)
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", failing(errno.EACCES))
        with pytest.raises(JournalError, match=r"cannot be written \(Permission denied\)"):
            Journal.open(run_id)
        assert sorting.history()[0].state == "unfinished"
    Journal.open(run_id).close()  # neither holds the lock


def test_no_run_gets_the_name_of_another(monkeypatch):
    marks = iter(["aaaa", "aaaa", "bbbb"])
    monkeypatch.setattr("secrets.token_hex", lambda _: next(marks))

    class Still(datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2030, 1, 2, 3, 4, 5, tzinfo=tz)

    monkeypatch.setattr("drumsort.sorting.journal.datetime", Still)
    ids = []
    for _ in range(2):
        with Journal.create(Action.COPY, Path("/out"), OPERATIONS, []) as journal:
            ids.append(journal.record.id)
    assert ids == ["20300102-030405-copy-aaaa", "20300102-030405-copy-bbbb"]
    assert [load(run_id).number for run_id in ids] == [1, 2]
    assert len(list(runs_folder().iterdir())) == 2
    assert oct(path_of(ids[0]).stat().st_mode)[-3:] == "600"


def path_of(run_id):
    return runs_folder() / f"{run_id}.jsonl"


def test_every_entry_is_remembered(run_id):
    def record():
        return load(run_id)

    with Journal.open(run_id) as journal:
        journal.add(ways={"reflink": 2})
        journal.add(ways={"reflink": 1, "copy_file_range": 1})
        assert record().run.ways == {"reflink": 3, "copy_file_range": 1}
        journal.add(finished=True, done=1)
        journal.add(lost=[0, 1], done=0)
        assert (record().placed, record().failed, record().state) == ({}, {}, "unfinished")
        journal.add(placed={0: "abc"}, failed={})
        journal.add(undoing=True, returned=[], done=1)
        journal.add(undone=[0])
        journal.add(unseen=True)
        assert (record().undone, record().unseen, record().left) == ({0}, True, None)
        journal.add(left=0, done=1)
        assert record().state == "undone"
        journal.add(undoing=True, returned=[0, 1], done=1)
        assert (record().undone, record().unseen, record().left) == (set(), False, None)
        assert record() == journal.record
    with pytest.raises(ValueError, match="what"):
        record().add({"what": 1})


def test_a_journal_that_cannot_get_its_name_leaves_nothing(home, monkeypatch):
    for owner, call in (
        (Path, "rename"),
        (importlib.import_module(Journal.__module__), "_sync_folder"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(owner, call, failing(errno.ENOSPC))
            with pytest.raises(JournalError, match="No space left"):
                Journal.create(Action.COPY, Path("/out"), OPERATIONS, [])
        assert list(runs_folder().iterdir()) == []
