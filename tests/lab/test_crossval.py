"""Cross-validation: every sound is judged once, by a network that did not learn from its group."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch

import drumsort
from drumsort.errors import DataError
from drumsort.lab import crossval as module
from drumsort.lab import said
from drumsort.lab.benchmark import measure, open_subject
from drumsort.lab.both import open_both
from drumsort.lab.bundle_writer import Other, write_bundle
from drumsort.lab.crossval import CrossValidation, crossval
from drumsort.lab.data import Data, Manifest, open_data
from drumsort.lab.data.features import FeatureCache
from drumsort.lab.hardware import Hardware
from drumsort.lab.job import Trained
from drumsort.lab.recipe import Sampling, load
from drumsort.lab.report import benchmark as report
from drumsort.lab.run import Run
from drumsort.lab.second_opinion import choose
from drumsort.model.bundle import DEFAULT

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
    learned = done.whole.data().of("train")
    assert len(learned) == sum(row.split != "test" for row in data.rows)
    assert {row.path for row in learned}.isdisjoint(row.path for row in data.of("test"))
    assert done.whole.data().of("val") == []


def test_what_the_folds_say_is_kept_to_compare(done):
    table = said.read(done.whole.folder.parent)
    assert sorted(table["path"]) == sorted(
        row.path for run in done.folds for row in run.data().of("val")
    )
    one, two = said.shared(table, said.read(done.folds[2].folder))
    assert len(one.truth) == len(done.folds[2].data().of("val"))
    assert one.best.tolist() == two.best.tolist()  # only the temperature may differ


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


def test_the_benchmark_asks_each_fold_for_what_was_held_out_from_it(data, done):
    subject = open_subject(done.whole.folder.parent, data, "test")
    out_of_fold, (test,) = subject.parts["out of fold"], subject.parts["test"]
    asked = [[row.path for row in sounds.rows] for _, sounds in out_of_fold]
    assert asked == [[row.path for row in run.data().of("val")] for run in done.folds]
    assert {model.run.temperature for model, _ in out_of_fold} == {done.whole.temperature}
    assert test[0].run == done.whole
    assert [row.path for row in test[1].rows] == [row.path for row in data.of("test")]


def test_what_is_exported_is_the_whole_run_with_its_map_and_its_numbers(data, done, tmp_path):
    folder = done.whole.folder.parent
    subject = open_subject(folder, data, "test")
    measured = measure("tiny", subject.parts, subject.policies, 4)
    numbers = report.write(measured, subject.folder, subject.networks)
    bundle = write_bundle(folder, tmp_path / "model", "tiny")
    assert bundle.policies == done.whole.policies
    assert bundle.results["test"]["accuracy"] == numbers["parts"]["test"]["accuracy"]
    card = (tmp_path / "model" / "MODEL_CARD.md").read_text()
    assert "out of fold" in card
    assert card.count("\n# ") == 0
    heard = next(drumsort.classify(data.root / "kick0.wav", model=tmp_path / "model"))
    assert heard.prediction.place.shape == (2,)
    other = [{**subject.networks[0], "temperature": 9.0}]
    report.write(measured, folder / "benchmark-both", other)  # of another second network
    with pytest.raises(DataError, match="not of the weights that are to be exported"):
        write_bundle(folder, tmp_path / "other", "tiny", Other(folder))
    report.write(measured, subject.folder, other)
    with pytest.raises(DataError, match="not of the weights that are to be exported"):
        write_bundle(folder, tmp_path / "other", "tiny")
    for name in ("benchmark", "benchmark-both"):
        shutil.rmtree(folder / name)


def test_a_second_opinion_is_chosen_on_what_each_fold_held_out(done, tmp_path):
    folder = done.whole.folder.parent
    bundle = write_bundle(folder, tmp_path / "model", "tiny", Other(folder))
    gained = bundle.results["second opinion"]
    assert gained["sounds"] == sum(len(run.data().of("val")) for run in done.folds)
    right = said.shared(said.read(folder), said.read(folder))[0].right.mean()
    assert [gained["accuracy"][name] for name in ("quick", "second")] == [round(right, 4)] * 2


@pytest.fixture(scope="module")
def averaged(data, tmp_path_factory):
    """Networks that go on from the shipped model, and their mean."""
    recipe = replace(
        load("drumnet-5"),
        start=DEFAULT,
        epochs=1,
        batch_size=16,
        learning_rate=1e-4,
        sampling=Sampling(sounds=64),
        augmentation=None,
        distillation=None,
        whole="averaged",
    )
    return crossval(data, tmp_path_factory.mktemp("averaged") / "tiny", recipe, CPU)


def test_the_network_to_use_can_be_the_mean_of_the_folds(data, averaged):
    states = [run.net().state_dict() for run in averaged.folds]
    for name, value in averaged.whole.net().named_parameters():
        torch.testing.assert_close(value.data, sum(state[name] for state in states) / 5)
    assert not torch.equal(states[0]["classify.weight"], states[1]["classify.weight"])
    learned = [row.path for row in averaged.whole.rows() if row.split == "train"]
    assert sorted(learned) == sorted(row.path for row in data.rows if row.split != "test")
    assert averaged.whole.temperature != 1.0
    assert averaged.whole.history() == []
    assert averaged.whole.seconds == round(sum(run.seconds for run in averaged.folds), 1)


def test_a_mean_hears_as_well_as_the_networks_that_it_is_of(data, averaged):
    held_out = open_subject(averaged.whole.folder.parent, data, "test").parts["test"]
    whole = measure("", {"test": held_out}, {}, 1).numbers()["parts"]["test"]["accuracy"]
    model, sounds = held_out[0]
    folds = [[(type(model)(run), sounds)] for run in averaged.folds]
    told = [measure("", {"test": f}, {}, 1).numbers()["parts"]["test"]["accuracy"] for f in folds]
    assert whole >= np.mean(told) - 0.1


def test_a_mean_is_never_that_of_earlier_folds_nor_used_before_it_is_calibrated(
    data, averaged, tmp_path, monkeypatch
):
    folder = tmp_path / "tiny"
    shutil.copytree(averaged.whole.folder.parent, folder)
    fold = Run.load(folder / "fold0")
    net = fold.net()
    net.classify.bias.data += 1
    fold.write(net)
    monkeypatch.setattr(
        module, "train", lambda part, folder, *_, **__: Trained(Run.load(folder), None, [])
    )
    monkeypatch.setattr(module, "lay_out", killed)
    with pytest.raises(KeyboardInterrupt):
        crossval(data, folder, averaged.whole.recipe, CPU)
    with pytest.raises(DataError, match="tiny has not ended"):
        Run.load(folder)
    monkeypatch.setattr(module, "lay_out", lambda run: None)
    found = crossval(data, folder, averaged.whole.recipe, CPU).whole.net().classify.bias
    torch.testing.assert_close(found, averaged.whole.net().classify.bias + 1 / 5)


def killed(run):
    raise KeyboardInterrupt


@pytest.mark.parametrize("changes", [{"keep": "best"}, {"patience": 3}])
def test_an_epoch_is_not_chosen_by_what_is_held_out(data, tmp_path, changes):
    with pytest.raises(DataError, match="drumnet-2 chooses its epoch by the sounds"):
        crossval(data, tmp_path / "run", replace(TINY, **changes), CPU)
    assert not (tmp_path / "run").exists()


def test_networks_that_started_apart_are_not_averaged(data, tmp_path):
    with pytest.raises(DataError, match="start from fresh weights"):
        crossval(data, tmp_path / "apart", replace(TINY, whole="averaged"), CPU)
    assert not (tmp_path / "apart").exists()


def test_two_are_measured_as_one(data, done, averaged):
    quick, second = (one.whole.folder.parent for one in (averaged, done))
    subject = open_both(quick, second, data)
    how, policies, _ = choose(quick, second)
    assert subject.policies == policies
    numbers = measure(subject.name, subject.parts, policies, 1).numbers()["parts"]
    assert numbers["out of fold"]["sounds"] == sum(row.split != "test" for row in data.rows)
    assert numbers["test"]["sounds"] == len(data.of("test"))
    # Asked where the quick one is not sure, and only there.
    asked = []

    def more(front_end, some):
        asked.append(some)
        return mels[some]

    (model, sounds), *_ = subject.parts["out of fold"]
    features = FeatureCache(model.front_end).features(sounds)
    mels = features.log_mels()
    alone = open_subject(quick, data, "test").parts["out of fold"][0][0].hear(mels)
    said = model.hear(mels, more)
    unsure = np.flatnonzero(model.targets.best(alone.p).confidence < how.threshold)
    assert np.array_equal(np.concatenate([[], *asked]), unsure)
    changed = np.flatnonzero((said.p != alone.p).any(1))
    assert set(changed) <= set(unsure)
    assert np.array_equal(said.embedding, alone.embedding)


def test_two_that_hold_out_different_sounds_are_not_measured_as_one(data, done, tmp_path):
    quick, other = done.whole.folder.parent, tmp_path / "other"
    shutil.copytree(quick, other)
    manifest = Manifest(other / "fold1" / "split.csv")
    manifest.write([row for row in manifest.read().rows if row.split != "val"])
    with pytest.raises(DataError, match="hold out different sounds"):
        open_both(quick, other, data)


def test_a_folder_that_is_none_is_named(tmp_path):
    with pytest.raises(DataError, match="fold0"):
        CrossValidation.load(tmp_path)
