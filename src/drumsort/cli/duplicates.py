"""``drumsort duplicates``: find sounds that exist more than once."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from drumsort.cli import report, show
from drumsort.cli.params import Folder, FolderOrUrl, Renamed, catalog_option

if TYPE_CHECKING:
    from drumsort.alike.duplicates import Copy
    from drumsort.workflows.deduplicate import Deduplicated

_RULES = {
    "first": "the first of each by path",
    "best": "the best of each, lossless first, then by highest tone, rate, bits, channels, length, "
    "level",
    "longest-name": "the longest name of each",
    "oldest": "the oldest of each",
}


@click.command("duplicates")
@click.argument("folders", nargs=-1, metavar="[DIR...]", type=FolderOrUrl())
@click.option("--near", is_flag=True, help="Also find one recording at other levels or rates.")
@click.option(
    "--keep",
    type=click.Choice(list(_RULES)),
    help="Which file of a group to keep: the first by path, the best by quality, ...  "
    "[default: first; with --near best]",
)
@click.option(
    "--prefer",
    multiple=True,
    metavar="DIR",
    type=FolderOrUrl(),
    help="Rather keep a file in this folder than any other. Repeatable.",
)
@click.option(
    "--into",
    "--move-to",
    "into",
    cls=Renamed,
    metavar="OUT",
    type=Folder(),
    help="Move the rest there.",
)
@click.option("--link", is_flag=True, help="Make the rest hard links to the file that is kept.")
@click.option("--dry-run", is_flag=True, help="Show what would be moved or linked and stop.")
@catalog_option
@click.option("--json", "as_json", is_flag=True, help="Print the groups and the outcome as JSON.")
def command(
    folders: tuple[Path, ...],
    near: bool,
    keep: str | None,
    prefer: tuple[Path, ...],
    into: Path | None,
    link: bool,
    dry_run: bool,
    catalog: Path | None,
    as_json: bool,
) -> None:
    """Find sounds that exist in more than one file in DIR, or in all folders that were scanned.

    Two files are the same if their samples are equal, whatever the format or the tags. With --near,
    so are files whose waveforms, aligned at the onset, agree in every octave but for what MP3 and
    Ogg change. Two hits of one drum are not the same, nor are two settings of a drum machine.

    Nothing is touched without --into or --link, and no sound is ever deleted. --into moves
    the rest of each group to OUT, in the folders it came from. --link keeps every file where it is,
    but files with the same bytes share their space: a change to one then changes all of them.
    'drumsort undo' takes either back.

    The best file is lossless rather than lossy; then it goes up to a higher frequency, whatever its
    rate says, so it is not the resampled one; then it has the higher rate, more bits or more
    channels; then it is longer or louder. Of files that are equal, none called a copy is kept.

    \b
    drumsort duplicates
    drumsort duplicates Samples --near
    drumsort duplicates Samples --keep oldest --into Doubles --dry-run
    drumsort duplicates --prefer Samples/Originals --into Doubles
    drumsort duplicates Samples --link
    """
    from drumsort.workflows.deduplicate import deduplicate
    from drumsort.workflows.progress import Step

    if into is not None and link:
        raise click.UsageError("--into and --link exclude each other: choose one.")
    doing = "Linking" if link else "Moving"
    with show.steps({Step.PLACE: doing}) as bars, report.how_to_end(bars):
        done = deduplicate(
            folders,
            move_to=into,
            link=link,
            near=near,
            keep=keep,
            prefer=prefer,
            dry_run=dry_run,
            catalog=catalog,
            progress=bars,
        )
    with report.of_what_is_done(done.run):
        if as_json:
            click.echo(json.dumps(_as_dict(done), indent=2))
        else:
            _show(done)
            if done.checked is None and done.found.groups:
                again = _again(folders, near, keep, prefer, catalog)
                show.out.print(f"To move them away: {again} --into OUT")
    if done.found.back:
        show.err.print(
            f"{show.files(done.found.back)} left out: missing at the last scan, but back now. "
            "To enter them again: drumsort scan DIR",
            style="red",
        )
    if done.found.stale:
        show.err.print(
            f"{show.files(done.found.stale)} left out: gone or changed since the last scan. "
            "To look again: drumsort scan DIR",
            style="red",
        )
    show.complain("Not linked" if link else "Not moved", done.failures.values())
    report.say_why_stopped(done.run)
    sys.exit(report.exit_code(done.run, done.failures))


def _as_dict(done: "Deduplicated") -> dict[str, Any]:
    found, checked, run = done.found, done.checked, done.run
    return {
        "groups": [
            {"kept": _row(group.kept), "rest": [_row(copy) for copy in group.rest]}
            for group in found.groups
        ],
        "bytes": sum(copy.size for copy in found.rest),
        "keep": str(found.keep),
        "stale": found.stale,
        "back": found.back,
        "action": str(checked.plan.action) if checked else None,
        "into": str(checked.plan.into) if checked and not done.links else None,
        "left_out": done.left_out,
        "run": (run.id if run else None) or None,
        "done": run.done if run else 0,
        "stopped": run.stopped if run else "",
        "operations": [
            {"source": str(o.source), "target": str(o.target)}
            for o in (checked.operations if checked else ())
        ],
        "failures": {str(path): sentence for path, sentence in done.failures.items()},
    }


def _row(copy: "Copy") -> dict[str, Any]:
    return {"path": str(copy.path), "size": copy.size, "likeness": round(copy.likeness, 4)}


def _show(done: "Deduplicated") -> None:
    found, checked, run = done.found, done.checked, done.run
    for group in found.groups:
        show.out.print(Text(_line(group.kept), style="bold"))
        for copy in group.rest:
            near = f"  ({copy.likeness:.3f})" if copy.likeness < 1 else ""
            show.out.print(f"    {_line(copy)}{near}")
    if not found.groups:
        show.out.print("No sound known from the last scan exists more than once.")
        return
    size = show.size(sum(copy.size for copy in found.rest))
    groups = show.counted(len(found.groups), "group")
    show.out.print(
        f"\n{groups}; all but the first of each: {show.files(len(found.rest))}, {size}. "
        f"Kept: {_RULES[found.keep]} (--keep {found.keep})."
    )
    if checked is None:
        return
    if done.left_out:
        show.out.print(
            f"{show.files(done.left_out)} left out: the sound is the same or near, but no other "
            "file of the group has the same bytes."
        )
    what = "moved to " + show.safe(checked.plan.into)
    if done.links:
        what = f"linked to one with the same bytes, to save {show.size(done.saved)}"
    if run is None:
        files = show.files(len(checked.operations))
        show.out.print(f"Dry run: {files} would be {what}, nothing was touched.")
    else:
        show.out.print(f"{show.files(run.done)} {what}.", style="bold")
        if run.done:
            show.out.print("To take this back: drumsort undo", style="bold")


def _again(
    folders: tuple[Path, ...],
    near: bool,
    keep: str | None,
    prefer: tuple[Path, ...],
    catalog: Path | None,
) -> str:
    """The command to type to run this again."""
    words = ["drumsort duplicates", *map(show.pasted, folders)]
    words += ["--near"] if near else []
    words += [f"--keep {keep}"] if keep else []
    words += [f"--prefer {show.pasted(folder)}" for folder in prefer]
    words += [f"--catalog {show.pasted(catalog)}"] if catalog else []
    return " ".join(words)


def _line(copy: "Copy") -> str:
    return f"{show.safe(copy.path)}  {show.size(copy.size)}"
