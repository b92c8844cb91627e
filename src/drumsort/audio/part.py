"""Some of what lies below folders: what of it to look at, and what to pass over."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class Part:
    """Some of the files below the folders that are asked for; all paths are absolute.

    Attributes:
        trees: files, and folders with all below them; they need not exist.
        folders: folders whose own files belong to it, but nothing further below.
        without: files, and folders with all below them, that do not belong to it after all.
    """

    trees: Collection[Path] = frozenset()
    folders: Collection[Path] = frozenset()
    without: Collection[Path] = frozenset()

    def __contains__(self, path: Path) -> bool:
        """Whether a file belongs to it."""
        return not within(path, self._without) and (
            path.parent in self._folders or within(path, self._trees)
        )

    def leads_into(self, folder: Path) -> bool:
        """Whether a file that belongs to it may lie below a folder."""
        return not within(folder, self._without) and (
            folder in self._above or within(folder, self._trees)
        )

    @cached_property
    def _trees(self) -> frozenset[Path]:
        return frozenset(self.trees)

    @cached_property
    def _folders(self) -> frozenset[Path]:
        return frozenset(self.folders)

    @cached_property
    def _without(self) -> frozenset[Path]:
        return frozenset(self.without)

    @cached_property
    def _above(self) -> frozenset[Path]:
        """The folders themselves, and all that one of them or of the trees lies in."""
        wanted = self._trees | self._folders
        return frozenset(self._folders.union(*(path.parents for path in wanted)))


def within(path: Path, places: frozenset[Path]) -> bool:
    """Whether a path is one of some places, or lies below one."""
    return path in places or not places.isdisjoint(path.parents)
