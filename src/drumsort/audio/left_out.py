"""Which files and folders of an input are not looked at, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

from drumsort.errors import DrumsortError

IGNORE_FILE = ".drumsortignore"
"""A file with patterns, as in ``.gitignore``, for the folder that it lies in."""

_OF_THE_SYSTEM = frozenset({"__macosx", "$recycle.bin", "system volume information"})


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is left out of an input.

    Attributes:
        exclude: patterns as in ``.gitignore``, relative to the input; or one: ``*.mp3``.
        hidden: whether hidden folders, and those that a system makes for itself, are looked into.

    Raises:
        DrumsortError: a pattern is not understood.
    """

    exclude: Sequence[str] = ()
    hidden: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.exclude, str):  # whose letters would be patterns
            object.__setattr__(self, "exclude", (self.exclude,))
        _Patterns("", "--exclude", self.exclude)


class _Patterns:
    """The patterns of one place, for the paths that start with ``below``: ``""``, or ``Kit/``."""

    def __init__(self, below: str, where: str, lines: Sequence[str]) -> None:
        self._below, self._where = below, where
        self._lines = [line for line in lines if line.strip()]
        try:
            self._spec = GitIgnoreSpec.from_lines(self._lines)
        except ValueError as error:
            raise DrumsortError(f"A pattern of {where} is not understood: {error}.") from error

    def why_not(self, path: str) -> str | None:
        """Why a path is left out; ``""`` if it is asked for, ``None`` if they say nothing."""
        if not path.startswith(self._below):
            return None
        found = self._spec.check_file(path[len(self._below) :])
        if found.include is None or found.index is None:
            return None
        return f"left out by {self._where}: {self._lines[found.index]}" if found.include else ""


USUAL = LeftOut()
"""Hidden folders, and what a ``.drumsortignore`` names."""


class Rules:
    """What is left out of one folder and all below it.

    Args:
        top: the folder.
        left_out: what is left out of it.
    """

    def __init__(self, top: Path, left_out: LeftOut) -> None:
        self._top, self._hidden = top, left_out.hidden
        self._patterns = [_Patterns("", "--exclude", left_out.exclude)] if left_out.exclude else []

    def enter(self, folder: Path, names: Iterable[str]) -> None:
        """Take note of the patterns in a folder that has files with these names.

        Raises:
            DrumsortError: they are not understood.
        """
        if IGNORE_FILE not in names:
            return
        file = folder / IGNORE_FILE
        try:
            lines = file.read_text("utf-8-sig", errors="replace").splitlines()
        except OSError as error:
            raise DrumsortError(f"{file} cannot be read ({error.strerror}): allow it.") from error
        self._patterns.append(_Patterns(self._below_top(folder, True), str(file), lines))

    def why_not(self, path: Path, is_folder: bool) -> str:
        """Why a file or folder is left out, or ``""``; the innermost pattern decides."""
        if is_folder and not self._hidden:
            if path.name.lower() in _OF_THE_SYSTEM:
                return "made by a system for itself"
            if path.name.startswith("."):
                return "hidden"
        if self._patterns:
            below = self._below_top(path, is_folder)
            for patterns in reversed(self._patterns):
                if (why := patterns.why_not(below)) is not None:
                    return why
        return ""

    def _below_top(self, path: Path, is_folder: bool) -> str:
        """A path as patterns see it: ``Kit/kick.wav``, ``Kit/``; ``""`` at the top."""
        below = "/".join(path.relative_to(self._top).parts)
        return f"{below}/" if below and is_folder else below
