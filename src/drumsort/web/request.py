"""A request, read and checked against what the protocol declares."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
import starlette.requests
from msgspec import inspect
from starlette.datastructures import Headers

from drumsort.web.protocol.fields import LARGEST_ID, Params
from drumsort.web.response import Refused

P = TypeVar("P", bound=Params)

_FIELD = re.compile(r"`\$\.(\w+)|required field `(\w+)`")


@dataclass(frozen=True)
class Request(Generic[P]):
    """One request.

    Attributes:
        path: the named parts of its path.
        params: what its query (``GET``) or its JSON body (``POST``) holds.
        headers: of the request.
    """

    path: Mapping[str, str]
    params: P
    headers: Headers

    @property
    def id(self) -> int:
        """The number in the path.

        Raises:
            Refused: it is not a number.
        """
        given = self.path["id"]
        if given.isascii() and given.isdecimal() and len(given) <= 10:
            number = int(given)
            if number <= LARGEST_ID:
                return number
        raise Refused(404, "There is nothing with that number.")


async def read(request: starlette.requests.Request, params: type[P]) -> Request[P]:
    """Take a request, with its query or its body.

    Raises:
        Refused: its parameters are not what ``params`` declares, or its body is too long.
    """
    given = await _body(request) if request.method == "POST" else _query(request, params)
    try:
        checked = msgspec.convert(given, params, strict=request.method == "POST")
    except msgspec.ValidationError as error:
        raise Refused(400, sentence(params, error)) from error
    return Request(request.path_params, checked, request.headers)


def sentence(params: type[Params], error: msgspec.ValidationError) -> str:
    """What is wrong with the parameters, for a person."""
    found = _FIELD.search(str(error))
    if found is None:
        return "What was sent is not a JSON object."
    name = found[1] or found[2]
    if found[2]:
        return f"'{name}' is missing."
    wanted = next(field.type for field in _fields(params) if field.name == name)
    return f"'{name}' is missing or wrong: it must be {_in_words(wanted)}."


def expanded(given: str) -> Path:
    """A path as it was typed, with the home folder in place of ``~``."""
    try:
        return Path(given).expanduser()
    except RuntimeError:  # nobody's home folder
        return Path(given)


async def _body(request: starlette.requests.Request) -> Any:
    try:
        text = await request.body()
    except starlette.requests.ClientDisconnect as error:
        raise Refused(413, "That is too much at once.") from error
    try:
        # Not msgspec, which refuses the lone surrogates of a path that is not UTF-8.
        return json.loads(text or b"{}")
    except (ValueError, RecursionError) as error:
        raise Refused(400, "What was sent is not JSON.") from error


def _query(request: starlette.requests.Request, params: type[Params]) -> dict[str, Any]:
    """The query; lists have commas between their values."""
    lists = {field.name for field in _fields(params) if isinstance(field.type, inspect.ListType)}
    return {
        name: value.split(",") if name in lists else value
        for name, value in request.query_params.items()
    }


def _fields(params: type[Params]) -> tuple[inspect.Field, ...]:
    declared = inspect.type_info(params)
    assert isinstance(declared, inspect.StructType)
    return declared.fields


def _in_words(wanted: inspect.Type) -> str:
    match wanted:
        case inspect.IntType(ge=lowest, le=highest):
            return f"a whole number from {lowest:,} to {highest:,}"
        case inspect.ListType(max_length=None, item_type=inspect.StrType()):
            return "a list of texts"
        case inspect.ListType(max_length=most):
            return f"a list of at most {most:,} numbers"
        case inspect.StrType(max_length=int(most)):
            return f"text of at most {most:,} characters"
        case inspect.EnumType(cls=members):
            return "one of " + ", ".join(members)
        case inspect.UnionType(types=types):
            return " or ".join(map(_in_words, types))
        case inspect.NoneType():
            return "null"
    return "text"
