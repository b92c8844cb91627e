"""A visit: what it did is undone, what it set is kept, and the kit that it makes."""

import json
from contextlib import closing
from http.client import HTTPConnection

from drumsort.web.protocol.kits import MakeKit


def corrections(server):
    """How many there are."""
    return server.json("/api/state")["corrections"]


def test_steps_are_undone_and_redone_and_known_to_one_server_only(server, start):
    ids = list(server.ids().values())
    before = server.sounds()[1]["label"].tolist()
    first = server.do("/api/correct", {"ids": ids[:4], "label": "ride"})
    second = server.do("/api/collections/1/add", {"ids": ids[:3]})
    assert (first["changed"], second["changed"], second["failures"]) == (4, 3, [])
    assert server.do("/api/collections/1/add", {"ids": ids[:3]})["step"] is None
    undone = server.do("/api/undo", {"step": first["step"]})
    assert undone["version"] > first["version"]
    assert server.sounds()[1]["label"].tolist() == before
    assert corrections(server) == 0
    assert sorted(server.json("/api/collections/1")["ids"]) == sorted(ids[:3])
    server.do("/api/redo", {"step": first["step"]})
    assert corrections(server) == 4
    server.do("/api/correct", {"ids": ids[:1], "label": "kick"})
    refused = server.post("/api/undo", {"step": first["step"]})
    assert (refused.status, refused.json["error"]) == (
        409,
        "This has been changed elsewhere since, so it stays as it is.",
    )
    server.end()
    again = start(server.catalog)
    assert (again.port, again.token) == (server.port, server.token)
    refused = again.post("/api/undo", {"step": second["step"]})
    assert refused.status == 409
    assert "before drumsort was started again" in refused.json["error"]
    assert len(again.json("/api/collections/1")["ids"]) == 3


def test_what_a_person_says_is_an_event(server):
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=20)) as connection:
        connection.request("GET", "/api/events", headers={"Cookie": server.cookie})
        stream = connection.getresponse()
        first = next(line for line in stream if line.startswith(b"event: said"))
        server.do("/api/collections/1/add", {"ids": [next(iter(server.ids().values()))]})
        assert next(line for line in stream if line.startswith(b"event: said")) == first


def test_settings_are_kept(server, start):
    assert server.json("/api/settings") == {"settings": ""}
    for changed in ({"volume": 0.5, "kit": "\u00e9"}, {"volume": 0.25}):
        server.do("/api/settings", {"settings": json.dumps(changed)})
    for text in ("7", "[" * 200_000, "x" * 200_001):
        assert server.post("/api/settings", {"settings": text}).status == 400
    server.end()
    kept = start(server.catalog).json("/api/settings")["settings"]
    assert json.loads(kept) == {"volume": 0.25, "kit": "\u00e9"}


def test_a_kit_is_of_what_is_named_and_keeps_what_is_kept(server):
    header, columns = server.sounds()
    named = [header["labels"][code] for code in columns["label"].tolist()]
    labels = dict(zip(columns["id"].tolist(), named, strict=True))
    kit = server.do("/api/kit", {"kept": [], "seed": 1})["ids"]
    there = [number for number in kit if number is not None]
    assert len(kit) == 16
    assert len(set(there)) == len(there) >= 10
    assert labels[kit[0]] == "kick"
    again = server.do("/api/kit", {"kept": kit[:2], "seed": 2})["ids"]
    assert again[:2] == kit[:2]
    some = [number for number in labels if labels[number] == "kick"]
    few = server.do("/api/kit", {"kept": [], "seed": 3, "ids": some})["ids"]
    assert {number for number in few if number is not None} <= set(some)
    too_many = {"kept": [None] * 17, "seed": 1}
    assert server.post("/api/kit", too_many).status == 400
    assert MakeKit(kept=[], seed=1).ids is None
