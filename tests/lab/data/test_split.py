"""Splits keep their shares, their classes and whole groups together."""

import shutil
from collections import Counter
from dataclasses import replace

import pytest
import soundfile

from drumsort.errors import DataError
from drumsort.lab.data import Data, open_data
from drumsort.lab.data.rows import Row
from drumsort.lab.data.split import FOLDS, at_random, by_group, fold, only, prepare

ROWS = [
    Row(f"{label}{i}.wav", label, label, f"g{i % 50}", source="even" if i % 2 == 0 else "odd")
    for label, n in (("kick", 500), ("clap", 100))
    for i in range(n)
]


def shares(rows, family):
    counts = Counter(row.split for row in rows if row.family == family)
    return [round(counts[s] / counts.total(), 2) for s in ("train", "val", "test")]


def test_a_random_split_has_the_same_shares_in_each_class_and_repeats_with_its_seed():
    rows = at_random(ROWS)
    assert shares(rows, "kick") == shares(rows, "clap") == [0.64, 0.16, 0.2]
    assert rows == at_random(ROWS)
    assert rows != at_random(ROWS, seed=1)
    assert [replace(row, split="") for row in rows] == ROWS


def test_a_split_by_group_keeps_groups_whole():
    rows = by_group(ROWS)
    splits = Counter((row.group, row.split) for row in rows)
    assert len(splits) == 50
    for family in ("kick", "clap"):
        assert shares(rows, family) == pytest.approx([0.64, 0.16, 0.2], abs=0.05)


def test_a_class_with_fewer_sounds_than_splits_is_named():
    with pytest.raises(DataError, match="class 'rim' has 2 sounds, and a split in three takes 5"):
        at_random([*ROWS, Row("a", "rim", "rim", "a"), Row("b", "rim", "rim", "b")])


def test_too_few_sounds_are_counted():
    rows = [Row(f"{c}{i}", str(c), str(c), "g") for c in range(6) for i in range(5)]
    with pytest.raises(DataError, match="30 sounds of 6 classes are too few"):
        at_random(rows)


@pytest.mark.parametrize("groups", [5, 6, 7])
def test_as_few_groups_as_it_takes_are_enough(groups):
    rows = [Row(f"{g}{i}", "kick", "kick", str(g)) for g in range(groups) for i in range(3)]
    assert {row.split for row in by_group(rows)} == {"train", "val", "test"}


def test_a_split_that_is_said_in_part_is_not_thrown_away():
    rows = [replace(row, split="test") for row in ROWS[:3]] + ROWS[3:]
    for by in (None, "manifest"):
        with pytest.raises(DataError, match=r"for 3 of 600 sounds, but not for kick3\.wav"):
            prepare(Data("drums", rows), by=by)
    assert prepare(Data("drums", rows), by="random").rows == at_random(rows)


def test_too_few_groups_are_counted():
    with pytest.raises(DataError, match="have 3 groups"):
        by_group([row for row in ROWS if row.group in ("g1", "g2", "g3")])


def test_what_the_manifest_says_comes_first_then_chance():
    said = [replace(row, split="val") for row in ROWS]
    alone = [replace(row, group=row.path) for row in ROWS]
    for rows, expected in ((said, said), (alone, at_random(alone))):
        assert prepare(Data("drums", rows)).rows == expected
    assert prepare(Data("drums", said), by="random").rows == at_random(said)
    with pytest.raises(DataError, match="has no manifest with splits"):
        prepare(Data("drums", ROWS), by="manifest")


def test_where_groups_are_known_they_are_kept_whole_and_near_duplicates_with_them(drums, tmp_path):
    rows = [replace(row, split="") for row in open_data(drums).rows]
    twins = []
    for row in rows[::3]:
        twins.append(replace(row, path=f"soft {row.path}", group=f"pack of {row.path}"))
    everything = Data(tmp_path, [*rows, *twins])
    for row in rows:
        shutil.copy(drums / row.path, tmp_path / row.path)
    for row, twin in zip(rows[::3], twins, strict=True):
        samples, rate = soundfile.read(tmp_path / row.path)
        soundfile.write(tmp_path / twin.path, samples / 2, rate)
    split = {row.path: row.split for row in prepare(everything).rows}
    assert set(split.values()) == {"train", "val", "test"}
    for row, twin in zip(rows[::3], twins, strict=True):
        assert split[row.path] == split[twin.path]


def test_only_some_sources_and_splits():
    data = Data("drums", at_random(ROWS))
    rows = only(data, ["odd"], "val").rows
    assert {(row.source, row.split) for row in rows} == {("odd", "val")}
    with pytest.raises(DataError, match="no sound of the source 'prime'"):
        only(data, ["odd", "prime"])
    with pytest.raises(DataError, match="no sound in the val split"):
        only(Data("drums", ROWS), (), "val")


def test_folds_hold_out_each_small_group_once_and_no_large_one_or_test_sound():
    rows = [
        Row(f"{split}{group}{i}", "kick", "kick", f"{split}{group}", split)
        for split, group, n in (*(("train", g, 3) for g in range(60)), ("train", 99, 91))
        for i in range(n)
    ]
    rows += [replace(row, split="test", group=f"t{row.group}") for row in rows[:30]]
    rows += [replace(row, split="val", group=f"v{row.group}") for row in rows[30:90]]
    held_out = Counter()
    for number in range(FOLDS):
        split = fold(rows, number)
        assert [row.path for row in split] == [row.path for row in rows]
        val = {row.group for row in split if row.split == "val"}
        assert val.isdisjoint(row.group for row in split if row.split != "val")
        assert 4 <= len(val) <= 40
        held_out.update(val)
    assert set(held_out.values()) == {1}
    assert set(held_out) == {r.group for r in rows if r.split != "test"} - {"train99"}
