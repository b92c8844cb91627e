"""``drumsort lab benchmark`` as a researcher meets it."""

import csv
import json

import pytest
import soundfile

from ..synth.drums import synthesize

pytest.importorskip("torch", reason="needs the 'lab' extra")


@pytest.fixture
def drums(tmp_path):
    """Six sounds of a val split, in two groups."""
    (tmp_path / "Drums").mkdir()
    with (tmp_path / "Drums" / "manifest.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("path", "label", "group", "split"))
        for label in ("kick", "snare", "closed_hat"):
            for seed in range(2):
                sound = synthesize(label, seed, 22050)
                soundfile.write(tmp_path / "Drums" / f"{label}{seed}.wav", sound, 22050)
                writer.writerow((f"{label}{seed}.wav", label, f"g{seed}", "val"))
    return tmp_path / "Drums"


def test_the_shipped_model_is_measured_in_every_way(drumsort_here, drums, tmp_path):
    args = ("lab", "benchmark", "--data", "Drums", "--split", "val", "--limit", "4")
    done = drumsort_here(*args)
    assert done.returncode == 0, done.stderr
    assert "Report: benchmark/drumnet-" in done.stdout
    assert "Balanced accuracy among six families: " in done.stdout
    done = drumsort_here(*args, "--into", "Report", "--json")
    assert done.returncode == 0, done.stderr
    part = json.loads(done.stdout)["parts"]["val"]
    assert part["sounds"] == 6
    assert part["robustness"]["sounds"] == 4
    assert json.loads((tmp_path / "Report" / "benchmark.json").read_text())["parts"]["val"] == part


def test_what_cannot_be_measured_is_said_in_one_sentence(drumsort_here, drums):
    done = drumsort_here("lab", "benchmark", "--data", "Drums")
    assert done.returncode == 2
    assert "Drums has no sound in the test split" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
