"""``drumsort lab targets``: soft targets, out of fold, that a network learns to agree with."""

import sys
from pathlib import Path

import click

from drumsort.cli import show
from drumsort.cli.lab.epochs import shown_on
from drumsort.cli.lab.params import data_option, lab_extra, settings_option, source_option
from drumsort.cli.params import Folder


@click.command("targets")
@click.argument("recipes", required=True, nargs=-1, metavar="RECIPE...")
@data_option
@source_option
@click.option(
    "--run",
    type=Folder(),
    default="runs/targets",
    show_default=True,
    help="Folder for everything it makes; goes on with what was stopped there.",
)
@click.option(
    "--versions",
    type=click.IntRange(1),
    help="Versions of each sound in the tables: one more than the augmentation.variants of the "
    "network that is taught.  [default: the fewest that a RECIPE makes]",
)
@settings_option
def command(
    recipes: tuple[str, ...],
    data: Path,
    sources: tuple[str, ...],
    run: Path,
    versions: int | None,
    settings: tuple[str, ...],
) -> None:
    """Train ten networks by each RECIPE, and write what they predict for sounds they never heard.

    The groups lie in the five parts of 'drumsort lab crossval', and each network is shown three of
    them. So no prediction in the tables comes from a network that learned from the sound's own
    group, nor, for a fold, from what that fold holds out. Only groups of more than 90 sounds, which
    no fold holds out, lie in all parts. What several recipes predict is averaged. A setting changes
    all of them. The test split is not touched. Needs the 'lab' extra.

    \b
    drumsort lab targets drumnet-2 --data Drums --run runs/teachers --versions 10
    drumsort lab targets drumnet-2 mine.toml --data Drums --run runs/teachers --versions 10
    drumsort lab crossval drumnet-5 --data Drums --set distillation.targets=runs/teachers
    """
    with lab_extra():
        from drumsort.lab.data import open_data, split
        from drumsort.lab.evaluate import quoted
        from drumsort.lab.hardware import Hardware
        from drumsort.lab.pairs import PAIRS, soft_targets
        from drumsort.lab.recipe import load, teachers
    chosen = [load(recipe, settings) for recipe in recipes]
    each = sum(part.epochs for one in chosen for part in (one, *teachers(one).values()))
    with (
        show.progress("Listening", None, "sounds") as heard,
        show.progress("Training", len(PAIRS) * each, "epochs") as bar,
    ):
        try:
            done = soft_targets(
                split.prepare(open_data(data, heard.set), sources, None, None, heard.set),
                run,
                chosen,
                Hardware(),
                versions,
                on_sounds=heard.set,
                on_epoch=shown_on(bar),
            )
        except KeyboardInterrupt:
            show.err.print("The same command goes on after the last epoch shown.")
            raise
    numbers = quoted(done.verdicts)
    for name, degree in done.temperatures.items():
        show.out.print(f"{show.safe(name)}: temperature {degree:.2f}")
    low, high = numbers["balanced_accuracy_interval"]
    show.out.print(
        f"Out of fold, together: balanced accuracy {numbers['balanced_accuracy']:.1%} "
        f"({low:.1%} to {high:.1%}), {len(done.verdicts.truth):,} sounds"
    )
    settings_line = f"--set distillation.targets={show.pasted(run)}"
    if done.versions > 1:
        settings_line += f" --set augmentation.variants={done.versions - 1}"
    command_line = f"drumsort lab crossval RECIPE --data {show.pasted(data)} {settings_line}"
    show.out.print(f"Now try: {command_line}", style="bold")
    show.complain("Cannot be read, left out", done.failures)
    if done.failures:
        sys.exit(1)
