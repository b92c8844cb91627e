"""Result -> path below the output folder, by a layout: ``{pack}/{family}/{name}``."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path, PureWindowsPath
from string import Formatter

from drumsort.analysis import note
from drumsort.errors import SortError
from drumsort.files.names import fold
from drumsort.packs import pack_of
from drumsort.taxonomy import DAMAGED_FOLDER, FOLDERS, LOOP, NOT_A_DRUM, PITCHED, UNSURE, family_of
from drumsort.types import Prediction, Result

DEFAULT_LAYOUT = "{family}/{name}"

FIELDS: Mapping[str, str] = {
    "family": "kick, snare, ...; _unsure/GUESS, _loops, _not-a-drum, _damaged",
    "label": "closed_hat, rim, ...; or one of these folders",
    "guess": "the best guess, even where drumsort is unsure: kick",
    "confidence": "how sure it is of the family: 0.93",
    "pack": "the pack it came in: the nearest folder that is no category (Kicks), no shelf (wav, "
    "One Shots, OLD STUFF) and no disk",
    "folder": "the folders below PATH that it lies in",
    "pitch": "the note of a tuned drum: F#1; left out where there is none",
    "length": "how long the file is: 0.34s",
    "name": "the file's own name",
}
"""Every field of a layout, and what it stands for."""

NO_PACK = "_no-pack"
"""Stands for ``{pack}``, as a folder, where a sound came in none."""

_MEASURED = frozenset({"pitch", "length"})
_BETWEEN = " _-."  # what may stand between two fields, and goes with one that is empty
_BRACKETS = ("()", "[]")
_Pieces = list[tuple[str, str]]


class Layout:
    """Where sounds go below the output folder, and what they are called there.

    A folder that only says again what one above it says is left out: ``{family}/{label}`` gives
    ``kick`` and not ``kick/kick``.

    Args:
        layout: folders with fields, ends in ``{name}``.
        rename: a new name with fields, one of them ``{name}``; the extension stays. ``{name}`` is
            then the old name without it. ``""`` keeps names.

    Attributes:
        measures: whether it needs ``Result.facts``.

    Raises:
        SortError: one of them is not understood, or could lead out of the output folder.
    """

    def __init__(self, layout: str = DEFAULT_LAYOUT, rename: str = "") -> None:
        _demand(f"The layout {layout!r}", _problem(layout) or _problem_of_path(layout))
        _demand(
            f"The new name {rename!r}", rename and (_problem(rename) or _problem_of_name(rename))
        )
        *self._folders, self._name = map(_pieces, layout.split("/"))
        self._rename = _pieces(rename) if rename else None
        parts = [*self._folders, self._name, self._rename or []]
        self._fields = {field for pieces in parts for _, field in pieces if field}
        self.measures = not self._fields.isdisjoint(_MEASURED)
        self._with_guess = "guess" not in self._fields

    def __call__(self, result: Result) -> str:
        """The path of a sound below the output folder, with slashes; it may be damaged."""
        values = {field: _VALUES[field](result, result.prediction) for field in self._fields}
        name = result.path.name
        if self._rename is not None:
            plain = {field: value.lstrip("_") for field, value in values.items()}
            stem = plain | {"name": result.path.stem}
            name = _filled(self._rename, stem).strip() + result.path.suffix
        folders = [part for pieces in self._folders for part in self._parts(pieces, values, result)]
        return "/".join([*_without_repeats(folders), _filled(self._name, values | {"name": name})])

    def _parts(
        self, pieces: _Pieces, values: Mapping[str, str], result: Result
    ) -> list[tuple[str, bool]]:
        """What one folder of the layout becomes, and whether that may be left out as a repeat."""
        match pieces:
            case [("", "folder")]:
                return [(part, False) for part in Path(values["folder"]).parts]
            case [("", "pack")]:
                return [(values["pack"] or NO_PACK, True)]
            case [("", "family" | "label" as field)] if self._with_guess:
                unsure = values[field] == FOLDERS[UNSURE]
                guess = [(_guess(result, result.prediction), True)] if unsure else []
                return [(values[field], True), *guess]
        fixed = all(not field for _, field in pieces)
        text = _filled(pieces, values).strip()
        return [(text, not fixed)] if text else []


@lru_cache(64)
def layout_of(layout: str, rename: str) -> Layout:
    """The same ``Layout`` for the same words."""
    return Layout(layout, rename)


def _family(result: Result, prediction: Prediction | None) -> str:
    if result.damage or prediction is None:
        return DAMAGED_FOLDER
    if prediction.label == LOOP:
        return FOLDERS[LOOP]
    return _part(FOLDERS.get(prediction.family, prediction.family))


def _label(result: Result, prediction: Prediction | None) -> str:
    if prediction is None or result.damage or prediction.family in FOLDERS:
        return _family(result, prediction)
    return _part(prediction.label)


def _guess(_: Result, prediction: Prediction | None) -> str:
    return _part(guess(prediction)) if prediction else DAMAGED_FOLDER


def guess(prediction: Prediction) -> str:
    """The best guess as a folder: a family, ``"loop"`` or ``"other"``."""
    family = family_of(prediction.raw)
    return prediction.raw if family == NOT_A_DRUM else family


def _confidence(_: Result, prediction: Prediction | None) -> str:
    return f"{prediction.confidence:.2f}" if prediction else ""


def _pack(result: Result, _: Prediction | None) -> str:
    return _part(pack_of(result.path, result.root))


def _folder(result: Result, _: Prediction | None) -> str:
    """The folders between the input and the file, or nothing if it is not below."""
    folder = result.path.parent
    below = folder.relative_to(result.root) if folder.is_relative_to(result.root) else Path()
    return "" if not below.parts or ".." in below.parts else str(below)


def _pitch(result: Result, prediction: Prediction | None) -> str:
    if prediction is None or result.facts is None or prediction.raw not in PITCHED:
        return ""
    hz = result.facts.analysis.pitch_hz
    return note(hz) if hz else ""


def _length(result: Result, _: Prediction | None) -> str:
    return f"{result.facts.duration:.2f}s" if result.facts else ""


def _name(result: Result, _: Prediction | None) -> str:
    return result.path.name


_VALUES: Mapping[str, Callable[[Result, Prediction | None], str]] = {
    "family": _family,
    "label": _label,
    "guess": _guess,
    "confidence": _confidence,
    "pack": _pack,
    "folder": _folder,
    "pitch": _pitch,
    "length": _length,
    "name": _name,
}


def _pieces(text: str) -> _Pieces:
    """A pattern as literals, each with the field behind it, or ``""``."""
    return [(literal, field or "") for literal, field, _, _ in Formatter().parse(text)]


def _filled(pieces: _Pieces, values: Mapping[str, str]) -> str:
    """A pattern with its values; what is empty goes with its brackets and what stands behind it."""
    text, dropped = "", False
    for literal, field in pieces:
        if dropped and (text[-1:] + literal[:1]) in _BRACKETS:
            text, literal = text[:-1].rstrip(_BETWEEN), literal[1:]
        elif dropped:
            literal = literal.lstrip(_BETWEEN)
        text += literal
        value = values[field] if field else ""
        dropped = bool(field) and not value
        text += value
    return text.rstrip(_BETWEEN) if dropped else text


def _without_repeats(parts: list[tuple[str, bool]]) -> list[str]:
    kept: list[str] = []
    said: set[str] = set()
    for part, may_go in parts:
        if not (may_go and fold(part) in said):
            kept.append(part)
        if may_go:
            said.add(fold(part))
    return kept


def _part(value: str) -> str:
    """``value`` as one component of a path."""
    for character in "/\\\0":
        value = value.replace(character, "_")
    return "_" if value in (".", "..") else value


def _demand(what: str, problem: str) -> None:
    if problem:
        raise SortError(f"{what} {problem}.")


def _problem(text: str) -> str:
    try:
        pieces = list(Formatter().parse(text))
    except ValueError:
        return "has an unmatched brace: write {{ or }} for the brace itself"
    for _, field, spec, conversion in pieces:
        if field is not None and field not in FIELDS:
            known = ", ".join(f"{{{name}}}" for name in FIELDS)
            return f"has the unknown field {{{field}}}: use {known}"
        if spec or conversion:
            return f"formats the field {{{field}}}: write the plain name only"
    return "has a backslash: put / between folders" if "\\" in text else ""


def _problem_of_path(layout: str) -> str:
    if PureWindowsPath(layout).anchor:
        return "is not relative: start it below the output folder"
    if not {"", ".", ".."}.isdisjoint(layout.split("/")):
        return "has an empty part, '.' or '..': name each folder"
    if not layout.endswith("{name}"):
        return "must end in {name}, so that every file keeps its own"
    if "{folder}" in re.sub(r"(^|/)\{folder\}(?=/)", "", layout):
        return "has {folder} beside other text: it is a path, put / around it"
    return ""


def _problem_of_name(rename: str) -> str:
    if "/" in rename:
        return "has a slash: folders belong in --layout"
    if "{folder}" in rename:
        return "has {folder}, which is a path: it belongs in --layout"
    return "" if "{name}" in rename else "must have {name} in it, so that every file keeps its own"
