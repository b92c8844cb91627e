"""Real, small training runs: seeded, resumable, stopped early, refused where they do not fit."""

import errno
import shutil
from dataclasses import replace

import polars as pl
import pytest
import torch
from tensorboardX.proto.event_pb2 import Event
from torch import nn

from drumsort.errors import DataError
from drumsort.lab import files, job
from drumsort.lab import log as log_module
from drumsort.lab.augment import without_highs
from drumsort.lab.data import Data, open_data
from drumsort.lab.fit import disagreement
from drumsort.lab.hardware import Hardware
from drumsort.lab.loss import set_loss
from drumsort.lab.recipe import Sampling, load
from drumsort.lab.run import Run

CPU = Hardware("cpu", 1, "32-true")
TINY = replace(
    load("drumnet-2"), epochs=2, batch_size=16, options={"width": 8}, sampling=Sampling(sounds=64)
)
SMALL = replace(load("student-depthwise-se").front_end, n_mels=32, n_frames=32)
STUDENT = replace(load("student-depthwise-se"), epochs=2, batch_size=8, front_end=SMALL)


class KilledError(Exception):
    """Stops a run after an epoch, as a kill would."""


def train(data, folder, recipe=TINY, hardware=CPU, **callbacks):
    return job.train(data, folder, recipe, hardware, **callbacks)


def killed(epoch):
    raise KilledError


def weights(folder):
    return torch.cat([v.double().flatten() for v in Run.load(folder).net().state_dict().values()])


def log(folder):
    return pl.read_csv(folder / "log.csv").drop("seconds")


@pytest.fixture(scope="module")
def data(drums):
    return open_data(drums)


@pytest.mark.parametrize("recipe", [TINY, STUDENT], ids=lambda recipe: recipe.name)
def test_a_run_that_was_stopped_ends_as_an_unbroken_one(data, tmp_path, recipe):
    with pytest.raises(KilledError):
        train(data, tmp_path / "broken", recipe, on_epoch=killed)
    assert not (tmp_path / "broken" / "run.json").exists()
    epochs = []
    train(data, tmp_path / "broken", recipe, on_epoch=epochs.append)
    assert [epoch.epoch for epoch in epochs] == [2]
    train(data, tmp_path / "unbroken", recipe)
    train(data, tmp_path / "other", replace(recipe, seed=5))
    broken, unbroken = weights(tmp_path / "broken"), weights(tmp_path / "unbroken")
    torch.testing.assert_close(broken, unbroken, rtol=0, atol=0)
    assert not torch.equal(weights(tmp_path / "other"), unbroken)
    assert log(tmp_path / "broken").equals(log(tmp_path / "unbroken"))
    assert log(tmp_path / "broken")["epoch"].to_list() == [1, 2]


def test_a_run_that_has_ended_is_not_trained_again(data, tmp_path):
    train(data, tmp_path)
    before = weights(tmp_path)
    train(data, tmp_path, on_epoch=killed)
    assert torch.equal(weights(tmp_path), before)


def test_training_stops_early_and_keeps_the_best_epoch(data, tmp_path):
    recipe = replace(STUDENT, epochs=30, patience=2, keep="best", learning_rate=0.05)
    train(data, tmp_path / "run", recipe)
    losses = log(tmp_path / "run")["val_loss"].to_list()
    best = losses.index(min(losses))
    assert len(losses) == best + 3 < 30
    train(data, tmp_path / "short", replace(recipe, epochs=best + 1, patience=None, keep="last"))
    assert torch.equal(weights(tmp_path / "run"), weights(tmp_path / "short"))


def test_the_rate_halves_as_often_as_the_schedule_says(data, tmp_path):
    def rates(name, steps):
        schedule = replace(STUDENT.schedule, every=2, steps_per_epoch=steps)
        train(data, tmp_path / name, replace(STUDENT, epochs=5, schedule=schedule))
        return log(tmp_path / name)["learning_rate"].to_list()

    assert rates("once", 1) == [5e-3, 5e-3, 2.5e-3, 2.5e-3, 1.25e-3]
    assert rates("twice", 2) == [5e-3, 2.5e-3, 1.25e-3, 6.25e-4, 3.125e-4]


def test_a_checkpoint_that_does_not_fit_is_refused(data, tmp_path):
    with pytest.raises(KilledError):
        train(data, tmp_path, on_epoch=killed)
    moved = Data(data.root, [replace(row, group="one") for row in data.rows])
    shutil.copytree(data.root, tmp_path / "changed")
    shutil.copy(data.path(data.rows[1]), tmp_path / "changed" / data.rows[0].path)
    changed = Data(tmp_path / "changed", data.rows)
    for what, rows, recipe, hardware in (
        ("another recipe", data, replace(TINY, epochs=3), CPU),
        ("other data", moved, TINY, CPU),
        ("another precision", data, TINY, Hardware("cpu", 1, "bf16-mixed")),
        ("other data", changed, TINY, CPU),
    ):
        with pytest.raises(DataError, match=f"belongs to {what}: name another folder"):
            train(rows, tmp_path, recipe, hardware)
    (tmp_path / "checkpoint.pt").write_bytes(b"nonsense")
    with pytest.raises(DataError, match=r"checkpoint\.pt is damaged"):
        train(data, tmp_path)


def test_a_full_disk_leaves_the_last_whole_checkpoint(data, tmp_path, monkeypatch):
    with pytest.raises(KilledError):
        train(data, tmp_path, on_epoch=killed)
    before = (tmp_path / "checkpoint.pt").read_bytes()

    def full(path, content):
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(files.Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        train(data, tmp_path)
    monkeypatch.undo()
    assert (tmp_path / "checkpoint.pt").read_bytes() == before
    assert not list(tmp_path.rglob("*.part"))
    train(data, tmp_path)
    assert len(log(tmp_path)) == 2


def test_a_disk_that_was_full_at_the_very_end_is_no_harm(data, tmp_path, monkeypatch):
    def full(*args):
        raise DataError("no room")

    monkeypatch.setattr(log_module, "write_table", full)
    with pytest.raises(DataError, match="no room"):
        train(data, tmp_path, replace(TINY, epochs=1))
    monkeypatch.undo()
    train(data, tmp_path, replace(TINY, epochs=1))
    assert len(log(tmp_path)) == 1
    assert Run.load(tmp_path).history()[0].epoch == 1


def test_what_an_earlier_run_left_is_gone_with_its_checkpoint(data, tmp_path):
    train(data, tmp_path)
    (tmp_path / "evaluation").mkdir()
    (tmp_path / "evaluation" / "test.json").write_text("{}")
    (tmp_path / "checkpoint.pt").unlink()
    with pytest.raises(KilledError):
        train(data, tmp_path, replace(TINY, seed=9), on_epoch=killed)
    assert not (tmp_path / "run.json").exists()
    assert not (tmp_path / "evaluation").exists()


def test_a_run_folder_that_is_a_file_is_named(data, tmp_path):
    (tmp_path / "run").touch()
    with pytest.raises(DataError, match="run cannot be made"):
        train(data, tmp_path / "run")


def test_devices_that_are_not_there_are_named(data, tmp_path):
    with pytest.raises(DataError, match="This computer does not have 1 x gpu"):
        train(data, tmp_path, hardware=Hardware("gpu"))


def test_a_loss_that_is_no_number_is_named(data, tmp_path):
    with pytest.raises(DataError, match="epoch 1 is not a finite number"):
        train(data, tmp_path, replace(STUDENT, learning_rate=1e30))
    assert not (tmp_path / "checkpoint.pt").exists()


def test_a_class_that_is_not_learned_from_is_named(data, tmp_path):
    rows = [row for row in data.rows if (row.label, row.split) != ("clap", "train")]
    with pytest.raises(DataError, match="No sound of the class 'clap' is in the train split"):
        train(Data(data.root, rows), tmp_path, STUDENT)
    rows = [row for row in data.rows if row.split != "val"]
    with pytest.raises(DataError, match="no drums to validate on"):
        train(Data(data.root, rows), tmp_path, STUDENT)
    rows = [row for row in data.rows if row.split != "val" or row.family == "other"]
    with pytest.raises(DataError, match="no drums to validate on"):
        train(Data(data.root, rows), tmp_path, STUDENT)
    assert not (tmp_path / "checkpoint.pt").exists()


def test_a_label_that_the_recipe_does_not_know_is_named(data, tmp_path):
    recipe = replace(STUDENT, classes=("kick", "clap", "other"))
    with pytest.raises(DataError, match=r"hihat0\.wav is labelled 'hihat'"):
        train(data, tmp_path, recipe)


def test_tensorboard_gets_what_the_log_gets(data, tmp_path):
    train(data, tmp_path)
    (events,) = (tmp_path / "tensorboard").glob("events.*")
    content, found, at = events.read_bytes(), {}, 0
    while at < len(content):
        size = int.from_bytes(content[at : at + 8], "little")
        event = Event.FromString(content[at + 12 : at + 12 + size])
        for value in event.summary.value:
            found[value.tag, event.step] = value.simple_value
        at += 16 + size
    for line in log(tmp_path).to_dicts():
        assert found["val_loss", line["epoch"]] == pytest.approx(line["val_loss"])


class Bands(nn.Module):
    """Hears nothing but how loud some bands are."""

    def __init__(self, bands):
        super().__init__()
        self.bands = bands

    def forward(self, mel):
        level = mel[:, self.bands].mean((1, 2)) / 20
        return torch.stack([level, -level], 1), None


@pytest.mark.parametrize(("bands", "agrees"), [(slice(0, 8), True), (slice(56, 64), False)])
def test_a_network_that_hears_the_highs_disagrees_with_itself_without_them(bands, agrees):
    rng = torch.Generator().manual_seed(0)
    mel = -60 * torch.rand(12, 64, 128, generator=rng)
    mel[:, 0, 0] = 0  # the loudest cell is not among the highs
    possible = torch.tensor([[True, False]] * 12)
    without = Bands(bands)(without_highs(mel[:4], TINY.front_end))[0]
    learned = set_loss(without, possible[:4], TINY.smoothing).mean() / 3
    apart = disagreement(Bands(bands), mel, possible, TINY) - learned
    assert (apart < 1e-4) == agrees
