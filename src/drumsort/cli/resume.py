"""``drumsort resume``: finish a sort that was stopped."""

import click


@click.command("resume")
@click.argument("run", required=False)
def command(run: str | None) -> None:
    """Finish RUN, or the latest sort that was stopped before its end.

    \b
    drumsort resume
    """
    from drumsort import sorting
    from drumsort.cli import report, show

    with show.progress("Finishing", None) as bar:
        done = sorting.resume(run, on_progress=bar.set)
    report.conclude(done, "in place")
