"""What a sort begins with: the sounds of several folders and files, and what is left alone."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from drumsort.audio.find import Source, survey
from drumsort.audio.left_out import LeftOut
from drumsort.audio.part import Part
from drumsort.files.names import is_called_a_copy
from drumsort.types import Result


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A file, or a whole folder, of the input that is not sorted, and why."""

    path: Path
    why: str


def real(path: str | os.PathLike[str]) -> Path:
    """An input, absolute; a file that is a symbolic link stays one."""
    path = Path(path)
    if path.is_dir():
        return Path(os.path.realpath(path))
    return Path(os.path.realpath(path.parent)) / path.name


def sounds_and_others(
    inputs: Iterable[Path], left_out: LeftOut, part: Part | None = None
) -> tuple[list[Source], list[LeftAlone]]:
    """The sounds of the input, or of a part of it, each once, and all else.

    Raises:
        DrumsortError: a ``.drumsortignore`` is not understood.
    """
    sounds: dict[Path, Source] = {}
    others: dict[Path, LeftAlone] = {}
    for source, why in survey(inputs, left_out, part):
        if why:
            others.setdefault(source.path, LeftAlone(source.path, why))
        else:
            sounds.setdefault(source.path, source)
    return list(sounds.values()), list(others.values())


def without_duplicates(results: Iterable[Result]) -> tuple[list[Result], list[LeftAlone]]:
    """One result for each sound, that of the file with the plainest name; the others are left."""
    alike: dict[str, list[Result]] = {}
    for result in results:
        sound = result.facts.audio_hash if result.facts else str(result.path)
        alike.setdefault(sound, []).append(result)
    kept: list[Result] = []
    others: list[LeftAlone] = []
    for group in alike.values():
        best = min(group, key=_plainness)
        kept.append(best)
        why = f"the same sound as {best.path}"
        others += [LeftAlone(result.path, why) for result in group if result is not best]
    return kept, others


def _plainness(result: Result) -> tuple[bool, int, str]:
    """Low for a name that was not made by copying."""
    return is_called_a_copy(result.path), len(result.path.name), str(result.path)
