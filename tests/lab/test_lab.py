"""From a run to reports and to a model folder that classifies, with the same numbers throughout."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import polars as pl
import pytest
import torch

import drumsort
from drumsort.analysis.low_tone import is_low_tone
from drumsort.audio.decode import decode
from drumsort.errors import DataError
from drumsort.lab import job, said
from drumsort.lab.bundle_writer import Other, write_bundle
from drumsort.lab.data import Manifest, open_data
from drumsort.lab.data.split import only
from drumsort.lab.evaluate import evaluate
from drumsort.lab.hardware import Hardware
from drumsort.lab.network import build
from drumsort.lab.recipe import Sampling, load
from drumsort.lab.report import comparison, evaluation
from drumsort.lab.run import Run
from drumsort.lab.targets import Targets
from drumsort.lab.trained import BundleModel, RunModel, open_model
from drumsort.model.bundle import Bundle

CPU = Hardware("cpu", 1, "32-true")
TINY = replace(
    load("drumnet-2"), epochs=2, batch_size=16, options={"width": 8}, sampling=Sampling(sounds=64)
)


@pytest.fixture(scope="module")
def data(drums):
    return open_data(drums)


@pytest.fixture(scope="module")
def trained(data, tmp_path_factory):
    """A run of two epochs, and what was measured on its validation sounds."""
    trained = job.train(data, tmp_path_factory.mktemp("lab") / "tiny", TINY, CPU)
    numbers = trained.val.numbers()
    evaluation.write(numbers, trained.run.folder / "evaluation", evaluation.training(trained.run))
    return trained


def untrained(name, data, folder):
    """A run of a shipped recipe with fresh weights, as if it had ended."""
    recipe = load(name)
    targets = Targets.of(recipe.classes, data.rows)
    torch.manual_seed(0)
    net = build(recipe.network, len(targets.labels), recipe.front_end, recipe.options)
    run = Run(folder, recipe, targets, data.root, "", sum(p.numel() for p in net.parameters()))
    run.write(net)
    Manifest(folder / "split.csv").write(data.rows)
    return run


def test_what_the_run_says_is_what_evaluate_says_again(trained, data):
    run = Run.load(trained.run.folder)
    assert run == trained.run
    again = evaluate(open_model(run.folder), only(run.data(), (), "val"), "val").numbers()
    assert again == trained.val.numbers()
    assert again["sounds"] == sum(map(sum, again["confusion"])) == 16
    assert again["classes"]["kick"]["sounds"] == 4
    right = sum(again["confusion"][i][i] for i in range(8)) / 16
    assert again["accuracy"] == right


def test_the_files_behind_confusions_are_the_ones(trained):
    rows = {row.path: row for row in trained.val.rows}
    listed = trained.val.numbers()["confusions"]
    assert sum(c["sounds"] for c in listed) == round(16 * (1 - trained.val.numbers()["accuracy"]))
    for c in listed:
        assert {rows[f["path"]].family for f in c["files"]} == {c["truth"]}
        confidences = [f["confidence"] for f in c["files"]]
        assert confidences == sorted(confidences, reverse=True)


def test_reports_hold_the_numbers_and_link_to_nothing(trained):
    folder = trained.run.folder / "evaluation"
    numbers = json.loads((folder / "val.json").read_text())
    assert numbers == trained.val.numbers()
    accuracy = f"{numbers['accuracy']:.1%}"
    page, text = (folder / "val.html").read_text(), (folder / "val.md").read_text()
    assert f"| Accuracy | {accuracy}" in text
    assert accuracy in page
    assert numbers["confusions"][0]["files"][0]["path"] in page
    pictures = page.split("<svg")[1:]
    assert len(pictures) == 4
    for picture in pictures:
        ElementTree.fromstring("<svg" + picture.split("</svg>")[0] + "</svg>")
    for link in ("<script", "<link", "<img", "src=", 'href="http'):
        assert link not in page


def test_names_of_classes_and_files_cannot_break_the_page(trained):
    numbers = json.loads(json.dumps(trained.val.numbers()).replace("kick", "<script>"))
    page = evaluation.html(json.loads(json.dumps(numbers).replace("hat", "$x_$ |")), None)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "$x_$ |" in page
    assert "| $x_$ \\| |" in evaluation.markdown(
        json.loads(json.dumps(numbers).replace("hat", "$x_$ |"))
    )


def test_runs_stand_side_by_side(trained, data, tmp_path):
    other = tmp_path / trained.run.name
    shutil.copytree(trained.run.folder, other)
    (other / "log.csv").write_text("".join((other / "log.csv").open().readlines()[:2]))
    (first, second), failures = comparison.compare([trained.run.folder, other, data.root])
    assert failures == [f"{data.root} is neither a run nor a model folder."]
    facts = first.facts()
    assert facts["val_accuracy"] == trained.val.numbers()["accuracy"]
    assert facts["test_accuracy"] is None
    assert (facts["epochs"], second.facts()["epochs"]) == (2, 1)
    assert facts["parameters"] == trained.run.parameters
    assert dict(zip(comparison.COLUMNS, first.line(), strict=True))["test accuracy"] == "-"
    assert (first.name, second.name) == (str(trained.run.folder), str(other))
    none, same = comparison.differences([first, second])
    assert none is None
    assert (same.sounds, same.groups) == (16, 3)
    assert same.points["accuracy"] == (0.0, (0.0, 0.0))
    assert same.line()[-1] == "+0.0 (+0.0 to +0.0)"
    page = comparison.html([first, second])
    assert page.count("<svg") == 2
    assert "paired bootstrap" in page
    assert "paired bootstrap" not in comparison.html([first])
    assert "validation loss" in page


def test_a_run_is_compared_on_the_sounds_that_both_had_held_out(trained, data, tmp_path):
    other = tmp_path / "better"
    shutil.copytree(trained.run.folder, other)
    table = pl.read_parquet(other / said.NAME)
    families = [name for name in table.columns if name not in ("path", "group", "truth")]
    right = [(pl.col("truth") == name).cast(pl.Float64).alias(name) for name in families]
    table.with_columns(right).sort("path", descending=True)[3:].write_parquet(other / said.NAME)
    (first, second), _ = comparison.compare([trained.run.folder, other])
    _, better = comparison.differences([first, second])
    kept = sorted(row.path for row in data.of("val"))[: 16 - 3]
    verdicts = trained.val.verdicts
    before = [
        bool(hit)
        for row, hit in zip(trained.val.rows, verdicts.right, strict=True)
        if row.path in kept
    ]
    value, (low, high) = better.points["accuracy"]
    assert better.sounds == 13
    assert value == pytest.approx(1 - sum(before) / 13)
    assert low <= value <= high
    (other / said.NAME).unlink()
    assert comparison.differences([first, second]) == [None, None]
    (other / said.NAME).write_bytes(b"nonsense")
    with pytest.raises(DataError, match="is damaged"):
        comparison.differences([first, second])


def test_a_run_becomes_a_model_folder(trained, data, tmp_path):
    bundle = write_bundle(trained.run.folder, tmp_path / "model", "tiny")
    assert Bundle.load(tmp_path / "model") == bundle
    assert bundle.results["val"]["accuracy"] == trained.val.numbers()["accuracy"]
    results = list(drumsort.classify(data.root, model=tmp_path / "model"))
    assert len(results) == 64
    assert all(result.ok for result in results)
    card = (tmp_path / "model" / "MODEL_CARD.md").read_text()
    for fact in ("somebody/drums | 16 | CC0", "| val | 16 | 3 |", "1 3 5 7\n", "`drumnet-2`"):
        assert fact in card
    write_bundle(trained.run.folder, tmp_path / "model", "again")
    assert Bundle.load(tmp_path / "model").name == "again"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["model"]


def test_a_graph_holds_nothing_of_the_machine_that_made_it(trained, tmp_path):
    write_bundle(trained.run.folder, tmp_path / "model", "tiny", Other(trained.run.folder))
    for name in ("model.onnx", "second.onnx", "bundle.json", "MODEL_CARD.md"):
        content = (tmp_path / "model" / name).read_bytes()
        for words in (b".py", b"Traceback", b"File ", str(Path.cwd()).encode(), b"/tmp"):
            assert words not in content, name


def test_an_export_that_is_stopped_leaves_the_older_model(trained, tmp_path, monkeypatch):
    write_bundle(trained.run.folder, tmp_path / "model", "old")
    rename, calls = Path.rename, []

    def stop_at_second(self, target):
        calls.append(self)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", stop_at_second)
    with pytest.raises(KeyboardInterrupt):
        write_bundle(trained.run.folder, tmp_path / "model", "new")
    assert Bundle.load(tmp_path / "model").name == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["model"]


def test_the_card_holds_only_what_was_held_out(trained, tmp_path):
    shutil.copytree(trained.run.folder, tmp_path / "run")
    for split in ("train", "all"):
        numbers = {**trained.val.numbers(), "split": split}
        evaluation.write(numbers, tmp_path / "run" / "evaluation")
    bundle = write_bundle(tmp_path / "run", tmp_path / "model", "tiny")
    assert list(bundle.results) == ["val"]


def test_no_folder_of_yours_is_replaced_by_a_model(trained, tmp_path):
    (tmp_path / "Samples").mkdir()
    (tmp_path / "Samples" / "kick.wav").touch()
    with pytest.raises(DataError, match="has files that are not a model's"):
        write_bundle(trained.run.folder, tmp_path / "Samples", "tiny")
    assert (tmp_path / "Samples" / "kick.wav").exists()


@pytest.mark.parametrize(
    "name",
    ["student-basic", "student-batchnorm", "student-depthwise-se", "drumnet-2", "drumnet-5"],
)
def test_onnx_runtime_says_what_torch_says_of_files(name, data, tmp_path):
    run = untrained(name, data, tmp_path / "run")
    model = write_bundle(run.folder, tmp_path / "model", name).folder
    some = replace(data, rows=data.rows[::7])
    by_torch = evaluate(RunModel(run), some, "all").verdicts.scores
    by_onnx = evaluate(BundleModel(model), some, "all").verdicts.scores
    np.testing.assert_allclose(by_onnx, by_torch, atol=1e-4)
    results = drumsort.classify([some.path(row) for row in some.rows], model=model, names="ignore")
    heard = np.array([list(result.prediction.scores.values()) for result in results])
    summed = run.targets.sums(heard)
    clips = [
        decode(some.path(row), samples=run.recipe.front_end.native_samples) for row in some.rows
    ]
    by_network = [not is_low_tone(clip) for clip in clips]  # a low tone counts beside it
    assert sum(by_network) >= 6
    np.testing.assert_allclose(summed[by_network], by_torch[by_network], atol=1e-4)


def test_a_folder_that_is_no_model_is_named(tmp_path):
    with pytest.raises(DataError, match="neither a run nor a model folder"):
        open_model(tmp_path)
    (tmp_path / "checkpoint.pt").touch()
    with pytest.raises(DataError, match="has not ended"):
        open_model(tmp_path)


def test_damaged_weights_are_named(data, tmp_path):
    run = untrained("drumnet-2", data, tmp_path)
    (tmp_path / "weights.pt").write_bytes(b"nonsense")
    with pytest.raises(DataError, match=r"weights\.pt is damaged"):
        run.net()
