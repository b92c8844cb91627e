"""Sliced sounds -> a drawing (SVG): waveform, cuts and labels of each, one below the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from drumsort.types import Samples

_WIDTH, _HEIGHT = 1200, 120  # of a waveform
_LEFT, _TITLE, _LABELS, _GAP = 20, 26, 54, 22
_POINTS = 1200  # columns of a waveform
_SLANT = 35  # degrees by which labels that stand close are turned
_COLOURS = {
    "kick": "#c0392b",
    "snare": "#b7950b",
    "hat": "#148f9c",
    "tom": "#a03ab0",
    "cymbal": "#3466c2",
    "clap": "#2e8b40",
    "percussion": "#d35400",
}
_OTHER = "#6b6b6b"


@dataclass(frozen=True)
class Drawn:
    """One hit of a picture.

    Attributes:
        start: where it begins, in seconds.
        end: where it ends.
        label: what is written at it.
        family: which decides on its colour.
        kept: whether it is written to a file; else it is drawn pale.
    """

    start: float
    end: float
    label: str
    family: str
    kept: bool = True


@dataclass(frozen=True)
class Lane:
    """One sound of a picture.

    Attributes:
        title: what is written above it.
        seconds: its length.
        outline: the lowest and the highest sample of equal parts, shape ``(n, 2)``, float32.
        hits: in their order.
    """

    title: str
    seconds: float
    outline: Samples
    hits: Sequence[Drawn]


def picture(lanes: Sequence[Lane]) -> str:
    """The drawing as SVG; browsers show it, and it may be as high as it takes."""
    lane = _TITLE + _LABELS + _HEIGHT + _GAP
    width, height = _WIDTH + 2 * _LEFT, max(1, len(lanes)) * lane + _GAP
    body = "".join(_lane(one, index * lane + _GAP // 2) for index, one in enumerate(lanes))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="sans-serif">\n'
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n{body}</svg>\n'
    )


def _lane(lane: Lane, top: int) -> str:
    scale = _WIDTH / max(lane.seconds, 1e-9)
    wave, middle = top + _TITLE + _LABELS, top + _TITLE + _LABELS + _HEIGHT / 2
    parts = [
        f'<text x="{_LEFT}" y="{top + 16}" font-size="15" font-weight="bold">'
        f"{_text(lane.title)}</text>",
        f'<rect x="{_LEFT}" y="{wave}" width="{_WIDTH}" height="{_HEIGHT}" fill="#f4f4f4"/>',
    ]
    for hit in lane.hits:
        x, wide = _LEFT + hit.start * scale, (hit.end - hit.start) * scale
        parts.append(
            f'<rect x="{x:.1f}" y="{wave}" width="{wide:.1f}" height="{_HEIGHT}" '
            f'fill="{_colour(hit)}" fill-opacity="{0.22 if hit.kept else 0.06}"/>'
        )
    parts.append(f'<path d="{_path(lane.outline, middle)}" fill="#333"/>')
    for hit in lane.hits:
        x, pale = _LEFT + hit.start * scale, "" if hit.kept else ' opacity="0.45"'
        parts.append(
            f'<g fill="{_colour(hit)}"{pale}><rect x="{x - 0.6:.1f}" y="{wave - 4}" width="1.2" '
            f'height="{_HEIGHT + 4}"/><text font-size="11" '
            f'transform="translate({x:.1f} {wave - 7}) rotate(-{_SLANT})">'
            f"{_text(hit.label)}</text></g>"
        )
    return "\n".join(parts) + "\n"


def _path(outline: Samples, middle: float) -> str:
    """The outline as one closed line: along the highest samples, and back along the lowest."""
    starts = np.unique(np.arange(_POINTS) * len(outline) // _POINTS)
    low = np.minimum.reduceat(outline[:, 0], starts)
    high = np.maximum.reduceat(outline[:, 1], starts)
    x = _LEFT + starts / len(outline) * _WIDTH
    scale = -_HEIGHT / 2 / max(float(np.abs(outline).max()), 1e-9)
    there = [f"{a:.1f} {middle + scale * b - 0.3:.1f}" for a, b in zip(x, high, strict=True)]
    back = [f"{a:.1f} {middle + scale * b + 0.3:.1f}" for a, b in zip(x, low, strict=True)]
    return "M" + " L".join([*there, *back[::-1]]) + "Z"


def _colour(hit: Drawn) -> str:
    return _COLOURS.get(hit.family, _OTHER)


def _text(text: str) -> str:
    """Text that may stand in SVG, whatever a file is called."""
    return escape("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text))
