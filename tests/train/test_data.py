import shutil
from collections import Counter
from dataclasses import replace

import pytest

from drumsort.errors import DataError
from drumsort.features import LogMel
from drumsort.train.data import FOLDS, Row, fold, load, read_manifest


def test_a_label_known_in_part_may_be_any_of_its_family(drums):
    by_label = {row.label: row.labels for row in read_manifest(drums)}
    assert by_label["kick"] == ("kick",)
    assert by_label["hihat"] == ("closed_hat", "open_hat", "pedal_hat")
    assert by_label["loop"] == ("loop",)


def test_examples_are_in_order_and_aligned(drums):
    rows = read_manifest(drums)[:5]
    front_end = LogMel()
    examples = load(drums, rows, front_end)
    assert [example.labels for example in examples] == [row.labels for row in rows]
    for example in examples:
        peak = abs(example.samples).max()
        assert abs(example.samples[: front_end.lead + 1]).max() > 0.01 * peak


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text.replace("group,", "gruppe,"), "lacks the column 'group'"),
        (lambda text: text.replace(",hat,", ",hut,", 1), "line 18: family 'hut'"),
        (lambda text: text.replace(",train,", ",practice,", 1), "line 2: .* split 'practice'"),
    ],
)
def test_a_bad_manifest_is_named(drums, tmp_path, change, sentence):
    (tmp_path / "manifest.csv").write_text(change((drums / "manifest.csv").read_text()))
    with pytest.raises(DataError, match=sentence):
        read_manifest(tmp_path)


def test_a_missing_manifest_and_a_missing_sound_are_named(drums, tmp_path):
    with pytest.raises(DataError, match=r"has no manifest\.csv"):
        read_manifest(tmp_path)
    shutil.copy(drums / "manifest.csv", tmp_path)
    with pytest.raises(DataError, match=r"kick0\.wav"):
        load(tmp_path, read_manifest(tmp_path), LogMel())


def test_folds_hold_out_each_small_group_once_and_no_large_one_or_test_sound():
    rows = [
        Row(f"{split}{group}{i}", "kick", "kick", f"{split}{group}", split, "s", "l", "o")
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
