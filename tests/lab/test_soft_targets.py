"""Tables of what networks say of each sound, and a network that learns from one."""

from dataclasses import replace

import pytest
import torch

from drumsort.errors import DataError
from drumsort.features import LogMel
from drumsort.lab import job
from drumsort.lab.crossval import crossval
from drumsort.lab.data import Data, open_data
from drumsort.lab.data.rows import Row
from drumsort.lab.hardware import Hardware
from drumsort.lab.recipe import Distillation, Sampling, load
from drumsort.lab.soft_targets import read_targets, write_targets
from drumsort.lab.targets import Targets

CPU = Hardware("cpu", 1, "32-true")
TINY = replace(
    load("drumnet-2"),
    epochs=1,
    batch_size=8,
    options={"width": 8},
    front_end=LogMel(n_frames=32),
    consistency=0.0,
    sampling=Sampling(sounds=16),
    augmentation=None,
)
TARGETS = Targets({"kick": ("kick",), "snare": ("snare", "rim"), "hat": ("closed_hat",)})


def test_targets_are_found_by_path(tmp_path):
    rows = [Row(f"{i}.wav", "kick", "kick", f"g{i}") for i in range(5)]
    for p in (torch.rand(5, 4), torch.rand(5, 3, 4)):
        write_targets(tmp_path / "t.parquet", rows, TARGETS.labels, p)
        read = read_targets(tmp_path / "t.parquet", rows[::-1], TARGETS.labels)
        torch.testing.assert_close(read, p.reshape(5, -1, 4).flip(0))
    with pytest.raises(DataError, match=r"say nothing of new\.wav"):
        read_targets(tmp_path / "t.parquet", [replace(rows[0], path="new.wav")], TARGETS.labels)
    with pytest.raises(DataError, match="cannot be read"):
        read_targets(tmp_path / "none.parquet", rows, TARGETS.labels)


def test_a_table_is_named_and_a_run_goes_on_with_no_other(drums, tmp_path):
    data = open_data(drums)
    labels = Targets.of("taxonomy", []).labels

    def taught(path):
        distillation = Distillation(targets=str(path), weight=0.5)
        return replace(TINY, distillation=distillation)

    with pytest.raises(DataError, match=r"There are no targets .*runs: make them with"):
        job.train(data, tmp_path / "run", taught(tmp_path / "runs"), CPU)
    path = tmp_path / "runs" / "fold0.parquet"
    for label in (0, 1):
        p = torch.eye(len(labels))[label].repeat(len(data.rows), 1)
        write_targets(path, data.rows, labels, p)
        if label == 0:
            job.train(data, tmp_path / "run", taught(path), CPU)
    with pytest.raises(DataError, match=r"runs has a table .*targets=\S*fold0\.parquet and --fold"):
        job.train(data, tmp_path / "run", taught(tmp_path / "runs"), CPU)
    with pytest.raises(DataError, match="belongs to another table of targets"):
        job.train(data, tmp_path / "run", taught(path), CPU)


def test_a_network_learns_what_a_table_says_and_each_fold_its_own(drums, tmp_path):
    rows = open_data(drums).rows
    data = Data(drums, [replace(row, group=f"pack{i % 24}") for i, row in enumerate(rows)])
    recipe = replace(
        load("drumnet-2"),
        epochs=1,
        batch_size=16,
        options={"width": 8},
        sampling=Sampling(sounds=32),
        distillation=Distillation(targets=str(tmp_path / "said"), weight=1.0),
    )
    labels = Targets.of("taxonomy", []).labels
    ride = torch.eye(len(labels))[labels.index("ride")].repeat(len(data.rows), 1)
    for name in ("fold0", "fold1", "fold2", "fold3", "fold4", "whole"):
        write_targets(tmp_path / "said" / f"{name}.parquet", data.rows, labels, ride)
    done = crossval(data, tmp_path / "run", recipe, CPU)
    assert done.folds[3].recipe.distillation.targets == str(tmp_path / "said" / "fold3.parquet")
    one = replace(
        recipe,
        epochs=8,
        distillation=Distillation(targets=str(tmp_path / "said" / "whole.parquet"), weight=1.0),
    )
    trained = job.train(data, tmp_path / "one", one, CPU)
    assert trained.val is not None
    assert set(trained.val.verdicts.best.tolist()) == {
        list(trained.val.verdicts.families).index("cymbal")
    }
