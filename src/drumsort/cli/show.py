"""What people see: standard output and error, progress bars, safe file names, complaints."""

import os
import shlex
import stat
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.filesize import decimal
from rich.progress import (
    BarColumn,
    DownloadColumn,
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
from drumsort.workflows import progress as workflow
from drumsort.workflows.progress import Step


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

_STEADY_AFTER = 2.0  # seconds: what is known already comes in a burst at the beginning
_verbose = False
_no_progress = False


def be_verbose(on: bool) -> None:
    """From now on, lists name every file, or only the first few."""
    global _verbose
    _verbose = on


def be_quiet(on: bool, *, results: bool) -> None:
    """From now on, show no progress, and on standard output nothing but ``results``; or all."""
    global _no_progress
    _no_progress = on
    out.quiet = on and not results


def verbose() -> bool:
    """Whether lists name every file."""
    return _verbose


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
"""Family to its colour; the user's own classes have none."""


STEPS = {
    Step.LOOK: ("Looking", "files"),
    Step.CUT: ("Cutting", "files"),
    Step.LISTEN: ("Listening", "files"),
    Step.PLACE: ("Finishing", "files"),
    Step.TAKE_BACK: ("Undoing", "files"),
    Step.LEARN: ("Learning", "heads"),
    Step.EXPORT: ("Exporting", "sounds"),
    Step.DRAW: ("Drawing", "sounds"),
    Step.INDEX: ("Indexing", "sounds"),
}
"""What a step of a workflow is called, and what it counts."""


class CountColumn(ProgressColumn):
    """How many items are done, of how many if that is known."""

    def render(self, task: Task) -> Text:
        done = f"{int(task.completed):,}"
        text = done if task.total is None else f"{done}/{int(task.total):,}"
        return Text(text if task.total is not None or task.completed else "", "progress.download")


class RateColumn(ProgressColumn):
    """Items per second, once they come at a steady pace."""

    def render(self, task: Task) -> Text:
        elapsed = task.elapsed or 0.0
        steady = elapsed >= _STEADY_AFTER and task.completed > 0
        text = f"{task.completed / elapsed:,.0f} {task.fields['unit']}/s" if steady else ""
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


class Steps(workflow.Progress):
    """Shows each step of a workflow as a progress bar, and prints its warnings.

    Attributes:
        step: the step reported last, or ``None`` before the first.

    Args:
        bars: where the bars are shown.
        words: other names for some steps than those in ``STEPS``.
    """

    def __init__(self, bars: Progress, words: Mapping[Step, str]) -> None:
        self.step: Step | None = None
        self._bars, self._words = bars, words
        self._task: TaskID | None = None

    @property
    def shown(self) -> bool:
        """Whether it is on the screen."""
        return not self._bars.disable

    def at(self, step: Step, done: int, total: int | None = None) -> None:
        """Move the bar of this step, and remove the bar of the step before."""
        if step is not self.step:
            self._begin(step, total)
        if self.shown and self._task is not None:
            self._bars.update(self._task, completed=done, total=total)

    def warn(self, sentence: str) -> None:
        """Print a warning to standard error."""
        err.print(safe(sentence), style="red")

    def expect(self, total: int) -> None:
        """Set the total of the current step; can be called from any thread."""
        if self._task is not None:
            self._bars.update(self._task, total=total)

    def _begin(self, step: Step, total: int | None) -> None:
        self.step = step
        if self._task is not None:
            self._bars.remove_task(self._task)
        what, unit = STEPS[step]
        self._task = self._bars.add_task(self._words.get(step, what), total=total, unit=unit)


@contextmanager
def steps(words: Mapping[Step, str] | None = None, *, hidden: bool = False) -> Iterator[Steps]:
    """Progress bars on standard error for the steps of a workflow, removed at the end."""
    with _bars("files", hidden) as bars:
        yield Steps(bars, words or {})


@contextmanager
def progress(
    what: str, total: int | None, unit: str = "files", *, hidden: bool = False
) -> Iterator[Bar]:
    """A progress bar on standard error with rate and time left, removed at the end.

    With the ``unit`` ``"bytes"`` it counts in kB, MB and GB.
    """
    with _bars(unit, hidden) as bars:
        yield Bar(bars, bars.add_task(what, total=total, unit=unit))


def _bars(unit: str, hidden: bool) -> Progress:
    counts: tuple[ProgressColumn, ProgressColumn] = (CountColumn(), RateColumn())
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
    return Progress(
        *columns,
        console=err,
        transient=True,
        disable=hidden or _no_progress or not err.is_terminal,
        redirect_stdout=False,  # results go there
        redirect_stderr=False,
    )


def goes_to_file() -> bool:
    """Whether standard output is a file, so that a progress bar cannot mix with results."""
    return stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)


def safe(path: Path | str) -> str:
    """A file name that cannot play tricks on a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(path))


def pasted(path: Path) -> str:
    """A path, relative to the working directory, quoted for a command line."""
    try:
        shown = os.path.relpath(path)
    except ValueError:  # it is on another drive of Windows
        shown = str(path.absolute())
    return shlex.quote(safe(shown))


def when(moment: datetime | str) -> str:
    """A moment, also one in ISO 8601, by the clock on the wall: ``2026-01-31 18:45``."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def files(count: int) -> str:
    """``1 file``, ``2 files``."""
    return counted(count, "file")


def counted(count: int, unit: str) -> str:
    """``1 line``, ``2 lines``."""
    return f"{count:,} {unit}" + ("" if count == 1 else "s")


def size(count: int) -> str:
    """``17 bytes``, ``1.2 MB``."""
    return decimal(count)


MOST_NAMED = 10
"""How many files a list names before it counts the rest."""


def complain(
    heading: str, sentences: Collection[str], unit: str = "file", all_in: str = ""
) -> None:
    """Print to standard error how many files have a problem, and which: the first few.

    ``all_in`` says where all of them are named.
    """
    _list(err, heading, sentences, unit, all_in, "red")


def mention(heading: str, sentences: Collection[str], unit: str = "file", all_in: str = "") -> None:
    """Print to standard output which files are worth a look; see ``complain``."""
    _list(out, heading, sentences, unit, all_in, "")


def _list(
    console: Console,
    heading: str,
    sentences: Collection[str],
    unit: str,
    all_in: str,
    style: str,
) -> None:
    if sentences:
        console.print(f"{heading}: {counted(len(sentences), unit)}", style=style)
    most = len(sentences) if _verbose else MOST_NAMED
    for sentence in islice(sentences, most):
        console.print(f"  {safe(sentence)}", style=style)
    if len(sentences) > most:
        where = " or ".join(filter(None, (all_in, "-v")))
        console.print(f"  ... and {len(sentences) - most:,} more: {where} names all", style=style)
