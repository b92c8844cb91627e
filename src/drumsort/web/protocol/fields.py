"""What requests and responses are made of."""

from typing import Annotated

from msgspec import Meta, Struct

LARGEST_ID = 0xFFFFFFFF
MOST_IDS = 2_000_000
MOST_CHARACTERS = 10_000
MOST_FAILURES = 100
"""The most sentences on what failed, in one response."""

Id = Annotated[int, Meta(ge=0, le=LARGEST_ID)]
"""The number of a file in the catalog."""

Ids = Annotated[list[Id], Meta(max_length=MOST_IDS)]

Text = Annotated[str, Meta(min_length=1, max_length=MOST_CHARACTERS, pattern=r"^[^\x00]*$")]
"""Text that is there, without null characters."""


class Params(Struct):
    """What a request brings: the query of a ``GET``, or the JSON body of a ``POST``."""


class Reply(Struct, frozen=True):
    """A response, as JSON; a field that is ``UNSET`` is left out."""


class Nothing(Params):
    """A request without parameters."""


class Selected(Params):
    """The sounds that a request is about.

    Attributes:
        ids: of the files; each counts once.
    """

    ids: Ids

    def __post_init__(self) -> None:
        self.ids = list(dict.fromkeys(self.ids))


class Done(Reply, frozen=True):
    """A response that says no more than that it is done."""


class Version(Reply, frozen=True):
    """The version of the sounds after a change.

    Attributes:
        version: as in ``State``.
    """

    version: int


class Stepped(Version, frozen=True):
    """A change that can be undone.

    Attributes:
        step: names it for ``POST /api/undo``; null where nothing changed.
    """

    step: int | None


class Step(Params):
    """A change of this visit.

    Attributes:
        step: names it, as the response to it said.
    """

    step: Annotated[int, Meta(ge=0, le=2**53 - 1)]


class Changed(Stepped, frozen=True):
    """What a change did.

    Attributes:
        changed: how many sounds it changed.
        failures: one sentence for each sound that it could not change, 100 at most.
    """

    changed: int
    failures: list[str]
