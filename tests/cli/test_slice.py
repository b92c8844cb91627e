"""``drumsort slice`` on loops: what is written, what is said, and that it can be taken back."""

import json
import os
import signal
import subprocess
import sys
import time
from xml.etree import ElementTree

import numpy as np
import pytest
import soundfile

from drumsort.catalog import Catalog

from ..slicing.loops import BEAT, loop, write
from .conftest import tree


@pytest.fixture
def breaks(tmp_path):
    """Two loops; the second one is the first bar twice."""
    write(tmp_path / "Moon" / "beat.wav", loop(BEAT))
    bar = loop(BEAT, seconds=2)
    write(tmp_path / "Moon" / "twice.wav", np.concatenate([bar, bar]), coding="PCM_16")
    return tmp_path / "Moon"


def test_hits_are_sorted_as_one_run_that_undo_takes_back(drumsort_here, breaks, tmp_path):
    before = tree(breaks)
    done = drumsort_here("slice", breaks / "beat.wav", "--into", "Hits")
    assert done.returncode == 0, done.stderr
    assert "8 slices written." in done.stdout
    files = tree(tmp_path / "Hits")
    assert [name for name in files if name.startswith("kick/")] == [
        "kick/beat_01_kick.wav",
        "kick/beat_05_kick.wav",
    ]
    assert sum("_snare.wav" in name for name in files) == 2
    about = soundfile.info(tmp_path / "Hits" / "kick" / "beat_01_kick.wav")
    assert (about.samplerate, about.subtype, about.channels) == (44100, "PCM_24", 1)
    assert json.loads(drumsort_here("history", "--json").stdout)[0]["action"] == "slice"
    again = drumsort_here("slice", breaks / "beat.wav", "--into", "Hits", "--json")
    found = json.loads(again.stdout)
    assert (found["run"], found["done"]) == (None, 0)
    assert all(hit["already_there"] for hit in found["files"][0]["hits"])
    assert tree(tmp_path / "Hits") == files
    assert drumsort_here("undo").returncode == 0
    assert not (tmp_path / "Hits").exists()
    assert tree(breaks) == before
    assert not list(tmp_path.glob(".drumsort*"))


def test_a_dry_run_writes_a_picture_and_nothing_else(drumsort_here, breaks, tmp_path):
    done = drumsort_here("slice", breaks, "--into", "Hits", "--dry-run", "--picture", "p.svg")
    assert done.returncode == 0, done.stderr
    assert "Dry run: 24 slices would be written" in done.stdout
    assert "kick/beat_01_kick.wav" in done.stdout
    root = ElementTree.parse(tmp_path / "p.svg").getroot()
    texts = ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert len(texts) == 2 + 24
    assert texts[1] == "1 kick"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Moon", "p.svg"]
    refused = drumsort_here("slice", breaks, "--into", "Hits", "--picture", "p.png")
    assert refused.returncode == 2
    assert "ends in .svg" in refused.stderr


def test_cuts_can_be_given(drumsort_here, breaks, tmp_path):
    words = ("slice", breaks / "beat.wav", "--into", "Hits", "--json", "--cuts")
    [file] = json.loads(drumsort_here(*words, "0,0.1,0.5").stdout)["files"]
    assert [(hit["number"], hit["start"]) for hit in file["hits"]] == [(1, 0), (2, 0.1), (3, 0.5)]
    for cuts, why in (("0.5,0.1", "as they follow"), ("0,7", "3.000 s long"), ("a", "seconds")):
        refused = drumsort_here(*words, cuts)
        assert refused.returncode == 2
        assert why in refused.stderr
    several = drumsort_here("slice", breaks, "--into", "Hits", "--cuts", "0")
    assert several.returncode == 2
    assert "one sound" in several.stderr


def test_of_hits_that_are_next_to_the_same_one_is_kept(drumsort_here, breaks, tmp_path):
    words = ("slice", breaks / "twice.wav", "--into", "Hits", "--unique", "--json")
    [file] = json.loads(drumsort_here(*words, "--layout", "{name}").stdout)["files"]
    kept = [hit for hit in file["hits"] if hit["target"]]
    assert len(file["hits"]) == 16
    assert 4 <= len(kept) <= 8
    numbers = {hit["number"]: hit for hit in kept}
    for hit in file["hits"]:
        if not hit["target"]:
            assert numbers[hit["like"]["number"]]["label"] == hit["label"]
    assert len(tree(tmp_path / "Hits")) == len(kept)


def test_a_bad_file_is_named_and_the_rest_is_sliced(drumsort_here, breaks, tmp_path):
    (breaks / "bad.wav").write_bytes(b"RIFF")
    write(breaks / "silent.wav", np.zeros(44100))
    done = drumsort_here("slice", breaks, "--into", "Hits", "--layout", "{pack}/{name}")
    assert done.returncode == 1
    assert "24 slices written." in done.stdout
    assert "Not sliced: 2 files" in done.stderr
    assert "bad.wav" in done.stderr
    assert "silent.wav is silent" in done.stderr
    assert {name.split("/")[0] for name in tree(tmp_path / "Hits")} == {"Moon"}


def test_nothing_is_overwritten(drumsort_here, breaks, tmp_path):
    mine = tmp_path / "Hits" / "kick" / "beat_01_kick.wav"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")
    assert drumsort_here("slice", breaks / "beat.wav", "--into", "Hits").returncode == 0
    assert mine.read_bytes() == b"mine"
    assert mine.with_name("beat_01_kick (2).wav").is_file()
    inside = drumsort_here("slice", breaks, "--into", breaks / "Hits")
    assert inside.returncode == 2
    assert "where the files come from" in inside.stderr


def test_what_is_heard_does_not_enter_the_catalog(drumsort_here, breaks, tmp_path):
    drumsort_here("scan", breaks)
    drumsort_here("slice", breaks / "beat.wav", "--into", "Hits")
    with Catalog(tmp_path / "home" / "catalog.db") as catalog:
        assert [count for (count,) in catalog.read("SELECT COUNT(*) FROM sounds")] == [2]


def test_ctrl_c_leaves_nothing(breaks, tmp_path):
    write(breaks / "long.wav", np.tile(loop(BEAT, seconds=2), 200))
    process = subprocess.Popen(
        [sys.executable, "-m", "drumsort", "slice", breaks, "--into", tmp_path / "Hits"],
        env={**os.environ, "DRUMSORT_HOME": str(tmp_path / "home")},
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".drumsort*/*.wav")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Nothing has been written yet." in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Moon", "home"]
