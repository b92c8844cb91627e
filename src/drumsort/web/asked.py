"""What is asked for: the parts of a request, checked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers, QueryParams
from starlette.requests import ClientDisconnect, Request

from drumsort.web.answers import Refused

MOST_IDS = 2_000_000
_LARGEST = 0xFFFFFFFF


@dataclass(frozen=True)
class Asked:
    """One request.

    Attributes:
        path: the parts of its path that have a name.
        query: what follows the ``?``.
        headers: of the request.
        body: the JSON object that was sent.
    """

    path: dict[str, Any]
    query: QueryParams
    headers: Headers
    body: dict[str, Any] = field(default_factory=dict)

    @classmethod
    async def of(cls, request: Request) -> "Asked":
        """Take a request, with its body.

        Raises:
            Refused: the body is no JSON object, or too long.
        """
        body: Any = {}
        if request.method == "POST":
            try:
                text = await request.body()
            except ClientDisconnect as error:
                raise Refused(413, "That is too much at once.") from error
            try:
                body = json.loads(text or b"{}")
            except (ValueError, RecursionError) as error:
                raise Refused(400, "What was sent is not JSON.") from error
            if not isinstance(body, dict):
                raise Refused(400, "What was sent is not a JSON object.")
        return cls(request.path_params, request.query_params, request.headers, body)

    def number(self, name: str, default: int, lowest: int, highest: int) -> int:
        """A whole number of the query.

        Raises:
            Refused: it is none, or out of bounds.
        """
        given = self.query.get(name, str(default))
        if not (given.isascii() and given.isdecimal() and len(given) < 20):
            raise Refused(400, f"'{name}' is not a whole number.")
        if not lowest <= int(given) <= highest:
            raise Refused(400, f"'{name}' is not between {lowest} and {highest}.")
        return int(given)

    def id(self) -> int:
        """The number in the path.

        Raises:
            Refused: it is none.
        """
        given = str(self.path["id"])
        if not (given.isascii() and given.isdecimal() and len(given) <= 10):
            raise Refused(404, "There is nothing of that number.")
        return _checked([int(given)], 1)[0]

    def listed(self, name: str, most: int) -> list[int]:
        """Ids in the query, with commas between them.

        Raises:
            Refused: they are none, or too many.
        """
        given = self.query.get(name, "").split(",")
        if not all(one.isascii() and one.isdecimal() and len(one) < 20 for one in given):
            raise Refused(400, f"'{name}' takes ids with commas between them.")
        return _checked([int(one) for one in given], most)

    def ids(self) -> list[int]:
        """Ids in the body.

        Raises:
            Refused: they are none.
        """
        given = self.body.get("ids")
        if not isinstance(given, list) or not all(type(one) is int for one in given):
            raise Refused(400, "'ids' is not a list of numbers.")
        return _checked(given, MOST_IDS)

    def text(self, name: str, default: str | None = None) -> str:
        """A string in the body.

        Raises:
            Refused: it is none, or empty.
        """
        given = self.body.get(name, default)
        if not isinstance(given, str) or not given or "\0" in given or len(given) > 10_000:
            raise Refused(400, f"'{name}' is missing.")
        return given

    def texts(self, name: str) -> list[str]:
        """A list of strings in the body; empty where there is none.

        Raises:
            Refused: it is no list of strings.
        """
        given = self.body.get(name) or []
        if not isinstance(given, list) or not all(
            isinstance(one, str) and one and "\0" not in one for one in given
        ):
            raise Refused(400, f"'{name}' is not a list of names.")
        return given


def expanded(given: str) -> Path:
    """A path as it was typed, with the home folder in place of ``~``."""
    try:
        return Path(given).expanduser()
    except RuntimeError:  # the home of nobody
        return Path(given)


def _checked(ids: Sequence[int], most: int) -> list[int]:
    if len(ids) > most:
        raise Refused(400, f"These are too many at once: {most:,} is the most.")
    if not all(0 <= one <= _LARGEST for one in ids):
        raise Refused(404, "There is no such sound in the catalog.")
    return list(dict.fromkeys(ids))
