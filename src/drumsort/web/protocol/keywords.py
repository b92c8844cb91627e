"""Keywords that a person gives sounds, and what a person hides."""

from drumsort.web.protocol.fields import Id, Ids, Params, Reply, Selected, Stepped, Text


class GiveKeyword(Selected):
    """A keyword to give sounds, or to take from them.

    Attributes:
        keyword: at most 60 characters, and no comma, semicolon or quote.
    """

    keyword: Text


class Keyword(Reply, frozen=True):
    """A keyword.

    Attributes:
        name: of the keyword.
        count: how many sounds have it.
    """

    name: str
    count: int


class KeywordGiven(Stepped, frozen=True):
    """What became of a keyword.

    Attributes:
        keyword: as it is written.
        changed: how many sounds got it, or lost it.
    """

    keyword: str
    changed: int


class KeywordNames(Params):
    """Which keywords.

    Attributes:
        names: of the keywords, with commas between them in the query.
    """

    names: list[str]


class KeywordSounds(Reply, frozen=True):
    """The sounds that have one of some keywords.

    Attributes:
        ids: of the files, in the order of their paths.
    """

    ids: list[Id]


class Hide(Params):
    """What to hide, or to show again.

    Attributes:
        ids: of files; all files of their sounds are meant.
        packs: names of packs: all sounds in them, also those that a later scan finds.
    """

    ids: Ids
    packs: list[str]


class HiddenPacks(Reply, frozen=True):
    """What is hidden.

    Attributes:
        count: how many files.
        packs: the packs that are hidden as a whole.
    """

    count: int
    packs: list[str]


class HiddenNow(Stepped, frozen=True):
    """What was hidden or shown.

    Attributes:
        changed: how many files are hidden now that were not, or the other way round.
    """

    changed: int
