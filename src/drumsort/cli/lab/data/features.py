"""``drumsort lab data features``: labels, facts and log-mels for programs of your own."""

import sys
from pathlib import Path

import click

from drumsort.cli import show
from drumsort.cli.lab.params import folder_argument, lab_extra
from drumsort.cli.params import Renamed


@click.command("features")
@folder_argument
@click.option(
    "--into",
    "--out",
    "out",
    cls=Renamed,
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The Parquet file to write.",
)
@click.option(
    "--recipe",
    default="student-depthwise-se",
    show_default=True,
    help="Use the front end of this recipe: its name, or a TOML file.",
)
def command(folder: Path, out: Path, recipe: str) -> None:
    """Write label, file, rate (Hz), duration (s) and log-mel of the sounds in DIR as Parquet.

    DIR has class folders or a manifest; the variable DRUMSORT_DATA can name it. The exit code is 1
    if a file cannot be read as audio. Needs the 'lab' extra.

    \b
    drumsort lab data features Drums --into drums.parquet
    drumsort lab data features Drums --into drums.parquet --recipe drumnet-5
    """
    with lab_extra():
        from drumsort.lab.data import open_data
        from drumsort.lab.data.features import FeatureCache
        from drumsort.lab.files import write_table
        from drumsort.lab.recipe import load
    front_end = load(recipe).front_end
    with show.progress("Listening", None, "sounds") as bar:
        heard = FeatureCache(front_end).features(open_data(folder, bar.set), bar.set)
    write_table(heard.table.select("label", "file", "rate", "duration", "log_mel"), out)
    show.out.print(
        f"{len(heard.table):,} sounds, {front_end.n_mels} mel bands x {front_end.n_frames} frames "
        f"each: {show.safe(out)}\n"
        f"Read them with: import polars; polars.read_parquet({show.safe(str(out))!r})"
    )
    show.complain("Cannot be read, left out", heard.failures)
    if heard.failures:
        sys.exit(1)
