"""``drumsort undo``: take a sort back."""

import sys

import click

from drumsort.cli import show


@click.command("undo")
@click.argument("run", required=False)
def command(run: str | None) -> None:
    """Take RUN back, or the latest sort.

    Copies and links are removed where the original is still there and unchanged; moved files go
    back to where they came from. A file that changed since is left as it is and named.

    \b
    drumsort undo
    drumsort undo 20260131-184502-copy-3f9c
    """
    from drumsort import sorting

    with show.progress("Undoing", None) as bar:
        undone = sorting.undo(run, on_progress=bar.set)
    show.out.print(f"{show.files(undone.done).capitalize()} taken back ({undone.id}).")
    if undone.failures:
        show.out.print(f"{show.files(len(undone.failures))} left as they are:", style="red")
        show.complain(undone.failures.values())
        sys.exit(1)
