"""``drumsort slice``: cut loops and recordings into one-shots, and sort these."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drumsort.cli import report, show
from drumsort.cli.params import (
    Folder,
    Input,
    catalog_option,
    chosen_catalog,
    exclude_option,
    exit_if_failed,
    hidden_option,
    min_confidence_option,
    model_option,
    no_catalog_option,
    policy_option,
)
from drumsort.types import Action
from drumsort.workflows.progress import Step

if TYPE_CHECKING:
    from drumsort.workflows.slice import Slice, Sliced


_LISTED = 40  # hits of a dry run that are named for each file


def _times(
    context: click.Context, option: click.Parameter, value: str | None
) -> list[float] | None:
    try:
        return None if value is None else [float(part) for part in value.split(",")]
    except ValueError as error:
        raise click.BadParameter(f"{value!r}: name times in seconds, as in 0,0.5,1.") from error


@click.command("slice")
@click.argument("inputs", nargs=-1, required=True, metavar="FILE...", type=Input())
@click.option("--into", required=True, metavar="OUT", type=Folder(), help="Where the slices go.")
@click.option("--unique", is_flag=True, help="Of hits that sound next to the same, keep one.")
@click.option(
    "--min-gap",
    type=click.FloatRange(0.01, 10),
    default=0.04,
    show_default=True,
    metavar="SECONDS",
    help="How far apart two hits are at least.",
)
@click.option(
    "--tail",
    type=click.FloatRange(0.02, 60),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="How long a hit may ring at most.",
)
@click.option(
    "--cuts",
    metavar="SECONDS,...",
    callback=_times,
    help="Where hits begin, in the place of where they are found. For one FILE.",
)
@click.option("--dry-run", is_flag=True, help="Show the hits and stop.")
@click.option(
    "--picture",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw waveform, cuts and labels: as .svg, which every browser opens.",
)
@click.option(
    "--layout",
    default="{family}/{name}",
    show_default=True,
    help="Path of a slice below OUT, with the fields of 'drumsort sort --help'.",
)
@exclude_option
@hidden_option
@policy_option
@min_confidence_option
@model_option
@click.option(
    "--ear",
    type=click.Choice(["quick", "second"]),
    default="quick",
    show_default=True,
    help="'second' asks for a second opinion on hits that are hard to tell. That takes longer, and "
    "gains nothing for hits that others ring into.",
)
@catalog_option
@no_catalog_option
@click.option("--json", "as_json", is_flag=True, help="Print the hits and the outcome as JSON.")
def command(
    inputs: tuple[Path, ...],
    into: Path,
    unique: bool,
    min_gap: float,
    tail: float,
    cuts: list[float] | None,
    dry_run: bool,
    picture: Path | None,
    layout: str,
    exclude: tuple[str, ...],
    hidden: bool,
    policy: str,
    min_confidence: float | None,
    model: Path | None,
    ear: str,
    catalog: Path | None,
    no_catalog: bool,
    as_json: bool,
) -> None:
    """Cut the loops and recordings FILE into one-shots, and sort these into class folders.

    FILE may be a folder. Each hit becomes a WAV with the rate, bit depth and channels of its file,
    called NAME_NUMBER_LABEL.wav. It begins where the sound crosses zero just before the hit, and
    ends where the next one begins, or in silence. The files themselves are only read, nothing is
    overwritten, and 'drumsort undo' takes the slices back.

    \b
    drumsort slice Breaks/amen.wav --into Hits --dry-run --picture amen.svg
    drumsort slice Breaks/amen.wav --into Hits
    drumsort slice Breaks/ --into Hits --unique --layout "{pack}/{family}/{name}"
    drumsort slice Breaks/amen.wav --into Hits --cuts 0,0.214,0.431
    drumsort slice session.flac --into Hits --min-gap 0.1 --tail 2 --layout "{name}"
    drumsort undo
    """
    from drumsort.workflows.slice import slice_sounds
    from drumsort.workflows.slice_picture import check_picture, write_picture

    if picture is not None:
        check_picture(picture)
    with (
        show.steps(
            {Step.LISTEN: "Listening to hits", Step.PLACE: report.DOING[Action.SLICE]}
        ) as bars,
        report.how_to_end(bars, "Nothing has been written yet."),
    ):
        done = slice_sounds(
            inputs,
            into,
            min_gap=min_gap,
            tail=tail,
            cuts=cuts,
            unique=unique,
            layout=layout,
            exclude=exclude,
            hidden=hidden,
            policy=policy,
            min_confidence=min_confidence,
            model=model,
            ear=ear,
            catalog=chosen_catalog(catalog, no_catalog),
            dry_run=dry_run,
            progress=bars,
        )
    with report.of_what_is_done(done.run):
        if picture is not None:
            write_picture(done, picture)
        if as_json:
            click.echo(json.dumps(_as_dict(done), indent=2))
        else:
            _print(done)
            if picture is not None:
                show.out.print(f"Picture: {show.safe(picture)}")
    show.complain("Not sliced", done.failures.values(), all_in="--json")
    report.say_why_stopped(done.run)
    if done.run and done.run.stopped:
        sys.exit(1)
    exit_if_failed([*done.sounds, *done.failures], done.failures)


def _as_dict(done: "Sliced") -> dict[str, Any]:
    """A slicing as the fields that programs read; times in seconds."""
    hits = done.by_sound()
    return {
        "into": str(done.into),
        "run": (done.run.id if done.run else None) or None,
        "done": done.run.done if done.run else 0,
        "stopped": done.run.stopped if done.run else "",
        "files": [
            {
                "path": str(path),
                "rate": found.rate,
                "channels": found.channels,
                "format": found.format,
                "length": round(found.length / found.rate, 6),
                "remark": found.remark,
                "hits": [_hit(one) for one in hits[path]],
            }
            for path, found in done.sounds.items()
        ],
        "failures": {str(path): sentence for path, sentence in done.failures.items()},
    }


def _hit(one: "Slice") -> dict[str, Any]:
    prediction = one.result.prediction
    return {
        "number": one.number,
        "start": round(one.start, 6),
        "length": round(one.length, 6),
        "family": prediction.family if prediction else None,
        "label": prediction.label if prediction else None,
        "guess": prediction.raw if prediction else None,
        "confidence": round(prediction.confidence, 4) if prediction else None,
        "target": str(one.target) if one.target else None,
        "already_there": one.there,
        "like": {"path": str(one.like[1]), "number": one.like[0]} if one.like else None,
    }


def _print(done: "Sliced") -> None:
    """Each file and what was found in it; in a dry run, each hit."""
    if not done.sounds:
        if not done.failures:
            show.out.print("There are no sounds there: nothing to slice.")
        return
    for path, mine in done.by_sound().items():
        found = done.sounds[path]
        families = Counter(one.result.family or "" for one in mine)
        each = ", ".join(f"{count} {family}" for family, count in families.most_common())
        seconds = found.length / found.rate
        show.out.print(
            f"{show.safe(path)}  {seconds:.1f} s, {show.counted(len(mine), 'hit')}"
            + (f": {each}" if each else ""),
            style="bold",
        )
        if found.remark:
            show.out.print(f"  {show.safe(found.remark)}")
        if done.run is None:
            most = len(mine) if show.verbose() else _LISTED
            for one in mine[:most]:
                _line(one, done.into)
            if len(mine) > most:
                show.out.print(f"  ... and {len(mine) - most:,} more: -v names all")
    _conclude(done)


def _line(one: "Slice", into: Path) -> None:
    from rich.text import Text

    prediction = one.result.prediction
    assert prediction is not None
    text = Text(f"  {one.start:9.3f} s  {one.length:6.3f} s  {prediction.confidence:.2f}  ")
    text.append(f"{prediction.label:<12}", style=show.COLOURS.get(prediction.family, ""))
    if one.like:
        text.append(f" like hit {one.like[0]} of {show.safe(one.like[1].name)}", style="dim")
    elif one.target:
        text.append(f" {show.safe(one.target.relative_to(into))}")
    show.out.print(text)


def _conclude(done: "Sliced") -> None:
    there = sum(one.there for one in done.slices)
    like = sum(one.like is not None for one in done.slices)
    new = sum(one.target is not None and not one.there for one in done.slices)
    if done.run is None:
        text = f"Dry run: {show.counted(new, 'slice')} would be written, nothing was touched."
    else:
        text = f"{show.counted(done.run.done, 'slice')} written."
    show.out.print(text, style="bold")
    if like:
        show.out.print(f"{show.counted(like, 'hit')} left out: next to the same as another.")
    if there:
        show.out.print(f"{show.counted(there, 'slice')} already there from an earlier run.")
    if done.run and done.run.done and not done.run.stopped:
        show.out.print("To take this back: drumsort undo", style="bold")
