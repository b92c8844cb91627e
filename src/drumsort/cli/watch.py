"""``drumsort watch``: keep a library up to date while it changes."""

import json
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drumsort.cli import show
from drumsort.cli.params import (
    Folder,
    catalog_option,
    ear_option,
    exclude_option,
    hidden_option,
    model_option,
    names_option,
    one_of,
    policy_option,
)
from drumsort.cli.scan import as_dict as scan_as_dict

if TYPE_CHECKING:
    from drumsort.workflows.scan import Scan
    from drumsort.workflows.sort import Sorted
    from drumsort.workflows.watch import Told


@click.command("watch")
@click.argument("folders", nargs=-1, required=True, metavar="DIR...", type=Folder())
@click.option(
    "--into", metavar="OUT", type=Folder(), help="Sort what is new into class folders in OUT, too."
)
@click.option("--copy", is_flag=True, help="With --into: copy (the default).")
@click.option("--move", is_flag=True, help="With --into: move; 'drumsort undo' moves back.")
@click.option("--link", is_flag=True, help="With --into: make hard links.")
@click.option("--symlink", is_flag=True, help="With --into: make symbolic links.")
@click.option(
    "--layout",
    default="{family}/{name}",
    show_default=True,
    help="Path below OUT, as for 'sort'.",
)
@click.option("--rename", default="", metavar="TEXT", help="New names, as for 'sort'.")
@policy_option
@names_option
@click.option(
    "--rest",
    metavar="SECONDS",
    type=click.FloatRange(0.1, 3600),
    default=2.0,
    show_default=True,
    help="Take a file up when it has not grown for so long, and a new folder when nothing in it "
    "has.",
)
@click.option(
    "--poll",
    metavar="SECONDS",
    type=click.FloatRange(0.1, 86400),
    help="Look for changes every so often, where the system does not tell of any.  [default: 10 "
    "on network drives, else never]",
)
@exclude_option
@hidden_option
@catalog_option
@model_option
@ear_option
@click.option(
    "--json", "as_json", is_flag=True, help="Print each thing that happens as a line of JSON."
)
def command(
    folders: tuple[Path, ...],
    into: Path | None,
    copy: bool,
    move: bool,
    link: bool,
    symlink: bool,
    layout: str,
    rename: str,
    policy: str,
    names: str,
    rest: float,
    poll: float | None,
    exclude: tuple[str, ...],
    hidden: bool,
    catalog: Path | None,
    model: Path | None,
    ear: str,
    as_json: bool,
) -> None:
    """Keep the library up to date while sounds come, change, move and go in DIR.

    First it scans DIR, then it waits for changes. What is new is heard within seconds, and with
    --into it is sorted, each batch as a run of its own that 'drumsort undo' takes back. Files that
    still grow, unfinished downloads (.part, .crdownload, .tmp) and folders that are still being
    unpacked wait until they are whole. A drive may go and come back: its sounds are kept. An open
    page ('drumsort browse') follows.

    OUT may lie inside DIR: what is in it is then in the library, but is not sorted again.

    Ctrl-C ends it; a sort that has begun to place files is finished before. A second Ctrl-C stops
    that, too.

    \b
    drumsort watch Samples
    drumsort watch ~/Downloads --into ~/Sorted --move
    drumsort watch /media/drive/Samples --poll 30 --json
    """
    from drumsort.cli import report
    from drumsort.types import Action
    from drumsort.workflows.watch import watch

    action = one_of(copy=copy, move=move, link=link, symlink=symlink)
    if action and into is None:
        raise click.UsageError(f"--{action} says how to sort: it needs --into.")
    stop = threading.Event()
    with show.steps(hidden=as_json) as bars, _gently(stop), report.how_to_end(bars):
        watch(
            folders,
            _as_json if as_json else _print,
            into=into,
            action=Action(action or Action.COPY),
            layout=layout,
            rename=rename,
            policy=policy,
            names=names,
            catalog=catalog,
            model=model,
            ear=ear,
            exclude=exclude,
            hidden=hidden,
            rest=rest,
            poll=poll,
            stop=stop,
            progress=bars,
        )
    if as_json:
        _line("end")
    else:
        show.err.print("No longer watching.")


@contextmanager
def _gently(stop: threading.Event) -> Iterator[None]:
    """Let the first signal to end ask for that, and the second one stop at once."""

    def ask(number: int, frame: Any) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    names = ("SIGINT", "SIGTERM", "SIGHUP")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    for number, handler in before.items():
        if handler is signal.default_int_handler:  # else a shell or nohup ignores it
            signal.signal(number, ask)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _as_json(told: "Told") -> None:
    from drumsort.cli import report
    from drumsort.workflows.scan import Scan
    from drumsort.workflows.sort import Sorted
    from drumsort.workflows.watch import Away, Back, Held, Watching

    match told:
        case Watching(folders, into, polled):
            _line(
                "watching",
                folders=[str(folder) for folder in folders],
                into=str(into) if into else None,
                polled=[str(folder) for folder in polled],
            )
        case Away(folder) | Back(folder):
            _line("away" if isinstance(told, Away) else "back", folder=str(folder))
        case Held(sentence):
            _line("held", sentence=sentence)
        case Scan():
            _line("scan", **scan_as_dict(told))
        case Sorted():
            _line("sort", **report.as_dict(told))


def _line(event: str, **facts: Any) -> None:
    now = datetime.now().astimezone().isoformat(timespec="milliseconds")
    click.echo(json.dumps({"event": event, "at": now, **facts}))


def _print(told: "Told") -> None:
    from drumsort.workflows.scan import Scan
    from drumsort.workflows.sort import Sorted
    from drumsort.workflows.watch import Away, Back, Held, Watching

    match told:
        case Watching(folders, into, polled):
            what = ", ".join(map(show.safe, folders))
            how = f", sorting into {show.safe(into)}" if into else ""
            _say(f"Watching {what}{how}. Ctrl-C ends it.")
            for folder in polled:
                _say(f"{show.safe(folder)} is looked through every few seconds for changes.")
        case Away(folder):
            _say(
                f"{show.safe(folder)} is not there, or is empty (is a drive unplugged?): what is "
                "known of its sounds is kept."
            )
        case Back(folder):
            _say(f"{show.safe(folder)} is there again.")
        case Held(sentence):
            show.err.print(f"{_clock()}  {show.safe(sentence)}", style="red")
        case Scan():
            _print_scan(told)
        case Sorted():
            _print_sort(told)


def _print_scan(done: "Scan") -> None:
    counts = (
        (done.heard, "heard"),
        (done.twins, "not heard, because a file with the same bytes was"),
        (done.moved, "moved"),
        (done.missing + done.replaced, "gone"),
    )
    said = [f"{show.files(count)} {what}" for count, what in counts if count]
    if said or not done.failures:
        _say(f"{', '.join(said) or f'{show.files(done.unchanged)} unchanged'}.")
    show.complain("Not heard", done.failures.values())


def _print_sort(done: "Sorted") -> None:
    from drumsort.cli import report
    from drumsort.workflows.report import DONE

    run = done.run
    if run and run.id:
        refiled = f", {show.files(done.refiled)} re-filed" if done.refiled else ""
        said = f"{show.files(done.new)} {DONE[done.checked.plan.action]}{refiled}"
        _say(f"{said}. To take this back: drumsort undo {run.id}")
        if show.verbose():
            for operation in done.checked.operations:
                target = operation.target.relative_to(done.checked.plan.into)
                _say(f"  {show.safe(operation.source)} -> {show.safe(target)}")
    show.complain("Not sorted", done.failures.values())
    report.say_why_stopped(run)


def _say(sentence: str) -> None:
    show.out.print(f"{_clock()}  {sentence}")


def _clock() -> str:
    return time.strftime("%H:%M:%S")
