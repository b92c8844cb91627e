"""A small network that learns to agree with larger ones, which are trained first."""

from dataclasses import replace

import pytest
import torch

from drumsort.errors import DataError
from drumsort.lab import job
from drumsort.lab.crossval import crossval
from drumsort.lab.data import Data, open_data
from drumsort.lab.fit import predict
from drumsort.lab.hardware import Hardware
from drumsort.lab.loss import divergence
from drumsort.lab.recipe import Distillation, Sampling, load, teachers
from drumsort.lab.run import Run
from drumsort.lab.teachers import Teachers

CPU = Hardware("cpu", 1, "32-true")
TEACHER = """
network = "drumnet"
options = { width = 16 }
epochs = 2
batch_size = 16
learning_rate = 3e-3
"""


@pytest.fixture(scope="module")
def data(drums):
    return open_data(drums)


@pytest.fixture(scope="module")
def recipe(tmp_path_factory):
    """A tiny network with two teachers."""
    path = tmp_path_factory.mktemp("recipes") / "larger.toml"
    path.write_text(TEACHER)
    return replace(
        load("drumnet-2"),
        epochs=2,
        batch_size=16,
        options={"width": 8},
        sampling=Sampling(sounds=64),
        distillation=Distillation(str(path), teachers=2, weight=0.9),
    )


def weights(folder):
    return torch.cat([v.double().flatten() for v in Run.load(folder).net().state_dict().values()])


def test_divergence_is_nothing_where_both_agree_and_more_where_they_do_not():
    p = torch.tensor([[0.7, 0.2, 0.1]])
    assert divergence(p.log(), p).item() == pytest.approx(0, abs=1e-6)
    expected = torch.nn.functional.kl_div(torch.zeros(1, 3).log_softmax(1), p, reduction="sum")
    assert divergence(torch.zeros(1, 3), p).item() == pytest.approx(expected.item())


def test_teachers_share_what_the_small_network_hears_and_tells_apart(recipe):
    small = replace(recipe, classes=None, front_end=replace(recipe.front_end, n_mels=32))
    first, second = teachers(small).values()
    assert (first.seed, second.seed) == (1, 2)
    assert first == replace(second, seed=1)
    assert (first.options, first.epochs) == ({"width": 16}, 2)
    assert (first.classes, first.front_end) == (None, small.front_end)
    assert teachers(replace(small, distillation=None)) == {}
    with pytest.raises(DataError, match="no recipe 'larger'"):
        teachers(replace(small, distillation=Distillation("larger")))


def test_what_teachers_say_is_averaged(data, recipe, tmp_path):
    job.train(data, tmp_path, recipe, CPU)
    nets = [Run.load(tmp_path / name).net() for name in ("teacher1", "teacher2")]
    mels = torch.rand(3, 64, 128) * -80
    first, second = (predict(net, mels).softmax(1) for net in nets)
    assert not torch.allclose(first, second, atol=1e-3)
    said = Teachers([net.train() for net in nets], CPU.start())(mels)
    torch.testing.assert_close(said, (first + second) / 2)
    assert not said.requires_grad


def test_the_small_network_agrees_with_its_teachers(data, recipe, tmp_path):
    def apart(weight):
        chosen = replace(recipe.distillation, teachers=1, weight=weight)
        folder = tmp_path / str(weight)
        job.train(data, folder, replace(recipe, epochs=12, distillation=chosen), CPU)
        mels = torch.rand(64, 64, 128, generator=torch.Generator().manual_seed(1)) * -80
        small, large = (
            predict(Run.load(path).net(), mels) for path in (folder, folder / "teacher1")
        )
        return float(divergence(small, large.softmax(1)).mean())

    assert apart(1.0) < apart(0.01) / 2


def test_a_run_that_was_stopped_does_not_train_its_teachers_anew(data, recipe, tmp_path):
    def killed(epoch):
        raise KeyboardInterrupt

    heard = []

    def on_teacher(teacher, epoch):
        heard.append((teacher, epoch.epoch))

    with pytest.raises(KeyboardInterrupt):
        job.train(data, tmp_path / "broken", recipe, CPU, on_epoch=killed, on_teacher=on_teacher)
    assert heard == [("teacher1", 1), ("teacher1", 2), ("teacher2", 1), ("teacher2", 2)]
    job.train(data, tmp_path / "broken", recipe, CPU, on_teacher=on_teacher)
    assert len(heard) == 4
    job.train(data, tmp_path / "unbroken", recipe, CPU)
    assert torch.equal(weights(tmp_path / "broken"), weights(tmp_path / "unbroken"))


def test_in_cross_validation_teachers_do_not_hear_what_is_held_out(drums, recipe, tmp_path):
    rows = open_data(drums).rows
    data = Data(drums, [replace(row, group=f"pack{i % 24}") for i, row in enumerate(rows)])
    one = replace(recipe, epochs=1, distillation=replace(recipe.distillation, teachers=1))
    names = []
    done = crossval(data, tmp_path, one, CPU, on_epoch=lambda name, epoch: names.append(name))
    assert names[:3] == ["fold0/teacher1", "fold0/teacher1", "fold0"]
    assert names[-3:] == ["whole/teacher1", "whole/teacher1", "whole"]
    for run in done.folds:
        teacher = Run.load(run.folder / "teacher1").data()
        assert {row.path for row in teacher.of("val")} == {row.path for row in run.data().of("val")}
