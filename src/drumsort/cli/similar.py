"""``drumsort similar``: find the sounds most like one sound."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drumsort.cli.params import (
    FileOrUrl,
    catalog_option,
    complete_family,
    ear_option,
    model_option,
    policy_option,
)
from drumsort.taxonomy import UNSURE

if TYPE_CHECKING:
    from drumsort.catalog import Entry


@click.command("similar")
@click.argument("file", type=FileOrUrl(), required=False)
@click.option(
    "-n", "count", type=click.IntRange(1), default=20, show_default=True, help="How many to list."
)
@click.option(
    "--by",
    metavar="ASPECTS",
    default="",
    help="What counts: timbre, pitch, length, level, brightness, with or without weights, as in "
    "pitch=2,length.",
)
@click.option(
    "--family",
    metavar="FAMILY",
    shell_complete=complete_family,
    help="List only sounds of this family.",
)
@catalog_option
@model_option
@ear_option
@policy_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@click.option(
    "--build-index",
    is_flag=True,
    help="Make an index of all sounds first, which is worth it from a few million on. Needs the "
    "'index' extra.",
)
def command(
    file: Path | None,
    count: int,
    by: str,
    family: str | None,
    catalog: Path | None,
    model: Path | None,
    ear: str,
    policy: str,
    as_json: bool,
    build_index: bool,
) -> None:
    """List the sounds of the catalog that sound most like FILE, the most similar first.

    'drumsort scan' fills the catalog; FILE need not be in it, and '-' is a sound from standard
    input. Files with the same audio as FILE are left out, and any other sound is listed once,
    however many files have it. A similarity of 1 means that the model hears no difference.

    By aspects, 1 is the same, and 0.5 as far apart as two drums typically are.

    \b
    drumsort similar Samples/snare.wav
    drumsort similar found.wav -n 5 --family snare --json
    drumsort similar Samples/tom.wav --by timbre,pitch=2
    drumsort similar --build-index
    """
    from drumsort.alike.aspects import parsed
    from drumsort.cli import show
    from drumsort.workflows import similar as workflow

    aspects = parsed(by)
    if build_index:
        with show.steps() as bar:
            sounds = workflow.build_index(catalog=catalog, model=model, ear=ear, progress=bar)
        show.err.print(f"Index: {show.counted(sounds, 'sound')}.")
        if file is None:
            return
    if file is None:
        raise click.UsageError("Missing argument 'FILE': name the sound to compare with.")
    with show.steps(hidden=True) as bar:
        found = workflow.similar(
            sys.stdin.buffer if str(file) == "-" else file,
            count,
            family,
            by=aspects,
            catalog=catalog,
            model=model,
            ear=ear,
            policy=policy,
            progress=bar,
        )
    if as_json:
        rows = [_row(entry, similarity, bool(aspects)) for entry, similarity in found]
        click.echo(json.dumps(rows, indent=2))
    else:
        _show(found, list(aspects or ()))


def _row(entry: "Entry", similarity: float, measured: bool) -> dict[str, Any]:
    row = {
        "path": str(entry.path),
        "similarity": round(similarity, 4),
        "family": entry.family or UNSURE,
        "label": entry.label,
        "duration": round(entry.facts.duration, 4) if entry.facts else None,
    }
    if measured and entry.facts:
        known = entry.facts.analysis
        from drumsort.alike.aspects import heard_pitch

        row["pitch"] = _rounded(heard_pitch(known), 2)
        row["decay"] = _rounded(known.decay_s, 4)
        row["loudness"] = _rounded(known.loudness_db, 2)
        row["brightness"] = _rounded(known.brightness_hz, 1)
    return row


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _show(found: list[tuple["Entry", float]], aspects: Sequence[str]) -> None:
    from rich.text import Text

    from drumsort.cli import show

    for entry, similarity in found:
        line = Text(f"{similarity:>6.3f}  ")
        style = show.COLOURS.get(entry.family or UNSURE, "")
        line.append(f"{entry.label or '-':<12}", style=style)
        seconds = f"{entry.facts.duration:.2f} s" if entry.facts else "-"
        line.append(f" {seconds:>8}  ")
        for aspect in aspects:
            if aspect in _COLUMNS:
                line.append(f"{_measured(entry, aspect):>{_COLUMNS[aspect]}}  ")
        line.append(show.safe(entry.path))
        show.out.print(line)
    if not found:
        show.out.print("The catalog has no other sound to compare with.")


_COLUMNS = {"pitch": 8, "level": 8, "brightness": 8, "length": 7}
"""The aspects whose values are shown, and how many columns these take."""


def _measured(entry: "Entry", aspect: str) -> str:
    """What was measured in one aspect, with its unit."""
    if entry.facts is None:
        return "-"
    known = entry.facts.analysis
    match aspect:
        case "pitch":
            from drumsort.alike.aspects import heard_pitch

            pitch = heard_pitch(known)
            return f"{pitch:.1f} Hz" if pitch else "-"
        case "level":
            return f"{known.loudness_db:.1f} dB"
        case "brightness":
            return f"{known.brightness_hz:.0f} Hz"
    return "-" if known.decay_s is None else f"{1000 * known.decay_s:.0f} ms"
