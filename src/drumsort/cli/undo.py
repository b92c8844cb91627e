"""``drumsort undo``: undo a sort."""

from pathlib import Path

import click

from drumsort.cli.params import catalog_option


@click.command("undo")
@click.argument("run", required=False)
@catalog_option
def command(run: str | None, catalog: Path | None) -> None:
    """Undo RUN, or the latest sort that can still be undone, at least in part.

    Copies and hard links are removed if the original is still there and unchanged, symbolic links
    if they still lead to it. Moved files go back to where they came from. A file that has changed
    since stays as it is, and is named.

    \b
    drumsort undo
    drumsort undo 20260131-184502-copy-3f9c
    """
    from drumsort.cli import report, show
    from drumsort.workflows import undo

    with report.how_to_continue("undo", run), show.steps() as bars:
        done = undo.undo(run, catalog=catalog, progress=bars)
    report.conclude(done, "taken back")
