"""``drumsort duplicates``: what is there more than once."""

import json
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from drumsort.cli import carry_out, report, show
from drumsort.cli.params import Folder, catalog_option
from drumsort.types import Action, CheckedPlan, Outcome, Run

if TYPE_CHECKING:
    from drumsort.alike.duplicates import Copy, Duplicates

_RULES = {
    "first": "the first of each by path",
    "best": "the best of each: lossless, then by rate, bits, channels, length, level",
    "longest-name": "the longest name of each",
    "oldest": "the oldest of each",
}


@click.command("duplicates")
@click.argument("folders", nargs=-1, metavar="[DIR...]", type=Folder())
@click.option("--near", is_flag=True, help="The same recording at another level or rate, too.")
@click.option(
    "--keep",
    type=click.Choice(list(_RULES)),
    help="Which file of a group is kept: the first by path, the best by quality, or another.  "
    "[default: first; with --near best]",
)
@click.option("--move-to", "into", metavar="OUT", type=Folder(), help="Move the rest there.")
@click.option("--link", is_flag=True, help="Make the rest hard links to what is kept.")
@click.option("--dry-run", is_flag=True, help="Show what would be moved or linked and stop.")
@catalog_option
@click.option(
    "--json", "as_json", is_flag=True, help="The groups and what became of them, as JSON."
)
def command(
    folders: tuple[Path, ...],
    near: bool,
    keep: str | None,
    into: Path | None,
    link: bool,
    dry_run: bool,
    catalog: Path | None,
    as_json: bool,
) -> None:
    """Find sounds that lie in more than one file of those in DIR, or of all that were scanned.

    Files are the same if their samples are, whatever the format or the tags. With --near, so are
    those whose waveforms, laid onset on onset, correlate by 0.97 or more and agree in every octave:
    two hits of one drum are not the same. Nothing is touched
    without --move-to or --link, and no sound is deleted. With --move-to, the rest goes to OUT, in
    folders as those it came from. With --link, every file stays where it is, but those that are the
    same byte by byte share the space of one: a change to one is then a change to all. 'drumsort
    undo' takes either back. The best is lossless rather than lossy; then of the higher rate, of
    more bits, of more channels, longer, louder.

    \b
    drumsort duplicates
    drumsort duplicates Samples --near
    drumsort duplicates Samples --keep oldest --move-to Doubles --dry-run
    drumsort duplicates Samples --link
    """
    from drumsort import sorting
    from drumsort.alike.duplicates import duplicates
    from drumsort.catalog import Catalog

    if into is not None and link:
        raise click.UsageError("--move-to and --link are two ways: choose one.")
    if into is not None:
        into = into.resolve()
        carry_out.stop_if_unfinished(into)
    with (
        Catalog(catalog, create=False) as opened,
        show.progress("Listening", None, "sounds", hidden=not near) as bar,
    ):
        found = duplicates(opened, folders, near=near, keep=keep, on_progress=bar.set)
    checked, run = None, None
    if into is not None or link:
        plan = found.link_plan() if into is None else found.plan(into)
        with nullcontext() if dry_run else sorting.folder_locks(plan):
            carry_out.stop_if_unfinished(plan.into)
            checked = sorting.check(plan)
            carry_out.stop_if_refused(checked)
            if not dry_run:
                with show.progress(report.DOING[plan.action], len(checked.operations)) as bar:
                    run = carry_out.apply(checked, bar)
                carry_out.follow(run, catalog, away=True)
    failures = _failures(checked, run)
    with report.of_what_is_done(run):
        if as_json:
            click.echo(json.dumps(_as_dict(found, checked, run, failures), indent=2))
        else:
            _show(found, checked, run)
            if checked is None and found.groups:
                again = _again(folders, near, keep, catalog)
                show.out.print(f"To move them away: {again} --move-to OUT")
    if found.back:
        show.err.print(
            f"{show.files(found.back)} left out, for the last scan missed what is back now: "
            "'drumsort scan DIR' enters them again.",
            style="red",
        )
    if found.stale:
        show.err.print(
            f"{show.files(found.stale)} left out, gone or changed since the last scan: "
            "'drumsort scan DIR' looks again.",
            style="red",
        )
    show.complain("Not linked" if link else "Not moved", failures.values())
    if failures:
        sys.exit(1)


def _failures(checked: CheckedPlan | None, run: Run | None) -> Mapping[Path, str]:
    """Path to one sentence for each file that could not be moved or linked."""
    conflicts = checked.conflicts if checked else ()
    blocked = {c.path: c.message for c in conflicts if c.outcome is not Outcome.RENAMED}
    return blocked | dict(run.failures if run else {})


def _as_dict(
    found: "Duplicates",
    checked: CheckedPlan | None,
    run: Run | None,
    failures: Mapping[Path, str],
) -> dict[str, Any]:
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
        "into": str(checked.plan.into) if checked and not _links(checked) else None,
        "left_out": _left_out(found, checked),
        "run": (run.id if run else None) or None,
        "done": run.done if run else 0,
        "operations": [
            {"source": str(o.source), "target": str(o.target)}
            for o in (checked.operations if checked else ())
        ],
        "failures": {str(path): sentence for path, sentence in failures.items()},
    }


def _row(copy: "Copy") -> dict[str, Any]:
    return {"path": str(copy.path), "size": copy.size, "likeness": round(copy.likeness, 4)}


def _show(found: "Duplicates", checked: CheckedPlan | None, run: Run | None) -> None:
    for group in found.groups:
        show.out.print(Text(_line(group.kept), style="bold"))
        for copy in group.rest:
            near = f"  ({copy.likeness:.3f})" if copy.likeness < 1 else ""
            show.out.print(f"    {_line(copy)}{near}")
    if not found.groups:
        show.out.print("No sound that the last scan knew is there more than once.")
        return
    size = show.size(sum(copy.size for copy in found.rest))
    groups = show.counted(len(found.groups), "group")
    show.out.print(
        f"\n{groups}; all but the first of each: {show.files(len(found.rest))}, {size}. "
        f"Kept is {_RULES[found.keep]} (--keep {found.keep})."
    )
    if checked is None:
        return
    if left_out := _left_out(found, checked):
        show.out.print(
            f"{show.files(left_out)} left out: no other of the group has the same bytes, though "
            "the sound is the same or near."
        )
    what = "moved to " + show.safe(checked.plan.into)
    if _links(checked):
        what = f"linked to one with the same bytes, to save {show.size(_saved(checked, run))}"
    if run is None:
        files = show.files(len(checked.operations))
        show.out.print(f"Dry run: {files} would be {what}, nothing was touched.")
    else:
        show.out.print(f"{show.files(run.done)} {what}.", style="bold")
        if run.done:
            show.out.print("To take this back: drumsort undo", style="bold")


def _again(folders: tuple[Path, ...], near: bool, keep: str | None, catalog: Path | None) -> str:
    """The same command once more, as it is typed."""
    words = ["drumsort duplicates", *map(show.pasted, folders)]
    words += ["--near"] if near else []
    words += [f"--keep {keep}"] if keep else []
    words += [f"--catalog {show.pasted(catalog)}"] if catalog else []
    return " ".join(words)


def _links(checked: CheckedPlan) -> bool:
    return checked.plan.action is Action.RELINK


def _left_out(found: "Duplicates", checked: CheckedPlan | None) -> int:
    """How many files of the rest no link can stand for."""
    if checked is None or not _links(checked):
        return 0
    ends = {path for o in checked.plan.operations for path in (o.source, o.target)}
    return sum(copy.path not in ends for copy in found.rest)


def _saved(checked: CheckedPlan, run: Run | None) -> int:
    """Bytes that the links free, or would."""
    failures = run.failures if run else {}
    return sum(o.size for o in checked.operations if o.source not in failures)


def _line(copy: "Copy") -> str:
    return f"{show.safe(copy.path)}  {show.size(copy.size)}"
