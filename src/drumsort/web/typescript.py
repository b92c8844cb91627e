"""The protocol as TypeScript: ``python -m drumsort.web.typescript page/src/api/types.ts``."""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from inspect import getdoc
from pathlib import Path
from typing import Any, get_args

import msgspec
from msgspec import inspect

from drumsort.catalog.fields import TYPES
from drumsort.query.fields import QUARTERS
from drumsort.web.protocol.endpoints import ENDPOINTS, EVENTS, Endpoint
from drumsort.web.protocol.fields import Params

_HEAD = """\
/**
 * What page and server say to each other: made from the Python package drumsort.web.protocol by
 * `python -m drumsort.web.typescript page/src/api/types.ts`. Change it there, not here.
 */
"""
_PLAIN: Mapping[type[inspect.Type], str] = {
    inspect.IntType: "number",
    inspect.FloatType: "number",
    inspect.StrType: "string",
    inspect.BoolType: "boolean",
    inspect.NoneType: "null",
    inspect.BytesType: "ArrayBuffer",
}


def typescript() -> str:
    """The whole module."""
    parts = [_HEAD, *map(_interface, structs())]
    parts.append(_block("export interface Endpoints", map(_endpoint, ENDPOINTS.items())))
    events = (f"{name}: {_reference(type_)};" for name, type_ in EVENTS.items())
    parts.append(_block("export interface Events", events))
    columns = (f'{name}: "{dtype}",' for name, dtype in TYPES.items())
    parts.append(
        "/** Column of a page of sounds to the type of its values. */\n"
        + _block("export const COLUMNS =", columns).replace("}\n", "} as const;\n")
    )
    words = "".join(f'  "{word}",\n' for word in QUARTERS)
    parts.append(
        "/** Words of a query that mean a quarter of the library. */\n"
        f"export const QUARTERS: readonly string[] = [\n{words}];\n"
    )
    return "\n".join(parts)


def structs() -> list[type[msgspec.Struct]]:
    """Every struct that an endpoint or an event uses, those that another one holds before it."""
    found: dict[type[msgspec.Struct], None] = {}
    for endpoint in ENDPOINTS.values():
        for type_ in (endpoint.params, endpoint.response, endpoint.header):
            _collect(type_, found)
    for type_ in EVENTS.values():
        _collect(type_, found)
    return list(found)


def _collect(type_: Any, found: dict[type[msgspec.Struct], None]) -> None:
    if isinstance(type_, type) and issubclass(type_, msgspec.Struct):
        for field in msgspec.structs.fields(type_):
            _collect(field.type, found)
        found[type_] = None
    for part in get_args(type_):
        _collect(part, found)


def _interface(struct: type[msgspec.Struct]) -> str:
    summary, remarks = _documented(struct)
    optional = _optional(struct)
    lines: list[str] = []
    declared = inspect.type_info(struct)
    assert isinstance(declared, inspect.StructType)
    for field in declared.fields:
        if field.name in remarks:
            lines.append(f"/** {remarks[field.name]} */")
        mark = "?" if field.name in optional else ""
        lines.append(f"{field.encode_name}{mark}: {_type(field.type)};")
    if not lines:
        return f"/** {summary} */\nexport type {struct.__name__} = Record<string, never>;\n"
    return f"/** {summary} */\n" + _block(f"export interface {struct.__name__}", lines)


def _documented(struct: type[msgspec.Struct]) -> tuple[str, dict[str, str]]:
    """The first line of a docstring, and what it says of each attribute, of the bases too."""
    remarks: dict[str, str] = {}
    for base in reversed(struct.__mro__):
        if issubclass(base, msgspec.Struct) and base is not msgspec.Struct:
            _, _, attributes = (getdoc(base) or "").partition("Attributes:\n")
            for name, text in re.findall(r"^ {4}(\w+): (.+(?:\n {8}.+)*)", attributes, re.M):
                plain = re.sub(r"\s+", " ", text).replace("``", "`")
                remarks[name] = plain[0].upper() + plain[1:]
    return (getdoc(struct) or "").partition("\n")[0], remarks


def _optional(struct: type[msgspec.Struct]) -> set[str]:
    """Fields that may be left out: of a request, those with a default; of a response, ``UNSET``."""
    fields = msgspec.structs.fields(struct)
    if issubclass(struct, Params):
        return {field.name for field in fields if not field.required}
    return {field.name for field in fields if field.default is msgspec.UNSET}


def _endpoint(item: tuple[str, Endpoint]) -> str:
    name, endpoint = item
    params, response = _reference(endpoint.params), _reference(endpoint.response)
    return f'"{name}": {{ params: {params}; response: {response} }};'


def _reference(type_: Any) -> str:
    return _type(inspect.type_info(type_))


def _type(type_: inspect.Type) -> str:
    match type_:
        case inspect.StructType(cls=struct):
            return struct.__name__
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item):
            inner = _type(item)
            return f"({inner})[]" if "|" in inner else f"{inner}[]"
        case inspect.TupleType(item_types=items):
            return f"[{', '.join(map(_type, items))}]"
        case inspect.DictType(key_type=key, value_type=value):
            return f"Record<{_type(key)}, {_type(value)}>"
        case inspect.LiteralType(values=values):
            return " | ".join(f'"{value}"' for value in sorted(map(str, values)))
        case inspect.EnumType(cls=members):
            return " | ".join(f'"{member.value}"' for member in members)
        case inspect.UnionType(types=types):
            return " | ".join(map(_type, sorted(types, key=_is_null)))
        case inspect.Metadata(type=inner_type):
            return _type(inner_type)
    return _PLAIN[type(type_)]


def _is_null(type_: inspect.Type) -> bool:
    return isinstance(type_, inspect.NoneType)


def _block(head: str, lines: Iterable[str]) -> str:
    return "".join([f"{head} {{\n", *_indented(lines), "}\n"])


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}\n" for line in lines)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(typescript(), encoding="utf-8", newline="\n")
