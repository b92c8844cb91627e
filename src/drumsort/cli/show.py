"""What people see: progress bars, file names made safe, sentences and small tables."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from drumsort.taxonomy import FAMILIES, NOT_A_DRUM, UNSURE

out = Console(highlight=False, soft_wrap=True)
"""Standard output, for what was asked for."""

err = Console(stderr=True, highlight=False, soft_wrap=True)
"""Standard error, for progress and complaints."""

COLOURS = {
    **dict(
        zip(
            FAMILIES,
            ("red", "yellow", "cyan", "magenta", "bright_blue", "green", "bright_red", "white"),
            strict=True,
        )
    ),
    UNSURE: "bright_black",
    NOT_A_DRUM: "bright_black",
}


class RateColumn(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        text = f"{speed:,.0f} {task.fields['unit']}/s" if speed else ""
        return Text(text, style="progress.data.speed")


class Bar:
    """One running progress bar."""

    def __init__(self, bars: Progress, task: TaskID) -> None:
        self._bars, self._task = bars, task

    def set(self, done: int, total: int | None = None) -> None:
        """So many are done, of so many."""
        self._bars.update(self._task, completed=done, total=total)


@contextmanager
def progress(
    what: str, total: int | None, unit: str = "files", *, hidden: bool = False
) -> Iterator[Bar]:
    """A progress bar on standard error with rate and time left; gone when it is done."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeElapsedColumn(),
        TextColumn("elapsed,"),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    with Progress(
        *columns, console=err, transient=True, disable=hidden or not err.is_terminal
    ) as bars:
        yield Bar(bars, bars.add_task(what, total=total, unit=unit))


def safe(path: Path | str) -> str:
    """A file name that cannot play tricks on a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(path))


def files(count: int) -> str:
    """``1 file``, ``2 files``."""
    return f"{count:,} file" + ("" if count == 1 else "s")


def complain(sentences: Iterable[str], at_most: int = 20) -> None:
    """Print sentences to standard error, and how many more there are."""
    sentences = list(sentences)
    for sentence in sentences[:at_most]:
        err.print(Text("  " + safe(sentence)), style="red")
    if len(sentences) > at_most:
        err.print(f"  ... and {len(sentences) - at_most:,} more", style="red")
