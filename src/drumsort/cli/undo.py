"""``drumsort undo``: undo a sort."""

import json
import sys
from pathlib import Path

import click

from drumsort.cli.params import catalog_option, complete_run


@click.command("undo")
@click.argument("run", required=False, shell_complete=complete_run)
@click.option("--dry-run", is_flag=True, help="Say what would be taken back and stop.")
@catalog_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON that names every file.")
def command(run: str | None, dry_run: bool, catalog: Path | None, as_json: bool) -> None:
    """Undo RUN, or the latest sort or tag that can still be undone, at least in part.

    Copies and hard links are removed if the original is still there and unchanged, symbolic links
    if they still lead to it. Moved files go back to where they came from, and tagged files get the
    bytes that they had. A file that you changed since stays as it is, and is named; so is one that
    you deleted, moved or renamed. If the output folder itself is gone, that is said once, and the
    next undo takes back the sort before it.

    \b
    drumsort undo
    drumsort undo --dry-run
    drumsort undo 20260131-184502-copy-3f9c
    """
    from drumsort.cli import report, show
    from drumsort.workflows import undo

    with report.how_to_continue("undo", run), show.steps(hidden=as_json) as bars:
        done = undo.undo(run, dry_run=dry_run, catalog=catalog, progress=bars)
    if as_json:
        with report.of_what_is_done(None if dry_run else done):
            click.echo(json.dumps(report.undo_as_dict(done, dry_run=dry_run), indent=2))
        sys.exit(report.exit_code(done, done.failures))
    sentence = "would be taken back" if dry_run else "taken back"
    report.conclude(done, sentence)
