"""``drumsort lab data stats``: classes, durations, duplicates and leaks of a data set."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table

from drumsort.cli import show
from drumsort.cli.lab.params import folder_argument, lab_extra, source_option, split_option
from drumsort.cli.params import Renamed

if TYPE_CHECKING:
    from drumsort.lab.data.stats import Stats

OVERLAPS = 5


@click.command("stats")
@folder_argument
@source_option
@split_option
@click.option(
    "--report",
    "--html",
    "html",
    cls=Renamed,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write a page with plots.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    folder: Path,
    sources: tuple[str, ...],
    split_by: str | None,
    html: Path | None,
    as_json: bool,
) -> None:
    """Show what the labelled sounds in DIR are like.

    Prints classes, durations, sample rates, groups and splits; files with the same sound; how much
    of train leaks into the other splits; and which classes overlap. With --split-by, the splits are
    those that 'drumsort lab train' would make. DIR has class folders or a manifest; the variable
    DRUMSORT_DATA can name it. The exit code is 1 if a file cannot be read as audio. Needs the 'lab'
    extra.

    \b
    drumsort lab data stats Drums
    drumsort lab data stats Drums --report stats.html
    drumsort lab data stats Drums --split-by random --json > stats.json
    """
    with lab_extra():
        from drumsort.features import LogMel
        from drumsort.lab.data import open_data, split
        from drumsort.lab.data.features import FeatureCache
        from drumsort.lab.data.stats import stats
        from drumsort.lab.files import written_whole
        from drumsort.lab.report import stats as report
    with show.progress("Listening", None, "sounds") as bar:
        data = split.only(open_data(folder, bar.set), sources)
        if split_by:
            data = split.prepare(data, by=split_by, on_progress=bar.set)
        features = FeatureCache(LogMel()).features(data, bar.set)
    with show.progress("Comparing", None, "steps") as bar:
        measured = stats(features, bar.set)
    if html:
        with written_whole(html) as part:
            part.write_text(report.html(measured, folder), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(asdict(measured), indent=2))
    else:
        show.out.print(_table(measured))
        show.out.print()
        for name, value in report.summary(measured):
            show.out.print(f"{name}: {show.safe(value)}")
        for a, b, share in measured.overlaps[:OVERLAPS]:
            show.out.print(f"  {share:4.0%} of {show.safe(a)} nearest to {show.safe(b)}")
    if html:
        show.err.print(f"Page: {show.safe(html)}", style="bold")
    show.complain("Cannot be read, left out", measured.failures)
    if measured.failures:
        sys.exit(1)


def _table(stats: "Stats") -> Table:
    """A row for each class."""
    table = Table("class", box=None, pad_edge=False)
    for head in ("sounds", *stats.splits, "duration in s\n5 %  50 %  95 %", "most common\nrate"):
        table.add_column(head, justify="right", no_wrap=True)
    for label, family in stats.families.items():
        low, _, median, _, high = stats.durations[label]
        rate, n = max(stats.rates[label].items(), key=lambda pair: pair[1])
        table.add_row(
            show.safe(label),
            f"{stats.classes[label]:,}",
            *(f"{counts.get(label, 0):,}" for counts in stats.splits.values()),
            f"{low:.2f}  {median:.2f}  {high:.2f}",
            f"{n / stats.classes[label]:4.0%} {rate / 1000:g} kHz",
            style=show.COLOURS.get(family, ""),
        )
    return table
