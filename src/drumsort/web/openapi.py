"""The protocol as OpenAPI 3.1: ``python -m drumsort.web.openapi`` prints it."""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from inspect import getdoc
from typing import Any

import msgspec

from drumsort.web.app import HANDLERS
from drumsort.web.protocol.endpoints import ENDPOINTS, Endpoint
from drumsort.web.protocol.fields import Id

_SCHEMAS = "#/components/schemas/{name}"
_SENTENCE = {
    "type": "object",
    "properties": {"error": {"type": "string"}},
    "required": ["error"],
    "additionalProperties": False,
}
_ABOUT = (
    "What the page and the server of 'drumsort browse' say to each other. Who asks needs the "
    "cookie that the printed address sets; a change needs the Origin of the page, too."
)


def openapi() -> dict[str, Any]:
    """The whole document, as JSON has it."""
    used = [part for one in ENDPOINTS.values() for part in (one.params, one.response)]
    schemas, components = msgspec.json.schema_components(used, ref_template=_SCHEMAS)
    paths: dict[str, dict[str, Any]] = {}
    for (name, endpoint), response in zip(ENDPOINTS.items(), schemas[1::2], strict=True):
        method, path = name.split(" ")
        params = components[endpoint.params.__name__]
        paths.setdefault(path, {})[method.lower()] = {
            "operationId": _identifier(name),
            "summary": (getdoc(HANDLERS[name]) or "").partition("\n")[0],
            "parameters": [*_in_path(path), *(_in_query(params) if method == "GET" else ())],
            **(_body(endpoint) if method == "POST" else {}),
            "responses": {"200": _given(endpoint, response), "default": _refused()},
        }
    cookie = {"type": "apiKey", "in": "cookie", "name": "drumsort-5808"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "drumsort", "version": "1", "description": _ABOUT},
        "servers": [{"url": "http://127.0.0.1:5808"}],
        "security": [{"cookie": []}],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {"cookie": cookie}},
    }


def _identifier(name: str) -> str:
    """``POST /api/collections/{id}/add`` becomes ``post_collections_id_add``."""
    return re.sub(r"\W+", "_", name.replace("/api", "")).strip("_").lower()


def _in_path(path: str) -> Iterator[dict[str, Any]]:
    if "{id}" in path:
        schema = msgspec.json.schema(Id)
        yield {"name": "id", "in": "path", "required": True, "schema": schema}


def _in_query(params: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The fields of a struct; lists have commas between their values."""
    for name, schema in params["properties"].items():
        yield {
            "name": name,
            "in": "query",
            "required": name in params["required"],
            "schema": schema,
            **({"style": "form", "explode": False} if schema.get("type") == "array" else {}),
        }


def _body(endpoint: Endpoint) -> dict[str, Any]:
    schema = {"$ref": _SCHEMAS.format(name=endpoint.params.__name__)}
    required = any(field.required for field in msgspec.structs.fields(endpoint.params))
    return {"requestBody": {"required": required, **_as_json(schema)}}


def _given(endpoint: Endpoint, schema: Mapping[str, Any]) -> dict[str, Any]:
    if endpoint.response is bytes:
        return {"description": "Bytes.", "content": {"*/*": {}}}
    return {"description": "As JSON.", **_as_json(schema)}


def _refused() -> dict[str, Any]:
    return {"description": "One sentence on what is wrong.", **_as_json(_SENTENCE)}


def _as_json(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(openapi(), indent=2) + "\n")
