"""Classes of one's own, lessons and collections, from the page."""

import zipfile
from pathlib import Path

import numpy as np
import pytest


def test_a_class_is_made_taught_tried_and_used(server):
    nothing = {"lessons": [], "classes": [], "usable": 0, "enough": 5}
    assert server.json("/api/teach") == nothing
    job = server.do("/api/teach/try")
    assert server.wait("failed")["sentence"].endswith(".")
    header, columns = server.sounds()
    ids = columns["id"].tolist()
    vox = ids[:6]
    done = server.do("/api/teach/classes", {"name": "Vox", "ids": vox})
    assert (done["changed"], done["failures"]) == (6, [])
    assert server.sounds(f"/api/changes?since={header['version']}")[0]["whole"]
    later, now = server.sounds()
    assert later["families"][-3:] == ["Vox", "other", "unsure"]
    assert [later["families"][code] for code in now["family"][:6]] == ["Vox"] * 6
    assert {"name": "Vox", "labels": ["Vox"], "own": True} in server.json("/api/state")["families"]
    known = server.json("/api/teach")
    assert (known["classes"], known["usable"]) == ([{"name": "Vox", "examples": 6}], 6)

    job = server.do("/api/teach/try")
    assert job["kind"] == "teach"
    job = server.wait("done")
    assert job["sentence"].startswith("Right of the examples: ")
    (lesson,) = server.json("/api/teach")["lessons"]
    assert (lesson["active"], lesson["classes"], lesson["examples"]) == (False, ["Vox"], 6)
    assert lesson["by_class"][0]["name"] == "Vox"
    assert 0 <= lesson["before"] <= lesson["after"] <= 1
    server.do("/api/teach/try")
    assert server.wait("done")["sentence"] == "Nothing changed since version 1 was learned."
    assert len(server.json("/api/teach")["lessons"]) == 1
    server.do("/api/corrections/undo")
    header, before = server.sounds()
    used = server.do("/api/teach/use", {"number": lesson["number"]})
    assert server.json("/api/state")["lesson"]["active"]
    later, after = server.sounds()
    was, now = (
        np.array(head["labels"])[columns["label"]]
        for head, columns in ((header, before), (later, after))
    )
    assert used["changed"] == (was != now).sum() > 0
    assert (before["confidence"] != after["confidence"]).sum() > 18
    assert (after["family"][:6] == later["families"].index("Vox")).any()
    known = server.json(f"/api/sounds/{vox[0]}")
    assert known["scores"]["Vox"] > 0
    assert server.do("/api/teach/use", {"number": None})["changed"] == used["changed"]
    assert server.json("/api/state")["lesson"] is None
    assert server.sounds()[1]["confidence"].tolist() == before["confidence"].tolist()

    server.do("/api/teach/forget", {"name": "Vox"})
    assert server.json("/api/teach") == nothing
    assert "Vox" not in server.sounds()[0]["families"]
    response = server.post("/api/teach/forget", {"name": "Vox"})
    assert (response.status, "no class 'Vox'" in response.json["error"]) == (400, True)


@pytest.mark.parametrize("body", [{"number": 7}, {"number": "1"}, {"number": True}])
def test_a_lesson_that_is_none(shared, body):
    assert shared.post("/api/teach/use", body).status == 400


@pytest.mark.parametrize("name", ["", "kick", "unsure", "a/b", "x" * 41, None])
def test_a_class_that_cannot_be(shared, name):
    assert shared.post("/api/teach/classes", {"name": name, "ids": [1]}).status == 400
    assert shared.json("/api/teach")["classes"] == []


def test_collections_from_favourites_to_export(server, tmp_path):
    (favourites,) = server.json("/api/state")["collections"]
    assert (favourites["number"], favourites["count"]) == (1, 0)
    ids = server.sounds()[1]["id"].tolist()
    added = server.do("/api/collections/1/add", {"ids": ids[:3]})
    assert (added["name"], added["count"], added["changed"]) == (favourites["name"], 3, 3)
    again = server.do("/api/collections/1/add", {"ids": ids[:4]})
    assert (again["count"], again["changed"]) == (4, 1)
    made = server.do("/api/collections", {"name": "Dark kit"})
    assert server.post("/api/collections", {"name": "dark KIT"}).status == 400
    number = made["number"]
    server.do(f"/api/collections/{number}/add", {"ids": ids[2:6]})
    taken = server.do(f"/api/collections/{number}/remove", {"ids": ids[5:6]})
    assert (taken["count"], taken["changed"]) == (3, 1)
    kept = server.json(f"/api/collections/{number}")
    assert (kept["name"], sorted(kept["ids"]), kept["missing"]) == ("Dark kit", ids[2:5], 0)
    assert server.json(f"/api/sounds/{ids[2]}")["collections"] == [1, number]
    renamed = server.do(f"/api/collections/{number}/rename", {"name": "Night kit"})
    assert renamed.pop("step") > 0
    assert renamed == {
        "number": number,
        "name": "Night kit",
        "count": 3,
        "query": None,
        "kit": False,
    }

    server.do(f"/api/collections/{number}/export", {"kind": "zip", "into": str(tmp_path)})
    job = server.wait("done")
    assert (job["kind"], job["done"], job["total"]) == ("export", 3, 3)
    assert len(zipfile.ZipFile(tmp_path / "Night kit.zip").namelist()) == 3
    response = server.post(f"/api/collections/{number}/export", {"kind": "tape", "into": "/tmp"})
    assert response.status == 400
    response = server.post(f"/api/collections/{number}/export", {"kind": "zip", "into": "here"})
    assert response.status == 400

    assert server.wait("done")["sentence"] == f"Made {tmp_path / 'Night kit.zip'}."

    Path(server.json(f"/api/sounds/{ids[2]}")["path"]).unlink()
    server.do("/api/scan")
    server.wait("done")
    assert server.json(f"/api/collections/{number}")["missing"] == 1
    server.do(f"/api/collections/{number}/export", {"kind": "folder", "into": str(tmp_path)})
    job = server.wait("done")
    made = tmp_path / "Night kit"
    assert job["sentence"] == f"Made {made} with 2 of 3 sounds: 1 file is gone."
    assert len(job["failures"]) == 1
    assert len(list(made.iterdir())) == 2

    assert server.do(f"/api/collections/{number}/delete")["step"] > 0
    assert server.get(f"/api/collections/{number}").status == 404
    assert server.post("/api/collections/1/delete").status == 400
    assert server.post("/api/collections", {"name": ""}).status == 400
    assert server.post("/api/collections/99/add", {"ids": ids[:1]}).status == 404
    assert [one["number"] for one in server.json("/api/state")["collections"]] == [1]
