import json

import pytest


def test_a_table_of_the_nearest(drumsort_here, samples):
    drumsort_here("scan", samples)
    done = drumsort_here("similar", samples / "Pack A" / "PRT_1.wav", "-n", "2")
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert len(rows) == 2
    assert 1 > float(rows[0][0]) >= float(rows[1][0]) > -1
    assert rows[0][3] == "s"
    assert done.stdout.count(str(samples)) == 2
    assert str(samples / "Pack A" / "PRT_1.wav") not in done.stdout


def test_json(drumsort_here, samples):
    drumsort_here("scan", samples)
    file = samples / "Pack B" / "PRT_1.wav"
    rows = json.loads(drumsort_here("similar", file, "--json").stdout)
    assert [*rows[0]] == ["path", "similarity", "family", "label", "duration"]
    assert {row["path"] for row in rows} == {str(p) for p in samples.rglob("*.wav")} - {str(file)}
    assert rows == sorted(rows, key=lambda row: -row["similarity"])
    options = ("--family", "kick", "--policy", "everything", "--json")
    assert all(
        r["family"] == "kick" for r in json.loads(drumsort_here("similar", file, *options).stdout)
    )


def test_an_index_is_made_once_it_is_asked_for(drumsort_here, samples, monkeypatch):
    pytest.importorskip("faiss")
    drumsort_here("scan", samples)
    file = samples / "Pack B" / "PRT_1.wav"
    before = drumsort_here("similar", file).stdout
    monkeypatch.setattr("drumsort.workflows.similar.LARGE", 1)
    many = drumsort_here("similar", file)
    assert "were compared one by one: 'drumsort similar --build-index'" in many.stderr
    made = drumsort_here("similar", "--build-index")
    assert (made.returncode, made.stdout) == (0, "")
    assert made.stderr.startswith("Index: ")
    again = drumsort_here("similar", file)
    assert (again.stdout, again.stderr) == (before, "")
    assert drumsort_here("similar", file, "--build-index").stdout == before
    missing = drumsort_here("similar")
    assert (missing.returncode, "Missing argument 'FILE'" in missing.stderr) == (2, True)


def test_one_sentence_and_exit_code_2(drumsort_here, samples):
    file = samples / "Pack B" / "PRT_1.wav"
    done = drumsort_here("similar", file)
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no catalog" in done.stderr
    drumsort_here("scan", samples)
    done = drumsort_here("similar", samples / "notes.txt")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("drumsort: ")
    assert len(done.stderr.splitlines()) == 1


def test_by_aspects_with_what_was_measured(drumsort_here, samples):
    drumsort_here("scan", samples)
    file = samples / "Pack A" / "PRT_1.wav"
    rows = json.loads(drumsort_here("similar", file, "--by", "level,length=2", "--json").stdout)
    assert rows[0]["loudness"] < 0 < rows[0]["decay"] < rows[0]["duration"]
    assert {"pitch", "brightness"} < set(rows[0])
    table = drumsort_here("similar", file, "--by", "brightness,level", "-n", "1").stdout
    assert " Hz " in table
    assert " dB " in table
    done = drumsort_here("similar", file, "--by", "colour")
    assert done.returncode == 2
    assert "'colour' is no aspect of a sound" in done.stderr


def test_a_sound_from_standard_input(drumsort_here, samples, monkeypatch):
    drumsort_here("scan", samples)
    file = samples / "Pack A" / "PRT_1.wav"
    plain = drumsort_here("similar", file, "--json").stdout
    with file.open() as sound, (samples / "notes.txt").open() as text:
        monkeypatch.setattr("sys.stdin", sound)
        assert drumsort_here("similar", "-", "--json").stdout == plain
        monkeypatch.setattr("sys.stdin", text)
        done = drumsort_here("similar", "-")
    assert done.returncode == 2
    assert done.stderr.startswith(f"drumsort: {samples / 'notes.txt'} ")
