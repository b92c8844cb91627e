"""``drumsort history``: list past sorts."""

import json
from dataclasses import asdict

import click


@click.command("history")
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
def command(as_json: bool) -> None:
    """List past sorts, the latest first.

    \b
    drumsort history
    """
    from drumsort import sorting
    from drumsort.cli import show

    runs = sorting.history()
    if as_json:
        click.echo(json.dumps([asdict(run) for run in runs], indent=2, default=str))
        return
    if not runs:
        show.out.print("Nothing was sorted yet.")
    for run in runs:
        when = f"{run.created.astimezone():%Y-%m-%d %H:%M}" if run.created else "?"
        show.out.print(
            f"{run.id}  {when}  {run.action or '?'}  {run.done:,} of {show.files(run.files)} "
            f"into {show.safe(run.into or '?')}  ({run.state})",
        )
