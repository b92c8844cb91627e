"""``drumsort corrections COMMAND``: what the user said sounds are."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from rich.table import Table

from drumsort.cli import show
from drumsort.cli.params import catalog_option

_file = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.group("corrections")
def command() -> None:
    """List your corrections, take them back, or carry them to another computer.

    \b
    drumsort corrections list
    drumsort corrections undo
    drumsort corrections export corrections.csv
    """


@command.command("list")
@catalog_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with the hash of each sound.")
def list_(catalog: Path | None, as_json: bool) -> None:
    """List all corrections, oldest first.

    \b
    drumsort corrections list
    drumsort corrections list --json
    """
    from drumsort.catalog import Catalog
    from drumsort.teaching.corrections import Corrections

    with Catalog(catalog, create=False) as opened:
        corrections = Corrections(opened).all()
    if as_json:
        lines = [asdict(c) | {"path": str(c.path)} for c in corrections]
        click.echo(json.dumps(lines, indent=2))
    elif not corrections:
        show.out.print(
            "No sound has been corrected yet. To correct one: drumsort correct PATH --label LABEL"
        )
    else:
        table = Table(box=None, pad_edge=False)
        for column in ("made at (UTC)", "label"):
            table.add_column(column, no_wrap=True)
        table.add_column("path", overflow="fold")
        for c in corrections:
            table.add_row(show.when(c.made_at), c.label, show.safe(c.path))
        show.out.print(table)


@command.command("undo", short_help="Take back the last corrections.")
@catalog_option
def undo_(catalog: Path | None) -> None:
    """Take back the last 'correct', 'corrections import' or 'teach class'; run this again to take
    back the one before.

    \b
    drumsort corrections undo
    """
    from drumsort.catalog import Catalog
    from drumsort.teaching.corrections import Corrections

    with Catalog(catalog, create=False) as opened:
        undone = Corrections(opened).undo()
        now = {c.audio_hash: c.label for c in Corrections(opened).all()} if undone else {}
    if not undone:
        show.out.print("There is no correction to take back.")
    for correction in undone:
        show.out.print(
            f"{_change(correction.label, now.get(correction.audio_hash))}: "
            f"{show.safe(correction.path)}"
        )


@command.command("export")
@_file
@catalog_option
def export_(file: Path, catalog: Path | None) -> None:
    """Write all corrections to a new FILE, as CSV.

    \b
    drumsort corrections export corrections.csv
    """
    from drumsort.catalog import Catalog
    from drumsort.teaching.corrections import Corrections

    with Catalog(catalog, create=False) as opened:
        count = Corrections(opened).write(file)
    show.out.print(f"{show.counted(count, 'correction')} written to {show.safe(file)}.")


@command.command("import", short_help="Load corrections from an exported FILE.")
@_file
@catalog_option
def import_(file: Path, catalog: Path | None) -> None:
    """Load the corrections from FILE, written by 'drumsort corrections export'.

    They apply to the same sounds, wherever their files are, and to sounds you scan later. Your own
    classes that they name are created. Lines that cannot be used are named and left out, and the
    exit code is then 1.

    \b
    drumsort corrections import corrections.csv
    """
    from drumsort.catalog import Catalog
    from drumsort.catalog.classes import classes
    from drumsort.teaching.corrections import Corrections

    with Catalog(catalog) as opened:
        before = classes(opened)
        count, failures = Corrections(opened).read(file)
        new = [show.safe(name) for name in classes(opened) if name not in before]
    show.out.print(f"{show.counted(count, 'correction')} loaded from {show.safe(file)}.")
    if new:
        show.out.print(f"New classes of your own: {', '.join(new)}.")
    show.complain("Left out", failures, "line")
    if failures:
        sys.exit(1)


def _change(taken_back: str, now: str | None) -> str:
    """How the undo changed a sound's label."""
    if now is None:
        return f"No longer {taken_back}"
    return f"Still {now}" if now == taken_back else f"{now} again, no longer {taken_back}"
