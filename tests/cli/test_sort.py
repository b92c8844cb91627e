import io
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
import soundfile

from drumsort import sorting
from drumsort.types import Action, Plan

from .conftest import SOUNDS, tree


def test_sort_copies_into_class_folders_and_undo_takes_it_back(drumsort, samples, tmp_path):
    before = tree(samples)
    done = drumsort("sort", samples, "--into", "Sorted")
    assert done.returncode == 0, done.stderr
    ways = r"^4 files copied( \(all without using space\))?\.$"
    assert re.search(ways, done.stdout, re.MULTILINE)
    assert "1 file left alone: not a sound" in done.stdout
    assert tree(samples) == before
    assert sorted(tree(tmp_path / "Sorted").values()) == sorted(
        content for name, content in before.items() if name != "notes.txt"
    )
    assert drumsort("undo").returncode == 0
    assert tree(samples) == before
    assert not (tmp_path / "Sorted").exists()


def test_same_names_are_numbered(drumsort, samples, tmp_path):
    drumsort("sort", samples, "--into", "Sorted", "--layout", "all/{name}")
    assert sorted(tree(tmp_path / "Sorted")) == [
        "all/PRT_1 (2).wav", "all/PRT_1 (3).wav", "all/PRT_1.wav", "all/PRT_2.wav",
    ]  # fmt: skip


def test_dry_run_shows_a_tree_and_touches_nothing(drumsort, samples, tmp_path):
    before = tree(tmp_path)
    done = drumsort("sort", samples, "--into", "Sorted", "--dry-run", "--layout", "{pack}/{name}")
    assert done.returncode == 0, done.stderr
    assert re.search(r"├── Pack A/  3\n│   ├── PRT_1.wav", done.stdout), done.stdout
    assert "4 files would be copied, nothing was touched" in done.stdout
    assert tree(tmp_path) == before


@pytest.mark.parametrize(("flag", "stays"), [("--move", False), ("--link", True)])
def test_the_other_ways_to_sort(drumsort, samples, tmp_path, flag, stays):
    before = tree(samples)
    inodes = {path.stat().st_ino for path in samples.rglob("*.wav")}
    assert drumsort("sort", samples, "--into", "Sorted", flag).returncode == 0
    assert (len(list(samples.rglob("*.wav"))) == 4) is stays
    assert {path.stat().st_ino for path in (tmp_path / "Sorted").rglob("*.wav")} == inodes
    assert drumsort("undo").returncode == 0
    assert tree(samples) == before


def test_a_move_to_another_disk_says_how_it_copied(drumsort, samples):
    shm = Path("/dev/shm")
    if not shm.is_dir() or shm.stat().st_dev == samples.stat().st_dev:
        pytest.skip("needs a second disk at /dev/shm")
    with tempfile.TemporaryDirectory(dir=shm) as folder:
        done = drumsort("sort", samples, "--into", f"{folder}/Sorted", "--move", "--json")
        ((way, count),) = json.loads(done.stdout)["ways"].items()
        assert way in ("copy_file_range", "read and write") and count == 4
        assert drumsort("undo").returncode == 0


def test_symlinks_lead_to_the_originals(drumsort, samples, tmp_path):
    assert drumsort("sort", samples, "--into", "Sorted", "--symlink").returncode == 0
    links = list((tmp_path / "Sorted").rglob("*.wav"))
    assert {link.resolve() for link in links} == set(samples.rglob("*.wav"))
    assert all(link.is_symlink() for link in links)


def test_min_confidence_sends_everything_to_unsure(drumsort, samples, tmp_path):
    drumsort("sort", samples, "--into", "Sorted", "--min-confidence", "1")
    assert {name.split("/")[0] for name in tree(tmp_path / "Sorted")} == {"_unsure"}


def test_damaged_files_have_a_folder_of_their_own_and_are_named(drumsort_here, samples, tmp_path):
    whole = (samples / "Pack A" / "PRT_2.wav").read_bytes()
    broken = {
        "cut.wav": whole[:2044],
        "silent.wav": encoded(np.zeros(4410)),
        "constant.wav": encoded(np.full(4410, 0.5)),
        "two.wav": encoded(np.eye(1, 4410, 99)[0] + np.eye(1, 4410, 100)[0]),
        "faint.wav": encoded(np.sin(np.arange(4410) / 10) * 10 ** (-70 / 20)),
    }
    for name, content in broken.items():
        (samples / name).write_bytes(content)
    done = drumsort_here("sort", samples, "--into", "Sorted", "--policy", "everything")
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "Sorted" / "_damaged").iterdir()} == set(broken)
    assert "Damaged, so sorted into _damaged: 5 files" in done.stdout
    for name, reason in (
        ("cut.wav", "cut short"),
        ("silent.wav", "is silent"),
        ("constant.wav", "same value"),
        ("two.wav", "click of 2 samples"),
        ("faint.wav", "next to silent: its peak is at -70 dBFS"),
    ):
        assert re.search(rf"{name}\b.*{reason}", done.stdout)
    (tmp_path / "home").mkdir(exist_ok=True)
    assert drumsort_here("scan", samples).returncode == 1
    assert drumsort_here("correct", samples / "cut.wav", "--label", "tom").returncode == 0
    again = drumsort_here("sort", samples, "--into", "Again", "--layout", "{label}/{name}")
    assert "Damaged, so sorted into _damaged: 4 files" in again.stdout
    assert (tmp_path / "Again" / "tom" / "cut.wav").exists()


def encoded(samples):
    """A WAV file of these samples."""
    file = io.BytesIO()
    soundfile.write(file, samples, 44100, "FLOAT", format="WAV")
    return file.getvalue()


def test_help_explains_every_field(drumsort_here):
    text = drumsort_here("sort", "--help").stdout
    for field in sorting.FIELDS:
        assert re.search(rf"^ *{{{field}}}  +\S", text, re.MULTILINE)


def test_a_bad_file_stays_is_named_and_makes_the_exit_code_one(drumsort, samples, tmp_path):
    bad = samples / "Pack A" / "PRT_2.wav"
    bad.write_bytes(b"")
    done = drumsort("sort", samples, "--into", "Sorted", "--move")
    assert done.returncode == 1
    assert "Not sorted: 1 file" in done.stderr
    assert "PRT_2.wav is empty" in done.stderr
    assert bad.exists()
    assert len(tree(tmp_path / "Sorted")) == 3


def test_sorting_again_finds_everything_there(drumsort, samples, tmp_path):
    drumsort("sort", samples, "--into", "Sorted")
    before = tree(tmp_path / "Sorted")
    done = drumsort("sort", samples, "--into", "Sorted")
    assert done.returncode == 0
    assert "4 files already there" in done.stdout
    assert tree(tmp_path / "Sorted") == before


def test_moving_what_was_copied_says_that_the_originals_are_left(drumsort, samples):
    drumsort("sort", samples, "--into", "Sorted")
    before = tree(samples)
    done = drumsort("sort", samples, "--into", "Sorted", "--move")
    assert "4 files already there from an earlier sort; the originals were left" in done.stdout
    assert "Projects in a DAW" not in done.stdout
    planned = drumsort("sort", samples, "--into", "Other", "--move", "--dry-run")
    assert "Projects in a DAW hold paths" in planned.stdout
    assert tree(samples) == before


def test_names_are_shown_as_they_are(drumsort, samples):
    done = drumsort("sort", samples, "--into", "out [red] :drum:", "--layout", "{pack}_{name}")
    assert "out [red] :drum:" in done.stdout
    assert "numbered" not in done.stdout.replace("1 file given a numbered name", "")
    history = drumsort("history")
    assert (history.returncode, "out [red] :drum:" in history.stdout) == (0, True)


def test_undo_says_what_it_took_back_and_what_it_did_not(drumsort, samples, tmp_path):
    drumsort("sort", samples, "--into", "Sorted")
    next((tmp_path / "Sorted").rglob("*.wav")).write_bytes(b"changed")
    for taken_back in ("3 files", "0 files"):
        done = drumsort("undo")
        assert done.returncode == 1
        assert done.stdout.startswith(f"{taken_back} taken back (the copy into {tmp_path}/Sorted,")
        assert "Left unchanged: 1 file" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("form", ["--csv", "--json", "--jsonl"])
@pytest.mark.parametrize("what", ["", "Pack A/PRT_1.wav"])  # more and less than a buffer holds
def test_a_full_disk_under_standard_output_is_one_sentence(samples, form, what):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        command = [sys.executable, "-m", "drumsort", "classify", form, str(samples / what)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_sort_that_cannot_be_told_of_is_done_all_the_same(drumsort, samples, tmp_path):
    for args in (["sort", samples, "--into", "Sorted"], ["undo"]):
        with open("/dev/full", "w") as full:  # noqa: PTH123
            done = drumsort(*args, stdout=full)
        (run,) = json.loads(drumsort("history", "--json").stdout)
        assert done.returncode == 1
        assert done.stderr == (
            "drumsort: the output could not be written (No space left on device), but the work is "
            f"done: 'drumsort history' lists the run {run['id']}.\n"
        )
    assert run["state"] == "undone"


def test_one_sort_at_a_time_into_a_folder_and_out_of_one(drumsort, samples, tmp_path, monkeypatch):
    monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / "home"))
    before = tree(samples)
    with sorting.folder_locks(Plan((samples,), tmp_path / "Sorted", Action.MOVE, ())):
        for args in (["--into", "Sorted"], ["--into", "Other", "--move"]):
            done = drumsort("sort", samples, *args)
            assert done.returncode == 2
            assert done.stderr.startswith("drumsort: Another drumsort is at work in ")
            assert done.stderr.count("\n") == 1
        assert drumsort("sort", samples, "--into", "Other").returncode == 0
    assert drumsort("sort", samples, "--into", "Sorted").returncode == 0
    assert tree(samples) == before


def test_what_is_finished_or_taken_back_is_worked_on_by_one(
    drumsort, samples, tmp_path, monkeypatch
):
    monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / "home"))
    run = json.loads(drumsort("sort", samples, "--into", "Sorted", "--move", "--json").stdout)[
        "run"
    ]
    with sorting.folder_locks(Plan((samples,), tmp_path / "Other", Action.MOVE, ())):
        for command in ("undo", "resume"):
            done = drumsort(command, run)
            assert (done.returncode, done.stdout) == (2, "")
            assert f"Another drumsort is at work in {samples} right now" in done.stderr
    assert drumsort("undo", run).returncode == 0


def test_a_damaged_journal_is_said_to_be_one(drumsort, samples, tmp_path):
    run = json.loads(drumsort("sort", samples, "--into", "Sorted", "--json").stdout)["run"]
    (tmp_path / "home" / "runs" / f"{run}.jsonl").write_text("nonsense\n")
    assert drumsort("history").stdout == f"{run}  its journal cannot be read  (damaged)\n"
    done = drumsort("undo", run)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is damaged: the run cannot be undone" in done.stderr


def test_json_tells_what_became_of_each_file(drumsort, samples):
    facts = json.loads(drumsort("sort", samples, "--into", "Sorted", "--json").stdout)
    assert {os.path.relpath(o["source"], samples) for o in facts["operations"]} == set(SOUNDS)
    assert (facts["done"], facts["left_alone"], facts["failures"]) == (4, 1, {})
    assert sum(facts["ways"].values()) == 4
    known = {"source", "origin", "target", "family", "label"}
    assert all(known == set(o) for o in facts["operations"])
    history = json.loads(drumsort("history", "--json").stdout)
    assert [(run["id"], run["state"], run["files"]) for run in history] == [
        (facts["run"], "finished", 4)
    ]
    assert history[0]["created"][10] == "T"


def test_a_folder_without_sounds(drumsort, tmp_path):
    (tmp_path / "Texts").mkdir()
    (tmp_path / "Texts" / "a.txt").write_text("a")
    done = drumsort("sort", "Texts", "--into", "Sorted")
    sentence = f"There are no sounds in {tmp_path / 'Texts'}: nothing to sort.\n"
    assert (done.returncode, done.stdout) == (0, sentence)
    assert not (tmp_path / "Sorted").exists()


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["--into", "Samples/Sorted"], "lies inside"),
        (["--into", "Samples"], "Samples is where the files come from"),
        (["--into", "Sorted", "--copy", "--move"], "--copy and --move contradict"),
        (["--into", "Sorted", "--symlink", "--link"], "--link and --symlink contradict"),
        (
            ["--into", "Sorted", "--no-catalog", "--catalog", "x"],
            "and --catalog x contradict each other",
        ),
        (["--into", ""], "the path is empty"),
        (["--into", "Sorted", "--layout", "{nonsense}/{name}"], "unknown field"),
        (["--into", "Sorted", "--layout", "../{name}"], "'..'"),
        (["--into", "Sorted", "--model", "nowhere"], "nowhere is not a model folder"),
        ([], "Missing option '--into'"),
    ],
)
def test_misuse_is_one_sentence_and_nothing_is_touched(drumsort, samples, tmp_path, args, sentence):
    before = tree(tmp_path)
    done = drumsort("sort", "Samples", *args)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert tree(tmp_path) == before


@pytest.mark.parametrize("command", ["undo", "resume"])
def test_without_a_past_there_is_nothing_to_do(drumsort, command):
    for args in ([], [""], ["20200101-000000-copy-0000"]):
        done = drumsort(command, *args)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert done.stderr.startswith("drumsort: ")


def test_history_of_nothing(drumsort):
    assert "Nothing has been sorted yet" in drumsort("history").stdout


def test_refile_takes_the_options_of_sort(drumsort_here, samples, tmp_path):
    drumsort_here("sort", samples, "--into", "Sorted")
    words = ("--rename", "x {name}", "--company", "off", "--ear", "quick", "--policy", "everything")
    done = drumsort_here("refile", "Sorted", *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(path.name.startswith("x ") for path in (tmp_path / "Sorted").rglob("*.wav"))


def test_demo_makes_a_folder_once(drumsort, tmp_path):
    done = drumsort("demo", "Mine")
    assert done.returncode == 0, done.stderr
    sounds = [*(tmp_path / "Mine").rglob("*.ogg")]
    assert done.stdout.startswith(f"{len(sounds)} files of drum sounds in Mine.")
    again = drumsort("demo", "Mine")
    assert again.returncode == 2
    assert "Mine" in again.stderr
    assert "Traceback" not in again.stderr
    (tmp_path / "file").write_text("")
    nowhere = drumsort("demo", "file/Mine")
    assert (nowhere.returncode, nowhere.stderr) == (
        2,
        "drumsort: The demo cannot be written to file/Mine (Not a directory): choose another "
        "folder.\n",
    )


def test_an_empty_run_is_not_the_latest(drumsort, samples, tmp_path):
    drumsort("sort", samples, "--into", "Sorted")
    assert drumsort("undo", "").returncode == 2
    assert len(tree(tmp_path / "Sorted")) == 4
