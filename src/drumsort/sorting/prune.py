"""Remove the folders that a move emptied."""

from collections.abc import Collection, Iterable
from pathlib import Path

from drumsort.sorting import disk


def prune(sources: Iterable[Path], roots: Collection[Path]) -> int:
    """Remove the folders that held ``sources``, and those around them, if they are empty now.

    The input folders themselves stay. ``undo`` makes a folder again to put a file back into it.

    Args:
        sources: where moved files were.
        roots: the input folders.

    Returns:
        How many folders are gone.
    """
    folders = {
        folder
        for parent in {source.parent for source in sources}
        for folder in (parent, *parent.parents)
        if any(root in folder.parents for root in roots)
    }
    deepest_first = sorted(folders, key=lambda folder: len(folder.parts), reverse=True)
    there = [folder for folder in deepest_first if folder.is_dir()]
    disk.remove_folders(there)
    return sum(not folder.exists() for folder in there)
