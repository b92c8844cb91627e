"""The language of queries, in the manner of beets.

    query    any , any , ...      one of these
    any      term term ...        all of these
    term     -term                not this; ^term is the same
             word                 in the name, folder, pack, collection, keyword, label or family
             short, bright, ...   the library's own quarters (``fields.QUARTERS``)
             field:value          text, a name, yes or no, a value with its unit
             field:=value         the whole text, where a part would do
             field:low..high      a range; one end may be missing
             field+  field-       sorts, upwards or downwards

Quotes keep spaces, colons and commas together: ``pack:"dusty tape"``. What a person hid is left out
of each choice that does not ask for it by ``hidden:yes``.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from drumsort.errors import QueryError
from drumsort.files.names import fold
from drumsort.query.conditions import Condition, Contains, Is, Not, Quarter, Whole, Within, Word
from drumsort.query.fields import ASKED, HIDDEN, QUARTERS, Kind
from drumsort.query.sounds import Sounds
from drumsort.query.values import Range, range_of

_TERM = re.compile(r'(?:"[^"]*"|[^\s"])+|"')
_FIELD = re.compile(r"([A-Za-z_]+):")
_SORT = re.compile(r"([A-Za-z_]+)([+-])")
_YES = {"yes": 1.0, "true": 1.0, "1": 1.0, "no": 0.0, "false": 0.0, "0": 0.0}


@dataclass(frozen=True, slots=True)
class Query:
    """What a person asked for.

    Attributes:
        choices: a sound is found if all conditions of one of them hold.
        order: fields to sort by, the most important first, and whether downwards.
        asks_hidden: whether it says itself which of the hidden sounds it means.
    """

    choices: Sequence[Sequence[Condition]]
    order: Sequence[tuple[str, bool]]
    asks_hidden: bool = False

    def rows(self, sounds: Sounds) -> NDArray[np.intp]:
        """The rows of the sounds that it finds, in its order, then in that of their paths.

        Those whose value is unknown come last.
        """
        found = np.zeros(len(sounds), bool)
        for conditions in self.choices:
            each = [condition(sounds) for condition in conditions]
            found |= np.logical_and.reduce(each) if each else True
        rows = np.flatnonzero(found)
        for field, downwards in reversed(self.order):
            keys = sounds.order(field)[rows]
            rows = rows[np.argsort(-keys if downwards else keys, kind="stable")]
        return rows


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the text, and where it begins."""

    text: str
    at: int

    def after(self, count: int) -> "_Part":
        return _Part(self.text[count:], self.at + count)


def parse(text: str, names: Mapping[str, Collection[str]], *, hidden: bool = False) -> Query:
    """Understand a query; an empty one finds everything.

    Args:
        text: as it was typed.
        names: field of the kind ``NAME`` to the names that it may have.
        hidden: whether hidden sounds are found, too, where the query does not ask for them.

    Raises:
        QueryError: it is not understood; the message shows where, and what would be right.
    """
    return _Parser(text, names, hidden).query()


class _Parser:
    def __init__(self, text: str, names: Mapping[str, Collection[str]], hidden: bool) -> None:
        self._text, self._names, self._hidden = text, names, hidden

    def query(self) -> Query:
        choices: list[list[Condition]] = [[]]
        order: list[tuple[str, bool]] = []
        commas: list[int] = []
        for part in list(self._parts()):  # quotes that do not end are told of before all else
            if part.text == ",":
                if not choices[-1]:
                    raise self._error(part, "There is nothing before this comma to choose from")
                choices.append([])
                commas.append(part.at)
            elif sort := self._sort(part):
                order.append(sort)
            else:
                choices[-1].append(self._term(part))
        if commas and not choices[-1]:
            raise self._error(_Part(",", commas[-1]), "There is nothing after this comma")
        asks = [any(map(_is_about_hidden, conditions)) for conditions in choices]
        for conditions, asking in zip(choices, asks, strict=True):
            if not asking and not self._hidden:
                conditions.append(Within(HIDDEN, Range(0, 0)))
        return Query(choices, order, any(asks))

    def _parts(self) -> Iterator[_Part]:
        """Terms, and commas that end one."""
        for found in _TERM.finditer(self._text):
            term, at = found[0], found.start()
            if term == '"':
                rest = self._text[at:]
                raise self._error(_Part(rest, at), 'This quote does not end: add another "')
            bare = term.removesuffix(",")
            if bare:
                yield _Part(bare, at)
            if bare != term:
                yield _Part(",", at + len(bare))

    def _sort(self, part: _Part) -> tuple[str, bool] | None:
        found = _SORT.fullmatch(part.text)
        if found is None:
            return None
        field = found[1].lower()
        if field not in ASKED:
            if near := get_close_matches(field, ASKED, 1, 0.8):
                raise self._error(part, f"There is no field {field!r}: try {near[0]}{found[2]}")
            return None  # a word, such as 808-
        return field, found[2] == "-"

    def _term(self, part: _Part) -> Condition:
        wanted = True
        while part.text[0] in "-^":
            rest = part.after(1)
            if not rest.text:
                raise self._error(part, f"What should not be there? Put it after the {part.text}")
            part, wanted = rest, not wanted
        condition = self._wanted(part)
        return condition if wanted else Not(condition)

    def _wanted(self, part: _Part) -> Condition:
        if found := _FIELD.match(part.text):
            return self._field(_Part(found[1], part.at), part.after(found.end()))
        if part.text.lower() in QUARTERS:
            return Quarter(part.text.lower())
        return Word(fold(_unquoted(part)))

    def _field(self, name: _Part, value: _Part) -> Condition:
        field = name.text.lower()
        if field not in ASKED:
            near = get_close_matches(field, ASKED, 1)
            meant = f"try {near[0]}:" if near else f"choose one of {', '.join(ASKED)}"
            raise self._error(name, f"There is no field {field!r}: {meant}")
        asked, text = ASKED[field], _unquoted(value)
        if not text:
            where = _Part(f"{name.text}:{value.text}", name.at)
            raise self._error(where, f"What should {field} be? For example {asked.example}")
        if asked.kind is Kind.TEXT and text.startswith("="):
            return Whole(field, fold(text[1:]))
        if asked.kind is Kind.TEXT:
            return Contains(field, fold(text))
        if asked.kind is Kind.NAME:
            return self._name(field, value)
        try:
            if asked.kind is Kind.YES:
                sure = _YES[text.lower()]
                return Within(field, Range(sure, sure))
            return Within(field, range_of(text, asked.kind))
        except KeyError:
            raise self._error(value, f"{field} is yes or no: {asked.example}") from None
        except ValueError as problem:
            why = f"{field} takes {asked.kind.value}; {problem}"
            raise self._error(value, f"{why}. For example {asked.example}") from None

    def _name(self, field: str, value: _Part) -> Condition:
        text, names = fold(_unquoted(value)), {fold(name): name for name in self._names[field]}
        if text in names:
            return Is(field, text)
        for other, known in self._names.items():
            if text in map(fold, known):
                raise self._error(value, f"This is a {other}: try {other}:{value.text}")
        near = get_close_matches(text, names, 1)
        meant = f"try {names[near[0]]}" if near else f"choose one of {', '.join(names.values())}"
        raise self._error(value, f"There is no {field} {_unquoted(value)!r}: {meant}")

    def _error(self, part: _Part, sentence: str) -> QueryError:
        return QueryError(sentence, self._text, part.at, len(part.text))


def _is_about_hidden(condition: Condition) -> bool:
    while isinstance(condition, Not):
        condition = condition.condition
    return isinstance(condition, Within) and condition.field == HIDDEN


def _unquoted(part: _Part) -> str:
    return part.text.replace('"', "").strip()
