"""``drumsort resume``: finish a sort that was stopped."""

from pathlib import Path

import click

from drumsort.cli.params import catalog_option, complete_run


@click.command("resume")
@click.argument("run", required=False, shell_complete=complete_run)
@catalog_option
def command(run: str | None, catalog: Path | None) -> None:
    """Finish RUN, or the latest sort or tag that was stopped before it ended.

    \b
    drumsort resume
    """
    from drumsort.cli import report, show
    from drumsort.workflows import undo

    with report.how_to_continue("resume", run), show.steps() as bars:
        done = undo.resume(run, catalog=catalog, progress=bars)
    report.conclude(done, "in place")
