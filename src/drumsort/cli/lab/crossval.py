"""``drumsort lab crossval``: a model, and how well it will do on packs it never heard."""

from pathlib import Path

import click

from drumsort.cli import show
from drumsort.cli.lab.epochs import shown_on
from drumsort.cli.lab.params import data_option, lab_extra, settings_option, source_option
from drumsort.cli.params import Folder


@click.command("crossval")
@click.argument("recipe")
@data_option
@source_option
@click.option(
    "--run",
    type=Folder(),
    help="Folder for everything it makes; goes on with what was stopped there.  [default: "
    "runs/RECIPE]",
)
@settings_option
def command(
    recipe: str, data: Path, sources: tuple[str, ...], run: Path | None, settings: tuple[str, ...]
) -> None:
    """Train by RECIPE six times: five times with a fifth of the groups held out, once with all.

    The verdicts of the five on packs they never heard calibrate the confidence of the sixth, which
    is the model to use; a recipe may have the mean of the five in its place. The command 'drumsort
    lab benchmark' measures it. The test split is not touched. Needs the 'lab' extra.

    \b
    drumsort lab crossval drumnet-5 --data Drums
    drumsort lab benchmark runs/drumnet-5 --data Drums
    drumsort lab export runs/drumnet-5 --into mine
    """
    with lab_extra():
        from drumsort.lab.crossval import crossval
        from drumsort.lab.data import open_data, split
        from drumsort.lab.data.split import FOLDS
        from drumsort.lab.hardware import Hardware
        from drumsort.lab.recipe import load, teachers
    chosen = load(recipe, settings)
    run = run or Path("runs") / chosen.name
    each = sum(part.epochs for part in (chosen, *teachers(chosen).values()))
    trained = FOLDS + (chosen.whole == "trained")
    with (
        show.progress("Listening", None, "sounds") as heard,
        show.progress("Training", trained * each, "epochs") as bar,
    ):
        try:
            done = crossval(
                split.prepare(open_data(data, heard.set), sources, None, None, heard.set),
                run,
                chosen,
                Hardware(),
                on_sounds=heard.set,
                on_epoch=shown_on(bar),
            )
        except KeyboardInterrupt:
            show.err.print("The same command goes on after the last epoch shown.")
            raise
    for name, confidence in done.whole.policies.items():
        show.out.print(
            f"Policy {name}: a verdict stands if its confidence is at least {confidence:.2f}"
        )
    command_line = f"drumsort lab benchmark {show.pasted(run)} --data {show.pasted(data)}"
    show.out.print(f"Now try: {command_line}", style="bold")
