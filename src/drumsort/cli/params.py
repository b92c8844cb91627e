"""Arguments that several commands take."""

from pathlib import Path
from typing import Any, Literal

import click


class Folder(click.Path):
    """The path of a folder; refuses an empty path, as from an unset variable."""

    def __init__(self, *, exists: bool = False) -> None:
        super().__init__(exists=exists, file_okay=not exists, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not value:
            self.fail("the path is empty: name a folder", param, ctx)
        return super().convert(value, param, ctx)


model_option = click.option(
    "--model",
    type=click.Path(path_type=Path, file_okay=False),
    help="Listen with your own model: its folder.",
)

ear_option = click.option(
    "--ear",
    type=click.Choice(["quick", "second"]),
    default="second",
    show_default=True,
    help="Ask for a second opinion on sounds that are hard to tell, if the model has one; 'quick' "
    "never asks.",
)

catalog_option = click.option(
    "--catalog",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The catalog: the file that remembers sounds.  [default: one in your data folder]",
)

no_catalog_option = click.option(
    "--no-catalog", is_flag=True, help="Listen to every file again, and remember nothing."
)

policy_option = click.option(
    "--policy",
    type=click.Choice(["careful", "balanced", "everything"]),
    default="balanced",
    show_default=True,
    help="How sure drumsort must be of a sound before it names it; the model card says how often "
    "each policy is right.",
)

min_confidence_option = click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    help="Set the threshold yourself: a sound heard with less confidence is 'unsure'.",
)

company_option = click.option(
    "--company",
    type=click.Choice(["on", "off"]),
    default="on",
    show_default=True,
    help="Whether the other sounds of its folder count in the verdict on a sound. A file that you "
    "name by itself has no company, so its verdict may differ.",
)


def chosen_catalog(path: Path | None, none: bool) -> Path | Literal[False] | None:
    """The catalog that a workflow may use: ``False`` for none, ``None`` for the user's own."""
    if none and path is not None:
        raise click.UsageError(
            f"--no-catalog and --catalog {path} contradict each other: leave one out."
        )
    return False if none else path


def one_of(**given: bool) -> str | None:
    """Which of these flags was given, or ``None``; more than one is a usage error."""
    names = [name for name, is_given in given.items() if is_given]
    if len(names) > 1:
        flags = " and ".join(f"--{name}" for name in names)
        raise click.UsageError(f"{flags} contradict each other: keep only one.")
    return names[0] if names else None
