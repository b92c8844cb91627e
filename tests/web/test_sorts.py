"""Sorting from the page: nothing is lost, whatever happens to the server."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from drumsort import scan
from drumsort.sorting.journal import Journal
from drumsort.types import Action, Operation

from ..synth.packs import write_packs

README = b"Demo pack. "


def contents(folder):
    return sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def in_packs(server):
    """File name to pack."""
    header, columns = server.sounds()
    packs = [header["packs"][code] for code in columns["pack"]]
    return dict(zip(columns["names"], packs, strict=True))


def test_planned_copied_and_taken_back(server, demo, tmp_path):
    before = contents(demo)
    ids = server.ids()
    corrected = sorted(demo.rglob("*.wav"))[0]
    server.do("/api/correct", {"ids": [ids[corrected.name]], "label": "cowbell"})
    into = tmp_path / "Sorted"
    plan = server.do("/api/sort/plan", {"ids": None, "into": str(into)})
    assert (plan["count"], plan["into"]) == (36, str(into))
    assert plan["notes"] == []
    assert sum(folder["count"] for folder in plan["tree"]) == 36
    assert {"kick", "snare", "percussion"} <= {folder["path"] for folder in plan["tree"]}
    assert all(1 <= len(folder["examples"]) <= 3 for folder in plan["tree"])
    assert not into.exists()
    job = server.do("/api/sort/apply", {"plan": plan["plan"]})
    assert job["kind"] == "sort"
    job = server.wait("done")
    assert (job["done"], job["total"], job["sentence"]) == (36, 36, "36 files in place.")
    for folder in plan["tree"]:
        names = [path.name for path in (into / folder["path"]).iterdir()]
        assert len(names) == folder["count"]
        assert set(folder["examples"]) <= set(names)
    assert (into / "percussion" / corrected.name).exists()
    header, columns = server.sounds()
    for name, code in zip(columns["names"], columns["family"].tolist(), strict=True):
        family = header["families"][code]
        if family == "unsure":
            assert len(list(into.glob(f"_unsure/*/{name}"))) == 1
        elif family == "other":
            assert (into / "_loops" / name).exists() or (into / "_not-a-drum" / name).exists()
        else:
            assert (into / family / name).exists()
    (run,) = server.json("/api/sort/history")
    assert (run["action"], run["into"], run["state"], run["count"]) == (
        "copy", str(into), "finished", 36,
    )  # fmt: skip
    server.do("/api/sort/undo", {"run": run["id"]})
    assert server.wait("done")["sentence"] == "36 files taken back."
    assert not into.exists()
    assert contents(demo) == before
    assert server.json("/api/sort/history")[0]["state"] == "undone"


def test_a_chosen_few_by_another_layout(server, tmp_path):
    ids = list(server.ids().values())[:5]
    plan = server.do(
        "/api/sort/plan",
        {"ids": ids, "into": str(tmp_path / "Few"), "action": "link", "layout": "{pack}/{name}",
         "policy": "everything"},
    )  # fmt: skip
    assert plan["count"] == 5
    assert {folder["path"] for folder in plan["tree"]} <= {"Dusty Tape", "Night Circuit", "Room 12"}
    server.do("/api/sort/apply", {"plan": plan["plan"]})
    server.wait("done")
    assert len(contents(tmp_path / "Few")) == 5


def test_what_was_moved_is_played_where_it_is_now(server, demo, tmp_path):
    before = contents(demo)
    into = tmp_path / "Sorted"
    packs = in_packs(server)
    before_ids = server.ids()
    number = before_ids[sorted(demo.rglob("*.wav"))[0].name]
    server.do("/api/correct", {"ids": [number], "label": "ride"})
    plan = server.do("/api/sort/plan", {"into": str(into), "action": "move"})
    server.do("/api/sort/apply", {"plan": plan["plan"]})
    assert server.wait("done")["sentence"] == "36 files in place."
    assert not list(demo.rglob("*.wav"))
    assert contents(into) == [content for content in before if not content.startswith(README)]
    ids = server.ids()
    assert ids == before_ids
    for one in list(ids.values())[:4]:
        assert server.get(f"/api/sounds/{one}/audio").status == 200
        assert str(into) in server.json(f"/api/sounds/{one}")["path"]
    assert server.sounds()[1]["corrected"].sum() == 1
    (run,) = server.json("/api/sort/history")
    server.do("/api/sort/undo", {"run": run["id"]})
    server.wait("done")
    assert contents(demo) == before
    assert server.ids() == before_ids
    assert len(server.sounds()[1]["id"]) == 36
    assert in_packs(server) == packs
    one = next(iter(server.ids().values()))
    assert server.get(f"/api/sounds/{one}/audio").status == 200
    server.do("/api/scan")
    assert server.wait("done")["sentence"] == "Files: 36 unchanged."


@pytest.mark.parametrize(
    ("action", "layout", "words"),
    [("move", "{family}/{name}", ["leave their packs"]), ("move", "{pack}/{family}/{name}", []),
     ("copy", "{family}/{name}", [])],
)  # fmt: skip
def test_a_move_out_of_packs_is_warned_of(shared, tmp_path, action, layout, words):
    wish = {"into": str(tmp_path / "Sorted"), "action": action, "layout": layout}
    notes = shared.do("/api/sort/plan", wish)["notes"]
    assert [word in note for word, note in zip(words, notes, strict=True)] == [True] * len(words)


def test_folders_that_were_scanned_around_and_within_the_target_are_named(server, tmp_path):
    write_packs(tmp_path / "More", per_label=1)
    server.do("/api/scan", {"folders": [str(tmp_path / "More")]})
    server.wait("done")
    ids = [number for number in server.ids().values()
           if "/Demo/" in server.json(f"/api/sounds/{number}")["path"]]  # fmt: skip
    into = tmp_path / "More" / "Sorted"
    (note,) = server.do("/api/sort/plan", {"ids": ids, "into": str(into)})["notes"]
    assert note.startswith(f"{into} lies in {tmp_path / 'More'}, which was scanned")
    notes = server.do("/api/sort/plan", {"ids": ids, "into": str(tmp_path)})["notes"]
    assert f"{tmp_path / 'More'}, which was scanned, lies in {tmp_path}." in notes


def test_what_changed_since_the_scan_is_left_out(server, demo, tmp_path):
    first, second, *_ = sorted(demo.rglob("*.wav"))
    first.write_bytes(second.read_bytes())
    second.unlink()
    (tmp_path / "Sorted" / "kick").mkdir(parents=True)
    plan = server.do("/api/sort/plan", {"into": str(tmp_path / "Sorted")})
    assert plan["count"] == 34
    assert set(plan["notes"]) == {
        "1 file left out: changed since the scan: scan again first.",
        "1 file left out: gone since the scan: scan again first.",
    }


@pytest.mark.parametrize(
    ("body", "words"),
    [({"into": "Sorted"}, "in full"), ({}, "missing"), ({"into": "{demo}"}, "outside"),
     ({"into": "{demo}/Sorted"}, "outside"), ({"into": "/tmp/x", "layout": "../{name}"}, "'..'"),
     ({"into": "/tmp/x", "action": "burn"}, "no action"), ({"into": "/tmp/x", "ids": ["a"]}, "ids"),
     ({"into": "/tmp/x", "policy": "brave"}, "no policy"), ({"into": "/tmp/\0"}, "missing"),
     ({"into": "{catalog}"}, "is a file")],
)  # fmt: skip
def test_what_cannot_be_planned_says_why(shared, body, words):
    if "into" in body:
        demo = shared.catalog.parent / "Demo"
        body = {**body, "into": body["into"].format(demo=demo, catalog=shared.catalog)}
    response = shared.post("/api/sort/plan", body)
    assert response.status == 400
    assert words in response.json["error"]


def test_a_plan_that_is_out_of_date_is_not_carried_out(server, tmp_path):
    into = str(tmp_path / "Sorted")
    first = server.do("/api/sort/plan", {"into": into})["plan"]
    second = server.do("/api/sort/plan", {"into": into})["plan"]
    assert server.post("/api/sort/apply", {"plan": first}).status == 409
    server.do("/api/correct", {"ids": [1], "label": "ride"})
    response = server.post("/api/sort/apply", {"plan": second})
    assert (response.status, "changed since" in response.json["error"]) == (409, True)
    assert not Path(into).exists()
    third = server.do("/api/sort/plan", {"into": into})["plan"]
    server.do("/api/sort/apply", {"plan": third})
    server.wait("done")
    assert server.post("/api/sort/apply", {"plan": third}).status == 409


@pytest.mark.parametrize("run", ["none", "../catalog", "", "20260101-000000-copy-ffff", "\0"])
def test_a_run_that_is_none(shared, run):
    for what in ("undo", "resume"):
        assert shared.post(f"/api/sort/{what}", {"run": run}).status in (400, 404)


@pytest.fixture
def foreign(server, tmp_path, monkeypatch):
    """Runs that the page did not make: links, doubles of which one is linked yet, a damaged one."""
    monkeypatch.setenv("DRUMSORT_HOME", str(server.catalog.parent / "home"))
    names = [tmp_path / "Doubles" / f"{number}.wav" for number in range(3)]
    names[0].parent.mkdir()
    for name in names:
        name.write_bytes(b"the same")
    links = [Operation(name, tmp_path / "Links" / name.name, 8, 0) for name in names]
    with Journal.create(Action.SYMLINK, tmp_path / "Links", links, []) as journal:
        journal.add(placed={"0": "", "1": "", "2": ""}, finished=True)
    doubles = [Operation(name, names[0], 8, 0) for name in names[1:]]
    Journal.create(Action.RELINK, names[0].parent, doubles, []).close()
    names[1].unlink()
    names[1].hardlink_to(names[0])
    (server.catalog.parent / "home" / "runs" / "20200101-000000-copy-0000.jsonl").write_text("{")
    return server


def test_what_others_did_is_counted_as_what_it_is(foreign):
    history = {run["action"]: run for run in foreign.json("/api/sort/history")}
    linked, doubles, damaged = history["symlink"], history["relink"], history[None]
    assert (linked["state"], linked["count"], linked["files"]) == ("finished", 3, 3)
    assert (doubles["state"], doubles["count"], doubles["files"]) == ("unfinished", 1, 2)
    assert (damaged["state"], damaged["into"], damaged["made_at"]) == ("damaged", None, None)


@pytest.fixture
def large(tmp_path):
    """Two thousand sounds, most of which are copies of few."""
    write_packs(tmp_path / "Few", per_label=2)
    sounds = sorted(path for path in (tmp_path / "Few").rglob("*.*") if path.suffix != ".txt")
    for number in range(2000):
        source = sounds[number % len(sounds)]
        path = tmp_path / "Large" / f"Pack {number % 7}" / f"{number:04}{source.suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, path)
    scan(tmp_path / "Large", catalog=tmp_path / "catalog.db")
    return tmp_path / "Large"


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
@pytest.mark.parametrize("then", ["resume", "undo"])
def test_killed_within_a_sort_nothing_is_lost(large, tmp_path, start, then):
    before, into = contents(large), tmp_path / "Sorted"
    server = start(tmp_path / "catalog.db")
    plan = server.do("/api/sort/plan", {"into": str(into), "action": "move"})
    server.do("/api/sort/apply", {"plan": plan["plan"]})
    while not (into.exists() and any(into.rglob("*.wav"))):
        time.sleep(0.002)
    server.end(signal.SIGKILL)
    assert into.exists()
    again = start(tmp_path / "catalog.db")
    (run,) = again.json("/api/sort/history")
    assert (run["state"], run["action"], run["files"]) == ("unfinished", "move", 2000)
    assert run["count"] == len([*into.rglob("[!.]*.*")])
    plan = again.post("/api/sort/plan", {"into": str(into), "action": "move"})
    assert (plan.status, "was stopped" in plan.json["error"]) == (409, True)
    again.do(f"/api/sort/{then}", {"run": run["id"]})
    again.wait("done")
    (run,) = again.json("/api/sort/history")
    assert run["state"] == {"resume": "finished", "undo": "undone"}[then]
    assert contents(into if then == "resume" else large) == before
    assert not list(into.rglob(".*")) if into.exists() else then == "undo"
    assert again.json("/api/state")["count"] == 2000
    one = next(iter(again.ids().values()))
    assert again.get(f"/api/sounds/{one}/audio").status == 200


def test_stopped_from_the_page_it_can_be_finished(large, tmp_path, start):
    into = tmp_path / "Sorted"
    server = start(tmp_path / "catalog.db")
    plan = server.do("/api/sort/plan", {"into": str(into)})
    server.do("/api/sort/apply", {"plan": plan["plan"]})
    while not (into.exists() and any(into.rglob("*.wav"))):
        time.sleep(0.002)
    server.do("/api/stop")
    server.wait("stopped")
    (run,) = server.json("/api/sort/history")
    assert run["state"] == "unfinished"
    server.do("/api/sort/resume", {"run": run["id"]})
    server.wait("done")
    assert contents(into) == contents(large)


SORTS = """
import sys, time
from drumsort import Progress, apply, classify, plan

class Slow(Progress):
    def at(self, step, done, total=None):
        if done == 1:
            print("began", flush=True)
            sys.stdin.read()

apply(plan(classify(sys.argv[1]), sys.argv[2]), catalog=False, progress=Slow())
"""
"""Sorts a folder into another, and stops after the first file until its input ends."""


def test_a_sort_that_another_process_is_at_is_running_not_cut_off(server, demo, tmp_path):
    into = tmp_path / "Sorted"
    environment = {**os.environ, "DRUMSORT_HOME": str(server.catalog.parent / "home")}
    with subprocess.Popen(
        [sys.executable, "-c", SORTS, str(demo), str(into)],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as sort:  # fmt: skip
        assert sort.stdout.readline() == "began\n"
        (run,) = server.json("/api/sort/history")
        assert (run["state"], run["files"]) == ("running", 36)
        plan = server.post("/api/sort/plan", {"into": str(into)})
        assert plan.status == 409
        assert "is at work in" in plan.json["error"]
        assert "was stopped" not in plan.json["error"]
        for what in ("undo", "resume"):
            server.do(f"/api/sort/{what}", {"run": run["id"]})
            assert "is at work right now" in server.wait("failed")["sentence"]
        sort.stdin.close()
        assert sort.wait(60) == 0
    (run,) = server.json("/api/sort/history")
    assert (run["state"], run["count"]) == ("finished", 36)
