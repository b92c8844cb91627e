"""A dry run on a terminal: what goes where, and where to look first, on one screen."""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from drumsort.cli import show
from drumsort.workflows.report import Look, Row, rows

if TYPE_CHECKING:
    from drumsort.workflows.sort import Sorted

_GAP = 3  # between two folders
_LEAST = 4  # sounds that are listed, however small the screen


def lines(done: "Sorted", footer: Sequence[str], width: int, height: int) -> list[Text]:
    """A dry run in at most ``height`` lines of ``width`` cells.

    Args:
        done: the dry run.
        footer: what is said at the end, a line each.
        width: cells in a line.
        height: lines on the screen, one of which is left free.
    """
    into = done.checked.plan.into
    title = Text(f"{show.safe(into)} (dry run)", style="bold")
    free = height - 1 - len(footer) - 3  # the title, a heading, and how many more there are
    folders = _folders(done, width, max(1, free - _LEAST - 1))
    found = [row for row in rows(done) if row.look <= Look.UNSURE]
    room = max(_LEAST, free - len(folders))
    listed = [_sound(row, done) for row in found[:room]]
    heading = [Text("Look here first:", style="bold")] if listed else []
    rest = len(found) - len(listed)
    more = [Text(f"... and {rest:,} more: --report FILE shows all", style="dim")] if rest else []
    body = [title, *folders, *heading, *listed, *more, *map(Text, footer)]
    for line in body:
        line.truncate(width, overflow="ellipsis")
    return body


def _folders(done: "Sorted", width: int, most: int) -> list[Text]:
    """The folders at the top of the output and how many files each gets, in columns."""
    counts = Counter(
        operation.target.relative_to(done.checked.plan.into).parts[0]
        if operation.target.parent != done.checked.plan.into
        else "."
        for operation in done.checked.operations
    )
    cells = [(show.safe(name) + "/", f"{counts[name]:,}", name) for name in sorted(counts)]
    if not cells:
        return []
    wide = max(cell_len(name) for name, *_ in cells)
    number = max(len(count) for _, count, _ in cells)
    columns = max(1, (width - 2 + _GAP) // (wide + 1 + number + _GAP))
    high = -(-len(cells) // columns)
    cut = cells[: most * columns] if high > most else cells
    high = -(-len(cut) // columns)
    found = []
    for line in range(high):
        text = Text("  ")
        for name, count, folder in cut[line::high]:
            text.append(name + " " * (wide - cell_len(name)), style=show.COLOURS.get(folder, ""))
            text.append(f" {count:>{number}}" + " " * _GAP)
        text.rstrip()
        found.append(text)
    if len(cut) < len(cells):
        found[-1] = Text(f"  ... {len(cells):,} folders in all", style="dim")
    return found


def _sound(row: Row, done: "Sorted") -> Text:
    """One file: how sure, what, what else, and its path below the input."""
    text = Text("  ")
    sure = "   -" if row.confidence is None else f"{row.confidence:.2f}"
    what = {Look.FAILED: "not sorted", Look.DAMAGED: "damaged", Look.UNSURE: f"{row.guess}?"}
    text.append(f"{sure}  ")
    text.append(f"{what.get(row.look, row.label):<12}", style=show.COLOURS.get(row.family, ""))
    second = f"or {row.second_guess} {row.second_confidence:.2f}" if row.second_guess else ""
    if row.look > Look.DAMAGED:
        text.append(f" {second:<19}", style="dim")
    text.append(" ")
    text.append(_short(Path(row.source), done))
    if row.look <= Look.DAMAGED:
        reason = row.reason.replace(row.source, "").strip(" :")
        text.append(f"  ({show.safe(reason)})", style="red")
    return text


def _short(path: Path, done: "Sorted") -> str:
    inside = [root for root in done.inputs if len(done.inputs) == 1 and root in path.parents]
    return show.safe(os.path.relpath(path, inside[0]) if inside else path)
