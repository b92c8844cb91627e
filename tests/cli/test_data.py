"""``drumsort lab data`` as people run it: label, stats, show, features."""

import csv
import json

import polars as pl
import pytest
import soundfile

from ..synth.drums import synthesize

NAMES = {
    "Pack A/Kicks/01.wav": "kick",
    "Pack A/Kicks/02.wav": "kick",
    "Pack A/SD_01.wav": "snare",
    "Pack B/Snare 2.wav": "snare",
    "Pack B/CHH.wav": "closed_hat",
    "Pack B/Hat 1.wav": "closed_hat",
    "Pack B/kick_snare.wav": "kick",
    "Pack B/zzz.wav": "clap",
}


@pytest.fixture(autouse=True)
def at_home(tmp_path, monkeypatch):
    """A cache of its own, and no data folder from outside."""
    monkeypatch.setenv("DRUMSORT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("DRUMSORT_DATA", raising=False)


@pytest.fixture
def drums(tmp_path):
    """A folder of sounds whose names say what they are, more or less."""
    for seed, (name, label) in enumerate(NAMES.items()):
        path = tmp_path / "Drums" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, synthesize(label, seed, 16000), 16000)
    return tmp_path / "Drums"


@pytest.fixture
def labelled(drums, drumsort_here):
    """The same with a manifest by names."""
    assert drumsort_here("lab", "data", "label", drums).returncode == 0
    return drums


def rows(path):
    with path.open(newline="") as stream:
        return {row["path"]: row for row in csv.DictReader(stream)}


@pytest.mark.parametrize("command", ["label", "stats", "show", "features"])
def test_each_command_explains_itself_with_examples(drumsort_here, command):
    done = drumsort_here("lab", "data", command, "--help")
    assert done.returncode == 0
    assert f"drumsort lab data {command} " in done.stdout.split("Options:")[0].split("\n\n", 1)[1]


@pytest.mark.parametrize("command", ["label", "stats", "show", "features"])
def test_no_data_is_an_error_of_one_sentence(drumsort_here, command, tmp_path):
    out = () if command in ("label", "stats") else ("--out", "x.png")
    missing = drumsort_here("lab", "data", command, *out)
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "DIR" in missing.stderr
    gone = drumsort_here("lab", "data", command, tmp_path / "gone", *out)
    assert (gone.returncode, gone.stdout) == (2, "")
    assert "gone" in gone.stderr and "Traceback" not in gone.stderr


def test_label_writes_a_manifest_and_says_what_it_could_not_tell(drumsort_here, drums):
    done = drumsort_here("lab", "data", "label", drums)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["kick", "kick", "2"] in lines
    assert ["hihat", "hat", "1"] in lines
    assert "1 of 8 names contradict themselves" in done.stdout
    assert "Pack B/kick_snare.wav  ('kick' and 'snare' contradict each other)" in done.stdout
    assert "1 of 8 names say nothing" in done.stdout
    written = rows(drums / "manifest.csv")
    assert set(written) == set(NAMES)
    labels = {path: (row["label"], row["family"], row["group"]) for path, row in written.items()}
    assert labels["Pack A/Kicks/01.wav"] == ("kick", "kick", "Pack A")
    assert labels["Pack B/CHH.wav"] == ("closed_hat", "hat", "Pack B")
    assert labels["Pack B/Hat 1.wav"] == ("hihat", "hat", "Pack B")
    assert labels["Pack B/zzz.wav"] == ("", "", "Pack B")


def test_label_replaces_a_manifest_only_when_forced(drumsort_here, labelled):
    (labelled / "manifest.csv").write_text("mine")
    refused = drumsort_here("lab", "data", "label", labelled)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "--force" in refused.stderr
    assert (labelled / "manifest.csv").read_text() == "mine"
    assert drumsort_here("lab", "data", "label", labelled, "--force").returncode == 0
    assert set(rows(labelled / "manifest.csv")) == set(NAMES)


def test_label_elsewhere_keeps_paths_right_or_refuses(drumsort_here, drums, tmp_path):
    done = drumsort_here("lab", "data", "label", drums, "--out", tmp_path / "mine.csv", "--json")
    facts = json.loads(done.stdout)
    assert facts["labels"] == {"kick": 2, "snare": 2, "closed_hat": 1, "hihat": 1}
    assert list(facts["ambiguous"]) == ["Pack B/kick_snare.wav"]
    assert list(facts["unnamed"]) == ["Pack B/zzz.wav"]
    assert all((tmp_path / path).is_file() for path in rows(tmp_path / "mine.csv"))
    refused = drumsort_here(
        "lab", "data", "label", drums, "--out", tmp_path / "beside" / "mine.csv"
    )
    assert refused.returncode == 2
    assert "is neither in" in refused.stderr


def test_stats_of_labelled_data_as_tables_and_as_a_page(drumsort_here, labelled, tmp_path):
    done = drumsort_here("lab", "data", "stats", labelled, "--html", "page.html")
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["kick", "2"] in [line[:2] for line in lines]
    assert "Families: kick 2, snare 2, hat 2" in done.stdout
    assert "Sounds: 6 of 4 classes" in done.stdout
    assert "Groups: 2, the largest of 3" in done.stdout
    assert "Sounds in Drums" in (tmp_path / "page.html").read_text()


def test_stats_names_what_cannot_be_heard_and_goes_on(drumsort_here, labelled, monkeypatch):
    (labelled / "Pack B" / "CHH.wav").write_bytes(b"no sound")
    monkeypatch.setenv("DRUMSORT_DATA", str(labelled))
    done = drumsort_here("lab", "data", "stats", "--json")
    assert done.returncode == 1
    facts = json.loads(done.stdout)
    assert facts["classes"] == {"kick": 2, "snare": 2, "hihat": 1}
    assert len(facts["failures"]) == 1
    assert "CHH.wav" in done.stderr


def test_class_folders_need_no_manifest(drumsort_here, tmp_path):
    for label in ("kick", "clap"):
        (tmp_path / "Mine" / label).mkdir(parents=True)
        path = tmp_path / "Mine" / label / "a.wav"
        soundfile.write(path, synthesize(label, 1, 16000), 16000)
    facts = json.loads(drumsort_here("lab", "data", "stats", "Mine", "--json").stdout)
    assert facts["classes"] == {"kick": 1, "clap": 1}


def test_show_draws_a_picture(drumsort_here, labelled, tmp_path):
    done = drumsort_here(
        "lab", "data", "show", labelled, "--out", "a.png", "--each", "2", "--seed", "3"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    drumsort_here("lab", "data", "show", labelled, "--out", "b.svg", "--recipe", "student-basic")
    picture = (tmp_path / "b.svg").read_text()
    for text in ("snare", "SD_01.wav", "Snare 2.wav", "Hat 1.wav", "Hz", "3,000", "0 s"):
        assert f"<!-- {text} -->" in picture
    drumsort_here("lab", "data", "show", labelled, "--out", "c.svg", "--each", "1")
    picture = (tmp_path / "c.svg").read_text()
    assert ("SD_01.wav" in picture) != ("Snare 2.wav" in picture)
    refused = drumsort_here("lab", "data", "show", labelled, "--out", "c.xyz")
    assert refused.returncode == 2
    assert ".png" in refused.stderr


def test_features_are_written_as_said(drumsort_here, labelled, tmp_path):
    (labelled / "Pack A" / "SD_01.wav").write_bytes(b"")
    done = drumsort_here(
        "lab", "data", "features", labelled, "--out", "f.parquet", "--recipe", "drumnet-2"
    )
    assert done.returncode == 1
    assert "SD_01.wav" in done.stderr
    table = pl.read_parquet(tmp_path / "f.parquet")
    assert table.columns == ["label", "file", "rate", "duration", "log_mel"]
    assert table["log_mel"].to_numpy().shape == (5, 64, 128)
    assert set(table["label"]) == {"kick", "snare", "closed_hat", "hihat"}
    assert set(table["rate"]) == {16000}
    assert "polars.read_parquet('f.parquet')" in done.stdout
