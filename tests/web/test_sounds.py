"""All sounds as columns, and one in full."""

import subprocess
import sys
import time

import numpy as np
import pytest

from drumsort import Catalog, similar
from drumsort.workflows.similar import build_index

from .conftest import unpacked


def test_the_state_of_things(shared):
    state = shared.json("/api/state")
    assert state["catalog"] == str(shared.catalog)
    assert (state["count"], state["model"], state["policy"]) == (36, "drumnet-5", "balanced")
    assert state["folders"] == [str(shared.catalog.parent / "Demo")]
    assert [family["name"] for family in state["families"]][-3:] == [
        "percussion",
        "other",
        "unsure",
    ]
    assert state["families"][1] == {"name": "snare", "labels": ["snare", "rim"]}
    assert (state["job"], state["corrections"], state["lesson"]) == (None, 0, None)


def test_a_page_holds_what_entries_say(shared):
    header, columns = shared.sounds()
    assert (header["total"], header["offset"], header["count"]) == (36, 0, 36)
    assert header["version"] == shared.json("/api/state")["version"]
    with Catalog(shared.catalog) as catalog:
        entries = list(catalog.entries())
    assert columns["names"] == [entry.path.name for entry in entries]
    for row, entry in enumerate(entries):
        assert header["families"][columns["family"][row]] == entry.prediction.family
        assert header["labels"][columns["label"][row]] == entry.prediction.label
        assert header["packs"][columns["pack"][row]] == entry.pack
        folder = entry.path.parent.relative_to(shared.catalog.parent)
        assert header["folders"][columns["folder"][row]] == folder.as_posix()
        assert columns["confidence"][row] == pytest.approx(entry.prediction.confidence)


def test_pages_are_the_whole_in_order(shared):
    _, whole = shared.sounds()
    parts = [shared.sounds(f"/api/sounds?offset={at}&limit=10")[1] for at in (0, 10, 20, 30)]
    assert [name for part in parts for name in part["names"]] == whole["names"]
    for name in ("id", "x", "pitch", "family"):
        joined = np.concatenate([part[name] for part in parts])
        assert np.array_equal(joined, whole[name], equal_nan=True)
    header, beyond = shared.sounds("/api/sounds?offset=36")
    assert (header["total"], header["count"], beyond["names"]) == (36, 0, [])


def test_the_map_needs_three_columns_of_all_sounds(shared):
    whole, columns = shared.sounds()
    header, places = shared.sounds("/api/places")
    assert (header["version"], header["count"]) == (whole["version"], 36)
    assert (header["families"], header["folders"]) == (whole["families"], [])
    assert set(places) == {"x", "y", "family"}
    for name, values in places.items():
        assert np.array_equal(values, columns[name], equal_nan=True)


def test_one_sound_in_full(shared):
    with Catalog(shared.catalog) as catalog:
        entries = list(catalog.entries())
    ids = shared.ids()
    for entry in entries[:12]:
        known = shared.json(f"/api/sounds/{ids[entry.path.name]}")
        assert known["path"] == str(entry.path)
        assert (known["pack"], known["size"]) == (entry.pack, entry.path.stat().st_size)
        said = entry.prediction
        assert (known["family"], known["label"]) == (said.family, said.label)
        assert known["scores"] == pytest.approx(dict(said.scores))
        assert known["reason"] == said.reason
        assert (known["rate"], known["format"]) == (entry.facts.rate, entry.facts.format)
        assert known["pitch_hz"] == entry.pitch_hz
        assert (known["note"] is None) == (entry.pitch_hz is None)
        assert (known["missing"], known["correction"], known["collections"]) == (False, None, [])


def test_what_is_similar_is_what_the_command_says(shared):
    with Catalog(shared.catalog) as catalog:
        entry = next(iter(catalog.entries()))
    ids = shared.ids()
    found = shared.json(f"/api/sounds/{ids[entry.path.name]}/similar?n=5")
    expected = similar(entry.path, 5, catalog=shared.catalog)
    assert [one["id"] for one in found] == [ids[other.path.name] for other, _ in expected]
    assert [one["similarity"] for one in found] == [round(alike, 4) for _, alike in expected]
    header, columns = shared.sounds()
    snares = shared.json(f"/api/sounds/{ids[entry.path.name]}/similar?n=3&family=snare")
    assert snares
    for one in snares:
        row = columns["id"].tolist().index(one["id"])
        assert header["families"][columns["family"][row]] == "snare"
    pytest.importorskip("faiss")
    build_index(catalog=shared.catalog)
    assert shared.json(f"/api/sounds/{ids[entry.path.name]}/similar?n=5") == found


def test_a_correction_changes_its_rows_alone(server):
    header, columns = server.sounds()
    before, ids = header["version"], columns["id"].tolist()[:3]
    done = server.do("/api/correct", {"ids": ids, "label": "cowbell"})
    assert (done["changed"], done["failures"]) == (3, [])
    assert done["version"] > before
    header, changed = server.sounds(f"/api/changes?since={before}")
    assert (header["whole"], header["version"]) == (False, done["version"])
    assert sorted(changed["id"].tolist()) == sorted(ids)
    assert {header["labels"][code] for code in changed["label"]} == {"cowbell"}
    assert changed["corrected"].tolist() == [1, 1, 1]
    assert changed["confidence"].tolist() == [1, 1, 1]
    assert server.json(f"/api/sounds/{ids[0]}")["correction"] == "cowbell"
    assert server.json(f"/api/sounds/{ids[0]}")["reason"] == "you said so"
    assert server.json("/api/state")["corrections"] == 3
    assert server.sounds(f"/api/changes?since={done['version']}")[0]["count"] == 0

    undone = server.do("/api/corrections/undo")
    assert undone["taken_back"] == 3
    header, back = server.sounds(f"/api/changes?since={done['version']}")
    assert sorted(back["id"].tolist()) == sorted(ids)
    whole = server.sounds()[1]
    for name in ("id", "family", "label", "confidence", "corrected"):
        assert whole[name].tolist() == columns[name].tolist()
    nothing = {"taken_back": 0, "version": undone["version"], "step": None}
    assert server.do("/api/corrections/undo") == nothing


def test_changes_since_who_knows_when_are_all(server):
    for since in (0, 5, 4_000_000_000):
        header, columns = server.sounds(f"/api/changes?since={since}")
        assert (header["whole"], header["count"]) == (True, 36)
        assert len(columns["id"]) == 36


def test_a_correction_holds_for_every_file_with_that_sound(server, demo):
    first = sorted(demo.rglob("*.wav"))[0]
    (demo / "twin.wav").write_bytes(first.read_bytes())
    server.do("/api/scan")
    server.wait("done")
    ids = server.ids()
    version = server.json("/api/state")["version"]
    server.do("/api/correct", {"ids": [ids["twin.wav"]], "label": "ride"})
    _, changed = server.sounds(f"/api/changes?since={version}")
    assert set(changed["names"]) == {"twin.wav", first.name}


def test_a_correction_is_there_after_a_restart(server, start):
    number = server.sounds()[1]["id"].tolist()[0]
    server.do("/api/correct", {"ids": [number], "label": "cowbell"})
    version = server.json("/api/state")["version"]
    server.end()
    again = start(server.catalog)
    assert again.json(f"/api/sounds/{number}")["label"] == "cowbell"
    assert again.token == server.token  # an open page goes on
    header, _ = again.sounds(f"/api/changes?since={version}")
    assert header["whole"]


def test_what_was_corrected_elsewhere_arrives_by_itself(server, demo):
    path = sorted(demo.rglob("*.wav"))[0]
    version = server.json("/api/state")["version"]
    command = ["correct", path, "--label", "ride", "--catalog", server.catalog]
    subprocess.run([sys.executable, "-m", "drumsort", *command], check=True, capture_output=True)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        header, changed = server.sounds(f"/api/changes?since={version}")
        if header["count"]:
            break
        time.sleep(0.05)
    assert (header["whole"], changed["names"]) == (False, [path.name])
    assert header["labels"][changed["label"][0]] == "ride"


def test_ids_that_are_not_there_are_named(server):
    number = server.sounds()[1]["id"].tolist()[0]
    done = server.do("/api/correct", {"ids": [number, 4000], "label": "ride"})
    assert done["changed"] == 1
    assert len(done["failures"]) == 1


def test_unpacking_reads_what_is_packed(shared):
    """The reader of these tests is the one of the contract: it fails where bytes are missing."""
    content = shared.get("/api/sounds").body
    with pytest.raises(AssertionError):
        unpacked(content[:-40])
