"""``drumsort where``: say which files of its own drumsort keeps."""

import json

import click


@click.command("where")
@click.option("--json", "as_json", is_flag=True, help="Print the paths and sizes as JSON.")
def command(as_json: bool) -> None:
    """Say which files drumsort keeps, and how to remove them.

    None of them is among your sounds. The environment variable DRUMSORT_HOME puts them in another
    folder.

    \b
    drumsort where
    """
    from drumsort.cli import show
    from drumsort.workflows.where import where

    kept = where()
    if as_json:
        rows = [{"path": str(one.path), "bytes": one.size, "what": one.what} for one in kept]
        click.echo(json.dumps(rows, indent=2))
        return
    for one in kept:
        size = show.size(one.size) if one.size else "nothing yet"
        show.out.print(f"{show.safe(one.path)}  ({size})", style="bold")
        show.out.print(f"  {one.what}")
    show.out.print(
        "To remove them, delete these paths while drumsort is not running. Past sorts can then not "
        "be undone, and corrections are lost: 'drumsort corrections export FILE' saves them."
    )
