"""``drumsort collections COMMAND``: lists of sounds, and their export."""

import json
import sys
from collections.abc import Collection as Several
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table

from drumsort.cli import show
from drumsort.cli.find import Asking, query_of
from drumsort.cli.params import (
    Folder,
    catalog_option,
    exit_if_failed,
    find_option,
    found_by,
)

if TYPE_CHECKING:
    from drumsort.catalog.collections import Collection, Collections

_paths = click.argument(
    "paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path)
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("collections")
def command() -> None:
    """Keep lists of sounds: your favourites, and as many others as you like.

    A sound stays in its collections when its file is moved or renamed. A smart collection is a
    saved query: what it finds is in it.

    \b
    drumsort collections add Favourites Samples/kick.wav
    drumsort collections add "Dark kit" Samples/*.wav
    drumsort collections save "Tight hats" label:closed_hat length:..100ms
    drumsort collections export "Dark kit" --as hydrogen --into ~/Music
    """


@command.command("list")
@click.argument("name", required=False)
@catalog_option
@_json
def list_(name: str | None, catalog: Path | None, as_json: bool) -> None:
    """List all collections, or the files in the collection NAME.

    \b
    drumsort collections list
    drumsort collections list "Dark kit" --json
    """
    from drumsort.workflows.collect import collections_of, files_in

    if name is not None:
        _show_files(*files_in(name, catalog=catalog), as_json)
        return
    every = collections_of(catalog=catalog)
    if as_json:
        click.echo(json.dumps([asdict(collection) for collection in every], indent=2))
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("name")
    table.add_column("sounds", justify="right")
    table.add_column("query" if any(collection.query for collection in every) else "")
    for collection in every:
        query = show.safe(collection.query or "")
        table.add_row(show.safe(collection.name), f"{collection.count:,}", query)
    show.out.print(table)


@command.command("rename")
@click.argument("name")
@click.argument("new")
@catalog_option
def rename_(name: str, new: str, catalog: Path | None) -> None:
    """Rename the collection NAME to NEW.

    \b
    drumsort collections rename "Dark kit" "Darker kit"
    """
    with _opened(catalog) as collections:
        renamed = collections.rename(collections.named(name).number, new)
    show.out.print(f"The collection is now called {show.safe(renamed.name)}.")


@command.command("delete")
@click.argument("name")
@catalog_option
def delete_(name: str, catalog: Path | None) -> None:
    """Delete the collection NAME; its sounds stay where they are.

    \b
    drumsort collections delete "Dark kit"
    """
    with _opened(catalog) as collections:
        collections.delete(collections.named(name).number)
    show.out.print("The collection is deleted; its sounds are where they were.")


@command.command("add", short_help="Add sounds to the collection NAME.")
@click.argument("name")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@find_option
@catalog_option
def add_(name: str, paths: tuple[Path, ...], query: str | None, catalog: Path | None) -> None:
    """Add the sounds at PATH to the collection NAME, and create it if it does not exist.

    PATH is a file anywhere, or a folder: all sounds in it. --find takes sounds of the library by a
    query. The exit code is 1 if a file cannot be heard, 2 if none can.

    \b
    drumsort collections add Favourites Samples/kick.wav
    drumsort collections add "Pack 12" "Samples/Pack 12"
    drumsort collections add "Deep kicks" --find "kick deep"
    """
    from drumsort.workflows.collect import collect

    paths += found_by(query, catalog, beside=paths)
    with show.steps() as bars:
        changed = collect(name, paths, catalog=catalog, progress=bars)
    _conclude(changed.collection, paths, changed.failures)


@command.command("save", cls=Asking, short_help="Save a query as the smart collection NAME.")
@click.argument("name")
@click.argument("query", nargs=-1, required=True, metavar="QUERY...")
@catalog_option
def save_(name: str, query: tuple[str, ...], catalog: Path | None) -> None:
    """Save QUERY as the smart collection NAME: what 'drumsort find QUERY' lists is always in it.

    Where NAME is a smart collection already, QUERY takes the place of the former one. It sees the
    lists that you keep, but no other smart collection.

    \b
    drumsort collections save "Tight hats" label:closed_hat length:..100ms
    drumsort collections save "To check" confidence:..0.6 corrected:no confidence+
    drumsort collections export "Tight hats" --as sfz --into ~/Instruments
    drumsort find collection:"tight hats" bright
    """
    from drumsort.workflows.collect import save_query

    made = save_query(name, query_of(query), catalog=catalog)
    show.out.print(f"{show.counted(made.count, 'sound')} in {show.safe(made.name)} now.")


@command.command("remove", short_help="Remove sounds from the collection NAME.")
@click.argument("name")
@_paths
@catalog_option
def remove_(name: str, paths: tuple[Path, ...], catalog: Path | None) -> None:
    """Remove the sounds at PATH from the collection NAME; a folder means all sounds in it.

    \b
    drumsort collections remove Favourites Samples/kick.wav
    """
    from drumsort.workflows.collect import take_out

    with show.steps() as bars:
        changed = take_out(name, paths, catalog=catalog, progress=bars)
    _conclude(changed.collection, paths, changed.failures)


@command.command("export")
@click.argument("name")
@click.option(
    "--as",
    "kind",
    type=click.Choice(["folder", "zip", "sfz", "decent", "hydrogen", "mpc"]),
    default="folder",
    show_default=True,
    help="The files themselves, in a folder or a zip; or WAV files on keys, as an instrument.",
)
@click.option(
    "--into", required=True, metavar="DIR", type=Folder(), help="Where to put the export."
)
@click.option(
    "--portable-names",
    is_flag=True,
    help="In a folder: replace characters that exFAT and Windows do not allow in names.",
)
@find_option
@catalog_option
@_json
def export_(
    name: str,
    kind: str,
    into: Path,
    portable_names: bool,
    query: str | None,
    catalog: Path | None,
    as_json: bool,
) -> None:
    """Export the collection NAME in a form that other programs load.

    With --find, what the query finds is exported instead, under this NAME.

    In an SFZ instrument, a Decent Sampler preset, a Hydrogen drumkit or an MPC drum program, each
    sound of a kit is on the key of its pad, and any other on the General MIDI key of its kind:
    kicks on 36, snares on 38, closed hats on 42. Their WAV files are mono or stereo.

    \b
    drumsort collections export Favourites --into ~/Music
    drumsort collections export "Dark kit" --as sfz --into ~/Instruments
    drumsort collections export Deep --find "kick deep" --as hydrogen --into ~/Kits
    """
    from drumsort.workflows.export_collection import export_collection, export_found

    export = export_collection if query is None else partial(export_found, query)
    with show.steps(hidden=as_json) as bars:
        made = export(
            name, kind, into, portable_names=portable_names, catalog=catalog, progress=bars
        )
    failures = {**{path: _lost(path) for path in made.lost}, **made.failures}
    if as_json:
        named = {str(path): sentence for path, sentence in failures.items()}
        click.echo(
            json.dumps({"path": str(made.path), "count": made.count, "failures": named}, indent=2)
        )
    else:
        show.out.print(
            f"{show.counted(made.count, 'sound')} in {show.safe(made.path)}", style="bold"
        )
    _complain(failures.values())


@contextmanager
def _opened(catalog: Path | None) -> "Iterator[Collections]":
    from drumsort.catalog import Catalog
    from drumsort.catalog.collections import Collections

    with Catalog(catalog, create=False) as opened:
        yield Collections(opened)


def _conclude(
    now: "Collection | None", paths: tuple[Path, ...], failures: Mapping[Path, str]
) -> None:
    if now is None:
        show.out.print("No sound was found to add, so no collection was made.")
    else:
        show.out.print(f"{show.counted(now.count, 'sound')} in {show.safe(now.name)}.")
    show.complain("Left out", failures.values())
    exit_if_failed(paths, failures)


def _show_files(found: Sequence[Path], lost: Sequence[Path], as_json: bool) -> None:
    if as_json:
        files = {"files": [str(path) for path in found], "missing": [str(path) for path in lost]}
        click.echo(json.dumps(files, indent=2))
    else:
        for path in found:
            show.out.print(show.safe(path))
    _complain([_lost(path) for path in lost])


def _lost(path: Path) -> str:
    return f"{path} is gone, and no copy of it is known: scan the folder where it is now."


def _complain(sentences: Several[str]) -> None:
    show.complain("Left out", sentences)
    if sentences:
        sys.exit(1)
