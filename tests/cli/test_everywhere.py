"""What holds for every command: -q, -v, -V, completion, near misses, one exit code, one clock."""

import json
import os
import subprocess
import sys

import pytest

import drumsort as package
from drumsort.catalog import Catalog
from drumsort.cli import show


def test_a_near_miss_is_told_what_it_may_have_meant(drumsort_here):
    for words, meant in (
        (["sotr"], "'sort'"),
        (["corrections", "exprt"], ""),
        (["lab", "trian"], "'train'"),
    ):
        done = drumsort_here(*words)
        assert done.returncode == 2
        assert not meant or f"Did you mean {meant}?" in done.stderr
    assert "--hidden" in drumsort_here("sort", "--hiden").stderr


def test_the_version_has_one_letter(drumsort_here):
    assert drumsort_here("-V").stdout == f"drumsort, version {package.__version__}\n"


def test_quiet_says_only_what_went_wrong_and_verbose_names_all(drumsort_here, samples, tmp_path):
    for number in range(14):
        (samples / f"bad {number}.wav").write_bytes(b"bad")
    done = drumsort_here("sort", samples, "--into", "A", "-q")
    assert done.stdout == ""
    assert done.stderr.startswith("Not sorted: 14 files\n")
    assert "... and 4 more: --report FILE or -v names all" in done.stderr
    done = drumsort_here("sort", samples, "--into", "B", "--dry-run", "-v")
    assert done.stderr.count("bad ") == 14
    assert "more" not in done.stdout + done.stderr
    assert "already there" in drumsort_here("sort", samples, "--into", "A").stdout
    assert json.loads(drumsort_here("history", "--json", "-q").stdout)
    assert drumsort_here("history", "-q").stdout


@pytest.mark.parametrize(
    "words",
    [("sort", "nope", "--into", "X"), ("classify", "nope"), ("scan", "nope"), ("similar", "nope"),
     ("browse", "nope"), ("refile", "nope"), ("duplicates", "nope"), ("check-names", "nope"),
     ("correct", "nope", "--label", "rim"), ("collections", "add", "Kit", "nope"),
     ("collections", "remove", "Kit", "nope"), ("teach", "class", "Vox", "nope"),
     ("corrections", "import", "nope")],
)  # fmt: skip
def test_a_path_that_does_not_exist_is_one_exit_code(drumsort_here, samples, words):
    drumsort_here("collections", "add", "Kit", samples / "Pack A" / "PRT_1.wav")
    drumsort_here("scan", samples)
    done = drumsort_here(*words)
    assert (done.returncode, done.stdout.count("Traceback")) == (2, 0)
    assert "nope" in done.stderr


def test_where_names_what_is_kept(drumsort_here, samples, tmp_path):
    drumsort_here("scan", samples, "-q")
    kept = json.loads(drumsort_here("where", "--json").stdout)
    assert kept[0]["path"] == str(tmp_path / "home" / "catalog.db")
    assert kept[0]["bytes"] > 0
    assert kept[1]["path"] == str(tmp_path / "home" / "runs")
    assert kept[2]["path"] == os.environ["DRUMSORT_CACHE"]
    assert "corrections export" in drumsort_here("where").stdout


def test_a_family_stands_for_the_label_in_it_that_is_nearest(drumsort_here, samples, tmp_path):
    drumsort_here("scan", samples)
    hat = samples / "Pack A" / "PRT_2.wav"
    done = drumsort_here("correct", hat, samples / "Pack A" / "PRT_1.wav", "--label", "hat")
    assert done.returncode == 0, done.stderr
    with Catalog(tmp_path / "home" / "catalog.db") as catalog:
        found = {e.path: e for e in catalog.entries()}
    corrected = [entry for entry in found.values() if entry.correction]
    assert len(corrected) == 2
    for entry in corrected:
        scores = entry.prediction.scores
        hats = ("closed_hat", "open_hat", "pedal_hat")
        assert entry.correction == max(hats, key=scores.__getitem__)
        assert entry.verdict.family == "hat"


def test_a_moment_is_shown_by_the_clock_on_the_wall(monkeypatch):
    import time

    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert show.when("2026-01-31T18:45:02+00:00") == "2026-02-01 03:45"
        assert show.when("2026-01-31T18:45:02") == "2026-02-01 03:45"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_shell_completes_commands_labels_and_runs(drumsort_here, samples, tmp_path):
    run = json.loads(drumsort_here("sort", samples, "--into", "Sorted", "--json").stdout)["run"]
    script = "import sys; sys.argv[0] = 'drumsort'; from drumsort.cli import main; main()"

    def offered(line):
        words = {"COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
        asked = {"_DRUMSORT_COMPLETE": "bash_complete", "DRUMSORT_HOME": str(tmp_path / "home")}
        done = subprocess.run(
            [sys.executable, "-c", script], env=os.environ | words | asked, capture_output=True,
            text=True,
        )  # fmt: skip
        return [one.partition(",")[2] for one in done.stdout.split()]

    assert offered("drumsort und") == ["undo"]
    assert offered("drumsort correct --label sn") == ["snare", "snap"]
    assert offered("drumsort similar x.wav --family cy") == ["cymbal"]
    assert offered("drumsort undo ") == [run]


@pytest.mark.skipif(os.name == "nt", reason="no name holds such characters there")
def test_a_sentence_about_a_file_plays_no_tricks_on_a_terminal(drumsort_here):
    done = drumsort_here("find", "--catalog", "odd\x1b[31m.db")
    assert done.returncode == 2
    assert "odd\N{REPLACEMENT CHARACTER}[31m.db: run 'drumsort scan" in done.stderr


def test_what_is_on_another_drive_of_windows_is_shown_whole(monkeypatch, tmp_path):
    def relpath(path):
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr(os.path, "relpath", relpath)
    assert show.pasted(tmp_path) == str(tmp_path)
