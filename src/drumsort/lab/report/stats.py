"""The statistics of a data set, as one self-contained HTML page."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator
from numpy.typing import NDArray

from drumsort.lab.data.rows import SPLITS
from drumsort.lab.data.stats import QUANTILES, Stats
from drumsort.lab.report.page import COLOUR, SECOND, figure, page, svg

EXAMPLES = 20
"""The most pairs of files, and of classes, to list."""

_RATES = 8  # columns of the table of rates
_SIZES = (1, 2, 6, 21, 51, 101, 501)  # smallest size of each bin of groups
_COLOURS = dict(zip(SPLITS, (COLOUR, SECOND, "#059669"), strict=True))


def summary(stats: Stats) -> list[tuple[str, str]]:
    """The most important numbers, as names and values for people."""
    by_rate, largest = stats.right_by_rate
    by_class, by_family = stats.right_by_nearest
    shown = [
        ("Sounds", f"{stats.sounds:,} of {len(stats.classes)} classes"),
        ("Families", ", ".join(f"{family} {n:,}" for family, n in stats.by_family.items())),
        ("Groups", f"{len(stats.groups):,}, the largest of {max(stats.groups.values()):,}"),
        (
            "Balance",
            f"largest class / smallest {stats.imbalance:,.1f}, evenness {stats.evenness:.2f} of 1",
        ),
        (
            "Class guessed from the sample rate alone",
            f"{by_rate:.1%} of sounds (by always saying {_largest(stats)}: {largest:.1%})",
        ),
        ("Duplicates", f"{len(stats.exact):,} exact pairs, {len(stats.near):,} near or exact"),
        ("One recording, two families", f"{len(stats.contradictions):,} pairs"),
    ]
    if any(stats.nearest.values()):
        nearest = f"class right for {by_class:.1%}, family for {by_family:.1%}"
        shown.append(("Nearest sound of another group", nearest))
    shown += [
        (
            f"Of {split} in train",
            f"{leaks.exact:.1%} exactly, {leaks.near:.1%} nearly, {leaks.group:.1%} by group",
        )
        for split, leaks in stats.leakage.items()
    ]
    return shown


def html(stats: Stats, data: Path) -> str:
    """The page about the folder ``data``."""
    figures = {
        "counts": _counts(stats),
        "durations": _durations(stats),
        "rates": _rates(stats),
        "groups": _groups(stats),
    }
    if any(stats.nearest.values()):
        figures["overlap"] = _overlap(stats)
    exact = set(stats.exact)
    return page(
        "stats.html",
        title=f"Sounds in {data.resolve().name}",
        stats=stats,
        summary=summary(stats),
        near=[twins for twins in stats.near if twins not in exact],
        examples=EXAMPLES,
        figures={name: svg(drawn) for name, drawn in figures.items()},
    )


def _largest(stats: Stats) -> str:
    return max(stats.classes, key=lambda label: stats.classes[label])


def _counts(stats: Stats) -> Figure:
    """Sounds of each class, by split where there are splits."""
    labels = list(stats.classes)
    drawn, axes = _per_class(labels, 5.1)
    left = np.zeros(len(labels))
    for split, counts in stats.splits.items():
        sizes = np.array([counts.get(label, 0) for label in labels])
        name = f"{split}: {sizes.sum():,}"
        axes.barh(range(len(labels)), sizes, 0.7, left, color=_COLOURS[split], label=name)
        left += sizes
    rest = np.array([stats.classes[label] for label in labels]) - left
    if rest.any():
        name = f"no split: {rest.sum():,.0f}"
        colour = "#9ca3af" if stats.splits else COLOUR
        axes.barh(range(len(labels)), rest, 0.7, left, color=colour, label=name)
    for i, label in enumerate(labels):
        n = stats.classes[label]
        axes.annotate(f"{n:,}", (n, i), (4, 0), textcoords="offset points", va="center", size=8)
    axes.margins(x=0.1)
    axes.set_xlabel("sounds")
    if stats.splits:
        axes.legend(fontsize=8)
    return drawn


def _durations(stats: Stats) -> Figure:
    """Durations of each class: median, quartiles and the middle 90 %."""
    labels = list(stats.durations)
    drawn, axes = _per_class(labels, 5.1)
    low, first, median, third, high = np.array(list(stats.durations.values())).T
    positions = np.arange(len(labels))
    axes.hlines(positions, low, high, color=COLOUR, lw=1)
    axes.barh(positions, third - first, 0.55, first, color="#bfdbfe", edgecolor=COLOUR)
    axes.vlines(median, positions - 0.275, positions + 0.275, color=SECOND, lw=2)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(10, (1, 2, 5)))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlabel(f"duration in s ({', '.join(f'{q:.0%}' for q in QUANTILES)} of the sounds)")
    return drawn


def _rates(stats: Stats) -> Figure:
    """Share of each class's sounds at each sample rate."""
    total: Counter[int] = Counter()
    for counts in stats.rates.values():
        total.update(counts)
    common = sorted(rate for rate, _ in total.most_common(_RATES))
    heads = [f"{rate / 1000:g}" for rate in common] + ["other"] * (len(total) > len(common))
    shares = np.zeros((len(stats.rates), len(heads)))
    for i, (label, counts) in enumerate(stats.rates.items()):
        for rate, n in counts.items():
            j = common.index(rate) if rate in common else -1
            shares[i, j] += n / stats.classes[label]
    drawn, axes = _per_class(list(stats.rates), 2.2 + 0.6 * len(heads))
    _heat(axes, shares, list(stats.rates), heads)
    axes.set_xlabel("sample rate in kHz")
    return drawn


def _groups(stats: Stats) -> Figure:
    """How many groups there are of each size, and how many sounds are in them."""
    sizes = np.array(list(stats.groups.values()))
    nth = np.searchsorted(_SIZES, sizes, side="right") - 1
    names = [f"{a} to {b - 1}" if b - a > 1 else f"{a}" for a, b in pairwise(_SIZES)]
    names.append(f"{_SIZES[-1]} or more")
    drawn = figure(6.6, 3.2)
    axes = drawn.subplots()
    positions = np.arange(len(names))
    weights = {"groups": np.ones(len(sizes)), "sounds in them": sizes}
    for shift, colour, (name, weight) in zip(
        (-0.2, 0.2), (COLOUR, SECOND), weights.items(), strict=True
    ):
        heights = np.bincount(nth, weight, len(names)).astype(int)
        bars = axes.bar(positions + shift, heights, 0.38, color=colour, label=name)
        axes.bar_label(bars, [f"{n:,}" if n else "" for n in heights], padding=2, fontsize=8)
    axes.set_xticks(positions, names)
    axes.set_xlabel("sounds in a group")
    axes.grid(axis="x", visible=False)
    axes.margins(y=0.1)
    axes.legend(fontsize=8)
    return drawn


def _overlap(stats: Stats) -> Figure:
    """Of each class's sounds, the share whose nearest sound of another group is of each class."""
    labels = list(stats.nearest)
    counts = np.array([[stats.nearest[a].get(b, 0) for b in labels] for a in labels], float)
    shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    side = 1.8 + 0.4 * len(labels)
    drawn = figure(side, side)
    axes = drawn.subplots()
    _heat(axes, shares, labels, labels)
    axes.tick_params(axis="x", rotation=45)
    for tick in axes.get_xticklabels():
        tick.set(ha="right", rotation_mode="anchor")
    axes.set(xlabel="class of the nearest sound of another group", ylabel="class")
    return drawn


def _per_class(labels: Sequence[str], width: float) -> tuple[Figure, Axes]:
    """Axes with a line for each class, the first at the top."""
    drawn = figure(width, 1.0 + 0.27 * len(labels))
    axes = drawn.subplots()
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.grid(axis="y", visible=False)
    return drawn, axes


def _heat(
    axes: Axes, shares: NDArray[np.float64], lines: Sequence[str], columns: Sequence[str]
) -> None:
    """Draw shares as colours, with percentages where they fit."""
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axes.grid(False)
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(lines)), lines)
    for (i, j), share in np.ndenumerate(shares):
        if share >= 0.005:
            colour = "white" if share > 0.6 else "#1f2937"
            axes.text(j, i, f"{share * 100:.0f}", ha="center", va="center", c=colour, size=8)
