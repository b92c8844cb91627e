"""``drumsort demo``: a folder of drum sounds to try drumsort on."""

from pathlib import Path

import click


@click.command("demo")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--per-label", default=6, show_default=True, type=click.IntRange(1), help="Sounds each."
)
@click.option("--seed", default=0, show_default=True, help="Another seed, other sounds.")
def command(folder: Path, per_label: int, seed: int) -> None:
    """Make FOLDER with synthesized drum sounds whose names tell nothing.

    \b
    drumsort demo Samples
    drumsort sort Samples --into Sorted
    """
    from drumsort.cli import show
    from drumsort.synth import write_demo

    sounds = write_demo(folder, per_label, seed)
    show.out.print(f"{show.files(len(sounds))} of drum sounds in {show.safe(folder)}.")
    show.out.print(f"Now try: [bold]drumsort sort {show.safe(folder)} --into Sorted[/bold]")
