"""``drumsort hidden COMMAND``: sounds and packs that one does not want to see."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drumsort.cli import show
from drumsort.cli.params import catalog_option, exit_if_failed, find_option, found_by

if TYPE_CHECKING:
    from drumsort.catalog.hidden import Changed

_paths = click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
_packs = click.option(
    "--pack", "packs", metavar="NAME", multiple=True, help="A whole pack; may be given again."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("hidden")
def command() -> None:
    """Hide sounds and packs of the library, or show them again.

    What is hidden is left out by 'find', 'similar', kits and the page, also after the next scan.
    Files stay where they are, and are sorted like all others. 'drumsort find hidden:yes' lists what
    is hidden.

    \b
    drumsort hidden add --pack "Trance Essentials"
    drumsort hidden add --find "label:loop length:10s.."
    drumsort hidden remove Samples/loop.wav
    """


@command.command("list")
@catalog_option
@_json
def list_(catalog: Path | None, as_json: bool) -> None:
    """List the packs and files that are hidden.

    \b
    drumsort hidden list
    drumsort hidden list --json
    """
    from drumsort.workflows.hide import all_hidden

    every = all_hidden(catalog=catalog)
    if as_json:
        files = [str(path) for path in every.files]
        click.echo(json.dumps({"packs": list(every.packs), "files": files}, indent=2))
        return
    for pack in every.packs:
        show.out.print(f"Pack {show.safe(pack)}")
    for path in every.files:
        show.out.print(show.safe(path))
    if not every.packs and not every.files:
        show.out.print("Nothing is hidden.")


@command.command("add", short_help="Hide sounds, or packs.")
@_paths
@_packs
@find_option
@catalog_option
@_json
def add_(
    paths: tuple[Path, ...],
    packs: tuple[str, ...],
    query: str | None,
    catalog: Path | None,
    as_json: bool,
) -> None:
    """Hide the sounds at PATH: files of the library, or folders for all sounds in them.

    Of a pack, sounds that a later scan finds are hidden, too. All files of the same sound are.

    \b
    drumsort hidden add Samples/loop.wav
    drumsort hidden add --pack "Trance Essentials"
    drumsort hidden add --find "label:loop length:10s.."
    """
    from drumsort.workflows.hide import hide

    _change(hide, "hidden", paths, packs, query, catalog, as_json)


@command.command("remove", short_help="Show sounds or packs again.")
@_paths
@_packs
@find_option
@catalog_option
@_json
def remove_(
    paths: tuple[Path, ...],
    packs: tuple[str, ...],
    query: str | None,
    catalog: Path | None,
    as_json: bool,
) -> None:
    """Show the sounds at PATH again, or whole packs.

    A sound of a hidden pack may be shown by itself.

    \b
    drumsort hidden remove Samples/loop.wav
    drumsort hidden remove --pack "Trance Essentials"
    drumsort hidden remove --find hidden:yes
    """
    from drumsort.workflows.hide import unhide

    _change(unhide, "shown again", paths, packs, query, catalog, as_json)


def _change(
    do: "Callable[..., Changed]",
    done: str,
    paths: tuple[Path, ...],
    packs: tuple[str, ...],
    query: str | None,
    catalog: Path | None,
    as_json: bool,
) -> None:
    if query is not None or not packs:
        paths += found_by(query, catalog, beside=paths)
    changed = do(paths, packs, catalog=catalog)
    if as_json:
        failures = {str(path): sentence for path, sentence in changed.failures.items()}
        click.echo(json.dumps({"changed": changed.count, "failures": failures}, indent=2))
    else:
        are = "is" if changed.count == 1 else "are"
        show.out.print(f"{show.counted(changed.count, 'sound')} {are} {done}.")
    show.complain("Left out", changed.failures.values())
    if paths:
        exit_if_failed(paths, changed.failures)
