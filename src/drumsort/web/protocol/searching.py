"""Queries, and the language that they are written in."""

from typing import Annotated

from msgspec import Meta

from drumsort.web.protocol.fields import Params, Reply

QueryText = Annotated[str, Meta(max_length=2000)]


class Ask(Params):
    """A query.

    Attributes:
        query: as for `drumsort find`; an empty one finds everything.
        hidden: whether hidden sounds are found, too, where the query does not ask for them.
    """

    query: QueryText
    hidden: bool = False


class Problem(Reply, frozen=True):
    """Why a query is not understood.

    Attributes:
        sentence: what is wrong, and what would be right.
        at: where the wrong part begins, in UTF-16 code units.
        length: of that part, in UTF-16 code units.
    """

    sentence: str
    at: int
    length: int


class Answer(Reply, frozen=True):
    """What a query finds.

    Attributes:
        version: of the sounds that were asked.
        ids: of the files, in the order of the query.
        ordered: whether the query sorts them; else they are in the order of their paths.
        asks_hidden: whether the query says itself which of the hidden sounds it means.
        problem: why the query is not understood, or null.
    """

    version: int
    ids: list[int]
    ordered: bool
    asks_hidden: bool
    problem: Problem | None


class AskedField(Reply, frozen=True):
    """A field that a query may ask for.

    Attributes:
        name: as a query writes it.
        about: what it is.
        takes: how its values are written.
        example: a term that asks for it.
        named: whether its values are whole names.
    """

    name: str
    about: str
    takes: str
    example: str
    named: bool


class PlainWord(Reply, frozen=True):
    """A word for a quarter of the library.

    Attributes:
        word: as a query writes it.
        about: what it means.
    """

    word: str
    about: str


class Language(Reply, frozen=True):
    """What a query may be made of.

    Attributes:
        fields: in the order in which they are shown.
        words: the plain words.
    """

    fields: list[AskedField]
    words: list[PlainWord]
