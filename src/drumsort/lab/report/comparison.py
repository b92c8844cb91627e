"""Training runs side by side: accuracy, time and size, as a table and as one HTML page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from drumsort.errors import DataError
from drumsort.lab import metrics, said
from drumsort.lab.checkpoint import Epoch
from drumsort.lab.evaluate import among_six, rounded
from drumsort.lab.metrics import Verdicts
from drumsort.lab.report.evaluation import duration, learning_curves, percent
from drumsort.lab.report.page import COLOUR, SECOND, figure, page, svg
from drumsort.lab.run import HELD_OUT, WHOLE, Run

COLUMNS = (
    "run",
    "parameters",
    "epochs",
    "time",
    "val accuracy",
    "val balanced",
    "test accuracy",
    "test balanced",
)


@dataclass(frozen=True)
class Compared:
    """One run, with its name in the comparison.

    Attributes:
        name: there.
        folder: with what it said of held-out sounds.
        run: ``None`` where that is all there is, as of networks that speak together.
        history: of the run.
        results: split to the numbers measured on it.
    """

    name: str
    folder: Path
    run: Run | None = None
    history: Sequence[Epoch] = ()
    results: Mapping[str, Any] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """All numbers as plain values; ``None`` if a split was not evaluated."""
        run = self.run
        return {
            "run": self.name,
            "recipe": run and run.recipe.name,
            "network": run and run.recipe.network,
            "parameters": run and run.parameters,
            "epochs": len(self.history) if run else None,
            "seconds": run and run.seconds,
            "best_val_accuracy": max((line.val_accuracy for line in self.history), default=None),
            **{
                f"{split}_{key}": self.results.get(split, {}).get(key)
                for split in HELD_OUT
                for key in ("accuracy", "balanced_accuracy", "macro_f1", "accuracy_interval")
            },
        }

    def line(self) -> tuple[str, ...]:
        """The row for people, in the order of ``COLUMNS``."""
        facts = self.facts()
        return (
            self.name,
            *(
                (f"{facts['parameters']:,}", str(facts["epochs"]), duration(facts["seconds"]))
                if self.run
                else ("-",) * 3
            ),
            percent(facts["val_accuracy"]),
            percent(facts["val_balanced_accuracy"]),
            percent(facts["test_accuracy"]),
            percent(facts["test_balanced_accuracy"]),
        )


def compare(folders: Sequence[Path]) -> tuple[list[Compared], list[str]]:
    """Runs to compare, named after their folders, or their paths if names repeat.

    Returns:
        The runs, and one sentence for each folder without a run that has ended or a table of what
        was said of held-out sounds.

    Raises:
        DataError: none has one.
    """
    names = [folder.resolve().name for folder in folders]
    if len(set(names)) < len(names):
        names = list(map(str, folders))
    compared, failures = [], []
    for name, folder in zip(names, folders, strict=True):
        try:
            run = Run.load(folder)
        except DataError as error:
            if (folder / said.NAME).exists():
                compared.append(Compared(name, folder))
            else:
                failures.append(str(error))
        else:
            compared.append(Compared(name, _told(run), run, run.history(), run.results()))
    if not compared:
        raise DataError(failures[0])
    return compared, failures


PAIRED = ("run", "against", "sounds", "six families", "all families", "accuracy")
"""Columns of ``Difference.line``; the last three are points, each with its 95 % interval."""


@dataclass(frozen=True)
class Difference:
    """How much better a run is than the first one, on the held-out sounds that both have.

    Attributes:
        name: of the run.
        against: name of the first one.
        sounds: that both were asked for.
        groups: of these.
        points: name of a number to its difference, with its 95 % interval by paired bootstrap over
            groups; shares, not percent.
    """

    name: str
    against: str
    sounds: int
    groups: int
    points: Mapping[str, tuple[float, tuple[float, float]]]

    def facts(self) -> dict[str, Any]:
        """All of it as plain values."""
        facts: dict[str, Any] = {
            "run": self.name,
            "against": self.against,
            "sounds": self.sounds,
            "groups": self.groups,
        }
        for name, (value, interval) in self.points.items():
            facts |= {name: value, f"{name}_interval": list(interval)}
        plain: dict[str, Any] = rounded(facts)
        return plain

    def line(self) -> tuple[str, ...]:
        """For people, in the order of ``PAIRED``."""
        cells = (_points(*self.points[name]) if name in self.points else "-" for name in _COMPARED)
        return self.name, self.against, f"{self.sounds:,}", *cells

    def sentence(self) -> str:
        """For people, on one line."""
        points = (
            f"{title} {_points(*self.points[name])}"
            for name, title in zip(_COMPARED, PAIRED[3:], strict=True)
            if name in self.points
        )
        return f"{self.name}, {self.sounds:,} sounds in {self.groups:,} groups: {', '.join(points)}"


_COMPARED = ("six_families", "balanced_accuracy", "accuracy")


def differences(runs: Sequence[Compared]) -> list[Difference | None]:
    """Each run against the first one; ``None`` where they have no held-out sounds in common."""
    tables = [said.read(compared.folder) for compared in runs]
    found: list[Difference | None] = [None]
    for compared, table in zip(runs[1:], tables[1:], strict=True):
        first = tables[0]
        both = None if first is None or table is None else said.shared(first, table)
        if both is None:
            found.append(None)
            continue
        sounds, groups = len(both[0].truth), len(set(both[0].groups))
        points = _differences(*both)
        found.append(Difference(compared.name, runs[0].name, sounds, groups, points))
    return found


def _differences(first: Verdicts, second: Verdicts) -> dict[str, tuple[float, tuple[float, float]]]:
    points = {
        "balanced_accuracy": metrics.difference(first, second, metrics.balanced_accuracy),
        "accuracy": metrics.difference(first, second, metrics.accuracy),
    }
    one, two = among_six(first), among_six(second)
    if one and two:
        points["six_families"] = metrics.difference(one, two, metrics.balanced_accuracy)
    return points


def _told(run: Run) -> Path:
    """Where its held-out sounds lie: that of its cross-validation, where it belongs to one."""
    return run.folder.parent if run.folder.name == WHOLE else run.folder


def _points(value: float, interval: tuple[float, float]) -> str:
    low, high = interval
    return f"{100 * value:+.1f} ({100 * low:+.1f} to {100 * high:+.1f})"


def html(runs: Sequence[Compared]) -> str:
    """The comparison as a page with plots."""
    return page(
        "comparison.html",
        title="Training runs side by side",
        columns=COLUMNS,
        lines=[run.line() for run in runs],
        paired_columns=PAIRED,
        paired=[one.line() for one in differences(runs) if one],
        figures=[
            svg(_bars([run.facts() for run in runs])),
            svg(learning_curves([(run.name, run.history) for run in runs])),
        ],
    )


def _bars(runs: Sequence[Mapping[str, Any]]) -> Figure:
    drawn = figure(9, 0.8 + 0.55 * len(runs))
    axes = drawn.subplots()
    places = range(len(runs))
    for shift, split, colour in ((-0.18, "val", COLOUR), (0.18, "test", SECOND)):
        shares = [run[f"{split}_accuracy"] or 0.0 for run in runs]
        bars = axes.barh([p + shift for p in places], shares, 0.34, color=colour, label=split)
        axes.bar_label(bars, [f"{share:.1%}" if share else "" for share in shares], padding=3)
    axes.set_yticks(places, [run["run"] for run in runs])
    axes.invert_yaxis()
    axes.set(xlim=(0, 1.08), xlabel="accuracy")
    axes.xaxis.set_major_formatter("{x:.0%}")
    axes.grid(axis="y", visible=False)
    axes.legend(loc="lower right", fontsize=8)
    return drawn
