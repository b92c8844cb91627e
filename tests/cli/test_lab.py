"""The training lab as a researcher meets it: real commands on class folders of real files."""

import json
import re
import shutil

import pytest
import soundfile

from ..stores import ObjectStore
from ..synth.drums import synthesize

pytest.importorskip("torch", reason="needs the 'lab' extra")

SMALL = (
    "--set", "epochs=2", "--set", "front_end.n_mels=32", "--set", "front_end.n_frames=32",
    "--accelerator", "cpu",
)  # fmt: skip
TRAIN = ("lab", "train", "student-depthwise-se", "--data", "Drums", *SMALL)


@pytest.fixture
def drums(tmp_path):
    """Two classes of ten sounds each."""
    for label in ("kick", "closed_hat"):
        (tmp_path / "Drums" / label).mkdir(parents=True)
        for seed in range(10):
            path = tmp_path / "Drums" / label / f"{seed}.wav"
            soundfile.write(path, synthesize(label, seed, 16000), 16000)
    return tmp_path / "Drums"


def test_train_evaluate_compare_export_and_sort(drumsort, drumsort_here, drums, tmp_path):
    trained = drumsort(*TRAIN, "--run", "one")
    assert trained.returncode == 0, trained.stderr
    assert "Report: one/evaluation/val.html" in trained.stdout
    assert "embed.weight" in trained.stderr
    assert "epoch   2" in trained.stderr
    measured = drumsort_here("lab", "evaluate", "one", "--data", "Drums", "--json")
    assert measured.returncode == 0, measured.stderr
    assert json.loads(measured.stdout)["sounds"] == 4
    compared = drumsort_here("lab", "compare", "one", "one", "--json", "--html", "both.html")
    assert [run["run"] for run in json.loads(compared.stdout)] == ["one", "one"]
    assert "<svg" in (tmp_path / "both.html").read_text()
    exported = drumsort_here("lab", "export", "one", "--second", "one")
    assert re.search(r"Second opinion: asked below .*% of 4 sounds, with a share", exported.stdout)
    everything = drumsort_here("lab", "evaluate", "one/model", "--data", "Drums", "--split", "all")
    assert "Report: evaluation/one/all.html" in everything.stdout
    done = drumsort("sort", "Drums", "--into", "Sorted", "--model", "one/model", "--ear", "quick")
    assert "20 files copied" in done.stdout
    assert {p.name for p in (tmp_path / "Sorted").iterdir()} <= {"kick", "closed_hat", "_unsure"}


def test_a_store_trains_the_network_that_a_folder_trains(
    drumsort_here, drums, tmp_path, monkeypatch
):
    monkeypatch.delenv("DRUMSORT_DATA", raising=False)
    shutil.copytree(drums, tmp_path / "stores" / "labelled-sounds" / "Drums")
    url = "s3://labelled-sounds/Drums"
    with ObjectStore(tmp_path / "stores") as store:
        for name, value in store.environment().items():
            monkeypatch.setenv(name, value)
        numbers = []
        for data, run in (("Drums", "here"), (url, "there")):
            trained = drumsort_here(*TRAIN[:4], data, *SMALL, "--run", run)
            assert trained.returncode == 0, trained.stderr
            measured = drumsort_here("lab", "evaluate", run, "--json")  # by what the run remembers
            assert measured.returncode == 0, measured.stderr
            numbers.append(json.loads(measured.stdout) | {"name": "", "model": ""})
        assert store.requests["GET"] == 20
    assert numbers[0] == numbers[1]
    assert json.loads((tmp_path / "there" / "run.json").read_text())["root"] == url


def test_two_devices_share_the_work_where_it_does_not_share_out_evenly(
    drumsort, drumsort_here, drums
):
    for number in range(2):
        (drums / "kick" / f"{number}.wav").unlink()
    done = drumsort(*TRAIN, "--run", "two", "--devices", "2", "--set", "batch_size=4")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Accuracy:") == 1
    assert done.stderr.count("epoch   2") == 1
    assert drumsort_here("lab", "evaluate", "two", "--data", "Drums").returncode == 0
    done = drumsort(*TRAIN, "--run", "odd", "--devices", "2", "--set", "batch_size=3")
    assert done.returncode == 2
    assert "2 devices cannot share a batch of 3" in done.stderr


def test_a_sound_that_cannot_be_heard_is_named_and_the_rest_is_learned(drumsort_here, drums):
    for label in ("kick", "closed_hat"):  # in packs, so that groups are known
        for number in range(10):
            path = drums / label / f"Pack {number % 5}" / f"{number}.wav"
            path.parent.mkdir(exist_ok=True)
            (drums / label / f"{number}.wav").rename(path)
        (drums / label / "Pack 0" / f"broken {label}.wav").write_bytes(b"RIFF")
    done = drumsort_here(*TRAIN, "--run", "run")
    assert done.returncode == 1
    assert "broken kick.wav" in done.stderr
    assert "broken closed_hat.wav" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Accuracy:" in done.stdout


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (
            ("lab", "train", "student-basics", "--data", "Drums"),
            "There is no recipe 'student-basics'",
        ),
        (("lab", "train", "student-basic", "--data", "Nowhere"), "Nowhere does not exist"),
        (("lab", "train", "student-basic", "--data", "."), "nor two class folders"),
        (
            ("lab", "train", "student-basic", "--data", "Drums", "--set", "epoch=1"),
            "epoch is not a setting",
        ),
        (("lab", "targets", "aisfx", "aisfx", "--data", "Drums"), "Two recipes are called aisfx"),
        (("lab", "evaluate", "Drums", "--data", "Drums"), "neither a run nor a model folder"),
        (("lab", "evaluate", "--data", "Drums", "--split", "test"), "no sound in the test split"),
        (
            ("lab", "benchmark", "--data", "Drums", "--second", "Drums"),
            "--second needs the cross-validation MODEL",
        ),
        (
            ("lab", "benchmark", "Drums", "--data", "Drums", "--second", "Drums"),
            "fold0 is neither a run nor a model folder",
        ),
        (("lab", "compare", "Drums"), "neither a run nor a model folder"),
        (("lab", "export", "Drums"), "neither a run nor a model folder"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(drumsort_here, drums, args, sentence):
    done = drumsort_here(*args)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
