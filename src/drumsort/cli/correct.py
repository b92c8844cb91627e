"""``drumsort correct``: tell drumsort what a sound is."""

import sys
from pathlib import Path

import click

from drumsort.cli import show
from drumsort.cli.params import (
    catalog_option,
    complete_label,
    exit_if_failed,
    find_option,
    found_by,
)
from drumsort.taxonomy import LABELS


@click.command("correct")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@find_option
@click.option(
    "--label",
    required=True,
    metavar="LABEL",
    shell_complete=complete_label,
    help=f"One of {', '.join(LABELS)}; a family, such as hat, for the label in it that the sound "
    "is most like; or one of your own classes.",
)
@click.option("-y", "--yes", is_flag=True, help="With --find: do not ask.")
@catalog_option
def command(
    paths: tuple[Path, ...], query: str | None, label: str, yes: bool, catalog: Path | None
) -> None:
    """Tell drumsort what the sounds at PATH are: a file anywhere, or a folder for all in it.

    A correction belongs to the sound, not to the file: it survives a new scan, a move, a new name
    and a new model, and a sorted copy is as good as the original. 'classify' and 'sort' use it, and
    'drumsort teach' learns from it. 'drumsort corrections' lists corrections and takes them back.
    The exit code is 1 if a file cannot be heard, 2 if none can.

    --find takes sounds of the library by a query, says how many these are, and asks before it
    corrects them.

    \b
    drumsort correct Sorted/clap/PRT_047_F.wav --label snare
    drumsort correct Samples/Rims --label rim
    drumsort correct Samples/Hats --label hat
    drumsort correct --find "pack:rimshots family:snare" --label rim
    drumsort correct Samples/choir.wav --label Vox          a class that 'drumsort teach class' made
    """
    from drumsort.workflows.correct import correct

    found = found_by(query, catalog, beside=paths)
    if found and not yes:
        _ask(len(found), label)
    paths += found
    with show.steps() as bars:
        corrected = correct(paths, label, catalog=catalog, progress=bars)
    if corrected.done:
        done = f"{show.files(corrected.done)} corrected to {corrected.label}."
        show.out.print(done, style="bold")
        show.out.print("To take this back: drumsort corrections undo")
    show.complain("Not corrected", corrected.failures.values())
    exit_if_failed(paths, corrected.failures)


def _ask(count: int, label: str) -> None:
    """Go on only if a person agrees."""
    if not sys.stdin.isatty():
        raise click.UsageError(
            f"{show.counted(count, 'sound')} would be {label}, and nobody is there to agree: add "
            "--yes to correct without a question."
        )
    click.confirm(f"Correct {show.counted(count, 'sound')} to {label}?", abort=True, err=True)
