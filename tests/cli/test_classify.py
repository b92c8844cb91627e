import csv
import io
import json
import os
import shlex
import subprocess
import sys

import pytest

from .conftest import SOUNDS

FIELDS = [
    *("path", "family", "label", "confidence", "heard", "heard_confidence", "named"),
    *("scores", "reason", "error"),
]


def test_a_line_for_each_sound(drumsort, samples):
    done = drumsort("classify", samples)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 4
    for line, name in zip(lines, SOUNDS, strict=True):
        assert f"  {samples}/{name}" in line
    assert "notes.txt" not in done.stdout


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_programs_get_the_same_fields_in_every_form(drumsort, samples, form):
    done = drumsort("classify", f"--{form}", samples)
    assert done.returncode == 0, done.stderr
    if form == "json":
        rows = json.loads(done.stdout)
    elif form == "jsonl":
        rows = [json.loads(line) for line in done.stdout.splitlines()]
    else:
        rows = list(csv.DictReader(io.StringIO(done.stdout)))
        rows = [row | {"scores": json.loads(row["scores"])} for row in rows]
    assert [list(row) for row in rows] == [FIELDS] * 4
    paths = [row["path"].removeprefix(f"{samples}/") for row in rows]
    assert paths == ["Pack A/PRT_1.wav", "Pack A/PRT_2.wav", "Pack A/deep/PRT_1.wav",
                     "Pack B/PRT_1.wav"]  # fmt: skip
    for row in rows:
        assert sum(row["scores"].values()) == pytest.approx(1, abs=0.01)
        assert 0 < float(row["confidence"]) <= 1
        assert (row["heard_confidence"], row["named"]) == (row["confidence"], "")
        assert not row["error"]


@pytest.mark.parametrize("form", ["--json", "--jsonl", "--csv"])
def test_in_a_terminal_results_still_go_to_the_file(samples, tmp_path, form):
    """Standard error is a terminal, so a progress bar is drawn there; the file gets the rest."""
    command = [sys.executable, "-m", "drumsort", "classify", form, str(samples)]
    read, terminal = os.openpty()
    with (tmp_path / "heard").open("w") as heard:
        subprocess.run(command, stdout=heard, stderr=terminal, check=True, timeout=60)
    os.close(terminal)
    assert (tmp_path / "heard").read_text().count("PRT_") == 4
    assert b"Listening" in os.read(read, 100_000)
    os.close(read)


def test_nothing_found_is_an_empty_array(drumsort, tmp_path):
    (tmp_path / "empty").mkdir()
    done = drumsort("classify", "--json", "empty")
    assert (done.returncode, json.loads(done.stdout)) == (0, [])


def test_a_bad_file_is_named_and_the_rest_goes_on(drumsort, samples):
    (samples / "Pack A" / "PRT_2.wav").write_bytes(b"RIFF not really")
    done = drumsort("classify", "--jsonl", samples, "gone.wav")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [bool(row["error"]) for row in rows] == [False, True, False, False, True]
    assert "PRT_2.wav is damaged or of a kind that cannot be read" in rows[1]["error"]
    assert "gone.wav" in rows[4]["error"]
    assert rows[1]["scores"] is None
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("flags", "end"), [(["-"], "\n"), (["-0", "-"], "\0")])
def test_paths_from_standard_input_keep_their_order(drumsort, samples, flags, end):
    paths = [f"{samples}/Pack B/PRT_1.wav", f"{samples}/Pack A/PRT_2.wav"]
    done = drumsort("classify", "--jsonl", *flags, stdin=end.join(paths) + end)
    assert [json.loads(line)["path"] for line in done.stdout.splitlines()] == paths


@pytest.mark.skipif(sys.platform == "win32", reason="no such names there")
def test_a_name_may_end_in_anything_but_nul(drumsort, samples):
    path = (samples / "Pack B" / "PRT_1.wav").rename(samples / "odd.wav\r")
    done = drumsort("classify", "--jsonl", "-0", "-", stdin=f"{path}\0")
    assert json.loads(done.stdout)["path"] == str(path)
    assert done.returncode == 0


def test_a_list_of_windows_and_one_of_another_kind(drumsort, samples):
    path = f"{samples}/Pack B/PRT_1.wav"
    assert drumsort("classify", "-", stdin=f"{path}\r\n").returncode == 0
    done = drumsort("classify", "--jsonl", "-", stdin=f"{path}\0{path}\0")  # -0 forgotten
    assert done.returncode == 1
    assert "is no path" in json.loads(done.stdout)["error"]


def test_min_confidence_of_one_makes_everything_unsure(drumsort, samples):
    done = drumsort("classify", "--jsonl", "--min-confidence", "1", samples)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {row["family"] for row in rows} == {"unsure"}
    assert all(row["reason"].startswith("best guess ") for row in rows)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell that closes files")
@pytest.mark.parametrize("closed", [">&-", "<&-", ">&- 2>&- <&-"])
def test_closed_files_are_as_good_as_empty_ones(samples, closed):
    command = f"{shlex.quote(sys.executable)} -m drumsort classify --no-catalog - Samples {closed}"
    done = subprocess.run(
        ["sh", "-c", command], cwd=samples.parent, capture_output=True, text=True, input=""
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_what_macos_leaves_beside_a_sound_is_left_alone(drumsort, samples):
    left = samples / "Pack A" / "._PRT_1.wav"
    left.write_bytes(b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        ")
    done = drumsort("classify", samples, left)
    assert (done.returncode, done.stderr) == (0, "")
    assert "._PRT" not in done.stdout and len(done.stdout.splitlines()) == 4
    done = drumsort("sort", samples, "--into", "Sorted")
    assert (done.returncode, "2 files left alone: not a sound" in done.stdout) == (0, True)


def test_a_hostile_name_does_not_reach_the_terminal(drumsort, samples):
    source = samples / "Pack B" / "PRT_1.wav"
    source.rename(samples / "Pack B" / "\x1b[31m[bold]x.wav")
    done = drumsort("classify", samples)
    assert "\x1b" not in done.stdout
    assert "[bold]x.wav" in done.stdout


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["--model", "nowhere", "x.wav"], "nowhere is not a model folder"),
        (["--min-confidence", "2", "x.wav"], "2.0 is not in the range"),
        ([], "Missing argument"),
        (["--json", "--csv", "x.wav"], "--json and --csv contradict"),
        (["--no-catalog", "--catalog", "x", "x.wav"], "--catalog x contradict"),
    ],
)
def test_misuse_is_one_sentence_and_exit_code_two(drumsort, args, sentence):
    done = drumsort("classify", *args)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no such names there")
def test_odd_names_stay_in_their_cells(drumsort_here, samples, tmp_path):
    sound = next(samples.rglob("*.wav")).read_bytes()
    names = ["kick\r.wav", "=1+1.wav", os.fsdecode(b"\xe8.wav"), os.fsdecode(b"\xe9.wav")]
    for name in names:
        (tmp_path / name).write_bytes(sound)
    done = drumsort_here("classify", "--csv", *names)
    rows = csv.DictReader(io.StringIO(done.stdout, newline=""))
    assert [row["path"] for row in rows] == ["kick\r.wav", "./=1+1.wav", "\\xe8.wav", "\\xe9.wav"]
