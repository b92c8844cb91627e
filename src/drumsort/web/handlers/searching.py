"""Queries, and what they may be made of."""

from drumsort.errors import QueryError
from drumsort.query.fields import ASKED, QUARTERS, Kind
from drumsort.web.context import Context
from drumsort.web.protocol.fields import Nothing
from drumsort.web.protocol.searching import (
    Answer,
    Ask,
    AskedField,
    Language,
    PlainWord,
    Problem,
)
from drumsort.web.request import Request


def find(context: Context, request: Request[Ask]) -> Answer:
    """Answer a query."""
    try:
        found = context.searching.answer(request.params.query, hidden=request.params.hidden)
    except QueryError as error:
        return Answer(context.sounds.version, [], False, False, _problem(error))
    query = found.query
    return Answer(found.version, found.ids.tolist(), bool(query.order), query.asks_hidden, None)


def language(context: Context, request: Request[Nothing]) -> Language:
    """List what a query may be made of, and get ready to answer one."""
    context.searching.warm()
    return Language(
        [
            AskedField(name, asked.about, asked.kind.value, asked.example, asked.kind is Kind.NAME)
            for name, asked in ASKED.items()
        ],
        [
            PlainWord(word, f"{'highest' if highest else 'lowest'} quarter by {field}")
            for word, (field, highest) in QUARTERS.items()
        ],
    )


def _problem(error: QueryError) -> Problem:
    """Where and what, counted as the page counts."""
    at, end = error.at, error.at + error.length
    return Problem(
        f"{error.sentence}.", _units(error.query[:at]), max(1, _units(error.query[at:end]))
    )


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
