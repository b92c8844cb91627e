import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from drumsort import Catalog
from drumsort.catalog import writer_lock

from .conftest import SOUNDS


def test_scan_remembers_every_sound(drumsort, samples, tmp_path):
    done = drumsort("scan", samples)
    assert done.returncode == 0, done.stderr
    catalog = tmp_path / "home" / "catalog.db"
    assert done.stdout == f"4 files heard, 0 unchanged.\nCatalog: {catalog}\n"
    with Catalog(catalog) as opened:
        assert [str(entry.path.relative_to(samples)) for entry in opened.entries()] == [*SOUNDS]
    (samples / "Pack B").rename(samples / "Pack C")
    (samples / "Pack A" / "PRT_1.wav").unlink()
    done = drumsort("scan", samples)
    assert done.stdout.splitlines()[:3] == [
        "0 files heard, 2 unchanged.",
        "1 file moved.",
        "1 file gone since the last scan, but kept in the catalog.",
    ]


def test_what_cannot_be_heard_is_named(drumsort, samples):
    (samples / "Pack B" / "bad.wav").write_bytes(b"text")
    done = drumsort("scan", samples, "gone")
    assert done.returncode == 1
    assert "Not heard: 1 file\n  " in done.stderr
    assert "bad.wav is damaged" in done.stderr
    assert "gone does not exist, or is empty (is a drive unplugged?)" in done.stderr


def test_json(drumsort, samples, tmp_path):
    (samples / "Pack B" / "bad.wav").write_bytes(b"text")
    done = drumsort("scan", samples, "--catalog", "my.db", "--json")
    facts = json.loads(done.stdout)
    assert facts.pop("model").startswith("drumnet-")
    assert [*facts.pop("failures")] == [str(samples / "Pack B" / "bad.wav")]
    numbers = {"heard": 4, "unchanged": 0, "moved": 0, "twins": 0, "missing": 0, "replaced": 0}
    nothing: dict[str, list[str]] = {"absent": [], "gone": [], "vanished": []}
    assert facts == {"catalog": str(tmp_path / "my.db"), **nothing, **numbers}


def test_a_folder_that_was_renamed_is_told_of(drumsort, samples, tmp_path):
    drumsort("scan", samples)
    samples.rename(tmp_path / "Library")
    done = drumsort("scan", "Library")
    assert done.returncode == 0, done.stderr
    hint = f"drumsort scan --forget {samples.name}"
    assert f"{samples} no longer exists. If it is gone for good: {hint}\n" in done.stderr
    assert "4 files of other folders gone: their sounds are here now.\n" in done.stdout
    assert drumsort(*hint.split()[1:]).returncode == 0
    assert known(tmp_path / "home" / "catalog.db") == 4
    assert drumsort("scan", "Library").stderr == ""


def test_only_a_scan_adds_to_the_library(drumsort_here, samples, tmp_path):
    assert "There is no catalog" in drumsort_here("scan", "--list").stderr
    drumsort_here("scan", samples / "Pack A")
    drumsort_here("classify", samples)
    drumsort_here("sort", samples, "--into", "Sorted")
    listed = drumsort_here("scan", "--list")
    assert listed.stdout == f"{samples / 'Pack A'}  3 sounds\n"
    (row,) = json.loads(drumsort_here("scan", "--list", "--json").stdout)
    assert row == {"path": str(samples / "Pack A"), "sounds": 3, "missing": 0, "there": True}
    found = json.loads(drumsort_here("similar", samples / "Pack B" / "PRT_1.wav", "--json").stdout)
    assert {Path(one["path"]).parts[-2] for one in found} == {"Pack A", "deep"}
    shutil.rmtree(samples / "Pack B")
    shutil.rmtree(tmp_path / "Sorted")
    assert drumsort_here("scan", samples / "Pack A").stderr == ""
    assert "leave out DIR" in drumsort_here("scan", "--list", samples).stderr


@pytest.mark.parametrize("place", [(), ("--catalog", "mine.db")])
def test_the_catalog_follows_what_a_sort_moves_and_takes_back(drumsort, samples, tmp_path, place):
    def paths():
        with Catalog(tmp_path / (place[1] if place else "home/catalog.db")) as opened:
            return {entry.path for entry in opened.entries()}

    drumsort("scan", samples, *place)
    before = paths()
    assert drumsort("sort", samples, "--into", "Sorted", "--move", *place).returncode == 0
    assert paths() == set((tmp_path / "Sorted").rglob("*.wav"))
    assert drumsort("undo", *place).returncode == 0
    assert paths() == before == set(samples.rglob("*.wav"))


def test_what_is_gone_for_good_is_forgotten(drumsort, samples, tmp_path):
    drumsort("scan", samples)
    (samples / "Pack A").rename(tmp_path / "elsewhere")
    done = drumsort("scan", "--forget", samples / "Pack A")
    assert (done.returncode, done.stdout) == (0, "3 files forgotten; corrections are kept.\n")
    done = drumsort("scan", "--forget", samples, "--json")
    catalog = str(tmp_path / "home" / "catalog.db")
    assert json.loads(done.stdout) == {"catalog": catalog, "forgotten": 0}
    done = drumsort("scan", "--forget", samples / "Pack A")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"knows no file in {samples / 'Pack A'}." in done.stderr
    assert drumsort("scan", "--forget", "--rebuild", samples).returncode == 2


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stopped_it_says_how_to_go_on(drumsort, samples, tmp_path, how):
    first = next(samples.rglob("*.wav")).read_bytes()
    for number in range(2000):
        (samples / f"{number}.wav").write_bytes(first)
    catalog = tmp_path / "home" / "catalog.db"
    process = subprocess.Popen(
        [sys.executable, "-m", "drumsort", "scan", samples],
        env={**os.environ, "DRUMSORT_HOME": str(tmp_path / "home")},
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while not catalog.exists() or not known(catalog):
        time.sleep(0.02)
        assert process.poll() is None, "it was over before it could be stopped"
    process.send_signal(how)
    said = process.communicate()[1].split("\n")
    assert [line for line in said if line] == [
        "What was heard is kept: run the same command again to continue.",
        "Stopped.",
    ]
    assert process.returncode == 130
    before = known(catalog)
    facts = json.loads(drumsort("scan", samples, "--json").stdout)
    assert 0 < before < 2004
    assert facts["unchanged"] == before
    assert facts["heard"] + facts["twins"] == 2004 - before


def known(catalog):
    with Catalog(catalog) as opened:
        return sum(1 for _ in opened.entries())


def test_a_damaged_catalog_is_rebuilt_when_asked(drumsort, samples, tmp_path):
    drumsort("scan", samples)
    catalog = tmp_path / "home" / "catalog.db"
    catalog.write_bytes(b"nothing of a database" * 1000)
    for command in ("scan", "classify"):
        done = drumsort(command, samples)
        assert done.returncode == 2
        assert done.stderr.startswith(f"drumsort: The catalog {catalog} is damaged")
        assert "--rebuild" in done.stderr
        assert "Traceback" not in done.stderr
    done = drumsort("scan", samples, "--rebuild")
    assert done.returncode == 0, done.stderr
    assert (
        f"The old catalog is now {catalog}.damaged-1. The new one has 0 corrections" in done.stderr
    )
    assert "4 files heard" in done.stdout
    assert drumsort("scan", samples, "--rebuild", "--catalog", "none.db").returncode == 2
    content = catalog.read_bytes()
    assert drumsort("scan", "Sampels", "--rebuild").returncode == 2
    assert drumsort("scan", samples, "--rebuild").returncode == 2
    assert catalog.read_bytes() == content


def test_a_catalog_that_is_being_filled_is_not_rebuilt_by_way_of_a_link(
    drumsort, samples, tmp_path
):
    drumsort("scan", samples)
    (tmp_path / "link.db").symlink_to(tmp_path / "home" / "catalog.db")
    with writer_lock(tmp_path / "home" / "catalog.db"):
        done = drumsort("scan", samples, "--rebuild", "--catalog", "link.db")
    assert done.returncode == 2
    assert "Another drumsort is filling the catalog" in done.stderr


@pytest.mark.parametrize("command", [["classify", "--json"], ["sort", "--into", "S", "--dry-run"]])
def test_a_catalog_changes_nothing_but_the_time(drumsort, samples, tmp_path, command):
    plain = drumsort(*command, samples)
    assert plain.returncode == 0, plain.stderr
    assert not (tmp_path / "home" / "catalog.db").exists()
    drumsort("scan", samples / "Pack A")
    for options in ([], ["--no-catalog"], ["--catalog", "home/catalog.db"]):
        done = drumsort(*command, samples, *options)
        assert (done.returncode, done.stdout, done.stderr) == (0, plain.stdout, plain.stderr)
    assert known(tmp_path / "home" / "catalog.db") == 3  # what was scanned
    done = drumsort(*command, samples, "--catalog", "none.db")
    assert done.returncode == 2
    assert "There is no catalog" in done.stderr
    assert not (tmp_path / "none.db").exists()
