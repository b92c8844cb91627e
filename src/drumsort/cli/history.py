"""``drumsort history``: list past sorts."""

import json
from dataclasses import asdict
from datetime import datetime

import click


@click.command("history")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
def command(as_json: bool) -> None:
    """List past sorts, the latest first.

    \b
    drumsort history
    """
    from drumsort.cli import report, show
    from drumsort.workflows.undo import history

    runs = history()
    if as_json:
        click.echo(json.dumps([asdict(run) for run in runs], indent=2, default=_plain))
        return
    if not runs:
        show.out.print("Nothing has been sorted yet.")
    for run in runs:
        if run.created is None:
            show.out.print(f"{show.safe(run.id)}  its journal cannot be read  ({run.state})")
            continue
        when = show.when(run.created)
        action, where = report.what_where(run.action, run.into)
        show.out.print(
            f"{run.id}  {when}  {action}  {run.done:,} of {show.files(run.files)} {where}  "
            f"({run.state})",
        )


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
