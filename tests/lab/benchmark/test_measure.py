"""The benchmark on real files: what is measured, what is written, what is refused."""

import json
from dataclasses import replace

import numpy as np
import pytest
import soundfile
import torch

from drumsort import taxonomy
from drumsort.errors import DataError
from drumsort.features import LogMel
from drumsort.lab.benchmark import measure
from drumsort.lab.bundle_writer import write_bundle
from drumsort.lab.data import Manifest
from drumsort.lab.data.rows import Data, Row
from drumsort.lab.network import build
from drumsort.lab.recipe import load
from drumsort.lab.report import benchmark
from drumsort.lab.run import Run
from drumsort.lab.targets import Targets
from drumsort.lab.trained import BundleModel, RunModel, Said

TARGETS = Targets({family: tuple(labels) for family, labels in taxonomy.FAMILIES.items()})
FRONT_END = LogMel(n_mels=32, n_frames=32)
EACH = 12
RATE = 44_100


def sound(seed, bright):
    """A decaying low tone, with noise from 6 to 14 kHz above it where it is to be bright."""
    t = np.arange(RATE // 4) / RATE
    tone = np.sin(2 * np.pi * (60 + seed) * t)
    noise = np.fft.rfft(np.random.default_rng(seed).standard_normal(len(t)))
    hz = np.fft.rfftfreq(len(t), 1 / RATE)
    noise = np.fft.irfft(np.where((hz > 6000) & (hz < 14000), noise, 0), len(t))
    return np.exp(-t / 0.05) * (0.05 * tone + 0.3 * noise if bright else 0.8 * tone)


class Ear:
    """Takes what has much above 4 kHz for a hat, and all else for a kick."""

    min_confidence = 0.5
    targets, front_end = TARGETS, FRONT_END

    def __init__(self, name="ear", embeds=True):
        self.name, self.embeds = name, embeds

    def hear(self, mels, more):
        p = np.zeros((len(mels), len(TARGETS.labels)))
        bright = mels[:, 22:].max((1, 2)) > -25
        p[np.arange(len(mels)), np.where(bright, TARGETS.labels.index("closed_hat"), 0)] = 1
        flat = mels.reshape(len(mels), -1)
        return Said(p, flat / np.linalg.norm(flat, axis=1, keepdims=True) if self.embeds else None)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Kicks, closed hats, and two snares that are dull."""
    folder = tmp_path_factory.mktemp("sounds")
    rows = []
    for label, family in (("kick", "kick"), ("closed_hat", "hat")):
        for seed in range(EACH):
            name = f"{label} {seed}.wav"
            soundfile.write(folder / name, sound(seed, label == "closed_hat"), RATE)
            rows.append(Row(name, label, family, f"g{seed % 3}", source="a"))
    for seed in range(2):
        name = f"|{seed}|.wav"
        soundfile.write(folder / name, sound(100 + seed, False), RATE)
        rows.append(Row(name, "snare", "snare", "g9", source="a"))
    return Data(folder, rows)


@pytest.fixture(scope="module")
def measured(data):
    """Two models, the kicks and hats held out from one, the snares from the other."""
    parts = {
        "out of fold": [
            (Ear("one"), Data(data.root, data.rows[: 2 * EACH])),
            (Ear("two"), Data(data.root, data.rows[2 * EACH :])),
        ],
        "test": [(Ear("three"), data)],
    }
    seen = []
    done = measure("ears", parts, {"all": 0.0}, on_changed=lambda *steps: seen.append(steps))
    assert seen[-1] == (2 * EACH + 2,) * 2
    return done


def test_a_change_counts_against_the_same_sounds_as_they_are(measured):
    numbers = measured.numbers()["parts"]
    for part in ("out of fold", "test"):
        robust = numbers[part]["robustness"]
        assert robust["sounds"] == robust["of"] == 2 * EACH + 2
        assert robust["six_families"] == numbers[part]["six_families"]["balanced_accuracy"]
        assert robust["six_families"] == pytest.approx(2 / 3, abs=1e-4)
        same = {"six_families_change": 0, "balanced_accuracy_change": 0, "flipped": 0}
        changes = robust["transforms"]
        assert changes["20 dB quieter"] == changes["200 ms of silence first"] == same
        assert changes["at 8 kHz"]["flipped"] == pytest.approx(12 / 26, abs=1e-4)
        assert changes["at 8 kHz"]["six_families_change"] == pytest.approx(-1 / 3, abs=1e-4)
    assert numbers["out of fold"]["robustness"] == numbers["test"]["robustness"]


def test_as_few_sounds_are_changed_as_asked_for_and_always_the_same(data):
    def robust(limit):
        pairs = [(Ear(), Data(data.root, data.rows[: 2 * EACH]))]
        numbers = measure("ear", {"val": pairs}, {}, limit).numbers()["parts"]["val"]
        assert numbers["sounds"] == 2 * EACH
        return numbers["robustness"]

    some = robust(7)
    assert (some["sounds"], some["of"]) == (7, 2 * EACH)
    assert some == robust(7)
    flipped = some["transforms"]["at 8 kHz"]["flipped"] * 7
    assert flipped == pytest.approx(round(flipped), abs=1e-3)
    assert 0 < flipped < 7
    assert robust(1000)["sounds"] == 2 * EACH


def test_the_report_holds_the_numbers_and_a_picture(measured, tmp_path):
    numbers = benchmark.write(measured, tmp_path)
    assert numbers == json.loads((tmp_path / "benchmark.json").read_text())
    assert numbers == {**measured.numbers(), "networks": []}
    text = (tmp_path / "benchmark.md").read_text()
    assert "- *out of fold*: 26 sounds in 4 groups, by 2 models" in text
    assert "|  | out of fold | test |" in text
    assert "| family | out of fold: sounds | out of fold: precision |" in text
    assert "| at 8 kHz | -33.3 |" in text
    assert "- 2 x snare for kick: `|" in text
    lines = text.splitlines()
    for i, line in enumerate(lines):
        if line.startswith("|---"):  # as many cells in each line; and a sentence before each table
            table = lines[i - 1 : lines.index("", i)]
            assert len({len(row.replace("\\|", "").split("|")) for row in table}) == 1
            assert lines[i - 3].rstrip().endswith((".", ":"))
    assert dict(benchmark.headline(numbers))["Accuracy among all 8 families"] == [
        benchmark.with_interval(numbers["parts"][part], "accuracy") for part in numbers["parts"]
    ]
    assert (tmp_path / "confusions.png").read_bytes().startswith(b"\x89PNG")


def test_what_is_never_confused_has_no_picture_and_what_has_no_embedding_no_table(data, tmp_path):
    (tmp_path / "confusions.png").touch()
    some = [(Ear(embeds=False), Data(data.root, data.rows[: 2 * EACH : 4]))]
    benchmark.write(measure("ear", {"val": some}, {}), tmp_path)
    assert not (tmp_path / "confusions.png").exists()
    text = (tmp_path / "benchmark.md").read_text()
    assert "confusions.png" not in text
    assert "## Embedding" not in text
    assert "| family | sounds | precision | recall |" in text


def test_what_cannot_be_measured_is_said(data):
    other = Ear("other")
    other.front_end = replace(FRONT_END, n_mels=16)
    unknown = Data(data.root, [replace(data.rows[0], label="gong", family="gong")])
    for pairs, sentence in (
        ([], "There is no model to measure"),
        ([(Ear(), data), (other, data)], "ear and other differ in their labels or"),
        ([(Ear(), data), (Ear(), data)], r"kick 0\.wav is held out from two models"),
        ([(Ear(), unknown)], "labelled 'gong'"),
    ):
        with pytest.raises(DataError, match=sentence):
            measure("ear", {"val": pairs}, {})
    with pytest.raises(DataError, match="There is no part"):
        measure("ear", {}, {})


def test_a_sound_that_cannot_be_heard_is_named_and_left_out(data, tmp_path):
    (tmp_path / "kick.wav").write_bytes(b"RIFF")
    broken = Row(str(tmp_path / "kick.wav"), "kick", "kick", "g")
    parts = {"val": [(Ear(), Data(data.root, [*data.rows, broken]))]}
    numbers = measure("ear", parts, {}, limit=3).numbers()["parts"]["val"]
    assert numbers["sounds"] == 2 * EACH + 2
    assert "kick.wav is damaged" in numbers["failures"][0]


def test_a_run_and_its_model_folder_say_the_same(tmp_path, data):
    recipe = replace(load("drumnet-2"), options={"width": 8})
    torch.manual_seed(0)
    net = build(recipe.network, len(TARGETS.labels), recipe.front_end, recipe.options).eval()
    run = Run(tmp_path / "run", recipe, TARGETS, data.root, "", 0, temperature=2.0)
    run.write(net)
    Manifest(run.folder / "split.csv").write([replace(row, split="train") for row in data.rows])
    mels = np.random.default_rng(0).uniform(-80, 0, (3, 64, 128)).astype(np.float32)
    said = RunModel(run, net).hear(mels)
    with torch.inference_mode():
        logits, embedding = net(torch.from_numpy(mels))
    np.testing.assert_allclose(said.p, (logits / 2).softmax(1), atol=1e-6)
    np.testing.assert_allclose(said.embedding, embedding, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(said.embedding, axis=1), 1, atol=1e-5)
    model = BundleModel(write_bundle(run.folder, tmp_path / "model", "small").folder)
    exported = model.hear(mels, lambda front_end, some: pytest.fail("it has no second opinion"))
    np.testing.assert_allclose(exported.p, said.p, atol=1e-4)
    np.testing.assert_allclose(exported.embedding, said.embedding, atol=1e-4)
