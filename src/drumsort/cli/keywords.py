"""``drumsort keywords COMMAND``: words of one's own for sounds."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table

from drumsort.cli import show
from drumsort.cli.params import catalog_option, exit_if_failed, find_option, found_by

if TYPE_CHECKING:
    from drumsort.workflows.keywords import Changed

_paths = click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("keywords")
def command() -> None:
    """Give sounds words of your own, as many as you like: "dusty", "for live set".

    A sound keeps its keywords when its file is moved or renamed. 'drumsort find keyword:dusty'
    lists those that have one, and 'drumsort tag' writes them into files, among the keywords there.

    \b
    drumsort keywords add dusty Samples/snare.wav Samples/Tape
    drumsort keywords add "for live set" --find "kick deep"
    drumsort find keyword:dusty
    """


@command.command("list")
@catalog_option
@_json
def list_(catalog: Path | None, as_json: bool) -> None:
    """List all keywords, and how many sounds have each.

    \b
    drumsort keywords list
    drumsort keywords list --json
    """
    from drumsort.workflows.keywords import keywords_of

    every = keywords_of(catalog=catalog)
    if as_json:
        click.echo(json.dumps([asdict(keyword) for keyword in every], indent=2))
        return
    if not every:
        show.out.print("No sound has a keyword yet. To give one: drumsort keywords add WORD PATH")
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("keyword")
    table.add_column("sounds", justify="right")
    for keyword in every:
        table.add_row(show.safe(keyword.name), f"{keyword.count:,}")
    show.out.print(table)


@command.command("add", short_help="Give sounds the keyword WORD.")
@click.argument("word")
@_paths
@find_option
@catalog_option
@_json
def add_(
    word: str, paths: tuple[Path, ...], query: str | None, catalog: Path | None, as_json: bool
) -> None:
    """Give the sounds at PATH the keyword WORD.

    PATH is a file anywhere, or a folder: all sounds in it. --find takes sounds of the library by a
    query. The exit code is 1 if a file cannot be heard, 2 if none can.

    \b
    drumsort keywords add dusty Samples/snare.wav
    drumsort keywords add "for live set" --find "kick deep"
    """
    from drumsort.workflows.keywords import give_keyword

    _change(give_keyword, word, paths, query, catalog, as_json)


@command.command("remove", short_help="Take the keyword WORD from sounds.")
@click.argument("word")
@_paths
@find_option
@catalog_option
@_json
def remove_(
    word: str, paths: tuple[Path, ...], query: str | None, catalog: Path | None, as_json: bool
) -> None:
    """Take the keyword WORD from the sounds at PATH, or from those that a query finds.

    \b
    drumsort keywords remove dusty Samples/snare.wav
    drumsort keywords remove dusty --find keyword:dusty
    """
    from drumsort.workflows.keywords import take_keyword

    _change(take_keyword, word, paths, query, catalog, as_json)


def _change(
    do: "Callable[..., Changed]",
    word: str,
    paths: tuple[Path, ...],
    query: str | None,
    catalog: Path | None,
    as_json: bool,
) -> None:
    paths += found_by(query, catalog, beside=paths)
    with show.steps(hidden=as_json) as bars:
        now = do(word, paths, catalog=catalog, progress=bars)
    if as_json:
        failures = {str(path): sentence for path, sentence in now.failures.items()}
        printed: dict[str, Any] = {**asdict(now), "failures": failures}
        click.echo(json.dumps(printed, indent=2))
    else:
        have = "has" if now.count == 1 else "have"
        show.out.print(
            f"{show.counted(now.count, 'sound')} {have} the keyword {show.safe(now.name)}."
        )
    show.complain("Left out", now.failures.values())
    exit_if_failed(paths, now.failures)
