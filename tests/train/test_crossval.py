"""Cross-validation: every sound is judged once, by a network that did not learn from its group."""

from dataclasses import replace

import pytest

from drumsort.errors import DataError
from drumsort.train.crossval import CrossValidation, crossval
from drumsort.train.data import Data, open_data
from drumsort.train.hardware import Hardware
from drumsort.train.recipe import Sampling, load

CPU = Hardware("cpu", 1, "32-true")
TINY = replace(
    load("drumnet-2"), epochs=1, batch_size=16, options={"width": 8}, sampling=Sampling(sounds=64)
)


@pytest.fixture(scope="module")
def data(drums):
    """More groups than folds, each with all classes."""
    rows = open_data(drums).rows
    return Data(drums, [replace(row, group=f"pack{i % 24}") for i, row in enumerate(rows)])


@pytest.fixture(scope="module")
def done(data, tmp_path_factory):
    return crossval(data, tmp_path_factory.mktemp("lab") / "tiny", TINY, CPU)


def test_each_sound_but_those_of_test_is_held_out_once(data, done):
    held_out = [row.path for run in done.folds for row in run.data().of("val")]
    assert sorted(held_out) == sorted(row.path for row in data.rows if row.split != "test")


def test_no_group_is_on_both_sides_of_a_fold(done):
    for run in done.folds:
        train, val = ({row.group for row in run.data().of(split)} for split in ("train", "val"))
        assert not train & val


def test_the_last_run_learns_from_all_but_test(data, done):
    learnt = done.whole.data().of("train")
    assert len(learnt) == sum(row.split != "test" for row in data.rows)
    assert {row.path for row in learnt}.isdisjoint(row.path for row in data.of("test"))
    assert done.whole.data().of("val") == []


def test_its_confidence_comes_from_the_folds(done):
    assert done.whole.temperature != 1.0
    assert list(done.whole.policies) == ["careful", "balanced", "everything"]
    assert CrossValidation.load(done.whole.folder.parent).whole == done.whole


def test_a_second_call_trains_nothing_anew(data, done):
    epochs = []
    again = crossval(
        data, done.whole.folder.parent, TINY, CPU, on_epoch=lambda run, epoch: epochs.append(run)
    )
    assert epochs == []
    assert again.whole == done.whole


def test_a_folder_that_is_none_is_named(tmp_path):
    with pytest.raises(DataError, match="fold0"):
        CrossValidation.load(tmp_path)
