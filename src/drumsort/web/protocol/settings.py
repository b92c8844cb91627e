"""What the page keeps from one visit to the next."""

from typing import Annotated

from msgspec import Meta

from drumsort.web.protocol.fields import Params, Reply

_Kept = Annotated[str, Meta(max_length=200_000)]


class Settings(Reply, frozen=True):
    """What the page kept.

    Attributes:
        settings: as the page wrote it, or empty.
    """

    settings: str


class KeepSettings(Params):
    """What the page wants to keep.

    Attributes:
        settings: text that means nothing to the server.
    """

    settings: _Kept
