"""A second network for a model: when it is asked, how much it counts, and the folder with both."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from drumsort.audio.decode import decode
from drumsort.errors import DataError
from drumsort.features import LogMel
from drumsort.lab import bundle_writer, calibrate, job
from drumsort.lab.bundle_writer import Other, write_bundle
from drumsort.lab.data import Manifest, open_data
from drumsort.lab.data.features import FeatureCache
from drumsort.lab.data.rows import Row
from drumsort.lab.hardware import Hardware
from drumsort.lab.metrics import accuracy
from drumsort.lab.network import build
from drumsort.lab.recipe import Sampling, load
from drumsort.lab.run import Run
from drumsort.lab.second_opinion import KEPT, Opinions, heard_by_both, together
from drumsort.lab.targets import Targets
from drumsort.lab.trained import BundleModel, RunModel
from drumsort.model.bundle import Bundle, Second
from drumsort.model.infer import Network, mean

CPU = Hardware("cpu", 1, "32-true")
FAMILIES = {"kick": ("kick",), "snare": ("snare", "rim"), "other": ("other",)}
SMALL = replace(
    load("drumnet-5"),
    epochs=1,
    batch_size=16,
    options={"channels": (16, 16, 16, 32)},
    sampling=Sampling(sounds=64),
    augmentation=None,
    distillation=None,
    consistency=0.0,
)


def opinions(n=2000, seed=0):
    """Two thirds of the sounds are easy; of the others the second network knows more."""
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 4, n)
    hard = rng.random(n) < 1 / 3
    right = np.eye(4)[label]
    quick = right * np.where(hard, 0.5, 6)[:, None] + rng.normal(0, 1, (n, 4))
    second = right * np.where(hard, 2.5, 4)[:, None] + rng.normal(0, 1, (n, 4))
    targets = Targets(FAMILIES)
    named = [(label, family) for family, labels in FAMILIES.items() for label in labels]
    rows = [Row(f"{i}.wav", *named[which], group=str(i % 50)) for i, which in enumerate(label)]
    possible = targets.mask(rows)
    p = []
    for logits in (quick, second):
        logits = torch.from_numpy(logits).float()
        p.append((logits / calibrate.temperature(logits, possible)).softmax(1).numpy())
    return Opinions(targets, rows, *p)


def right(said, how):
    return float(accuracy(said.truth(heard_by_both(said, how)).confusion()))


def likelihood(said, how):
    p = heard_by_both(said, how)
    return np.log(p[said.possible.numpy()]).mean()


ALWAYS = Second(
    LogMel(),
    sha256="",
    temperature=1.5,
    threshold=1.0,
    share=0.0,
    mean_temperature=1.0,
    quick_policies={"balanced": 0.5},
)


def test_it_is_asked_no_more_than_it_takes_and_both_are_right_as_often_as_they_say():
    said = opinions()
    how = together(said, ALWAYS)
    assert (how.temperature, how.quick_policies) == (1.5, {"balanced": 0.5})
    assert 0.4 < how.share < 1
    never, always = (likelihood(said, replace(how, threshold=t)) for t in (0.0, 1.0))
    part = [
        (likelihood(said, replace(how, threshold=percent / 100)) - never) / (always - never)
        for percent in range(round(how.threshold * 100) + 1)
    ]
    assert part[-1] == pytest.approx(KEPT, abs=0.05)  # the temperature is another one since
    assert max(part[:-5]) < KEPT
    confidence = said.targets.best(said.quick).confidence
    assert 0.2 < (confidence < how.threshold).mean() < 0.7
    told = said.truth(heard_by_both(said, how))
    assert right(said, how) > float(accuracy(said.truth(said.quick).confusion())) + 0.05
    sure = told.confidence > 0.8
    assert told.right[sure].mean() == pytest.approx(told.confidence[sure].mean(), abs=0.02)


def test_the_one_that_knows_nothing_gets_no_say():
    said = opinions(600)
    nothing = np.full_like(said.quick, 0.25)
    how = together(replace(said, second=nothing), ALWAYS)
    assert how.threshold == 0.0
    how = together(replace(said, quick=nothing), ALWAYS)
    assert how.share > 0
    assert how.threshold > 0.5  # which all are below


@pytest.fixture(scope="module")
def data(drums):
    return open_data(drums)


@pytest.fixture(scope="module")
def runs(data, tmp_path_factory):
    """Two networks, each with a log-mel of its own."""
    folder = tmp_path_factory.mktemp("lab")
    larger = replace(
        SMALL,
        options={"channels": (16, 32, 32, 48)},
        front_end=replace(SMALL.front_end, hop=882, n_frames=64),
        seed=2,
    )
    for name, recipe in {"small": SMALL, "large": larger}.items():
        job.train(data, folder / name, recipe, CPU)
    return folder


@pytest.fixture(scope="module")
def exported(runs):
    return write_bundle(runs / "small", runs / "model", "both", Other(runs / "large"))


def test_the_folder_holds_both_and_what_they_say_together(runs, data, exported):
    assert Bundle.load(runs / "model") == exported
    one, two = Run.load(runs / "small"), Run.load(runs / "large")
    quick, second = exported.by_ear("quick"), exported.second
    assert (quick.temperature, quick.policies) == (one.temperature, one.policies)
    assert second.temperature == two.temperature
    assert second.front_end == two.recipe.front_end
    assert exported.second_network.stat().st_size < 2 * two.parameters + 25_000
    # What is heard is what torch says of both.
    some = replace(data, rows=data.rows[::5])
    by_torch = []
    for run in (one, two):
        features = FeatureCache(run.recipe.front_end).features(some)
        by_torch.append(RunModel(run).hear(features.log_mels()).p)
    features = FeatureCache(exported.front_end).features(some)
    asked = exported.classes.best(by_torch[0]).confidence < second.threshold
    expected = np.where(asked[:, None], mean(*by_torch, second), by_torch[0])
    said = BundleModel(runs / "model").hear(features.log_mels(), features.more).p
    np.testing.assert_allclose(said, expected, atol=0.02)  # 8 bits


def test_policies_and_numbers_are_those_of_the_held_out_sounds(runs, data, exported):
    gained = exported.results["second opinion"]
    assert gained["sounds"] == 16
    held_out = replace(data, rows=data.of("val"))
    for ear in ("quick", "second"):
        bundle = Bundle.load(runs / "model", ear)
        clips = [
            decode(held_out.path(row), samples=bundle.front_end.native_samples)
            for row in held_out.rows
        ]
        scores = np.stack([one.scores for one in Network(bundle).hear_all(clips)])
        families = [bundle.classes.names[best] for best in bundle.classes.best(scores).family]
        share = np.mean(
            [family == row.family for family, row in zip(families, held_out.rows, strict=True)]
        )
        name = {"quick": "quick", "second": "both"}[ear]
        assert gained["accuracy"][name] == pytest.approx(share, abs=1e-4)
    card = (runs / "model" / "MODEL_CARD.md").read_text()
    assert f"below {exported.second.threshold:.2f}" in card
    assert "16 sounds" in card


def test_what_does_not_fit_is_refused_and_nothing_is_left(runs, data, tmp_path, monkeypatch):
    def other(**changes):
        recipe = replace(SMALL, **changes)
        targets = Targets.of(recipe.classes, data.rows)
        net = build(recipe.network, len(targets.labels), recipe.front_end, recipe.options)
        run = Run(tmp_path / "run", recipe, targets, data.root, "", 1)
        run.folder.mkdir(exist_ok=True)
        run.write(net)
        Manifest(run.folder / "split.csv").write(data.of("test"))
        return run.folder

    def refused(folder, match):
        with pytest.raises(DataError, match=match):
            write_bundle(runs / "small", tmp_path / "model", "both", Other(folder))
        assert [path.name for path in tmp_path.iterdir()] == ["run"]

    refused(other(classes=["kick", "hat"]), "differ in their labels")
    refused(other(), "no sound in the val split")
    monkeypatch.setattr(bundle_writer, "LARGEST", 10_000)
    refused(runs / "large", "a second opinion may take")
