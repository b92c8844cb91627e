"""What the output folders already contain; each is listed once."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from drumsort.files.names import fold, unnumbered, why_not_allowed
from drumsort.types import ConflictKind

LONGEST_NAME = 255


def unseen(path: Path, error: OSError, again: str) -> tuple[ConflictKind, str]:
    """What to say of a file that could not be looked at, because it is gone or may not be.

    Args:
        path: the file.
        error: what happened.
        again: what to do where it is gone.
    """
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return ConflictKind.SOURCE_GONE, f"{path} is no longer there: {again}."
    why = error.strerror or str(error)
    return ConflictKind.NOT_POSSIBLE, f"{path} cannot be read ({why}): see that it may be read."


class Folder:
    """One output folder as it is on disk, whether it exists or not.

    Attributes:
        problem: the kind of conflict and the reason why nothing can be put here, or ``None``.
    """

    def __init__(self, path: Path) -> None:
        """List ``path`` if it exists."""
        self.path = path
        self.problem: tuple[ConflictKind, str] | None = None
        self._names: dict[str, list[str]] = {}
        self._numbered: dict[str, list[str]] | None = None
        self._sizes: dict[str, dict[int, list[Path]]] = {}
        anchor = nearest(path)
        self._limit = _longest_name(anchor)
        self._look(anchor)

    def _look(self, anchor: Path) -> None:
        if not anchor.is_dir():
            text = f"{anchor} is a file, but a folder is needed there: rename it or sort elsewhere."
            self.problem = (ConflictKind.NAME_NOT_ALLOWED, text)
            return
        for name in self.path.relative_to(anchor).parts:
            if why := self.why_not(name):
                text = f"The folder name {name!r} {why}: choose another layout."
                self.problem = (ConflictKind.NAME_NOT_ALLOWED, text)
                return
        if not writable(anchor):
            text = f"{anchor} cannot be written to: change its permissions or sort elsewhere."
            self.problem = (ConflictKind.NOT_WRITABLE, text)
            return
        if anchor == self.path:
            try:
                for name in (entry.name for entry in anchor.iterdir()):
                    self._names.setdefault(fold(name), []).append(name)
            except OSError as error:
                text = f"{anchor} cannot be read ({error.strerror}): change its permissions."
                self.problem = (ConflictKind.NOT_WRITABLE, text)

    def why_not(self, name: str) -> str:
        """Why ``name`` is not allowed here, or ``""``."""
        return why_not_allowed(name, self._limit, windows=sys.platform == "win32")

    def alike(self, name: str) -> list[Path]:
        """The paths here that spell ``name`` in any way; an exact match comes first."""
        names = sorted(self._names.get(fold(name), ()), key=lambda other: other != name)
        return [self.path / other for other in names]

    def numbered(self, name: str, size: int) -> Iterator[Path]:
        """The files here called ``name``, with or without a number, that have ``size`` bytes."""
        key = fold(name)
        if key not in self._sizes:
            sizes: dict[int, list[Path]] = {}
            for path in self._by_stem(key):
                if path.is_file():
                    sizes.setdefault(path.stat().st_size, []).append(path)
            self._sizes[key] = sizes
        yield from self._sizes[key].get(size, ())

    def _by_stem(self, key: str) -> list[Path]:
        if self._numbered is None:
            self._numbered = {}
            for names in self._names.values():
                for name in names:
                    for stem in {fold(name), fold(unnumbered(name))}:
                        self._numbered.setdefault(stem, []).append(name)
        return [self.path / name for name in sorted(self._numbered.get(key, ()))]


def nearest(path: Path) -> Path:
    """``path``, or the nearest parent that exists."""
    while not os.path.lexists(path) and path != path.parent:
        path = path.parent
    return path


def writable(folder: Path) -> bool:
    """Whether files can be added to and removed from an existing folder."""
    return os.access(folder, os.W_OK | os.X_OK)


def _longest_name(folder: Path) -> int:
    if sys.platform == "win32":
        return LONGEST_NAME
    try:
        return os.pathconf(folder, "PC_NAME_MAX")
    except (OSError, ValueError):
        return LONGEST_NAME
