"""Past runs are told from both ends of their journals, as a full reading would tell them."""

import json
import time
from pathlib import Path

import pytest

from drumsort import sorting
from drumsort.errors import JournalError
from drumsort.files.home import runs_folder
from drumsort.sorting.history import PastRun, later, newest
from drumsort.sorting.journal import Journal, load
from drumsort.sorting.record import RunState
from drumsort.types import Action, Operation

FILES = 20_000
GROUP = 1024


def journal_of(files: int, *ends: dict) -> Path:
    """The journal of a run of ``files`` that are all in place, with ``ends`` added."""
    operations = [
        Operation(Path(f"/in/A Pack/Sound {n}.wav"), Path(f"/out/kick/Sound {n}.wav"), n, n)
        for n in range(files)
    ]
    with Journal.create(Action.COPY, Path("/out"), operations, [Path("/out")]) as journal:
        for start in range(0, files, GROUP):
            journal.add(placed={n: f"{n:064}" for n in range(start, min(start + GROUP, files))})
        for entry in ends:
            journal.add(**entry)
        return runs_folder() / f"{journal.record.id}.jsonl"


def in_full(path: Path) -> PastRun:
    """What the history should say, from every line of the journal."""
    record = load(path.stem)
    facts = record.created, record.action, record.into, len(record.operations), len(record.placed)
    return PastRun(path.stem, record.state, *facts, record.number)


ENTRIES = (
    {"finished": True, "done": 3},
    {"undoing": True, "done": 3},
    {"undone": [0, 1]},
    {"left": 1, "done": 3},
    {"undoing": True, "done": 3},
    {"undone": [2]},
    {"left": 0, "done": 3},
)
AS_IN_FORMAT_2 = tuple({k: v for k, v in entry.items() if k != "done"} for entry in ENTRIES)


@pytest.mark.parametrize("entries", [ENTRIES, AS_IN_FORMAT_2], ids=["now", "format 2"])
def test_both_ends_tell_what_all_lines_tell_wherever_it_is_cut(entries):
    path = journal_of(3, *entries)
    whole = path.read_bytes()
    begun = whole.index(b'{"ready":true}\n') + len(b'{"ready":true}\n')
    for length in range(begun):
        path.write_bytes(whole[:length])
        assert [(run.id, run.state) for run in sorting.history()] == [(path.stem, "damaged")]
    seen = []
    for length in range(begun, len(whole) + 1):
        for rest in (b"", b"\0" * 40):
            path.write_bytes(whole[:length] + rest)
            (run,) = sorting.history()
            assert run == in_full(path)
        seen += [run.state] if run.state not in seen else []
    assert seen == ["unfinished", "finished", "partly undone", "undone"]
    assert (run.files, run.done) == (3, 3)


def test_a_line_longer_than_a_block_is_read_whole():
    path = journal_of(3000)
    assert sorting.history() == [in_full(path)]
    assert sorting.history()[0].done == 3000
    with Journal.open(path.stem) as journal:
        journal.add(failed=dict.fromkeys(range(3000), "No. " * 9))
    assert sorting.history() == [in_full(path)]


def test_damage_at_either_end_is_said_and_damage_between_when_the_run_is_used():
    path = journal_of(3000, {"finished": True, "done": 3000})
    lines = path.read_bytes().splitlines(keepends=True)
    for broken in (
        [b"{}}\n", *lines[1:]],
        [*lines[:-1], b"{}}\n", b"{}}\n"],
        [*lines, b'{"what": 1}\n'],
        [*lines, b"[1, 2]\n"],
    ):
        path.write_bytes(b"".join(broken))
        assert [(run.id, run.state) for run in sorting.history()] == [(path.stem, "damaged")]
        with pytest.raises(JournalError, match="is damaged"):
            load(path.stem)
    path.write_bytes(b"".join([*lines[:1500], b"{}}\n", *lines[1501:]]))
    assert [(run.state, run.files, run.done) for run in sorting.history()] == [
        ("finished", 3000, 3000)
    ]
    with pytest.raises(JournalError, match="is damaged"):
        sorting.undo(path.stem)
    with pytest.raises(JournalError, match="nothing to take back"):
        sorting.undo()


def test_what_cannot_be_read_in_full_is_passed_over_for_the_run_before(tree):
    tree.make({"in/Kick.wav": b"one"})
    first = tree.sort()
    path = journal_of(100, {"finished": True, "done": 100})
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:50], b"nonsense\n", *lines[51:]]))
    assert [run.state for run in sorting.history()] == ["finished", "finished"]
    assert sorting.undo().id == first.id


def test_many_large_runs_are_listed_at_once():
    """Lines that tell nothing of the state are not even read: 2.5 s once, for five such runs."""
    path = journal_of(FILES, {"finished": True, "done": FILES})
    head, rest = path.read_bytes().split(b"\n", 1)
    for nth in range(4):
        other = json.loads(head) | {"id": f"{path.stem}{nth}"}
        (path.parent / f"{path.stem}{nth}.jsonl").write_bytes(
            json.dumps(other).encode() + b"\n" + rest
        )
    seconds = []
    for _ in range(3):
        began = time.process_time()
        runs = sorting.history()
        seconds.append(time.process_time() - began)
    assert [(run.state, run.files, run.done) for run in runs] == [("finished", FILES, FILES)] * 5
    assert min(seconds) < 0.02, seconds


def test_journals_without_numbers_come_before_all_that_have_one(monkeypatch):
    """As older versions left them; damaged ones come last."""
    paths = [journal_of(1) for _ in range(3)]
    for nth, path in enumerate(paths[:2]):
        head, rest = path.read_text().split("\n", 1)
        entry = json.loads(head) | {"created": f"203{nth}-01-01T00:00:00+00:00"}
        del entry["number"]
        path.write_text(json.dumps(entry) + "\n" + rest)
    damaged = paths[2].with_name("30000101-000000-copy-beef.jsonl")
    damaged.write_bytes(b"nonsense\n")
    assert [run.id for run in sorting.history()] == [
        *(path.stem for path in (paths[2], paths[1], paths[0])), damaged.stem,
    ]  # fmt: skip
    assert [run.number for run in sorting.history()] == [3, 0, 0, 0]
    assert load(journal_of(1).stem).number == 4


def test_only_runs_in_these_states_are_read(tree):
    tree.make({"in/Kick.wav": b"one"})
    run = tree.sort()
    with pytest.raises(JournalError, match=r"^Nothing: 'drumsort history' lists what was sorted"):
        next(newest(RunState.UNDONE, otherwise="Nothing"))
    states = (RunState.UNDONE, RunState.FINISHED)
    assert [record.id for record in newest(*states, otherwise="Nothing")] == [run.id]


def test_later_runs_are_those_that_began_after(tree):
    ids = []
    for n in range(3):
        tree.make({f"in/{n}.wav": b"%d" % n})
        ids.append(tree.sort().id)
    assert [record.id for record in later(load(ids[0]))] == [ids[2], ids[1]]
    assert list(later(load(ids[2]))) == []
    path = runs_folder() / f"{ids[1]}.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], b"nonsense\n", *lines[2:]]))
    assert [record.id for record in later(load(ids[0]))] == [ids[2]]


def test_a_state_is_looked_up_once_more_when_nobody_is_at_work(tree, monkeypatch):
    import importlib

    history = importlib.import_module("drumsort.sorting.history")
    path = journal_of(2)
    ended = path.read_bytes() + b'{"finished":true,"done":2}\n'

    def meanwhile(run_id):
        path.write_bytes(ended)
        return False

    monkeypatch.setattr(history, "is_locked", meanwhile)
    assert [run.state for run in sorting.history()] == ["finished"]
    path.write_bytes(ended[: -len(b'{"finished":true,"done":2}\n')])
    monkeypatch.setattr(history, "is_locked", lambda _: path.unlink() or False)
    assert [run.state for run in sorting.history()] == ["unfinished"]
