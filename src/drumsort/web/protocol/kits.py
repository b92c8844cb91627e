"""A kit: a sound on each of 16 pads."""

from typing import Annotated

from msgspec import Meta

from drumsort.web.protocol.fields import Id, Ids, Params, Reply


class MakeKit(Params):
    """Which kit to make.

    Attributes:
        ids: of the files to choose from, or null for all.
        kept: for each pad the file that stays on it, or null.
        seed: another one makes another kit.
    """

    kept: Annotated[list[Id | None], Meta(max_length=16)]
    seed: Id
    ids: Ids | None = None


class Kit(Reply, frozen=True):
    """A kit.

    Attributes:
        ids: for each pad a file, or null where none fits.
    """

    ids: list[int | None]
