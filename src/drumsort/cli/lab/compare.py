"""``drumsort lab compare``: training runs side by side."""

import json
import sys
from pathlib import Path

import click
from rich.table import Table

from drumsort.cli import show
from drumsort.cli.lab.params import lab_extra
from drumsort.cli.params import Folder, Renamed


@click.command("compare")
@click.argument("runs", required=True, nargs=-1, metavar="RUN...", type=Folder(exists=True))
@click.option(
    "--report",
    "--html",
    "html",
    cls=Renamed,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write a page with plots.",
)
@click.option("--markdown", is_flag=True, help="Print a Markdown table.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(runs: tuple[Path, ...], html: Path | None, markdown: bool, as_json: bool) -> None:
    """Show training runs side by side: accuracy, training time, parameters.

    A folder that is not a run, or whose run has not ended, is named and left out; the exit code is
    then 1. A column stays empty until 'drumsort lab evaluate' has measured the run. Each run is
    compared with the first one on the held-out sounds that both have, with 95% intervals by paired
    bootstrap over groups. Needs the 'lab' extra.

    \b
    drumsort lab compare runs/student-basic runs/student-depthwise-se --report comparison.html
    drumsort lab compare runs/* --markdown
    """
    with lab_extra():
        from drumsort.lab.files import written_whole
        from drumsort.lab.report import comparison
        from drumsort.lab.report.evaluation import markdown_table
    loaded, failures = comparison.compare(runs)
    if html:
        with written_whole(html) as part:
            part.write_text(comparison.html(loaded), encoding="utf-8")
    lines = [run.line() for run in loaded]
    differences = comparison.differences(loaded)
    paired = [one for one in differences if one]
    if as_json:
        facts = [run.facts() for run in loaded]
        between = [one.facts() if one else None for one in differences]
        together = [{**f, "paired": t} for f, t in zip(facts, between, strict=True)]
        click.echo(json.dumps(together, indent=2))
    elif markdown:
        tables = [markdown_table(comparison.COLUMNS, lines)]
        if paired:
            tables.append(markdown_table(comparison.PAIRED, [one.line() for one in paired]))
        click.echo("\n".join(line for table in tables for line in table).rstrip())
    else:
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
        table.add_column("run", overflow="fold")
        for column in comparison.COLUMNS[1:]:
            table.add_column(column.replace(" ", "\n"), justify="right", no_wrap=True)
        for line in lines:
            table.add_row(*map(show.safe, line))
        show.out.print(table)
        if paired:
            show.out.print("\nAgainst the first run on the same held-out sounds, in points:")
        for difference in paired:
            show.out.print(show.safe(difference.sentence()))
    if html:
        show.err.print(f"Page: {show.safe(html)}", style="bold")
    show.complain("Left out", failures)
    if failures:
        sys.exit(1)
