"""``drumsort resume``: finish a sort that was stopped."""

import sys

import click

from drumsort.cli import show


@click.command("resume")
@click.argument("run", required=False)
def command(run: str | None) -> None:
    """Finish RUN, or the latest sort that was stopped before its end.

    \b
    drumsort resume
    """
    from drumsort import sorting

    with show.progress("Finishing", None) as bar:
        finished = sorting.resume(run, on_progress=bar.set)
    show.out.print(f"{show.files(finished.done).capitalize()} in place ({finished.id}).")
    if finished.failures:
        show.out.print(f"{show.files(len(finished.failures))} left as they are:", style="red")
        show.complain(finished.failures.values())
        sys.exit(1)
