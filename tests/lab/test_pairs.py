"""Soft targets come from networks that were shown neither the sound's group nor the fold's."""

from dataclasses import replace

import polars as pl
import pytest
import torch
from torch.nn import functional as F  # noqa: N812

from drumsort.errors import DataError
from drumsort.features import LogMel
from drumsort.lab import said
from drumsort.lab.augment import Augmentation
from drumsort.lab.data import Data, open_data
from drumsort.lab.data.features import FeatureCache, Features
from drumsort.lab.data.rows import Row
from drumsort.lab.data.split import FOLDS, LARGE, fold
from drumsort.lab.fit import predict
from drumsort.lab.hardware import Hardware
from drumsort.lab.pairs import PAIRS, held_out, part_of, soft_targets, with_own, with_versions
from drumsort.lab.recipe import Distillation, Sampling, load
from drumsort.lab.report import comparison
from drumsort.lab.run import Run
from drumsort.lab.soft_targets import read_targets
from drumsort.lab.targets import Targets
from drumsort.lab.variants import variants

CPU = Hardware("cpu", 1, "32-true")
PLAIN = replace(
    load("drumnet-2"),
    name="plain",
    epochs=1,
    batch_size=4,
    options={"width": 8},
    front_end=LogMel(n_frames=32),
    consistency=0.0,
    sampling=Sampling(sounds=16),
    augmentation=None,
)
CHANGED = replace(PLAIN, name="changed", seed=2, augmentation=Augmentation(variants=2))
NAMES = [*(f"fold{n}" for n in range(FOLDS)), "whole"]


@pytest.fixture(scope="module")
def data(drums):
    """More groups than folds, each with all classes."""
    rows = open_data(drums).rows
    return Data(drums, [replace(row, group=f"pack{i % 24}") for i, row in enumerate(rows)])


@pytest.fixture(scope="module")
def made(data, tmp_path_factory):
    """The folder, what was made in it, and the runs that it took to go on with a second recipe."""
    folder = tmp_path_factory.mktemp("lab") / "teachers"
    soft_targets(data, folder, [PLAIN], CPU)
    trained = []
    done = soft_targets(
        data, folder, [PLAIN, CHANGED], CPU, 2, on_epoch=lambda run, epoch: trained.append(run)
    )
    return folder, done, trained


def test_no_network_is_shown_a_group_that_it_is_asked_about(data, made):
    held = held_out(data.rows)
    for recipe in (PLAIN, CHANGED):
        for one, other in PAIRS:
            used = Run.load(made[0] / recipe.name / f"{one}_{other}").data()
            learned, asked = used.of("train"), used.of("val")
            assert {held[row.path] for row in asked} == {one, other}
            assert {held[row.path] for row in learned} == set(range(FOLDS)) - {one, other}
            assert not {row.group for row in learned} & {row.group for row in asked}
            assert len(learned) + len(asked) == sum(row.split != "test" for row in data.rows)


def test_a_target_is_what_the_networks_say_that_were_shown_neither_it_nor_the_fold(data, made):
    folder, done, _ = made
    held, rows = held_out(data.rows), [row for row in data.rows if row.split != "test"]
    part = torch.tensor([held[row.path] for row in rows])
    features = FeatureCache(PLAIN.front_end).features(Data(data.root, rows))
    none = Features(Data(data.root, []), features.table.head(0), [])
    levels = variants(features, none, CHANGED.front_end, CHANGED.augmentation)
    unchanged = torch.tensor([[i, 0] for i in range(len(rows))])
    (changed,) = levels.heard([unchanged], torch.device("cpu"))
    mels = {"plain": torch.from_numpy(features.log_mels()), "changed": changed}
    labels = Targets.of("taxonomy", []).labels
    says = {}
    for recipe in (PLAIN, CHANGED):
        for one, other in PAIRS:
            net = Run.load(folder / recipe.name / f"{one}_{other}").net()
            logits = predict(net, mels[recipe.name])
            p = (logits / done.temperatures[recipe.name]).softmax(1)
            says[recipe.name, one, other] = says[recipe.name, other, one] = p
    assert (
        min((says["plain", 0, 1] - says["plain", *pair]).abs().max() for pair in PAIRS[1:]) > 1e-3
    )
    for name in NAMES:
        table = read_targets(folder / f"{name}.parquet", rows, labels)
        assert table.shape == (len(rows), 2, len(labels))
        assert (table[:, 0] != table[:, 1]).any()
        for i, own in enumerate(part.tolist()):
            k = own if name == "whole" else int(name[-1])
            asked = [j for j in range(FOLDS) if j != own] if k == own else [k]
            said_of = [says[r, own, j][i] for r in ("plain", "changed") for j in asked]
            torch.testing.assert_close(table[i, 0], sum(said_of) / len(said_of), atol=1e-5, rtol=0)


def test_tables_have_all_sounds_but_those_of_test(data, made):
    wanted = sorted(row.path for row in data.rows if row.split != "test")
    for name in NAMES:
        assert sorted(set(pl.read_parquet(made[0] / f"{name}.parquet")["path"])) == wanted
    assert sorted(said.read(made[0])["path"]) == wanted


def test_a_second_call_trains_only_what_is_new(made):
    assert made[2] == [f"changed/{one}_{other}" for one, other in PAIRS]


def test_compare_shows_the_networks_together_beside_a_run(made):
    folder = made[0]
    (together, one), failures = comparison.compare([folder, folder / "plain" / "0_1"])
    assert failures == []
    assert together.line() == ("teachers", *"-------")
    assert one.line()[1] != "-"
    _, difference = comparison.differences([together, one])
    assert difference.sounds == len(one.run.data().of("val"))
    assert "teachers" in comparison.html([together, one])


def test_each_fold_takes_the_pair_that_saw_neither_and_the_mean_where_both_are_one():
    """Each of the ten networks says another label."""
    part = torch.arange(FOLDS)
    p = torch.full((FOLDS, FOLDS, 1, len(PAIRS)), torch.nan)
    for number, (one, other) in enumerate(PAIRS):
        p[one, other, 0] = p[other, one, 0] = F.one_hot(torch.tensor(number), len(PAIRS)).float()
    told = with_own(p, part)[:, :, 0]
    for own in range(FOLDS):
        for k in range(FOLDS):
            asked = [pair for pair in PAIRS if own in pair and k in pair]
            share = torch.tensor([(pair in asked) / len(asked) for pair in PAIRS])
            assert torch.equal(told[own, k], share)


def test_a_version_that_a_recipe_does_not_make_is_the_mean_of_those_that_it_makes():
    p = torch.tensor([[[1.0, 0.0], [0.0, 1.0]]])
    assert with_versions(p, 1).tolist() == [[[1, 0]]]
    assert with_versions(p, 4).tolist() == [[[1, 0], [0, 1], [0.5, 0.5], [0.5, 0.5]]]


def test_parts_are_those_of_the_folds_and_large_groups_are_spread():
    small = [Row(f"s{i}", "kick", "kick", f"pack{i // 3}", "train") for i in range(60)]
    large = [Row(f"l{i}", "kick", "kick", "large", "val") for i in range(LARGE + 1)]
    hidden = [Row("t", "kick", "kick", "pack0", "test")]
    held = held_out([*small, *large, *hidden])
    assert held.keys() == {row.path for row in small}
    for number in range(FOLDS):
        val = {row.path for row in fold(small, number) if row.split == "val"}
        assert val == {row.path for row in small if part_of(row, held) == number}
    counts = torch.bincount(torch.tensor([part_of(row, held) for row in large]), minlength=FOLDS)
    assert counts.min() > LARGE / FOLDS / 2


@pytest.mark.parametrize(
    ("recipes", "sentence"),
    [
        ([PLAIN, PLAIN], "Two recipes are called plain"),
        ([replace(PLAIN, patience=3)], "chooses its epoch"),
        ([replace(PLAIN, distillation=Distillation(targets="x"))], "learns from a table"),
        ([PLAIN, replace(PLAIN, name="own", classes=None)], "own tells other classes apart"),
    ],
)
def test_recipes_that_would_not_do_are_refused_before_training(data, tmp_path, recipes, sentence):
    with pytest.raises(DataError, match=sentence):
        soft_targets(data, tmp_path, recipes, CPU)
    assert list(tmp_path.iterdir()) == []


def test_too_few_groups_are_refused(drums, tmp_path):
    rows = [replace(row, group="one") for row in open_data(drums).rows]
    with pytest.raises(DataError, match="too few groups"):
        soft_targets(Data(drums, rows), tmp_path, [PLAIN], CPU)
