"""``drumsort undo``: take a sort back."""

from pathlib import Path

import click

from drumsort.cli.params import catalog_option


@click.command("undo")
@click.argument("run", required=False)
@catalog_option
def command(run: str | None, catalog: Path | None) -> None:
    """Take RUN back, or the latest sort of which something can still be taken back.

    Copies and links are removed where the original is still there and unchanged; moved files go
    back to where they came from. A file that changed since is left as it is and named.

    \b
    drumsort undo
    drumsort undo 20260131-184502-copy-3f9c
    """
    from drumsort import sorting
    from drumsort.cli import carry_out, report, show

    with carry_out.goes_on("undo", run), show.progress("Undoing", None) as bar:
        done = sorting.undo(run, on_progress=bar.set)
    carry_out.follow(done, catalog)
    report.conclude(done, "taken back")
