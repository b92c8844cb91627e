"""Keywords and what is hidden, as the page asks for them; nothing heard is read again for it."""

import shutil
from urllib.parse import quote

import numpy as np
import pytest
import soundfile

from drumsort import scan

from ..synth.drums import synthesize
from ..synth.packs import write_packs


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The catalog of thirty-six sounds."""
    folder = tmp_path_factory.mktemp("library")
    write_packs(folder / "Demo", per_label=2)
    scan(folder / "Demo", catalog=folder / "catalog.db")
    return folder / "catalog.db"


@pytest.fixture
def server(library, tmp_path, start):
    """A server of a copy; the sounds are shared, so no test may touch them."""
    return start(shutil.copy(library, tmp_path / "catalog.db"))


def test_keywords_are_given_listed_and_undone(server):
    ids = list(server.ids().values())
    given = server.do("/api/keywords/add", {"ids": ids[:3], "keyword": " dusty "})
    assert (given["keyword"], given["changed"]) == ("dusty", 3)
    server.do("/api/keywords/add", {"ids": ids[2:4], "keyword": "for live set"})
    assert server.json("/api/state")["keywords"] == [
        {"name": "dusty", "count": 3},
        {"name": "for live set", "count": 2},
    ]
    assert server.json(f"/api/sounds/{ids[2]}")["keywords"] == ["dusty", "for live set"]
    found = server.json(f"/api/keywords/sounds?names={quote('for live set')},DUSTY")["ids"]
    assert sorted(found) == sorted(ids[:4])
    among = server.do("/api/keywords/among", {"ids": ids[:3]})
    assert {one["name"]: one["count"] for one in among} == {"dusty": 3, "for live set": 1}
    assert sorted(server.json("/api/find?query=keyword:dusty")["ids"]) == sorted(ids[:3])
    assert server.do("/api/keywords/remove", {"ids": ids, "keyword": "Dusty"})["changed"] == 3
    assert server.post("/api/keywords/remove", {"ids": ids, "keyword": "dusty"}).status == 400
    assert server.post("/api/keywords/add", {"ids": ids, "keyword": "a, b"}).status == 400
    server.do("/api/undo", {"step": given["step"] + 2})
    assert server.json("/api/state")["keywords"][0] == {"name": "dusty", "count": 3}


def test_a_sound_that_lies_in_two_files_is_liked_and_has_its_keywords_in_both(tmp_path, start):
    pack = tmp_path / "Pack"
    pack.mkdir()
    soundfile.write(pack / "kick.wav", synthesize("kick", 0), 44100)
    shutil.copy(pack / "kick.wav", pack / "copy.wav")
    soundfile.write(pack / "snare.wav", synthesize("snare", 0), 44100)
    scan(pack, catalog=tmp_path / "catalog.db")
    server = start(tmp_path / "catalog.db")
    ids = server.ids()
    two = [ids["kick.wav"], ids["copy.wav"]]
    server.do("/api/collections/1/add", {"ids": two[:1]})
    liked = server.json("/api/collections/1")
    assert (liked["ids"], liked["copies"]) == (two[:1], two[1:])
    server.do("/api/keywords/add", {"ids": two[:1], "keyword": "dusty"})
    assert server.do("/api/keywords/among", {"ids": two}) == [{"name": "dusty", "count": 2}]


def test_what_is_hidden_goes_from_kits_and_queries_and_comes_back(server):
    header, columns = server.sounds()
    ids, version = columns["id"].tolist(), header["version"]
    done = server.do("/api/hidden/add", {"ids": ids[:2], "packs": []})
    assert (done["changed"], done["version"]) == (2, version + 1)
    changes = server.sounds(f"/api/changes?since={version}")
    assert (changes[0]["whole"], changes[1]["id"].tolist()) == (False, ids[:2])
    assert server.sounds()[1]["hidden"].tolist() == [1, 1] + [0] * (len(ids) - 2)
    assert server.json("/api/state")["hidden"] == {"count": 2, "packs": []}
    assert server.json(f"/api/sounds/{ids[0]}")["hidden"]
    assert len(server.json("/api/find?query=")["ids"]) == len(ids) - 2
    everything = server.json("/api/find?query=&hidden=true")
    assert (len(everything["ids"]), everything["asks_hidden"]) == (len(ids), False)
    asked = server.json("/api/find?query=hidden:yes&hidden=true")
    assert (asked["ids"], asked["asks_hidden"]) == (ids[:2], True)

    packs = [header["packs"][code] for code in columns["pack"]]
    away = [number for number, pack in zip(ids, packs, strict=True) if pack == packs[-1]]
    hidden = server.do("/api/hidden/add", {"ids": [], "packs": [packs[-1]]})
    assert server.json("/api/state")["hidden"]["packs"] == [packs[-1]]
    gone = {*ids[:2], *away}
    for seed in range(3):
        kit = server.do("/api/kit", {"kept": [None] * 16, "seed": seed, "ids": None})
        assert not gone & set(kit["ids"])
    rest = next(number for number in ids if number not in gone)
    similar = server.json(f"/api/sounds/{rest}/similar?n=50")
    assert similar
    assert not gone & {one["id"] for one in similar}
    assert server.do("/api/sort/plan", {"into": "/tmp/Sorted"})["count"] == len(ids)

    server.do("/api/undo", {"step": hidden["step"]})
    assert np.flatnonzero(server.sounds()[1]["hidden"]).tolist() == [0, 1]
    server.do("/api/hidden/remove", {"ids": ids, "packs": []})
    assert server.json("/api/state")["hidden"] == {"count": 0, "packs": []}


def test_corrections_of_many_at_once_are_those_of_one_by_one(server):
    """All are relabelled from what was heard before, without hearing or judging again."""
    _, heard = server.sounds()
    ids = heard["id"].tolist()
    steps = [server.do("/api/correct", {"ids": ids, "label": "tom"})["step"]]
    steps += [server.do("/api/correct", {"ids": ids[::2], "label": "crash"})["step"]]
    header, now = server.sounds()
    tom, crash = (header["labels"].index(name) for name in ("tom", "crash"))
    assert now["label"].tolist() == [crash, tom] * (len(ids) // 2)
    assert set(now["confidence"].tolist()) == set(now["corrected"].tolist()) == {1}
    assert np.isnan(now["pitch"][::2]).all()
    assert not np.isnan(now["pitch"][1::2]).all()
    for step in reversed(steps):
        server.do("/api/undo", {"step": step})
    again = server.sounds()[1]
    for name, column in heard.items():
        assert np.array_equal(column, again[name], equal_nan=name == "pitch"), name


def test_a_lesson_says_what_it_would_change_before_it_is_on(server):
    header, columns = server.sounds()
    server.do("/api/teach/classes", {"name": "Vox", "ids": columns["id"].tolist()[:6]})
    server.do("/api/teach/try")
    server.wait("done")
    header, before = server.sounds()
    told = server.json("/api/teach/changes?number=1")
    assert told["version"] == header["version"]
    assert server.sounds()[1]["label"].tolist() == before["label"].tolist()
    used = server.do("/api/teach/use", {"number": 1})
    later, after = server.sounds()
    differ = np.flatnonzero(
        np.array(header["labels"])[before["label"]] != np.array(later["labels"])[after["label"]]
    )
    assert {one["id"] for one in told["sounds"]} == set(after["id"][differ].tolist())
    assert len(told["sounds"]) == used["changed"] > 0
    sure = [one["confidence_after"] for one in told["sounds"]]
    assert sure == sorted(sure, reverse=True)
    one = told["sounds"][0]
    (row,) = np.flatnonzero(after["id"] == one["id"])
    assert one["after"] == later["labels"][after["label"][row]]
    assert one["before"] == header["labels"][before["label"][row]]
    assert server.get("/api/teach/changes?number=9").status == 400
