"""``drumsort scan``: remember every sound of a library."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drumsort.cli import show
from drumsort.cli.params import (
    FolderOrUrl,
    catalog_option,
    ear_option,
    exclude_option,
    hidden_option,
    model_option,
)

if TYPE_CHECKING:
    from drumsort.workflows.scan import Scan


@click.command("scan")
@click.argument("folders", nargs=-1, metavar="DIR...", type=FolderOrUrl())
@exclude_option
@hidden_option
@catalog_option
@model_option
@ear_option
@click.option(
    "--rebuild",
    is_flag=True,
    help="Replace a damaged catalog with a new one that has your corrections, classes and "
    "collections; the old file is kept.",
)
@click.option(
    "--forget",
    "forgets",
    is_flag=True,
    help="Scan nothing; forget the files of DIR that are gone. Corrections stay.",
)
@click.option(
    "--from",
    "results",
    type=FolderOrUrl(exists=True),
    help="Scan nothing; take what 'drumsort classify --out' wrote into this folder or URL.",
)
@click.option("--list", "lists", is_flag=True, help="Scan nothing; list the library's folders.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def command(
    folders: tuple[Path, ...],
    exclude: tuple[str, ...],
    hidden: bool,
    catalog: Path | None,
    model: Path | None,
    ear: str,
    rebuild: bool,
    forgets: bool,
    results: Path | None,
    lists: bool,
    as_json: bool,
) -> None:
    """Remember every sound in DIR: what it is, how it sounds, where it is.

    The first scan listens to every sound. Later scans listen only to new and changed files, and
    notice moved and removed ones. A scan that was stopped, even by a power cut, continues where it
    left off. 'classify' and 'sort' do not listen again to files that have not changed. DIR may be
    the URL of a folder in a store: s3://bucket/Samples. The exit code is 1 if a file cannot be read
    as audio, or a DIR does not exist; 2 if none of them does.

    A file that is gone may come back, so the catalog keeps what it knows about it. --forget drops
    it. The library is what you scanned, here or on the page: 'classify' and 'sort' add nothing to
    it.

    \b
    drumsort scan Samples
    drumsort scan Samples /media/drive/Loops --catalog samples.db
    drumsort scan --from results
    drumsort scan --list
    drumsort scan --forget /media/old-drive
    """
    from drumsort.workflows.scan import scan

    if lists:
        if folders or rebuild or forgets or model:
            raise click.UsageError("--list scans nothing: leave out DIR and all but --catalog.")
        _list(catalog, as_json)
        return
    if results:
        if folders or rebuild or forgets or exclude or hidden:
            raise click.UsageError("--from scans nothing: leave out DIR and all but --catalog.")
        _fill(results, catalog, model, as_json)
        return
    if not folders:
        raise click.UsageError("Missing argument 'DIR...': name a folder to scan, or --list.")
    if forgets:
        if rebuild:
            raise click.UsageError(
                "--forget and --rebuild contradict each other: a new catalog has nothing to forget."
            )
        _forget(folders, catalog, as_json)
        return
    if rebuild:
        if gone := [folder for folder in folders if not folder.exists()]:
            raise click.UsageError(f"{show.safe(gone[0])} does not exist: nothing was rebuilt.")
        _rebuild(catalog)
    try:
        with show.steps() as bars:
            done = scan(
                folders,
                exclude=exclude,
                hidden=hidden,
                catalog=catalog,
                model=model,
                ear=ear,
                progress=bars,
            )
    except KeyboardInterrupt:
        show.err.print("What was heard is kept: run the same command again to continue.")
        raise
    if as_json:
        click.echo(json.dumps(as_dict(done), indent=2))
    else:
        _show(done)
    for folder in done.absent:
        show.err.print(
            f"{show.safe(folder)} does not exist, or is empty (is a drive unplugged?): the catalog "
            f"keeps what it knows about its files. {_forgets(folder, catalog)}",
            style="red",
        )
    for folder in done.gone:
        show.err.print(f"{show.safe(folder)} no longer exists. {_forgets(folder, catalog)}")
    show.complain("Not heard", done.failures.values())
    if len(done.absent) == len(set(folders)):
        sys.exit(2)
    if done.failures or done.absent:
        sys.exit(1)


def _forgets(folder: Path, catalog: Path | None) -> str:
    where = f" --catalog {show.pasted(catalog)}" if catalog else ""
    return f"If it is gone for good: drumsort scan --forget {show.pasted(folder)}{where}"


def _rebuild(catalog: Path | None) -> None:
    from drumsort.workflows.scan import repair

    kept, rescued = repair(catalog)
    show.err.print(
        f"The old catalog is now {show.safe(kept)}. The new one has "
        f"{show.counted(rescued, 'correction')} from it, your classes and your collections. "
        "Teach your lessons again."
    )


def _forget(folders: tuple[Path, ...], catalog: Path | None, as_json: bool) -> None:
    from drumsort.catalog import default_path
    from drumsort.workflows.scan import forget

    count = forget(folders, catalog=catalog)
    if as_json:
        click.echo(json.dumps({"catalog": str(catalog or default_path()), "forgotten": count}))
    else:
        show.out.print(f"{show.files(count)} forgotten; corrections are kept.")


def _fill(results: Path, catalog: Path | None, model: Path | None, as_json: bool) -> None:
    from drumsort.workflows.results import fill

    with show.steps() as bars:
        path, sounds, failed = fill(results, catalog=catalog, model=model, progress=bars)
    if as_json:
        click.echo(json.dumps({"catalog": str(path), "entered": sounds, "failed": failed}))
        return
    show.out.print(f"{show.files(sounds)} entered; nothing was heard.", style="bold")
    if failed:
        show.out.print(f"{show.files(failed)} could not be heard: the catalog says why.")
    show.out.print(f"Catalog: {show.safe(path)}")


def _list(catalog: Path | None, as_json: bool) -> None:
    from drumsort.workflows.scan import library

    folders = library(catalog)
    if as_json:
        rows = [
            asdict(one) | {"path": str(one.path), "there": one.path.exists()} for one in folders
        ]
        click.echo(json.dumps(rows, indent=2))
        return
    if not folders:
        show.out.print("The library is empty: 'drumsort scan DIR' adds a folder.")
    for one in folders:
        missing = f", {show.files(one.missing)} gone" if one.missing else ""
        away = "" if one.path.exists() else "  (not there now)"
        sounds = show.counted(one.sounds, "sound")
        show.out.print(f"{show.safe(one.path)}  {sounds}{missing}{away}")


def as_dict(done: "Scan") -> dict[str, Any]:
    """A scan as the fields that programs read."""
    return asdict(done) | {
        "catalog": str(done.catalog),
        "failures": {str(path): sentence for path, sentence in done.failures.items()},
        "absent": [str(path) for path in done.absent],
        "gone": [str(path) for path in done.gone],
        "vanished": [str(path) for path in done.vanished],
    }


def _show(done: "Scan") -> None:
    show.out.print(f"{show.files(done.heard)} heard, {done.unchanged:,} unchanged.", style="bold")
    for count, what in (
        (done.twins, "not heard, because a file with the same bytes was"),
        (done.moved, "moved"),
        (done.missing, "gone since the last scan, but kept in the catalog"),
        (done.replaced, "of other folders gone: their sounds are here now"),
    ):
        if count:
            show.out.print(f"{show.files(count)} {what}.")
    show.out.print(f"Catalog: {show.safe(done.catalog)}")
