"""A report as one page: a table with waveforms that sorts, filters and plays, without a network."""

import base64
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from drumsort.audio.play import envelope, frames
from drumsort.errors import AudioError
from drumsort.workflows.progress import Progress, Step

if TYPE_CHECKING:
    from drumsort.workflows.sort import Sorted

DRAWN = 5000
"""How many sounds are drawn; the others are listed without a waveform."""

_POINTS = 64
_SECONDS = 10.0


def page(done: "Sorted", rows: Sequence[Mapping[str, Any]], path: Path, progress: Progress) -> str:
    """The page, as HTML.

    Args:
        done: the sort.
        rows: what is shown, in this order.
        path: where the page will be.
        progress: receives the step ``DRAW``.
    """
    sounds = {str(result.path) for result in done.results}
    drawn = [row["source"] for row in rows if row["source"] in sounds][:DRAWN]
    waves: dict[str, str] = {}
    progress.at(Step.DRAW, 0, len(drawn))
    moved = {str(o.source): str(o.target) for o in done.checked.operations} if done.run else {}
    for count, source in enumerate(drawn, start=1):
        waves[source] = _wave(Path(source), Path(moved.get(source, source)))
        progress.at(Step.DRAW, count, len(drawn))
    into = done.checked.plan.into
    data = {
        "into": str(into),
        "inputs": [str(one) for one in done.inputs],
        "dry": done.run is None,
        "action": str(done.checked.plan.action),
        "rows": [
            {
                **row,
                "target": _below(row["target"], into),
                "wave": waves.get(row["source"], ""),
                "play": _url(moved.get(row["source"], row["source"]))
                if row["source"] in sounds
                else "",
            }
            for row in rows
        ],
    }
    text = json.dumps(data).replace("<", "\\u003c")
    template = files("drumsort.workflows").joinpath("report.html").read_text("utf-8")
    return template.replace("{{DATA}}", text)


def _below(target: str, into: Path) -> str:
    path = Path(target)
    return str(path.relative_to(into)) if target and path.is_relative_to(into) else target


def _url(path: str) -> str:
    plain = Path(path).as_posix()
    start = "file://" if plain.startswith("/") else "file:///"
    return start + quote(plain, safe="/:", errors="surrogateescape")


def _wave(source: Path, target: Path) -> str:
    """The outline of a sound as base64 of int8 pairs, lowest and highest; ``""`` if it has none."""
    for path in (source, target):
        try:
            return base64.b64encode(envelope(frames(path, _SECONDS)[0], _POINTS).tobytes()).decode()
        except (OSError, AudioError):
            continue
    return ""
