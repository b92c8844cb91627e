"""What the page keeps from one visit to the next."""

from typing import Annotated

from msgspec import Meta

from drumsort.web.protocol.fields import Params, Reply

_Kept = Annotated[str, Meta(max_length=200_000)]


class Settings(Reply, frozen=True):
    """What the page kept.

    Attributes:
        settings: a JSON object, or empty.
    """

    settings: str


class KeepSettings(Params):
    """Settings that changed; the others stay as they are.

    Attributes:
        settings: a JSON object; what is in it means nothing to the server.
    """

    settings: _Kept
