"""``drumsort lab train``: a model from labelled sounds."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drumsort.cli import show
from drumsort.cli.lab.params import (
    data_option,
    lab_extra,
    settings_option,
    source_option,
    split_option,
)
from drumsort.cli.params import Folder

if TYPE_CHECKING:
    from drumsort.lab.checkpoint import Epoch
    from drumsort.lab.network import Network


@click.command("train")
@click.argument("recipe")
@data_option
@source_option
@split_option
@click.option(
    "--fold",
    type=click.IntRange(0, 4),
    help="Hold out this fifth of the groups of train and val, instead of val.",
)
@click.option(
    "--run",
    type=Folder(),
    help="Folder of the run; a run that was stopped there goes on.  [default: runs/RECIPE]",
)
@settings_option
@click.option(
    "--accelerator",
    type=click.Choice(["auto", "cpu", "gpu"]),
    default="auto",
    show_default=True,
    help="What to compute on.",
)
@click.option(
    "--devices", type=click.IntRange(1), default=1, help="How many devices; they share each batch."
)
@click.option(
    "--precision",
    type=click.Choice(["auto", "32-true", "bf16-mixed"]),
    default="auto",
    help="auto is bfloat16 if the device can compute in it.",
)
def command(
    recipe: str,
    data: Path,
    sources: tuple[str, ...],
    split_by: str | None,
    fold: int | None,
    run: Path | None,
    settings: tuple[str, ...],
    accelerator: str,
    devices: int,
    precision: str,
) -> None:
    """Train a network by RECIPE: the name of a shipped recipe, or a .toml file of your own.

    Shipped are student-basic, student-batchnorm and student-depthwise-se, as the student project
    had them, defects included; corrected-depthwise-se, without the defects; drumnet-5, which is the
    model in drumsort, with aisfx-taught, its second opinion, and their teachers, aisfx, aisfx-long,
    drumnet-wide and drumnet-fine; drumnet-2 to drumnet-4, the models before. Needs the 'lab' extra.

    \b
    drumsort lab train student-depthwise-se --data Drums
    drumsort lab train drumnet-2 --data Drums --set epochs=12 --fold 0 --run runs/fold0
    drumsort lab train mine.toml --data Drums --split-by group --devices 2
    """
    with lab_extra():
        from drumsort.lab import job
        from drumsort.lab.data import open_data, split
        from drumsort.lab.hardware import Hardware
        from drumsort.lab.recipe import load, teachers
        from drumsort.lab.report import evaluation
    first = os.environ.get("LOCAL_RANK", "0") == "0"  # with several devices, each runs this command
    chosen = load(recipe, settings)
    run = run or Path("runs") / chosen.name
    epochs = sum(part.epochs for part in (chosen, *teachers(chosen).values()))
    done: dict[str, int] = {}
    with (
        show.progress("Listening", None, "sounds", hidden=not first) as heard,
        show.progress("Training", epochs, "epochs", hidden=not first) as bar,
    ):

        def on_start(net: "Network") -> None:
            if first:
                show.err.print(_parameters(net))

        def on_epoch(epoch: "Epoch", teacher: str = "") -> None:
            done[teacher] = epoch.epoch
            bar.set(sum(done.values()))
            show.err.print(
                f"{teacher + '  ' if teacher else ''}epoch {epoch.epoch:3d}  "
                f"loss {epoch.loss:.3f}  val loss {epoch.val_loss:.3f}  "
                f"accuracy {epoch.accuracy:.1%}  val {epoch.val_accuracy:.1%}  "
                f"val balanced {epoch.val_balanced:.1%}  {epoch.seconds:.0f} s"
            )

        sounds = split.prepare(open_data(data, heard.set), sources, split_by, fold, heard.set)
        try:
            trained = job.train(
                sounds,
                run,
                chosen,
                Hardware(accelerator, devices, precision),
                on_sounds=heard.set,
                on_start=on_start,
                on_epoch=on_epoch,
                on_teacher=lambda teacher, epoch: on_epoch(epoch, teacher),
            )
        except KeyboardInterrupt:
            if first:
                show.err.print("The same command goes on after the last epoch shown.")
            raise
    if not first:
        return
    assert trained.val is not None  # train fails without validation sounds
    numbers = trained.val.numbers()
    page = evaluation.write(numbers, run / "evaluation", evaluation.training(trained.run))
    for name, value in evaluation.headline(numbers):
        show.out.print(f"{name}: {value}")
    show.out.print(f"\nReport: {show.safe(os.path.relpath(page))}")
    show.out.print(f"Now try: drumsort lab evaluate {show.pasted(run)} --split test", style="bold")
    show.complain("Cannot be read, left out", trained.failures)
    if trained.failures:
        sys.exit(1)


def _parameters(net: "Network") -> str:
    """A table of the layers, with the shape and number of parameters of each."""
    lines = [
        (name, " x ".join(map(str, p.shape)), f"{p.numel():,}")
        for name, p in net.named_parameters()
    ]
    total = sum(p.numel() for p in net.parameters())
    lines.append(("all", "", f"{total:,}"))
    widths = [max(len(line[i]) for line in lines) for i in range(3)]
    return "\n".join(f"{a:{widths[0]}}  {b:{widths[1]}}  {c:>{widths[2]}}" for a, b, c in lines)
