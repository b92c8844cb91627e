"""Groups, progress, patches, rows of the journal, emptied folders: small things, each alone."""

import json
from pathlib import Path

import numpy as np
import pytest

from drumsort.sorting import patch
from drumsort.sorting.groups import GROUP_BYTES, GROUP_FILES, groups, ticker
from drumsort.sorting.prune import prune
from drumsort.sorting.record import from_entries, header, row
from drumsort.sorting.refile import emptied
from drumsort.sorting.volumes import Volume
from drumsort.types import Operation, Tags, Terms


def operation(size=1, **others):
    return Operation(Path("/a"), Path("/b"), size, 2, **others)


def test_a_group_ends_with_so_many_files_or_bytes():
    def lengths(sizes, indices=None):
        operations = tuple(map(operation, sizes))
        found = list(groups(range(len(sizes)) if indices is None else indices, operations))
        assert [i for group in found for i in group] == list(indices or range(len(sizes)))
        return [len(group) for group in found]

    assert lengths([]) == []
    assert lengths([1] * (2 * GROUP_FILES + 1)) == [GROUP_FILES, GROUP_FILES, 1]
    half = GROUP_BYTES // 2
    assert lengths([half, half, half, half - 1, 1, 5]) == [2, 3, 1]
    assert lengths([GROUP_BYTES, 1, GROUP_BYTES]) == [1, 2]
    assert lengths([1, GROUP_BYTES, 1], [2, 1]) == [2]


def test_progress_is_told_after_each_file_or_to_nobody():
    told = []
    tick = ticker(lambda *at: told.append(at), 2)
    tick(), tick()
    assert told == [(1, 2), (2, 2)]
    ticker(None, 2)()


def noise(length, seed):
    return np.random.default_rng(seed).bytes(length)


@pytest.mark.parametrize(
    ("there", "wanted"),
    [
        (noise(200, 1) + noise(9000, 2), noise(9000, 2)),
        (noise(9000, 2) + noise(200, 1), noise(9000, 2)),
        (noise(9000, 2), noise(50, 3) + noise(9000, 2)),
        (noise(50, 1) + noise(9000, 2) + noise(70, 3), noise(10, 4) + noise(9000, 2) + noise(5, 5)),
        (
            noise(50, 1) + noise(9000, 2) + noise(70, 3) + noise(9000, 6),
            noise(9000, 2) + noise(30, 7) + noise(9000, 6) + noise(20, 8),
        ),
        (bytes(9000) + noise(9000, 2) + bytes(99), bytes(8000) + noise(9000, 2) + bytes(50)),
        (noise(9000, 2), noise(9000, 2)),
        (noise(9000, 2), b""),
        (b"", noise(10, 2)),
        (noise(23, 2), noise(23, 2)),
        (noise(24, 2), noise(24, 2)),
    ],
)
def test_a_patch_holds_what_is_new_alone(there, wanted):
    text = patch.between(there, wanted)
    assert patch.applied(there, text) == wanted
    assert len(text) < 300
    pieces, _ = json.loads(text)
    for piece in pieces:
        length = piece if isinstance(piece, int) else piece[1]
        assert length > 0 and (isinstance(piece, int) or length >= 24)
    assert sum(p if isinstance(p, int) else p[1] for p in pieces) == len(wanted)
    if len(wanted) == 24:
        assert pieces == [[0, 24]]


@pytest.mark.parametrize("text", ["[", "3", "[[]]", '[[], "!"]', '[[["a", 1]], "c-jE"]', "null"])
def test_what_is_no_patch_is_said(text):
    with pytest.raises((ValueError, TypeError)):
        patch.applied(b"x", text)


TERMS = Terms("{name}", rename="{name}")


@pytest.mark.parametrize(
    "others",
    [
        {},
        {"mode": 0o640},
        {"origin": Path("/o")},
        {"mode": 0o640, "cut_from": Path("/c")},
        {"origin": Path("/o"), "cut_from": Path("/c"), "tags": Tags("kick")},
        {"tags": Tags("kick", "k", "F", "c", "w")},
        {"tags": Tags()},
    ],
)
def test_what_a_journal_holds_is_read_as_it_was(others):
    op = operation(**others)
    kept = json.loads(json.dumps(row(op)))
    assert len(kept) == (5 if not others.keys() - {"mode"} else len(kept))
    volume = Volume(Path("/in"), "/", "abc", 3)
    head = {
        "id": "x", "action": "copy", "into": "/out", "created": "2030-01-02T03:04:05+00:00",
        "folders": ["/out"], "operations": 1,
    }  # fmt: skip
    old = from_entries(head, [kept])
    assert (old.operations, old.roots, old.volumes, old.number, old.terms) == (
        (op,),
        (),
        (),
        0,
        None,
    )
    head |= {"roots": ["/in"], "volumes": [volume.entry()], "number": 7}
    record = from_entries(head, [kept])
    assert (record.roots, record.volumes, record.number) == ((Path("/in"),), (volume,), 7)
    record.terms = TERMS
    again = from_entries(json.loads(json.dumps(header(record, 4))), [kept])
    assert again == record and header(record, 4)["operations"] == 1


def test_folders_that_a_move_emptied_go_but_not_the_input(tmp_path):
    root, other = tmp_path / "in", tmp_path / "other"
    for folder in (root / "a" / "b", root / "full", root / "c", other / "d"):
        folder.mkdir(parents=True)
    (root / "full" / "x").write_bytes(b"")
    sources = [root / "a" / "b" / "k", root / "full" / "k", root / "gone" / "k", other / "d" / "k"]
    assert prune([*sources, root / "k"], [root]) == 2
    assert [path.name for path in sorted(root.iterdir())] == ["c", "full"]
    assert (other / "d").is_dir()
    assert prune([root / "c" / "k", root / "full" / "k"], [root]) == 1
    (root / "full" / "x").unlink()
    assert prune([root / "full" / "k"], [root]) == 1 and root.is_dir()


def test_only_folders_that_drumsort_made_are_emptied_children_first():
    out = Path("/out")
    made = {out, out / "a", out / "a" / "b"}
    ops = [
        Operation(out / "a" / "b" / "k", out / "k", 1, 2, origin=Path("/in/k")),
        Operation(out / "mine" / "k", out / "l", 1, 2, origin=Path("/in/l")),
        Operation(Path("/in/new"), out / "new", 1, 2),
    ]
    assert emptied(ops, out, lambda: made) == [out / "a" / "b", out / "a"]
    assert emptied(ops[2:], out, lambda: 1 / 0) == []
