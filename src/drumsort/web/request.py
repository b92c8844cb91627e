"""A request, read and checked against what the protocol declares."""

import errno
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
import starlette.requests
from msgspec import inspect
from starlette.datastructures import Headers

from drumsort.web.protocol.fields import LARGEST_ID, Params
from drumsort.web.response import Refused, printable

P = TypeVar("P", bound=Params)

_NO_NAME = (errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL)
_MOST_ODD = 2**20
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


async def body(request: starlette.requests.Request) -> bytes:
    """All of a request's body.

    Raises:
        Refused: it is too long.
    """
    try:
        return await request.body()
    except starlette.requests.ClientDisconnect as error:
        raise Refused(413, "That is too much at once.") from error


def read(request: starlette.requests.Request, text: bytes, params: type[P]) -> Request[P]:
    """Take a request, with its query or its body.

    Raises:
        Refused: its parameters are not what ``params`` declares.
    """
    try:
        if request.method == "POST":
            checked = _decoded(text or b"{}", params)
        else:
            checked = msgspec.convert(_query(request, params), params, strict=False)
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
    """A path as it was typed, with the home folder in place of ``~``.

    Raises:
        Refused: no file can have that path.
    """
    path = Path(given)
    with suppress(RuntimeError):  # nobody's home folder
        path = path.expanduser()
    try:
        path.stat()
    except ValueError as error:
        raise Refused(400, "A path has characters that no file's name can have.") from error
    except OSError as error:
        if error.errno in _NO_NAME:
            sentence = f"{printable(path)[:200]} can't be the path of a folder: {error.strerror}."
            raise Refused(400, sentence) from error
    return path


def in_full(given: str, what: str) -> Path:
    """The full path of a folder; see ``expanded``.

    Args:
        given: as it was typed.
        what: is to be done with the folder: "sort into".

    Raises:
        Refused: no file can have that path, or it is not a full one.
    """
    path = expanded(given)
    if not path.is_absolute():
        raise Refused(400, f"Name the folder to {what} in full.")
    return path


def _decoded(text: bytes, params: type[P]) -> P:
    """JSON, read into what it should be: what it should not be takes no memory."""
    try:
        return msgspec.json.decode(text, type=params)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, RecursionError) as error:
        if len(text) > _MOST_ODD or b"\\ud" not in text.lower():
            raise Refused(400, "What was sent is not JSON.") from error
    try:  # the lone surrogates of a path that is not UTF-8, which msgspec takes as values only
        return msgspec.convert(json.loads(text), params)
    except msgspec.ValidationError:
        raise
    except (ValueError, RecursionError) as error:  # half a character in the place of a number
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
