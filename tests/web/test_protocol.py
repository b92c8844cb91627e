"""The protocol declares all that page and server say to each other, and both keep to it."""

import importlib
import json
import pkgutil
import re
from pathlib import Path
from typing import get_type_hints

import msgspec
import pytest
from starlette.responses import Response
from starlette.routing import Route

from drumsort.web import app, openapi, protocol, typescript
from drumsort.web.protocol import collections, fields, jobs, sounds, teaching
from drumsort.web.protocol.endpoints import ENDPOINTS
from drumsort.web.request import Request, sentence
from drumsort.web.response import encoded

TYPES = Path(__file__).parents[2] / "page" / "src" / "api" / "types.ts"
BESIDE = {"GET /api/events", "GET /{file:path}"}
"""What is not JSON for a handler: the stream of ``EVENTS``, and the page's own files."""
MODULES = [
    importlib.import_module(f"{protocol.__name__}.{module.name}")
    for module in pkgutil.iter_modules(protocol.__path__)
]
BASES = {msgspec.Struct, fields.Params, fields.Reply}


def test_the_types_of_the_page_are_those_of_the_server():
    assert TYPES.read_text("utf-8") == typescript.typescript(), protocol.__doc__


def test_every_route_is_declared():
    routes = {
        f"{method} {route.path}"
        for route in app.app(None).routes
        if isinstance(route, Route)
        for method in route.methods - {"HEAD"}
    }
    assert routes - BESIDE == set(ENDPOINTS)


def test_a_schema_for_other_programs_says_the_same():
    document = openapi.openapi()
    said = {
        f"{method.upper()} {path}": one
        for path, methods in document["paths"].items()
        for method, one in methods.items()
    }
    assert set(said) == set(ENDPOINTS)
    assert len({one["operationId"] for one in said.values()}) == len(said)
    schemas = document["components"]["schemas"]
    assert set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document))) <= set(schemas)
    rows = {one["name"]: one for one in said["GET /api/sounds"]["parameters"]}
    assert rows["limit"]["schema"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": sounds.MOST_ROWS,
        "default": 20_000,
    }
    assert not rows["limit"]["required"] and schemas["Correct"]["required"] == ["ids", "label"]
    summaries = [one["summary"] for one in said.values()]
    assert all(one.endswith(".") for one in summaries), summaries


@pytest.mark.parametrize("name", ENDPOINTS)
def test_a_handler_takes_and_gives_what_is_declared(name):
    hints = get_type_hints(app.HANDLERS[name])
    endpoint = ENDPOINTS[name]
    assert hints["request"] == Request[endpoint.params]
    assert hints["return"] == (Response if endpoint.response is bytes else endpoint.response)


def test_every_struct_is_used():
    declared = {
        value
        for module in MODULES
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, msgspec.Struct)
    }
    assert declared - BASES == set(typescript.structs())


@pytest.mark.parametrize(
    ("params", "given", "words"),
    [
        (teaching.Correct, {"ids": [1]}, "'label' is missing."),
        (teaching.Correct, {"ids": [1], "label": ""}, "text of at most 10,000 characters"),
        (teaching.Correct, {"ids": [True], "label": "kick"}, "'ids' is missing or wrong"),
        (teaching.Correct, {"ids": [-1], "label": "kick"}, "at most 2,000,000 numbers"),
        (
            sounds.Rows,
            {"limit": 0},
            "'limit' is missing or wrong: it must be a whole number",
        ),
        (
            collections.Export,
            {"into": "/x", "kind": "tape"},
            "one of folder, zip, sfz, decent, hydrogen",
        ),
        (jobs.ScanFolders, {"folders": [1]}, "a list of texts"),
        (fields.Nothing, [], "not a JSON object"),
    ],
)
def test_what_is_wrong_with_a_request_is_one_sentence(params, given, words):
    with pytest.raises(msgspec.ValidationError) as error:
        msgspec.convert(given, params)
    said = sentence(params, error.value)
    assert words in said
    assert said.endswith(".")
    assert "`" not in said


def test_each_id_counts_once():
    assert msgspec.convert({"ids": [3, 1, 3]}, fields.Selected).ids == [3, 1]


def test_a_name_that_is_not_utf8_is_still_json():
    assert encoded(sounds.Similar(1, float("nan"))) == b'{"id":1,"similarity":null}'
    family = sounds.Family("bad \udcff", ("a",))
    assert encoded(family) == b'{"name":"bad ?","labels":["a"]}'
