"""Names -> the numbers that stand for them in the columns of the page."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from drumsort.catalog.catalog import Catalog
from drumsort.catalog.classes import classes
from drumsort.catalog.known_models import models
from drumsort.taxonomy import FAMILIES, NOT_A_DRUM, UNSURE, family_of

_MOST_PACKS = 0xFFFF
_SEPARATOR = os.fsencode(os.sep)


@dataclass(frozen=True)
class Codes:
    """Which number stands for which name; a pack or folder keeps its number once it has one.

    Attributes:
        families: family to labels; ``"other"`` and ``"unsure"`` come last.
        labels: all labels; ``"unsure"`` comes last.
        own: the families that are the user's own classes.
        packs: pack to number, for the packs seen so far.
        folders: root and folder to number, for the folders seen so far.
    """

    families: Mapping[str, tuple[str, ...]]
    labels: tuple[str, ...]
    own: frozenset[str]
    packs: dict[bytes, int] = field(default_factory=dict, compare=False)
    folders: dict[tuple[bytes, bytes], int] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, catalog: Catalog) -> "Codes":
        """The codes of the taxonomy, the catalog's models, and the user's own classes."""
        said = catalog.read("SELECT DISTINCT label FROM corrections ORDER BY label")
        own = [*classes(catalog), *(label for (label,) in said if family_of(label) not in FAMILIES)]
        families: dict[str, tuple[str, ...]] = {}
        for known in (FAMILIES, *(model.families for model in models(catalog).values())):
            for name, labels in known.items():
                families[name] = tuple(dict.fromkeys([*families.get(name, ()), *labels]))
        families |= {name: (name,) for name in own}
        last = {NOT_A_DRUM: families.pop(NOT_A_DRUM), UNSURE: (UNSURE,)}
        families |= last
        every = dict.fromkeys(label for labels in families.values() for label in labels)
        return cls(families, tuple(every), frozenset(own))

    @property
    def pack_names(self) -> list[str]:
        """The name of each pack as text, by number."""
        return [text(name) for name in list(self.packs)]  # another thread may add to them meanwhile

    def pack(self, name: bytes) -> int:
        """The number of a pack; all packs after the 65,535th share one."""
        code = self.packs.get(name)
        if code is None:
            code = self.packs[name] = min(len(self.packs), _MOST_PACKS)
        return code

    @property
    def folder_names(self) -> list[str]:
        """Each folder as ``branch`` writes it, by number."""
        folders = list(self.folders)  # another thread may add to them meanwhile
        return [branch(root, name) for root, name in folders]

    def folder(self, root: bytes, path: bytes) -> int:
        """The number of a file's folder.

        Args:
            root: the folder that it was scanned with.
            path: the file.
        """
        known = root, path[: path.rfind(_SEPARATOR)]
        code = self.folders.get(known)
        if code is None:
            code = self.folders[known] = len(self.folders)
        return code


def branch(root: bytes, folder: bytes) -> str:
    """A folder as text: starts with the root's name, with ``/`` as separator."""
    return text(_below(root, folder)).replace(os.sep, "/")


def _below(root: bytes, folder: bytes) -> bytes:
    """A folder relative to its root's parent; unchanged if it is not inside the root."""
    if (folder + _SEPARATOR).startswith(root.rstrip(_SEPARATOR) + _SEPARATOR):
        return folder[root.rfind(_SEPARATOR) + 1 :]
    return folder


def text(name: bytes) -> str:
    """A name from the catalog as text to show; bytes that are not UTF-8 are replaced."""
    return name.decode("utf-8", "replace")
