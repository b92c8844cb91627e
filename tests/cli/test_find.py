"""``drumsort find`` and ``--find``, as they are typed."""

import csv
import json
import shlex
from pathlib import Path

import pytest

from .conftest import tree


@pytest.fixture
def scanned(drumsort_here, samples):
    assert drumsort_here("scan", samples).returncode == 0
    return samples


def test_it_prints_paths_and_what_other_programs_read(drumsort_here, scanned):
    every = sorted(map(str, scanned.rglob("*.wav")))
    assert drumsort_here("find").stdout.splitlines() == every
    assert drumsort_here("find", "path-", "-n", "2").stdout.splitlines() == every[:-3:-1]
    assert drumsort_here("find", "path-", "-n2").stdout.splitlines() == every[:-3:-1]
    assert drumsort_here("find", "-0").stdout.split("\0") == [*every, ""]
    sounds = json.loads(drumsort_here("find", "--json").stdout)
    assert [sound["path"] for sound in sounds] == every
    rows = list(csv.DictReader(drumsort_here("find", "--csv").stdout.splitlines()))
    assert list(rows[0]) == list(sounds[0])
    assert [row["path"] for row in rows] == every
    assert [row["corrected"] for row in rows] == ["no"] * 4
    lines = drumsort_here("find", "--format", "{label:<10} {length:.2f} {pitch:6.1f}|{name}").stdout
    assert drumsort_here("find", "--format", "{channels:d}").stdout == "1\n" * 4
    for line, sound in zip(lines.splitlines(), sounds, strict=True):
        pitch = " " * 6 if sound["pitch"] is None else f"{sound['pitch']:6.1f}"
        assert line == f"{sound['label']:<10} {sound['length']:.2f} {pitch}|{sound['name']}"


def test_terms_may_begin_with_a_hyphen_and_hold_spaces(drumsort_here, scanned):
    def names(*terms):
        return [
            str(Path(p).relative_to(scanned))
            for p in drumsort_here("find", *terms).stdout.splitlines()
        ]

    rest = ["Pack A/PRT_2.wav", "Pack A/deep/PRT_1.wav", "Pack B/PRT_1.wav"]
    assert names("-path:A/PRT_1") == rest
    assert names("-q", "--", "-path:A/PRT_1") == rest
    assert names("-vinyl", "pack:Pack A", "name-") == [
        "Pack A/PRT_2.wav", "Pack A/PRT_1.wav", "Pack A/deep/PRT_1.wav",
    ]  # fmt: skip
    assert names("pack:Pack B name:1 , name:2") == ["Pack A/PRT_2.wav", "Pack B/PRT_1.wav"]


def test_sort_takes_what_a_query_finds(drumsort_here, scanned):
    (scanned / "Pack A" / "PRT_2.wav.asd").write_bytes(b"Live")
    before = tree(scanned)
    rest = ("--policy", "everything", "--layout", "{pack}/{name}", "--into", "Out")
    dry = drumsort_here("sort", "--find", 'pack:"pack a"', "--dry-run", "--json", *rest)
    assert len(json.loads(dry.stdout)["operations"]) == 3
    assert not Path("Out").exists()
    assert (
        drumsort_here("sort", "--find", 'pack:"pack a" -path:deep', *rest, "--move").returncode == 0
    )
    assert set(tree(Path("Out"))) == {
        "Pack A/PRT_1.wav", "Pack A/PRT_2.wav", "Pack A/PRT_2.wav.asd",
    }  # fmt: skip
    assert set(
        map(str, drumsort_here("find", "path:/out/ path+", "-n", "1").stdout.splitlines())
    ) == {str(Path("Out", "Pack A", "PRT_1.wav").resolve())}
    assert drumsort_here("undo").returncode == 0
    assert tree(scanned) == before
    for refused, why in (
        (("Samples", "--find", "kick"), "PATH says nothing"),
        (("--find", "kick", "--ear", "quick"), "--ear says nothing"),
        ((), "or --find"),
    ):
        done = drumsort_here("sort", *refused, "--into", "Out")
        assert (done.returncode, why in done.stderr) == (2, True), done.stderr
    nothing = drumsort_here("sort", "--find", "no_such", "--into", "Out")
    assert (nothing.returncode, "nothing was sorted" in nothing.stderr) == (2, True)


def test_every_query_of_the_page_about_it_is_understood(drumsort_here, scanned):
    page = Path(__file__).parents[2].joinpath("docs", "find.md").read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if line.startswith("drumsort find ")]
    assert len(lines) > 6
    for line in lines:
        words = shlex.split(line.partition(" | ")[0], comments=True)[1:]
        done = drumsort_here(*words)
        assert (done.returncode, done.stderr) == (0, ""), line


def test_a_wrong_query_is_marked(drumsort_here, scanned):
    done = drumsort_here("find", "kick", "lenght:..0.3")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "drumsort: There is no field 'lenght': try length:.\n  kick lenght:..0.3\n       ^^^^^^\n"
    )
    for template, sentence in (
        ("{lenght}", "has no field {lenght}: try {length}."),
        ("{length", "is not understood"),
        ("{label:.2f}", "Unknown format code 'f'"),
        ("{}", "has no field {}"),
        ("{label:{foo}}", "has a field within {label}"),
    ):
        done = drumsort_here("find", "--format", template)
        assert (done.returncode, done.stdout) == (2, "")
        assert sentence in done.stderr
    assert "contradict" in drumsort_here("find", "--json", "--csv").stderr


def test_a_collection_is_filled_by_a_query(drumsort_here, scanned):
    done = drumsort_here("collections", "add", "Ones", "--find", "name:PRT_1")
    assert done.stdout == "3 sounds in Ones.\n"
    assert len(drumsort_here("find", "collection:ones").stdout.splitlines()) == 3
    done = drumsort_here(
        "collections", "export", "Two", "--find", "name:PRT_2", "--into", "Out", "--json"
    )
    assert json.loads(done.stdout) == {"path": str(Path("Out", "Two")), "count": 1, "failures": {}}
    done = drumsort_here("collections", "export", "X", "--find", "zzz", "--into", "Out")
    assert done.stderr == "drumsort: There is no sound in 'X', so there is nothing to export.\n"
    for words, sentence in (
        (("--find", "zzz"), "No sound of the library is like 'zzz': nothing was done."),
        (("--find", " "), "The query of --find is empty"),
        ((), "Missing argument 'PATH'"),
    ):
        done = drumsort_here("collections", "add", "Ones", *words)
        assert (done.returncode, done.stdout) == (2, "")
        assert sentence in done.stderr


def test_a_correction_by_a_query_is_asked_about(drumsort_here, scanned, monkeypatch):
    words = ("correct", "--find", "name:PRT_1", "--label", "tom")
    done = drumsort_here(*words)
    assert done.returncode == 2
    assert "3 sounds would be tom" in done.stderr
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    for answer, code in (("n\n", 130), ("y\n", 0)):
        monkeypatch.setattr("click.termui.visible_prompt_func", lambda _, a=answer: a.strip())
        assert drumsort_here(*words).returncode == code
        count = len(drumsort_here("find", "corrected:yes").stdout.splitlines())
        assert count == (0 if code else 3)
    done = drumsort_here("correct", "--find", "corrected:yes", "--label", "rim", "--yes")
    assert done.stdout.startswith("3 files corrected to rim.")
    assert len(drumsort_here("find", "label:rim").stdout.splitlines()) == 3
