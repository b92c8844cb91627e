"""``drumsort resume``: finish a sort that was stopped."""

from pathlib import Path

import click

from drumsort.cli.params import catalog_option


@click.command("resume")
@click.argument("run", required=False)
@catalog_option
def command(run: str | None, catalog: Path | None) -> None:
    """Finish RUN, or the latest sort that was stopped before its end.

    \b
    drumsort resume
    """
    from drumsort import sorting
    from drumsort.cli import carry_out, report, show

    with carry_out.goes_on("resume", run), show.progress("Finishing", None) as bar:
        done = sorting.resume(run, on_progress=bar.set)
    carry_out.follow(done, catalog)
    report.conclude(done, "in place")
