"""What people see: standard output and error, progress bars, safe file names, complaints."""

import os
import shlex
import stat
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.filesize import decimal
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text

from drumsort.taxonomy import NOT_A_DRUM, UNSURE


class Terminal(Console):
    """A console that prints file names as they are and leaves a broken pipe to ``main``."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


out = Terminal()
"""Standard output, for results."""

err = Terminal(stderr=True)
"""Standard error, for progress and complaints."""

COLOURS = {
    "kick": "red",
    "snare": "yellow",
    "hat": "cyan",
    "tom": "magenta",
    "cymbal": "bright_blue",
    "clap": "green",
    "percussion": "bright_red",
    NOT_A_DRUM: "bright_black",
    UNSURE: "bright_black",
}
"""Family to its colour; classes of the user's own have none."""


class RateColumn(ProgressColumn):
    """Items per second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        text = f"{speed:,.0f} {task.fields['unit']}/s" if speed else ""
        return Text(text, style="progress.data.speed")


class Bar:
    """One running progress bar."""

    def __init__(self, bars: Progress, task: TaskID) -> None:
        self._bars, self._task = bars, task

    @property
    def shown(self) -> bool:
        """Whether it is on the screen."""
        return not self._bars.disable

    def set(self, done: int, total: int | None = None) -> None:
        """Show ``done`` items, and ``total`` if it was not known before."""
        if self.shown:
            self._bars.update(self._task, completed=done, total=total)

    def expect(self, total: int) -> None:
        """Set the total; can be called from any thread."""
        self._bars.update(self._task, total=total)


@contextmanager
def progress(
    what: str, total: int | None, unit: str = "files", *, hidden: bool = False
) -> Iterator[Bar]:
    """A progress bar on standard error with rate and time left, removed at the end.

    With the ``unit`` ``"bytes"`` it counts in kB, MB and GB.
    """
    counts: tuple[ProgressColumn, ProgressColumn] = (MofNCompleteColumn(), RateColumn())
    if unit == "bytes":
        counts = (DownloadColumn(), TransferSpeedColumn())
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        *counts,
        TimeElapsedColumn(),
        TextColumn("elapsed,"),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    with Progress(
        *columns,
        console=err,
        transient=True,
        disable=hidden or not err.is_terminal,
        redirect_stdout=False,  # results go there
        redirect_stderr=False,
    ) as bars:
        yield Bar(bars, bars.add_task(what, total=total, unit=unit))


def goes_to_file() -> bool:
    """Whether standard output is a file, so that a progress bar cannot mix with results."""
    return stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)


def safe(path: Path | str) -> str:
    """A file name that cannot play tricks on a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(path))


def pasted(path: Path) -> str:
    """A path, relative to the working directory, quoted for a command line."""
    return shlex.quote(safe(os.path.relpath(path)))


def files(count: int) -> str:
    """``1 file``, ``2 files``."""
    return counted(count, "file")


def counted(count: int, unit: str) -> str:
    """``1 line``, ``2 lines``."""
    return f"{count:,} {unit}" + ("" if count == 1 else "s")


def size(count: int) -> str:
    """``17 bytes``, ``1.2 MB``."""
    return decimal(count)


def complain(heading: str, sentences: Collection[str], unit: str = "file") -> None:
    """Print to standard error how many files have a problem, and which."""
    if sentences:
        err.print(f"{heading}: {counted(len(sentences), unit)}", style="red")
    for sentence in sentences:
        err.print(f"  {safe(sentence)}", style="red")
