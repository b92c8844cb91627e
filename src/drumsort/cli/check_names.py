"""``drumsort check-names``: files whose name and sound disagree."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from rich.text import Text

from drumsort.cli import show
from drumsort.cli.params import FolderOrUrl, catalog_option


@click.command("check-names")
@click.argument("folders", nargs=-1, metavar="[DIR...]", type=FolderOrUrl())
@click.option(
    "-n", "--number", metavar="COUNT", type=click.IntRange(min=1), help="List only the first COUNT."
)
@click.option(
    "--policy",
    type=click.Choice(["careful", "balanced", "everything"]),
    default="careful",
    show_default=True,
    help="How sure drumsort must be of a sound before it doubts its name.",
)
@catalog_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    folders: tuple[Path, ...], number: int | None, policy: str, catalog: Path | None, as_json: bool
) -> None:
    """List the files in DIR, or of the whole catalog, whose name and sound disagree.

    The name is the file's, or its folder's if the file's says nothing; 'drumsort lab data label'
    reads names by the same rules. The sound is judged without its name. Sounds that drumsort is
    unsure of and sounds that you corrected are left out. The strongest contradiction comes first:
    the probability of the family heard minus that of the family named.

    \b
    drumsort check-names
    drumsort check-names Samples -n 20
    """
    from drumsort.workflows.check_names import check_names

    found = check_names(catalog, folders, policy=policy)
    listed = found[:number]
    if as_json:
        rows = [asdict(one) | {"path": str(one.path)} for one in listed]
        click.echo(json.dumps(rows, indent=2))
        return
    if not found:
        show.out.print("Every name agrees with its sound.")
        return
    show.out.print(f"{'name says':<12}{'sound says':<12}confidence  file", style="bold")
    for one in listed:
        line = Text(f"{one.named:<12}")
        line.append(f"{one.heard:<12}", style=show.COLOURS.get(one.heard, ""))
        line.append(f"{one.confidence:>10.3f}  {show.safe(one.path)}")
        show.out.print(line)
    if len(found) > len(listed):
        show.out.print(f"\n{len(listed):,} of {show.files(len(found))}.")
