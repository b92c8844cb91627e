"""``drumsort lab data show``: a picture of the sounds of each class."""

import random
import sys
from pathlib import Path

import click

from drumsort.cli import show
from drumsort.cli.lab.params import folder_argument, lab_extra
from drumsort.cli.params import Renamed


@click.command("show")
@folder_argument
@click.option(
    "--into",
    "--out",
    "out",
    cls=Renamed,
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The picture to write: .png, .svg or .pdf.",
)
@click.option(
    "--each", default=6, show_default=True, type=click.IntRange(1, 50), help="Sounds per class."
)
@click.option(
    "--recipe",
    default="drumnet-5",
    show_default=True,
    help="Use the front end of this recipe: its name, or a TOML file.",
)
@click.option("--seed", default=1, show_default=True, help="Another seed picks other sounds.")
def command(folder: Path, out: Path, each: int, recipe: str, seed: int) -> None:
    """Draw log-mel spectrograms of some sounds of each class in DIR.

    DIR has class folders or a manifest; the variable DRUMSORT_DATA can name it. Files that cannot
    be read as audio are named and left out, and the exit code is 1. Needs the 'lab' extra.

    \b
    drumsort lab data show Drums --into drums.png
    drumsort lab data show Drums --into drums.pdf --each 10 --recipe student-depthwise-se
    """
    with lab_extra():
        from drumsort.audio.decode import decode
        from drumsort.errors import AudioError, DataError
        from drumsort.lab.data import open_data
        from drumsort.lab.data.stats import rank
        from drumsort.lab.files import written_whole
        from drumsort.lab.recipe import load
        from drumsort.lab.report.spectrograms import Example, draw
    kind = out.suffix.lower().removeprefix(".")
    if kind not in ("png", "svg", "pdf"):
        raise DataError(f"{out} is not a kind of picture: end its name with .png, .svg or .pdf.")
    front_end = load(recipe).front_end
    data = open_data(folder)
    chance = random.Random(seed)
    classes: dict[str, list[Example]] = {}
    failures = []
    rows = chance.sample(data.rows, len(data.rows))
    for row in sorted(rows, key=lambda row: (*rank(row.family, row.label), row.label)):
        drawn = classes.setdefault(row.label, [])
        if len(drawn) == each:
            continue
        try:
            clip = decode(data.path(row), samples=front_end.native_samples)
        except AudioError as error:
            failures.append(str(error))
        else:
            drawn.append(Example(show.safe(Path(row.path).name), clip.rate, front_end(clip)))
    heard = {label: examples for label, examples in classes.items() if examples}
    if not heard:
        raise DataError(f"No sound in {folder} can be read: {failures[0]}")
    with written_whole(out) as part:
        draw(heard, front_end).savefig(part, format=kind, dpi=120)
    show.out.print(f"Picture: {show.safe(out)}", style="bold")
    show.complain("Cannot be read, left out", failures)
    if failures:
        sys.exit(1)
