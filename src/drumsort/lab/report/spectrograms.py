"""One picture of what the sounds of each class look like to a network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.ticker import MaxNLocator

from drumsort.features import LogMel, Spectrogram
from drumsort.features.mel import hz_to_mel
from drumsort.lab.report.page import figure

TICKS_HZ = (200, 1_000, 3_000, 10_000)

_WIDTH, _HEIGHT = 1.7, 1.45  # inches for each sound
_LETTERS = 30  # of a file name that fit under it


@dataclass(frozen=True)
class Example:
    """One sound to draw.

    Attributes:
        file: its name.
        rate: of the file, in Hz.
        log_mel: shape ``(n_mels, n_frames)``, dB, float32.
    """

    file: str
    rate: int
    log_mel: Spectrogram


def draw(classes: Mapping[str, Sequence[Example]], front_end: LogMel) -> Figure:
    """A row of log-mels for each class, each with its file's name below.

    Args:
        classes: class to its examples.
        front_end: of the log-mels.
    """
    columns = max(map(len, classes.values()))
    drawn = figure(1.2 + _WIDTH * columns, 0.6 + _HEIGHT * len(classes))
    grid = drawn.subplots(len(classes), columns, squeeze=False)
    for line, (label, examples) in zip(grid, classes.items(), strict=True):
        line[0].set_title(label, loc="left", size=10, weight="bold", pad=3)
        for axes, example in zip_longest(line, examples):
            if example:
                image = _draw(axes, example, front_end)
            else:
                axes.axis("off")
        line[0].set_ylabel("Hz", fontsize=7)
        if front_end.rate:  # else the axes differ
            for axes in line[1 : len(examples)]:
                axes.set_yticklabels([])
    colours = drawn.colorbar(
        image, ax=grid, shrink=1 / len(classes), anchor=(0, 1), aspect=10, pad=0.01
    )
    colours.set_label("dB below the loudest", fontsize=7)
    colours.ax.tick_params(labelsize=7)
    return drawn


def _draw(axes: Axes, example: Example, front_end: LogMel) -> AxesImage:
    rate = front_end.rate or example.rate
    mels, frames = example.log_mel.shape
    seconds = frames * front_end.hop / rate
    image = axes.imshow(
        example.log_mel,
        cmap="magma",
        vmin=-front_end.range_db,
        vmax=0,
        origin="lower",
        aspect="auto",
        extent=(0, seconds, -0.5, mels - 0.5),
        interpolation="nearest",
    )
    lowest, highest = (hz_to_mel(hz) for hz in (front_end.fmin, front_end.fmax or rate / 2))
    positions = {
        hz: (hz_to_mel(hz) - lowest) / (highest - lowest) * (mels + 1) - 1 for hz in TICKS_HZ
    }
    inside = {hz: at for hz, at in positions.items() if 0 <= at <= mels - 1}
    axes.set_yticks(list(inside.values()), [f"{hz:,}" for hz in inside])
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter("{x:g} s")
    axes.tick_params(labelsize=6, length=2, pad=1)
    axes.grid(False)
    axes.set_xlabel(_short(example.file), fontsize=6, labelpad=2)
    return image


def _short(name: str) -> str:
    """A file name without its middle, if it is too long."""
    half = _LETTERS // 2
    if len(name) <= _LETTERS:
        return name
    return f"{name[: half - 1]}\N{HORIZONTAL ELLIPSIS}{name[-half:]}"
