"""Reports of a sort: every file once, sorted by where to look first, in three forms."""

import csv
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from drumsort.cli import screen
from drumsort.errors import DrumsortError
from drumsort.types import Operation, Prediction, Result
from drumsort.workflows.report import FIELDS, Look, rows, write_report
from drumsort.workflows.sort import sort

from ..synth.drums import synthesize


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder as people have it: sounds, damage, sidecars, a copy, hidden things, an archive."""
    top = tmp_path_factory.mktemp("in") / "In <b>"
    for number, label in enumerate(("kick", "snare", "closed_hat", "clap", "tom", "cowbell")):
        path = top / "Gold 808" / "Kicks" / f"{number}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, synthesize(label, number), 44100)
    kick = top / "Gold 808" / "Kicks" / "0.wav"
    shutil.copy(kick, kick.with_name("0 copy.wav"))
    for name in ("0.wav.asd", "0.wav.reapeaks", "._0.wav", "9.wav.asd"):
        kick.with_name(name).write_bytes(name.encode())
    (top / "cut.wav").write_bytes(kick.read_bytes()[:3000])
    soundfile.write(top / "silent.wav", np.zeros(4410), 44100)
    (top / "bad.wav").write_bytes(b"bad")
    (top / "more.zip").write_bytes(b"PK\3\4")
    for name in (".old", "__MACOSX"):
        (top / name).mkdir()
        shutil.copy(kick, top / name / "x.wav")
    return top


@pytest.fixture
def done(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / "home"))
    return sort(folder, tmp_path / "Sorted", catalog=False, skip_duplicates=True, dry_run=True,
                names="ignore")  # fmt: skip


def test_every_file_is_in_it_once_and_the_doubtful_come_first(done, folder):
    found = rows(done)
    assert len({row.source for row in found}) == len(found)
    named = {Path(row.source).relative_to(folder).as_posix(): row for row in found}
    assert named.keys() == {
        *(f"Gold 808/Kicks/{number}.wav" for number in range(6)), "Gold 808/Kicks/0 copy.wav",
        "Gold 808/Kicks/0.wav.asd", "Gold 808/Kicks/0.wav.reapeaks", "Gold 808/Kicks/._0.wav",
        "Gold 808/Kicks/9.wav.asd", "cut.wav", "silent.wav", "bad.wav", "more.zip", ".old",
        "__MACOSX",
    }  # fmt: skip
    assert [row.look for row in found] == sorted(row.look for row in found)
    assert found[0].source.endswith("bad.wav")
    assert (found[0].look, found[0].outcome) == (Look.FAILED, "not sorted")
    filed = [row.confidence for row in found if row.look is Look.FILED]
    assert filed == sorted(filed) and filed
    assert named["cut.wav"].target.endswith("_damaged/cut.wav")
    assert "cut short" in named["cut.wav"].reason
    copy = named["Gold 808/Kicks/0 copy.wav"]
    assert copy.reason == f"the same sound as {folder / 'Gold 808' / 'Kicks' / '0.wav'}"
    for row in found:
        if row.confidence is not None:
            assert row.second_guess and row.second_guess != row.guess
            assert 0 <= row.second_confidence <= 1 - row.confidence + 1e-3
            assert row.evidence == "network"


def test_the_three_forms_say_the_same(done, tmp_path):
    for name in ("r.csv", "r.jsonl", "r.html"):
        write_report(done, tmp_path / name)
    lines = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text().splitlines()]
    with (tmp_path / "r.csv").open(newline="") as file:
        table = list(csv.DictReader(file))
    assert [tuple(line) for line in lines] == [FIELDS] * len(lines)
    assert [row["source"] for row in table] == [line["source"] for line in lines]
    assert [row["reason"] for row in table] == [line["reason"] for line in lines]
    html = (tmp_path / "r.html").read_text()
    assert "<b>" not in html
    data = json.loads(re.search(r'id="data">(.*?)</script>', html, re.DOTALL)[1])
    assert [row["source"] for row in data["rows"]] == [line["source"] for line in lines]
    drawn = {Path(row["source"]).name for row in data["rows"] if row["wave"]}
    assert drawn == {*(f"{number}.wav" for number in range(6)), "cut.wav", "silent.wav"}
    for name in ("r.txt", "none/r.csv"):
        with pytest.raises(DrumsortError, match=re.escape(name)):
            write_report(done, tmp_path / name)


def test_the_page_shows_its_rows_in_a_browser(done, tmp_path):
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    write_report(done, tmp_path / "r.html")
    page = subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/c",
         "--dump-dom", (tmp_path / "r.html").as_uri()],
        capture_output=True, text=True, timeout=120,
    ).stdout  # fmt: skip
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert table.count("<canvas") == 8
    assert table.index("bad.wav") < table.index("silent.wav") < table.index("0.wav")
    assert "What drumsort would do" in page
    assert 'value="_damaged"' in page


def test_a_move_takes_sidecars_along_and_undo_brings_them_back(folder, tmp_path, monkeypatch):
    from drumsort import undo

    monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / "home"))
    top = shutil.copytree(folder, tmp_path / "in")
    before = {path: path.read_bytes() for path in top.rglob("*") if path.is_file()}
    out = tmp_path / "Sorted"
    clash = out / "all" / "0.wav"
    clash.parent.mkdir(parents=True)
    clash.write_bytes(b"another")
    done = sort(top, out, "move", layout="all/{name}", catalog=False, prune=True)
    assert (out / "all" / "0 (2).wav.asd").read_bytes() == b"0.wav.asd"
    assert (out / "all" / "0 (2).wav.reapeaks").read_bytes() == b"0.wav.reapeaks"
    assert (out / "all" / "._0 (2).wav").read_bytes() == b"._0.wav"
    assert (top / "Gold 808" / "Kicks" / "9.wav.asd").exists()
    assert (done.sidecars, done.pruned) == (3, 0)
    (top / "Gold 808" / "Kicks" / "9.wav.asd").unlink()
    undo(done.run)
    sort(top, out, "move", layout="all/{name}", catalog=False, prune=True)
    assert sorted(path.name for path in top.iterdir()) == [
        ".old",
        "__MACOSX",
        "bad.wav",
        "more.zip",
    ]
    undo()
    before.pop(top / "Gold 808" / "Kicks" / "9.wav.asd")
    assert {path: path.read_bytes() for path in top.rglob("*") if path.is_file()} == before


def test_several_inputs_each_sound_once(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / "home"))
    kicks = folder / "Gold 808" / "Kicks"
    inputs = [kicks / "5.wav", folder / "Gold 808", kicks, folder / "more.zip"]
    done = sort(inputs, folder.parent / "Out", catalog=False, dry_run=True, exclude=["[1-3].wav"])
    assert sorted(op.source.name for op in done.checked.operations) == [
        "0 copy.wav", "0.wav", "4.wav", "5.wav",
    ]  # fmt: skip
    assert "is a zip archive, which cannot be read: unpack it" in done.failures[folder / "more.zip"]


@pytest.mark.parametrize("height", [24, 40, 12])
@pytest.mark.parametrize("many", [1, 500])
def test_a_dry_run_fits_a_screen(done, height, many):
    into = done.checked.plan.into
    sounds = [
        Result(Path(f"/in/{n} {'long ' * 40}.wav"), Path("/in"),
               prediction=Prediction("kick", "kick", "kick", 0.7 + n / 9999, {"kick": 1.0}))
        for n in range(many)
    ]  # fmt: skip
    operations = [Operation(r.path, into / f"{r.path.name[:6]}" / "x.wav", 1, 1) for r in sounds]
    checked = replace(done.checked, operations=(*done.checked.operations, *operations))
    large = replace(done, results=[*done.results, *sounds], checked=checked)
    shown = screen.lines(large, ["One.", "Two."], 80, height)
    assert len(shown) < max(height, 13)
    assert all(line.cell_len <= 80 for line in shown)
    assert "bad.wav" in shown[[line.plain for line in shown].index("Look here first:") + 1].plain


def test_a_file_that_is_there_is_named_whatever_its_folder_is_called(tmp_path, monkeypatch):
    monkeypatch.setenv("DRUMSORT_HOME", str(tmp_path / "home"))
    path = tmp_path / "This is already at home" / "x.wav"
    path.parent.mkdir()
    soundfile.write(path, synthesize("kick", 1), 44100)
    (placed,) = sort(path.parent, tmp_path / "Out", catalog=False).checked.operations
    (row,) = rows(sort(path.parent, tmp_path / "Out", catalog=False))
    assert (row.outcome, row.source, row.target) == ("already there", str(path), str(placed.target))
