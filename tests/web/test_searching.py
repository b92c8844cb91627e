"""Queries of the page: the same language as ``drumsort find``, by what the page shows now."""

import shutil
import subprocess
import sys
from urllib.parse import quote

import numpy as np
import pytest

from drumsort import find, scan

from ..synth.packs import write_packs
from .conftest import Server


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The catalog of thirty-six sounds."""
    folder = tmp_path_factory.mktemp("library")
    write_packs(folder / "Demo", per_label=2)
    scan(folder / "Demo", catalog=folder / "catalog.db")
    return folder / "catalog.db"


@pytest.fixture(scope="module")
def shared(library, tmp_path_factory):
    """A server of a copy of it, for tests that change nothing."""
    server = Server(shutil.copy(library, tmp_path_factory.mktemp("shared") / "catalog.db"))
    yield server
    assert "Traceback" not in server.end()


@pytest.fixture
def server(library, tmp_path, start):
    """A server of another copy; the sounds are shared, so no test may touch them."""
    return start(shutil.copy(library, tmp_path / "catalog.db"))


def answer(server, query):
    """What the server says to a query."""
    return server.json(f"/api/find?query={quote(query)}")


def names(server, query):
    """The names of the files that it finds, in its order."""
    by_id = {number: name for name, number in server.ids().items()}
    return [by_id[number] for number in answer(server, query)["ids"]]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "take",
        "label:kick , family:hat length-",
        "short -demo , loud brightness-",
        "path:demo name+ confidence:..0.9",
        "format:flac",
        "size+",
    ],
)
def test_it_answers_as_the_command_does(shared, query):
    found = find(query, catalog=shared.catalog)
    assert names(shared, query) == [path.name for path in found.paths]
    assert answer(shared, query)["ordered"] is ("+" in query or query.endswith("-"))


def test_a_wrong_query_says_where(shared):
    said = answer(shared, "\U0001f941 lenght:1")
    assert said["problem"] == {
        "sentence": "There is no field 'lenght': try length:.", "at": 3, "length": 6
    }  # fmt: skip
    assert said["ids"] == []
    assert shared.get(f"/api/find?query={'x' * 2001}").status == 400


def test_the_language_is_told(shared):
    told = shared.json("/api/language")
    length = next(field for field in told["fields"] if field["name"] == "length")
    assert (length["example"], length["named"]) == ("length:..300ms", False)
    assert {"word": "deep", "about": "lowest quarter by pitch"} in told["words"]


def test_the_answer_follows_what_changes(server, library, tmp_path):
    kicks = names(server, "label:kick")
    assert answer(server, "corrected:yes")["ids"] == []
    some = list(server.ids().values())[:2]
    done = server.do("/api/correct", {"ids": some, "label": "kick"})
    assert answer(server, "corrected:yes") == {
        "version": done["version"], "ids": some, "ordered": False, "asks_hidden": False,
        "problem": None,
    }  # fmt: skip
    server.do("/api/undo", {"step": done["step"]})
    assert names(server, "label:kick") == kicks
    more = tmp_path / "More"
    more.mkdir()
    for nth, path in enumerate(sorted((library.parent / "Demo").rglob("*.flac"))[:2]):
        shutil.copy(path, more / f"{nth} thing.flac")
    server.do("/api/scan", {"folders": [str(more)]})
    server.wait("done")
    assert names(server, "thing name-") == ["1 thing.flac", "0 thing.flac"]
    (more / "0 thing.flac").rename(more / "2 thing.flac")
    server.do("/api/scan", {"folders": [str(more)]})
    server.wait("done")
    assert names(server, "thing path:more/ name+") == ["1 thing.flac", "2 thing.flac"]


def test_a_query_is_saved_undone_and_counted_live(server):
    made = server.do("/api/collections/save", {"name": "Mine", "query": "corrected:yes length-"})
    assert (made["count"], made["query"]) == (0, "corrected:yes length-")
    ids = list(server.ids().values())[:3]
    server.do("/api/correct", {"ids": ids, "label": "rim"})

    def smart():
        return server.json("/api/state")["collections"][1:]

    assert [one["count"] for one in smart()] == [3]
    inside = server.json(f"/api/collections/{made['number']}")
    lengths = dict(zip(*(server.sounds()[1][name] for name in ("id", "duration")), strict=True))
    assert inside["ids"] == sorted(ids, key=lambda number: -lengths[number])
    assert inside["ordered"]
    assert len(answer(server, "collection:mine")["ids"]) == 3
    refused = server.post(f"/api/collections/{made['number']}/add", {"ids": ids})
    assert (refused.status, "is the saved query" in refused.json["error"]) == (400, True)
    wrong = server.post("/api/collections/save", {"name": "Mine", "query": "lenght:1"})
    assert (wrong.status, "try length:" in wrong.json["error"]) == (400, True)
    again = server.do("/api/collections/save", {"name": "mine", "query": "label:rim"})
    assert (again["number"], again["count"]) == (made["number"], 3)
    server.do("/api/undo", {"step": again["step"]})
    server.do("/api/undo", {"step": made["step"]})
    assert smart() == []


def test_a_start_does_not_wait_for_the_count(server, start):
    server.do("/api/collections/save", {"name": "Kicks", "query": "label:kick"})
    count = len(answer(server, "label:kick")["ids"])
    server.end()
    again = start(server.catalog)
    counts = {again.json("/api/state")["collections"][1]["count"] for _ in range(3)}
    assert counts <= {None, count}
    answer(again, "")
    assert again.json("/api/state")["collections"][1]["count"] == count


def test_what_another_process_collects_is_found(server):
    path = find("take", catalog=server.catalog).paths[0]
    assert answer(server, "collection:favourites")["ids"] == []
    command = ["collections", "add", "Favourites", path, "--catalog", server.catalog]
    subprocess.run([sys.executable, "-m", "drumsort", *command], check=True, capture_output=True)
    (number,) = answer(server, "collection:favourites")["ids"]
    assert np.isin(number, server.sounds()[1]["id"])
