"""Files themselves, on their way out of the page: into a folder, a song, another program."""

from typing import Annotated

from msgspec import Meta

from drumsort.kits import Kind
from drumsort.web.protocol.fields import Id, Params, Reply, Selected, Text

MOST_FILES = 500


class FileIds(Params):
    """Which files.

    Attributes:
        ids: of the files, with commas between them in the query.
    """

    ids: Annotated[list[Id], Meta(max_length=MOST_FILES)]


class FilePaths(Reply, frozen=True):
    """Where files lie.

    Attributes:
        paths: as text, in the order of the ids; a file that the catalog does not know is left out.
        uris: the same as URLs, ``file:`` for those on a disk, which no name is too odd for.
    """

    paths: list[str]
    uris: list[str]


class ExportSounds(Selected):
    """What to make of some sounds.

    Attributes:
        ids: of the files; each counts once.
        name: of what is made.
        kind: what to make.
        into: the full path of the folder to put it in.
    """

    name: Text
    kind: Kind
    into: Text
