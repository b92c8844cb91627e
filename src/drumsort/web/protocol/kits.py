"""A kit: a sound on each of 16 pads."""

from typing import Annotated

from msgspec import Meta

from drumsort.web.protocol.fields import Id, Ids, Params, Reply, Text


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


class KeepKit(Params):
    """A kit to keep under a name.

    Attributes:
        name: at most 60 characters; the kit of this name is replaced.
        pads: for each pad a file, or null.
        beat: what the page plays with it, as text that only the page reads.
    """

    name: Text
    pads: Annotated[list[Id | None], Meta(max_length=16)]
    beat: Text


class KeptKit(Reply, frozen=True):
    """A kit that was kept.

    Attributes:
        number: of its collection.
        name: of its collection.
        pads: for each pad a file, or null where it is empty or the sound is gone.
        beat: as it was kept.
    """

    number: int
    name: str
    pads: list[int | None]
    beat: str


class Kit(Reply, frozen=True):
    """A kit.

    Attributes:
        ids: for each pad a file, or null where none fits.
    """

    ids: list[int | None]
