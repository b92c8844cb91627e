"""Decide where each file goes, without looking at the disk."""

import os
from collections.abc import Iterable
from pathlib import Path, PureWindowsPath
from string import Formatter

from drumsort.errors import SortError
from drumsort.files.names import Names
from drumsort.taxonomy import FOLDERS, NOT_A_DRUM, folder
from drumsort.types import Action, Operation, Plan, Prediction, Result, Terms

DEFAULT_LAYOUT = "{family}/{name}"
WAYS_TO_SORT = (Action.COPY, Action.MOVE, Action.LINK, Action.SYMLINK)
FIELDS = ("family", "label", "pack", "name")


def plan(
    results: Iterable[Result],
    into: str | os.PathLike[str],
    action: Action | str = Action.COPY,
    layout: str = DEFAULT_LAYOUT,
) -> Plan:
    """Decide where each file goes that was heard; files with an error stay where they are.

    A file that was heard twice is sorted once.

    Args:
        results: what was heard, in the order in which to sort it.
        into: the output folder.
        action: how files get there.
        layout: path below ``into``, with ``{family}``, ``{label}``, ``{pack}`` and ``{name}``.

    Raises:
        SortError: there is no such action, or the layout is invalid or could lead out of ``into``.
    """
    _validate(layout)
    if action not in WAYS_TO_SORT:
        raise SortError(f"There is no action {str(action)!r}: use {', '.join(WAYS_TO_SORT)}.")
    into, results = Path(into), tuple(results)
    distinct = {result.path: result for result in results}.values()
    heard = [(result, result.prediction) for result in distinct if result.prediction is not None]
    wishes = [into / _fill(layout, result, prediction) for result, prediction in heard]
    names = Names(wishes)
    return Plan(
        roots=tuple(dict.fromkeys(result.root for result in results)),
        into=into,
        action=Action(action),
        operations=tuple(
            Operation(result.path, names.give(wish), result.size, result.mtime_ns)
            for (result, _), wish in zip(heard, wishes, strict=True)
        ),
        terms=Terms(layout),
    )


def place(result: Result, layout: str) -> Path | None:
    """Where a file belongs below the output folder; ``None`` if it was not heard.

    Raises:
        SortError: the layout is invalid or could lead out of the folder.
    """
    _validate(layout)
    said = result.prediction
    return None if said is None else Path(_fill(layout, result, said))


def _validate(layout: str) -> None:
    problem = _problem(layout)
    if problem:
        raise SortError(f"The layout {layout!r} {problem}.")


def _problem(layout: str) -> str:
    try:
        pieces = list(Formatter().parse(layout))
    except ValueError:
        return "has an unmatched brace: write {{ or }} for the brace itself"
    for _, field, spec, conversion in pieces:
        if field is not None and field not in FIELDS:
            return (
                f"has the unknown field {{{field}}}: use {{family}}, {{label}}, {{pack}}, {{name}}"
            )
        if spec or conversion:
            return f"formats the field {{{field}}}: write the plain name only"
    if "\\" in layout:
        return "has a backslash: put / between folders"
    if PureWindowsPath(layout).anchor:
        return "is not relative: start it below the output folder"
    if not {"", ".", ".."}.isdisjoint(layout.split("/")):
        return "has an empty part, '.' or '..': name each folder"
    if not layout.endswith("{name}"):
        return "must end in {name}, so that every file keeps its own"
    return ""


def _fill(layout: str, result: Result, prediction: Prediction) -> str:
    if prediction.family in FOLDERS:  # these have no folders of labels
        layout = layout.replace("{family}/{label}/", "{family}/")
    label = NOT_A_DRUM if prediction.family == NOT_A_DRUM else prediction.label
    return layout.format(
        family=_part(folder(prediction.family)),
        label=_part(folder(label)),
        pack=_part(result.pack),
        name=result.path.name,
    )


def _part(value: str) -> str:
    """``value`` as one component of a path."""
    for character in "/\\\0":
        value = value.replace(character, "_")
    return "_" if value in ("", ".", "..") else value
