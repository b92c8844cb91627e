"""``drumsort history``: list past sorts."""

import json

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
        fields = ("id", "state", "created", "action", "into", "files", "done")
        rows = [
            {
                name: value if isinstance(value := getattr(run, name), int) else str(value)
                for name in fields
            }
            for run in runs
        ]
        click.echo(json.dumps(rows, indent=2))
        return
    if not runs:
        show.out.print("Nothing was sorted yet.")
    for run in runs:
        when = f"{run.created.astimezone():%Y-%m-%d %H:%M}" if run.created else "?"
        show.out.print(
            f"{run.id}  {when}  {run.action or '?'}  {run.done:,} of {show.files(run.files)} "
            f"into {show.safe(run.into or '?')}  ({run.state})",
        )
