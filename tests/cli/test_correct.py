"""``drumsort correct`` and ``corrections``, as they are typed."""

import json

import pytest


@pytest.fixture
def scanned(drumsort, samples):
    assert drumsort("scan", samples).returncode == 0
    return samples


def heard(drumsort, path):
    return json.loads(drumsort("classify", "--jsonl", path).stdout)


def test_what_was_corrected_is_classified_and_sorted_so(drumsort, scanned, tmp_path):
    first = sorted(scanned.rglob("*.wav"))[0]
    before = heard(drumsort, first)
    label = "rim" if before["label"] != "rim" else "tom"
    done = drumsort("correct", first, "--label", label)
    assert done.returncode == 0
    assert f"1 file corrected to {label}." in done.stdout
    assert heard(drumsort, first)["label"] == label
    drumsort("sort", scanned, "--into", "Sorted", "--layout", "{label}/{name}")
    assert [path.name for path in (tmp_path / "Sorted" / label).iterdir()] == [first.name]
    listed = json.loads(drumsort("corrections", "list", "--json").stdout)
    assert [c["label"] for c in listed] == [label]
    assert first.name in drumsort("corrections", "list").stdout.replace("\n", "")
    assert "No longer" in drumsort("corrections", "undo").stdout
    assert heard(drumsort, first)["label"] == before["label"]
    assert "no correction to take back" in drumsort("corrections", "undo").stdout


def test_corrections_travel_as_csv(drumsort, scanned):
    first = sorted(scanned.rglob("*.wav"))[0]
    drumsort("correct", first, "--label", "rim")
    assert "1 written" in drumsort("corrections", "export", "c.csv").stdout
    done = drumsort("corrections", "import", "c.csv", "--catalog", "other.db")
    assert done.returncode == 0
    assert "1 taken over" in done.stdout


@pytest.mark.parametrize(
    ("args", "code", "sentence"),
    [
        (("correct", "new.wav", "--label", "rim"), 1, "new.wav is not in the catalog"),
        (("correct", "new.wav", "--label", "zap"), 2, "There is no label 'zap'"),
        (("corrections", "import", "none.csv"), 2, "none.csv cannot be read"),
        (("corrections", "list", "--catalog", "none.db"), 2, "There is no catalog"),
    ],
)
def test_what_cannot_be_done_is_said(drumsort, scanned, args, code, sentence):
    done = drumsort(*args)
    assert done.returncode == code
    assert sentence in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
