"""``drumsort correct`` and ``corrections``, as they are typed."""

import json
import os
import shutil
import sys

import pytest


@pytest.fixture
def scanned(drumsort_here, samples):
    assert drumsort_here("scan", samples).returncode == 0
    return samples


def heard(drumsort_here, path):
    return json.loads(drumsort_here("classify", "--jsonl", path).stdout)


def test_what_was_corrected_is_classified_and_sorted_so(drumsort_here, scanned, tmp_path):
    first = sorted(scanned.rglob("*.wav"))[0]
    before = heard(drumsort_here, first)
    label = "rim" if before["label"] != "rim" else "tom"
    done = drumsort_here("correct", first, "--label", label)
    assert done.returncode == 0
    assert f"1 file corrected to {label}." in done.stdout
    assert heard(drumsort_here, first)["label"] == label
    drumsort_here("sort", scanned, "--into", "Sorted", "--layout", "{label}/{name}")
    assert [path.name for path in (tmp_path / "Sorted" / label).iterdir()] == [first.name]
    listed = json.loads(drumsort_here("corrections", "list", "--json").stdout)
    assert [c["label"] for c in listed] == [label]
    assert first.name in drumsort_here("corrections", "list").stdout.replace("\n", "")
    assert "No longer" in drumsort_here("corrections", "undo").stdout
    assert heard(drumsort_here, first)["label"] == before["label"]
    assert "no correction to take back" in drumsort_here("corrections", "undo").stdout


def test_a_sound_is_corrected_wherever_it_is_seen(drumsort_here, samples, tmp_path):
    drumsort_here("sort", samples, "--into", "Sorted")
    (copy,) = (tmp_path / "Sorted").rglob("PRT_2.wav")
    done = drumsort_here("correct", copy, "--label", "tom")  # nothing was ever scanned
    assert (done.returncode, done.stderr) == (0, "")
    assert heard(drumsort_here, samples / "Pack A" / "PRT_2.wav")["label"] == "tom"
    os.utime(copy)
    done = drumsort_here("teach", "class", "Vox", copy)
    assert "Vox has 1 example" in done.stdout
    assert heard(drumsort_here, samples / "Pack A" / "PRT_2.wav")["label"] == "Vox"
    (samples / "bad.wav").write_bytes(b"text")
    done = drumsort_here("correct", samples, "none.wav", "--label", "rim")
    assert (done.returncode, done.stdout.splitlines()[0]) == (1, "4 files corrected to rim.")
    assert "bad.wav is damaged" in done.stderr
    assert "none.wav does not exist: name a file or a folder that does." in done.stderr
    assert drumsort_here("scan", "--list").stdout.startswith("The library is empty")


def test_a_file_that_changed_since_the_scan_is_corrected_as_it_is_now(drumsort_here, scanned):
    first, other = scanned / "Pack A" / "PRT_1.wav", scanned / "Pack B" / "PRT_1.wav"
    before = heard(drumsort_here, other)["label"]
    first.write_bytes(other.read_bytes())
    label = "rim" if before != "rim" else "tom"
    assert drumsort_here("correct", first, "--label", label).returncode == 0
    assert heard(drumsort_here, other)["label"] == label


def test_corrections_travel_as_csv(drumsort_here, scanned):
    first = sorted(scanned.rglob("*.wav"))[0]
    drumsort_here("correct", first, "--label", "rim")
    assert "1 correction written" in drumsort_here("corrections", "export", "c.csv").stdout
    done = drumsort_here("corrections", "import", "c.csv", "--catalog", "other.db")
    assert done.returncode == 0
    assert "1 correction loaded" in done.stdout
    again = drumsort_here("corrections", "export", "c.csv")
    assert (again.returncode, again.stdout) == (2, "")
    assert "c.csv exists already and is not overwritten: name another file." in again.stderr


def test_classes_of_ones_own_travel_too(drumsort_here, scanned, tmp_path):
    drumsort_here("teach", "class", "Vox", scanned / "Pack A")
    drumsort_here("corrections", "export", "c.csv")
    drumsort_here("teach", "forget", "Vox")
    done = drumsort_here("corrections", "import", "c.csv")
    assert done.stdout == "3 corrections loaded from c.csv.\nNew classes of your own: Vox.\n"
    assert "Vox: 3 examples" in drumsort_here("teach", "list").stdout
    (tmp_path / "odd.csv").write_text("audio_hash;label;path\nx;snare;a\nx;snare;b\n")
    done = drumsort_here("corrections", "import", "odd.csv")
    assert done.returncode == 1
    assert "Left out: 2 lines" in done.stderr


def test_undo_says_what_a_sound_is_now(drumsort_here, scanned):
    first = sorted(scanned.rglob("*.wav"))[0]
    for label in ("tom", "snare", "snare"):
        drumsort_here("correct", first, "--label", label)
    for said in ("Still snare: ", "tom again, no longer snare: ", "No longer tom: "):
        assert drumsort_here("corrections", "undo").stdout.startswith(said)


def test_a_folder_stands_for_its_sounds(drumsort_here, scanned, tmp_path):
    first = scanned / "Pack A" / "PRT_1.wav"
    done = drumsort_here("correct", scanned / "Pack A", first, "--label", "rim")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("3 files corrected to rim.")
    (tmp_path / "empty").mkdir()
    done = drumsort_here("correct", "empty", "--label", "rim")
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no sound in empty: name a file, or another folder." in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
def test_a_name_that_is_no_text_keeps_its_bytes_in_json(drumsort_here, scanned):
    odd = scanned / os.fsdecode(b"\xff.wav")
    shutil.copy(scanned / "Pack B" / "PRT_1.wav", odd)
    drumsort_here("scan", scanned)
    drumsort_here("correct", odd, "--label", "rim")
    (listed,) = json.loads(drumsort_here("corrections", "list", "--json").stdout)
    assert listed["path"] == str(odd)


@pytest.mark.parametrize(
    ("args", "code", "sentence"),
    [
        (("correct", "new.wav", "--label", "rim"), 2, "new.wav does not exist"),
        (("correct", "new.wav", "--label", "zap"), 2, "There is no label 'zap'"),
        (("corrections", "import", "none.csv"), 2, "none.csv cannot be read"),
        (("corrections", "list", "--catalog", "none.db"), 2, "There is no catalog"),
    ],
)
def test_what_cannot_be_done_is_said(drumsort_here, scanned, args, code, sentence):
    done = drumsort_here(*args)
    assert done.returncode == code
    assert sentence in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
