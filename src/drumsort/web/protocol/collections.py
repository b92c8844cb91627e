"""Lists of sounds that a person keeps."""

from drumsort.kits import Kind
from drumsort.web.protocol.fields import Params, Reply, Text


class CollectionName(Params):
    """What to call a collection.

    Attributes:
        name: at most 60 characters.
    """

    name: Text


class SavedQuery(CollectionName):
    """A query to save as a smart collection, or in place of the query of one.

    Attributes:
        query: as for `drumsort find`.
    """

    query: Text


class Export(Params):
    """What to make of a collection.

    Attributes:
        kind: what to make.
        into: the full path of the folder to put it in.
    """

    kind: Kind
    into: Text


class Collection(Reply, frozen=True):
    """A collection.

    Attributes:
        number: names it; 1 is the favourites.
        name: what a person calls it.
        count: how many sounds are in it; null while that is not known of a smart collection yet.
        query: of a smart collection: what it finds is in it; null for a list.
        kit: whether its sounds lie on pads: `GET /api/kits/{id}`.
    """

    number: int
    name: str
    count: int | None
    query: str | None
    kit: bool


class KeptCollection(Collection, frozen=True):
    """A collection after it changed.

    Attributes:
        step: names the change for ``POST /api/undo``; null where nothing changed.
    """

    step: int | None


class Collected(KeptCollection, frozen=True):
    """A collection after sounds were added or removed.

    Attributes:
        changed: how many sounds went in, or out.
        failures: one sentence for each that did not, 100 at most.
    """

    changed: int
    failures: list[str]


class CollectionSounds(Reply, frozen=True):
    """The sounds in a collection.

    Attributes:
        number: of the collection.
        name: of the collection.
        ids: of one file for each sound that is there.
        copies: of the other files that hold sounds of a list.
        missing: how many sounds have no file any more.
        ordered: whether the query of a smart collection sorts them.
        asks_hidden: whether it says itself which of the hidden sounds it means.
    """

    number: int
    name: str
    ids: list[int]
    copies: list[int]
    missing: int
    ordered: bool
    asks_hidden: bool
