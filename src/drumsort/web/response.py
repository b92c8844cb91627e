"""Responses: JSON, bytes, or one sentence on why not."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from starlette.responses import Response


class Refused(Exception):  # noqa: N818  (it names what happened to the request)
    """A request that is refused.

    Args:
        status: of HTTP.
        sentence: for the person at the page.
    """

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


def json_response(value: Any, status: int = 200) -> Response:
    """Any value as JSON."""
    return Response(encoded(value), status, media_type="application/json")


def encoded(value: Any) -> bytes:
    """Any value as JSON in UTF-8, on one line.

    Names that are not UTF-8 get a ``?`` for each bad byte; NaN becomes null.
    """
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        plain = msgspec.to_builtins(value)
        text = json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8", "replace")


def failed(status: int, sentence: str) -> Response:
    """One sentence on what is wrong."""
    return json_response({"error": sentence}, status)


def bytes_response(content: bytes, headers: Mapping[str, str] | None = None) -> Response:
    """Bytes, as they are."""
    return Response(content, headers=headers, media_type="application/octet-stream")


def printable(path: Path) -> str:
    """A path as text; bytes that are not UTF-8 are replaced."""
    return os.fsencode(path).decode("utf-8", "replace")
