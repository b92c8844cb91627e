"""Training runs side by side: accuracy, time and size, as a table and as one HTML page."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from drumsort.train.report.evaluation import duration, learning_curves, percent
from drumsort.train.report.page import COLOUR, SECOND, figure, page, svg
from drumsort.train.run import Run

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


def facts(run: Run) -> dict[str, Any]:
    """One run as plain values; ``None`` where a split was not evaluated."""
    results = run.results()

    def measured(split: str, key: str) -> float | None:
        value: float | None = results.get(split, {}).get(key)
        return value

    return {
        "run": run.name,
        "recipe": run.recipe.name,
        "network": run.recipe.network,
        "parameters": run.parameters,
        "epochs": len(run.history()),
        "seconds": run.seconds,
        "best_val_accuracy": max(line.val_accuracy for line in run.history()),
        **{
            f"{split}_{key}": measured(split, key)
            for split in ("val", "test")
            for key in ("accuracy", "balanced_accuracy", "macro_f1", "accuracy_interval")
        },
    }


def lines(runs: Sequence[Run]) -> list[tuple[str, ...]]:
    """The table for people, in the order of ``COLUMNS``."""
    return [
        (
            f["run"],
            f"{f['parameters']:,}",
            str(f["epochs"]),
            duration(f["seconds"]),
            percent(f["val_accuracy"]),
            percent(f["val_balanced_accuracy"]),
            percent(f["test_accuracy"]),
            percent(f["test_balanced_accuracy"]),
        )
        for f in map(facts, runs)
    ]


def html(runs: Sequence[Run]) -> str:
    """The comparison as a page with plots."""
    histories = {run.name: run.history() for run in runs}
    curves = {"": histories[runs[0].name]} if len(runs) == 1 else histories
    return page(
        "comparison.html",
        title="Training runs side by side",
        columns=COLUMNS,
        lines=lines(runs),
        figures=[svg(_bars([facts(run) for run in runs])), svg(learning_curves(curves))],
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
