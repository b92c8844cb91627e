"""The evaluation of a model, as Markdown, JSON and one self-contained HTML page."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from drumsort.lab.checkpoint import Epoch
from drumsort.lab.files import written_whole
from drumsort.lab.report.page import COLOUR, SECOND, figure, page, svg
from drumsort.lab.run import Run


@dataclass(frozen=True)
class Training:
    """How a model was trained, if that is known.

    Attributes:
        facts: names and values for people.
        history: the result of each epoch.
    """

    facts: Mapping[str, str]
    history: Sequence[Epoch]


def training(run: Run) -> Training:
    """How the model of a run was trained."""
    history = run.history()
    return Training(
        {
            "recipe": run.recipe.name,
            "network": run.recipe.network,
            "parameters": f"{run.parameters:,}",
            "epochs": str(len(history)),
            "training time": duration(run.seconds),
            "seed": str(run.recipe.seed),
            **{name: str(value) for name, value in run.machine.items()},
        },
        history,
    )


def write(numbers: Mapping[str, Any], folder: Path, training: Training | None = None) -> Path:
    """Write ``SPLIT.json``, ``.md`` and ``.html``, and return the path of the page."""
    contents = {
        "json": json.dumps(numbers, indent=2) + "\n",
        "md": markdown(numbers),
        "html": html(numbers, training),
    }
    for suffix, text in contents.items():
        with written_whole(folder / f"{numbers['split']}.{suffix}") as part:
            part.write_text(text, encoding="utf-8")
    return folder / f"{numbers['split']}.html"


def headline(numbers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The headline numbers, each with its interval."""
    lines = [
        (title, with_interval(numbers, key))
        for title, key in (
            ("Accuracy", "accuracy"),
            ("Balanced accuracy", "balanced_accuracy"),
            ("Macro-F1", "macro_f1"),
        )
    ]
    if "six_families" in numbers:
        six = with_interval(numbers["six_families"], "balanced_accuracy")
        lines.append(("Balanced accuracy among six families", six))
    policy = numbers["policy"]
    return [
        *lines,
        ("Expected calibration error", f"{numbers['calibration_error']:.1%}"),
        (
            f"Sorted with a confidence of {policy['min_confidence']:.2f} or more",
            percent(policy["coverage"]),
        ),
        ("Right among these", percent(policy["precision"])),
    ]


def markdown(numbers: Mapping[str, Any]) -> str:
    """The report as text."""
    classes = list(numbers["classes"])
    lines = [
        f"# {numbers['model']} on {numbers['split']}",
        "",
        f"{numbers['sounds']:,} sounds in {numbers['groups']:,} groups. Intervals are 95 %, by "
        "bootstrap over groups.",
        "",
        *markdown_table(("", ""), headline(numbers)),
        *markdown_table(
            ("class", "sounds", "precision", "recall"),
            [
                (name, str(c["sounds"]), percent(c["precision"]), percent(c["recall"]))
                for name, c in numbers["classes"].items()
            ],
        ),
        "Right class (rows) by verdict (columns):",
        "",
        *markdown_table(
            ("", *classes),
            [
                (name, *map(str, counts))
                for name, counts in zip(classes, numbers["confusion"], strict=True)
            ],
        ),
        "The most frequent mistakes, with the files of the most confident ones:",
        "",
        *(
            f"- {c['sounds']} x {c['truth']} for {c['verdict']}: "
            + ", ".join(f"`{f['path']}` ({f['confidence']:.2f})" for f in c["files"][:3])
            for c in numbers["confusions"]
        ),
    ]
    return "\n".join(lines).rstrip() + "\n"


def html(numbers: Mapping[str, Any], training: Training | None) -> str:
    """The report as a page with plots."""
    figures = {"counts": _confusion(numbers, False), "shares": _confusion(numbers, True)}
    figures["calibration"] = _calibration(numbers)
    if training and training.history:
        figures["curves"] = learning_curves([("", training.history)])
    return page(
        "evaluation.html",
        title=f"{numbers['model']} on {numbers['split']}",
        numbers=numbers,
        headline=headline(numbers),
        percent=percent,
        training=training,
        figures={name: svg(drawn) for name, drawn in figures.items()},
    )


def learning_curves(histories: Sequence[tuple[str, Sequence[Epoch]]]) -> Figure:
    """Loss and accuracy by epoch; for several runs, only those on validation sounds."""
    drawn = figure(9, 3.2)
    loss, accuracy = drawn.subplots(1, 2)
    alone = len(histories) == 1
    for name, history in histories:
        epochs = [line.epoch for line in history]
        for axes, what in ((loss, "loss"), (accuracy, "accuracy")):
            val = [getattr(line, f"val_{what}") for line in history]
            if alone:
                axes.plot(
                    epochs, [getattr(line, what) for line in history], c=SECOND, label="train"
                )
            axes.plot(epochs, val, c=COLOUR if alone else None, label="val" if alone else name)
        loss.xaxis.get_major_locator().set_params(integer=True)
    of = "" if alone else "validation "
    loss.set(xlabel="epoch", ylabel=f"{of}loss (nats)")
    loss.set_ylim(bottom=0)
    accuracy.set(xlabel="epoch", ylabel=f"{of}accuracy", ylim=(0, 1))
    accuracy.yaxis.set_major_formatter("{x:.0%}")
    accuracy.legend(loc="lower right", fontsize=8)
    return drawn


def duration(seconds: float) -> str:
    """``45 s`` or ``12.3 min``."""
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.1f} min"


def percent(share: float | None) -> str:
    """A share for people; ``-`` for ``None``."""
    return "-" if share is None else f"{share:.1%}"


def with_interval(numbers: Mapping[str, Any], key: str) -> str:
    """A number of ``Evaluation.numbers`` and its interval, for people."""
    low, high = numbers[f"{key}_interval"]
    interval = "one group, no interval" if low is None else f"{low:.1%} to {high:.1%}"
    return f"{numbers[key]:.1%} ({interval})"


def _confusion(numbers: Mapping[str, Any], normalized: bool) -> Figure:
    classes = list(numbers["classes"])
    counts = np.array(numbers["confusion"], float)
    shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    side = 1.6 + 0.48 * len(classes)
    drawn = figure(side, side)
    axes = drawn.subplots()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.grid(False)
    for (i, j), share in np.ndenumerate(shares):
        text = f"{share:.0%}" if normalized else f"{counts[i, j]:.0f}"
        axes.text(j, i, text, ha="center", va="center", c="white" if share > 0.6 else "#1f2937")
    axes.set_xticks(range(len(classes)), classes, rotation=45, ha="right")
    axes.set_yticks(range(len(classes)), classes)
    axes.set(xlabel="verdict", ylabel="right class")
    axes.set_title("Shares of the right class" if normalized else "Counts", fontsize=10)
    return drawn


def _calibration(numbers: Mapping[str, Any]) -> Figure:
    bins = [
        (c, a, n) for c, a, n in zip(*numbers["calibration"].values(), strict=True) if c is not None
    ]
    confidence, accuracy, count = zip(*bins, strict=True)
    drawn = figure(4.2, 4.2)
    axes = drawn.subplots()
    axes.plot([0, 1], [0, 1], c="#9ca3af", ls="--", lw=1)
    axes.plot(confidence, accuracy, c=COLOUR, lw=1)
    sizes = 12 + 240 * np.array(count) / max(count)
    axes.scatter(confidence, accuracy, sizes, COLOUR, alpha=0.6, clip_on=False)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence", ylabel="share that is right")
    axes.set_title("Calibration (area: number of sounds)", fontsize=10)
    return drawn


def markdown_table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table in Markdown, an empty one at its end."""
    cells = [[cell.replace("|", "\\|") for cell in line] for line in (heads, *lines)]
    first, *others = (f"| {' | '.join(line)} |" for line in cells)
    return [first, "|---" * len(heads) + "|", *others, ""]
