"""Recipes say what the facts say, and nothing that they do not know."""

import pytest

from drumsort.errors import DataError
from drumsort.features import LogMel
from drumsort.lab.augment import Augmentation
from drumsort.lab.recipe import Distillation, Sampling, Schedule, load, shipped
from drumsort.model.bundle import DEFAULT


def test_the_student_recipes_are_as_the_project_had_them():
    basic, batchnorm, final = (load(f"student-{n}") for n in ("basic", "batchnorm", "depthwise-se"))
    for recipe in (basic, batchnorm, final):
        front_end = recipe.front_end
        assert (front_end.rate, front_end.n_mels, front_end.n_frames) == (None, 128, 128)
        assert (front_end.n_fft, front_end.hop, front_end.fmin) == (2048, 512, 0)
        assert (front_end.fmax, front_end.pad_db, front_end.onset_db) == (None, 0, None)
        assert (recipe.batch_size, recipe.optimizer, recipe.keep) == (32, "adam", "last")
        assert (recipe.sampling, recipe.augmentation, recipe.mixup) == (None, None, 0)
    for recipe in (basic, batchnorm):
        assert (recipe.epochs, recipe.learning_rate, recipe.schedule.kind) == (20, 1e-3, "constant")
    assert (final.epochs, final.learning_rate, final.options) == (30, 5e-3, {"groups": 16})
    assert final.schedule == Schedule("step", every=10, factor=0.5, steps_per_epoch=2)


def test_the_corrected_recipe_differs_in_the_corrections_only():
    student, corrected = load("student-depthwise-se"), load("corrected-depthwise-se")
    different = {n for n, v in vars(student).items() if v != getattr(corrected, n)}
    assert different == {"name", "options", "schedule", "front_end", "augmentation"}
    assert corrected.front_end.rate == 16000
    assert corrected.front_end.pad_db is None
    assert corrected.schedule.steps_per_epoch == 1


def test_the_shipped_model_has_its_recipe():
    recipe = load(DEFAULT)
    assert recipe.classes == "taxonomy"
    assert recipe.sampling == Sampling(label_balance=0.4, renders=0.5)
    assert recipe.augmentation == Augmentation(variants=9, layers=0.3)
    assert recipe.distillation == Distillation(targets="runs/teachers", weight=0.5)


def test_the_quick_network_differs_in_network_windows_and_teacher_only():
    quick, larger = load("drumnet-3"), load("drumnet-2")
    different = {n for n, v in vars(quick).items() if v != getattr(larger, n)}
    assert different == {"name", "network", "options", "front_end", "distillation"}
    assert quick.distillation == Distillation("drumnet-2")
    assert quick.front_end == LogMel(rate=44_100, n_fft=1152, hop=441, lead=441)


@pytest.mark.parametrize("name", shipped())
def test_settings_are_changed_as_in_toml(name):
    recipe = load(name, ["epochs=3", "front_end.pad_db=-60", "schedule.kind=step", "keep='best'"])
    assert recipe.name == name
    assert (recipe.epochs, recipe.front_end.pad_db) == (3, -60)
    assert (recipe.schedule.kind, recipe.keep) == ("step", "best")
    assert load(name, ["augmentation=none"]).augmentation is None


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("epoch=3", "epoch is not a setting"),
        ("front_end.mels=3", "front_end.mels is not a setting"),
        ("epochs=0", "epochs is 0: it must be a number above 0"),
        ("epochs=1.5", r"epochs is 1\.5: it must be a whole number"),
        ("epochs=many", "epochs is 'many': it must be a whole number"),
        ("epochs.x=3", "epochs is not a table of settings"),
        ("epochs=true", "epochs is True"),
        ("seed=abc", "seed is 'abc'"),
        ("learning_rate=nan", "learning_rate is nan: it must be a number above 0"),
        ("learning_rate=inf", "learning_rate is inf"),
        ("weight_decay=-1", "weight_decay is -1"),
        ("front_end=5", "front_end is 5: it must be a table of settings"),
        ("front_end.hop=512.5", r"front_end.hop is 512\.5"),
        ("front_end.n_mels=0", "front_end.n_mels is 0"),
        ("front_end.rate=abc", "front_end.rate is 'abc': it must be a whole number or none"),
        ("schedule=step", "schedule is 'step'"),
        ("schedule.every=0", "schedule.every is 0"),
        ("sampling.sounds=0", "sampling.sounds is 0"),
        ("classes=kick", "classes is 'kick'"),
        ("optimizer=sgd", "optimizer is 'sgd': it must be 'adam' or 'adamw'"),
        ("schedule.kind=wild", "schedule.kind is 'wild'"),
        ("epochs", "'epochs' is not a setting: write it as KEY=VALUE"),
        ("distillation.weight=0.5", "distillation.teacher is missing"),
        ("distillation=drumnet-2", "distillation is 'drumnet-2'"),
    ],
)
def test_a_setting_that_is_none_is_named(setting, sentence):
    with pytest.raises(DataError, match=sentence):
        load("student-basic", [setting])


def test_a_recipe_of_your_own_is_a_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('network = "basic"\nepochs = 1\nlearning_rate = 1e-3\nbatch_size = 8\n')
    assert load(str(path)).name == "mine"
    path.write_text("network =")
    with pytest.raises(DataError, match=r"mine\.toml cannot be read"):
        load(str(path))
    path.write_text('network = "basic"')
    with pytest.raises(DataError, match="epochs is missing"):
        load(str(path))
    with pytest.raises(DataError, match="no recipe 'studnet': choose one of"):
        load("studnet")
