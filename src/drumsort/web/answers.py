"""What is answered: JSON, numbers as bytes, or one sentence on why not."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.responses import Response


class Refused(Exception):  # noqa: N818  (it names what happened to the request)
    """A request that cannot be met.

    Args:
        status: of HTTP.
        sentence: for the person at the page.
    """

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


def as_json(value: Any, status: int = 200) -> Response:
    """Any value as JSON; names that are no UTF-8 get a ``?`` for each bad byte."""
    return Response(encoded(value), status, media_type="application/json")


def encoded(value: Any) -> bytes:
    """Any value as JSON in UTF-8, on one line."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def failed(status: int, sentence: str) -> Response:
    """One sentence on what is wrong."""
    return as_json({"error": sentence}, status)


def as_bytes(content: bytes, headers: Mapping[str, str] | None = None) -> Response:
    """Numbers, as they are."""
    return Response(content, headers=headers, media_type="application/octet-stream")


def shown(path: Path) -> str:
    """A path as text; what is no UTF-8 in it is replaced."""
    return os.fsencode(path).decode("utf-8", "replace")
