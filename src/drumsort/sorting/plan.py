"""Decide where each file goes, without looking at the disk."""

import os
from collections.abc import Iterable
from pathlib import Path

from drumsort.errors import SortError
from drumsort.files.names import Names
from drumsort.sorting.layout import DEFAULT_LAYOUT, Layout
from drumsort.types import Action, Operation, Plan, Result, Terms

WAYS_TO_SORT = (Action.COPY, Action.MOVE, Action.LINK, Action.SYMLINK)


def plan(
    results: Iterable[Result],
    into: str | os.PathLike[str],
    action: Action | str = Action.COPY,
    layout: str = DEFAULT_LAYOUT,
    rename: str = "",
) -> Plan:
    """Decide where each file goes that was heard, or is damaged; other errors stay where they are.

    A file that was heard twice is sorted once.

    Args:
        results: what was heard, in the order in which to sort it.
        into: the output folder.
        action: how files get there.
        layout: path below ``into``, with the fields of ``layout.FIELDS``; ends in ``{name}``.
        rename: a new name for each file, with the same fields; its extension stays.

    Raises:
        SortError: there is no such action, or the layout is invalid or could lead out of ``into``.
    """
    pattern = Layout(layout, rename)
    if action not in WAYS_TO_SORT:
        raise SortError(f"There is no action {str(action)!r}: use {', '.join(WAYS_TO_SORT)}.")
    into, results = Path(into), tuple(results)
    distinct = {result.path: result for result in results}.values()
    placed = [(result, below) for result in distinct if (below := place(result, pattern))]
    wishes = [into / below for _, below in placed]
    names = Names(wishes)
    return Plan(
        roots=tuple(dict.fromkeys(result.root for result in results)),
        into=into,
        action=Action(action),
        operations=tuple(
            Operation(result.path, names.give(wish), result.size, result.mtime_ns)
            for (result, _), wish in zip(placed, wishes, strict=True)
        ),
        terms=Terms(layout, rename=rename),
    )


def place(result: Result, layout: Layout) -> str | None:
    """Where a file belongs below the output folder; ``None`` if it stays where it is."""
    return layout(result) if result.ok or result.damage else None
