"""Past runs are told from both ends of their journals, as a full reading would tell them."""

import json
import time
from pathlib import Path

import pytest

from drumsort import sorting
from drumsort.errors import JournalError
from drumsort.files.home import runs_folder
from drumsort.sorting.history import PastRun
from drumsort.sorting.journal import Journal, load
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
