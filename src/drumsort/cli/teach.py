"""``drumsort teach COMMAND``: the user's own classes, and lessons from corrections."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table

from drumsort.cli import show
from drumsort.cli.params import catalog_option, exit_if_failed, model_option

if TYPE_CHECKING:
    from drumsort.teaching.preview import Relabelled
    from drumsort.teaching.teach import Lesson, Teaching

_LABELS = ("before", "after")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("teach")
def command() -> None:
    """Teach drumsort your own classes, and to hear the way you do.

    It learns from your corrections (see 'drumsort correct'), and says what it would gain and lose
    before anything changes.

    \b
    drumsort teach class Vox Samples/Voices     five examples or more
    drumsort teach try
    drumsort teach on
    drumsort sort Samples --into Sorted         now makes a folder Vox
    """


@command.command("class", short_help="Make or extend a class of your own.")
@click.argument("name")
@click.argument(
    "paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path)
)
@catalog_option
@_json
def class_(name: str, paths: tuple[Path, ...], catalog: Path | None, as_json: bool) -> None:
    """Tell drumsort that the sounds at PATH are NAME, a class of your own.

    PATH is a file anywhere, or a folder: all sounds in it. 'drumsort corrections undo' takes this
    back. The exit code is 1 if a file cannot be heard, 2 if none can.

    \b
    drumsort teach class Vox Samples/Voices
    drumsort teach class "Field recordings" rain.wav street.wav
    """
    from drumsort.workflows.correct import teach_class

    with show.steps(hidden=as_json) as bars:
        taught = teach_class(name, paths, catalog=catalog, progress=bars)
    if as_json:
        _print(
            {
                "class": taught.name,
                "examples": taught.examples or 0,
                "taken_from": {other: lost for other, (lost, _) in taught.taken_from.items()},
                "failures": {str(path): sentence for path, sentence in taught.failures.items()},
            }
        )
    elif taught.examples is None:
        show.out.print("No example was found, so no class was made.")
    else:
        _show_class(taught.name, taught.examples, taught.taken_from)
    show.complain("Left out", taught.failures.values())
    exit_if_failed(paths, taught.failures)


@command.command("try", short_help="Learn, and show what that gains and loses.")
@catalog_option
@model_option
@click.option(
    "--ear",
    type=click.Choice(["quick", "second"]),
    help="Teach what heard by this ear.  [default: what was used last]",
)
@_json
def try_(catalog: Path | None, model: Path | None, ear: str | None, as_json: bool) -> None:
    """Learn from all corrections, and show what that gains and loses; nothing changes yet.

    Each example is judged by a lesson taught without it, and without examples that sound nearly the
    same. So the numbers hold for new sounds, too. Above 100 examples, 100 parts are left out in
    turn. The result is kept as the next lesson.

    \b
    drumsort teach try
    drumsort teach try --json
    """
    from drumsort.workflows.learn import learn

    with show.steps(hidden=as_json) as bars:
        learned = learn(model, ear, catalog=catalog, progress=bars)
    lesson = learned.lesson
    if as_json:
        _print(_row(lesson) | {"left_out": dict(learned.left_out)})
        return
    _show(lesson)
    for name, count in learned.left_out:
        show.out.print(f"{show.safe(name)} is left out: {show.counted(count, 'example')}, too few.")
    if not lesson.active:
        show.out.print("To switch it on: drumsort teach on")


@command.command("on")
@click.argument("number", metavar="[N]", type=int, required=False)
@click.option("--dry-run", is_flag=True, help="List the sounds that would change, and stop.")
@catalog_option
@_json
def on_(number: int | None, dry_run: bool, catalog: Path | None, as_json: bool) -> None:
    """Switch lesson N on; without N, the latest one.

    With --dry-run, list the sounds of the library that would get another label, the surest first:
    the label now and then, how sure it is then, and the file.

    \b
    drumsort teach on --dry-run
    drumsort teach on
    drumsort teach on 2
    """
    from drumsort.workflows.learn import switch_on, would_change

    if dry_run:
        _show_changes(*would_change(number, catalog=catalog), as_json)
        return
    lesson, used = switch_on(number, catalog=catalog)
    if as_json:
        _print(_row(lesson))
    else:
        show.out.print(f"Lesson {lesson.number} is on.", style="bold")
        show.out.print(_stale(used, lesson) or "To switch it off: drumsort teach off")


@command.command("off")
@catalog_option
@_json
def off_(catalog: Path | None, as_json: bool) -> None:
    """Use the model alone again. Lessons and corrections are kept.

    \b
    drumsort teach off
    """
    with _opened(catalog) as teaching:
        teaching.use(None)
    if as_json:
        _print({"active": None})
    else:
        show.out.print("No lesson is on.")


@command.command("list")
@catalog_option
@_json
def list_(catalog: Path | None, as_json: bool) -> None:
    """List your classes and all lessons, oldest first.

    \b
    drumsort teach list
    drumsort teach list --json
    """
    with _opened(catalog) as teaching:
        classes, lessons = teaching.classes(), teaching.lessons()
        used = teaching.model()
    stale = [sentence for lesson in lessons if (sentence := _stale(used, lesson))]
    if as_json:
        _print({"classes": dict(classes), "lessons": [_row(lesson) for lesson in lessons]})
        return
    for name, count in classes:
        show.out.print(f"{show.safe(name)}: {show.counted(count, 'example')}")
    if not lessons:
        show.out.print("There is no lesson yet. To make one: drumsort teach try")
        return
    table = Table(box=None, pad_edge=False)
    for column in ("lesson", "made at (UTC)", "before", "after", "others kept", ""):
        table.add_column(column, no_wrap=True)
    for lesson in lessons:
        estimate = lesson.estimate
        shares = (f"{p:.1%}" for p in (estimate.before, estimate.after, estimate.kept))
        made_at = show.when(lesson.made_at)
        table.add_row(str(lesson.number), made_at, *shares, "on" if lesson.active else "")
    show.out.print(table)
    for sentence in stale:
        show.out.print(sentence)


@command.command("forget", short_help="Delete your class NAME and its corrections.")
@click.argument("name")
@catalog_option
@_json
def forget_(name: str, catalog: Path | None, as_json: bool) -> None:
    """Delete your class NAME, the corrections to it, and the lessons that know it.

    This cannot be undone. To keep a copy, run 'drumsort corrections export' first; 'drumsort
    corrections import' makes the class again from it. The sounds themselves stay where they are.

    \b
    drumsort teach forget Vox
    """
    from drumsort.workflows.learn import forget_class

    gone = forget_class(name, catalog=catalog)
    if as_json:
        _print({"forgotten": name, "lessons": [lesson.number for lesson in gone]})
        return
    show.out.print(f"The class {show.safe(name)} is forgotten.")
    if gone:
        named = ", ".join(str(lesson.number) for lesson in gone)
        off = " No lesson is on now." if any(lesson.active for lesson in gone) else ""
        lessons = "lesson" if len(gone) == 1 else "lessons"
        show.out.print(f"Gone with it: {lessons} {named}.{off}")


@contextmanager
def _opened(catalog: Path | None) -> "Iterator[Teaching]":
    from drumsort.catalog import Catalog
    from drumsort.teaching.teach import Teaching

    with Catalog(catalog, create=False) as opened:
        yield Teaching(opened)


def _show_changes(
    lesson: "Lesson", changes: "Sequence[tuple[Path, Relabelled]]", as_json: bool
) -> None:
    if as_json:
        _print(
            [
                {
                    "path": str(path),
                    "before": one.before,
                    "after": one.after,
                    "confidence_before": round(one.confidence_before, 4),
                    "confidence_after": round(one.confidence_after, 4),
                }
                for path, one in changes
            ]
        )
        return
    wide = [max((len(getattr(one, which)) for _, one in changes), default=0) for which in _LABELS]
    for path, one in changes:
        before, after = show.safe(one.before), show.safe(one.after)
        sure = f"{one.confidence_after:.0%}"
        show.out.print(f"{before:<{wide[0]}} -> {after:<{wide[1]}} {sure:>4}  {show.safe(path)}")
    would = "would have another label with"
    show.out.print(f"{show.counted(len(changes), 'sound')} {would} lesson {lesson.number}.")


def _show_class(name: str, examples: int, taken_from: Mapping[str, tuple[int, int]]) -> None:
    from drumsort.teaching.examples import FEWEST

    for other, (lost, left) in taken_from.items():
        gave = show.counted(lost, "example")
        show.out.print(f"It takes {gave} from {show.safe(other)}, which has {left:,} left.")
    show.out.print(f"{show.safe(name)} has {show.counted(examples, 'example')}.", style="bold")
    show.out.print(
        "Now try: drumsort teach try"
        if examples >= FEWEST
        else f"drumsort learns a class from {FEWEST} examples; until then, only these sounds have "
        "that name."
    )


def _stale(used: str | None, lesson: "Lesson") -> str:
    """A sentence if ``lesson`` was made for a model other than the one used last, else ``""``."""
    if lesson.model == used:
        return ""
    return (
        f"Lesson {lesson.number} was made for the model {lesson.model}; it has no effect on "
        f"{used}. To make one for {used}: drumsort teach try"
    )


def _show(lesson: "Lesson") -> None:
    estimate = lesson.estimate
    table = Table(box=None, pad_edge=False)
    table.add_column("label")
    for column in ("examples", "right before", "right after"):
        table.add_column(column, justify="right")
    count = 0
    for label, examples, before, after in estimate.by_class:
        count += examples
        table.add_row(show.safe(label), f"{examples:,}", f"{before:.1%}", f"{after:.1%}")
    table.add_row(
        "all", f"{count:,}", f"{estimate.before:.1%}", f"{estimate.after:.1%}", style="bold"
    )
    show.out.print(table)
    if estimate.elsewhere:
        before, after = estimate.elsewhere
        show.out.print(f"In a pack without examples: {before:.1%} right before, {after:.1%} after.")
    show.out.print(
        f"Of the other sounds that drumsort was sure of, {estimate.kept:.1%} stay in their family "
        f"and {estimate.unsure:.1%} become unsure."
    )
    state = "it is on" if lesson.active else "it is not on yet"
    show.out.print(f"This is lesson {lesson.number}; {state}.", style="bold")


def _row(lesson: "Lesson") -> dict[str, Any]:
    estimate = asdict(lesson.estimate)
    keys = ("label", "examples", "before", "after")
    estimate["by_class"] = [dict(zip(keys, row, strict=True)) for row in estimate["by_class"]]
    return {
        "number": lesson.number,
        "model": lesson.model,
        "made_at": lesson.made_at,
        "classes": lesson.classes,
        "active": lesson.active,
        "estimate": estimate,
    }


def _print(what: dict[str, Any] | list[dict[str, object]]) -> None:
    click.echo(json.dumps(what, indent=2))
