"""``drumsort collections``, as it is typed."""

import json
import shutil
from pathlib import Path

import pytest


@pytest.fixture
def scanned(drumsort_here, samples):
    assert drumsort_here("scan", samples).returncode == 0
    return samples


def test_a_collection_is_filled_listed_and_exported(drumsort_here, scanned):
    first, second, *_ = sorted(scanned.rglob("*.wav"))
    assert (
        "2 sounds in Dark kit."
        in drumsort_here("collections", "add", "Dark kit", first, second).stdout
    )
    assert (
        "1 sound in Dark kit." in drumsort_here("collections", "remove", "dark kit", second).stdout
    )
    listed = json.loads(drumsort_here("collections", "list", "--json").stdout)
    assert [(c["name"], c["count"]) for c in listed] == [("Favourites", 0), ("Dark kit", 1)]
    assert "Dark kit" in drumsort_here("collections", "list").stdout
    assert drumsort_here("collections", "list", "Dark kit").stdout.replace("\n", "") == str(first)
    done = drumsort_here(
        "collections", "export", "Dark kit", "--as", "sfz", "--into", "Out", "--json"
    )
    assert json.loads(done.stdout) == {
        "path": str(Path("Out", "Dark kit")), "count": 1, "failures": {},
    }  # fmt: skip
    assert (
        "1 sound in Out"
        in drumsort_here("collections", "export", "Dark kit", "--into", "Out").stdout
    )
    drumsort_here("collections", "rename", "Dark kit", "Darker")
    assert drumsort_here("collections", "delete", "Darker").returncode == 0
    assert "Dark" not in drumsort_here("collections", "list").stdout


def test_a_query_is_saved_and_used_like_a_list(drumsort_here, scanned):
    paths = sorted(map(str, scanned.rglob("*.wav")))
    saved = drumsort_here("collections", "save", "Pack one", "-path:deep", "pack:Pack A", "path-")
    assert (saved.stdout, saved.returncode) == ("2 sounds in Pack one now.\n", 0)
    listed = json.loads(drumsort_here("collections", "list", "--json").stdout)
    assert (listed[1]["count"], listed[1]["query"]) == (2, '-path:deep pack:"Pack A" path-')
    assert '-path:deep pack:"Pack A" path-' in drumsort_here("collections", "list").stdout
    names = json.loads(drumsort_here("collections", "list", "pack ONE", "--json").stdout)
    assert names == {"files": [paths[1], paths[0]], "missing": []}
    assert drumsort_here("find", "collection:one").stdout.splitlines() == paths[:2]
    done = drumsort_here("collections", "export", "Pack one", "--into", "Out", "--json")
    assert json.loads(done.stdout)["count"] == 2
    assert drumsort_here("collections", "save", "Pack one", "pack:Pack B").stdout.startswith(
        "1 sound "
    )
    wrong = drumsort_here("collections", "save", "Pack one", "lenght:1")
    assert (wrong.returncode, "try length:" in wrong.stderr) == (2, True)
    added = drumsort_here("collections", "add", "Pack one", paths[0])
    assert (added.returncode, "is the saved query 'pack:\"Pack B\"'" in added.stderr) == (2, True)
    assert drumsort_here("find", "collection:one").stdout.splitlines() == paths[3:]


def test_a_lost_sound_is_named(drumsort_here, scanned):
    first, second, *_ = sorted(scanned.rglob("*.wav"))
    drumsort_here("collections", "add", "Favourites", first, second)
    first.unlink()
    drumsort_here("scan", scanned)
    done = drumsort_here("collections", "export", "Favourites", "--into", "Out", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["count"] == 1
    assert list(json.loads(done.stdout)["failures"]) == [str(first)]
    listed = drumsort_here("collections", "list", "Favourites")
    assert listed.returncode == 1
    assert "is gone, and no copy of it is known" in listed.stderr
    listed = drumsort_here("collections", "list", "Favourites", "--json")
    assert (listed.returncode, json.loads(listed.stdout)["missing"]) == (1, [str(first)])


def test_a_folder_stands_for_its_sounds(drumsort_here, scanned):
    assert (
        "3 sounds in Kit." in drumsort_here("collections", "add", "Kit", scanned / "Pack A").stdout
    )
    assert "4 sounds in Kit." in drumsort_here("collections", "add", "Kit", scanned).stdout
    assert (
        "1 sound in Kit."
        in drumsort_here("collections", "remove", "Kit", scanned / "Pack A").stdout
    )


def test_a_sound_of_any_folder_is_kept(drumsort_here, samples, tmp_path):
    done = drumsort_here("collections", "add", "Kit", samples / "Pack A" / "PRT_1.wav")
    assert (done.stdout, done.stderr) == ("1 sound in Kit.\n", "")
    copy = shutil.copy2(samples / "Pack A" / "PRT_1.wav", tmp_path / "copy.wav")
    assert drumsort_here("collections", "add", "Kit", copy).stdout == "1 sound in Kit.\n"
    listed = json.loads(drumsort_here("collections", "list", "Kit", "--json").stdout)
    assert listed == {"files": [str(samples / "Pack A" / "PRT_1.wav")], "missing": []}
    done = drumsort_here("collections", "export", "Kit", "--as", "sfz", "--into", "Out", "--json")
    assert json.loads(done.stdout)["count"] == 1
    assert "kick" in (tmp_path / "Out" / "Kit" / "Kit.sfz").read_text()
    (samples / "Pack A" / "PRT_1.wav").unlink()
    listed = drumsort_here("collections", "list", "Kit", "--json")
    assert (listed.returncode, len(json.loads(listed.stdout)["missing"])) == (1, 1)
    assert drumsort_here("collections", "remove", "Kit", copy).stdout == "0 sounds in Kit.\n"


def test_no_collection_is_made_of_what_is_not_known(drumsort_here, scanned):
    done = drumsort_here("collections", "add", "Typo", "none.wav")
    assert done.stdout == "No sound was found to add, so no collection was made.\n"
    assert "Typo" not in drumsort_here("collections", "list").stdout


@pytest.mark.parametrize(
    ("args", "code", "sentence"),
    [
        (("collections", "add", "Kit", "none.wav"), 2, "none.wav does not exist"),
        (("collections", "remove", "None", "none.wav"), 2, "There is no collection 'None'"),
        (("collections", "export", "Favourites", "--into", "X"), 2, "There is no sound in"),
        (("collections", "delete", "Favourites"), 2, "cannot be deleted"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(drumsort_here, scanned, args, code, sentence):
    done = drumsort_here(*args)
    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
