"""Arguments that several commands take, and how they end."""

import sys
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, Literal

import click

from drumsort.taxonomy import FAMILIES, LABELS


class Folder(click.Path):
    """The path of a folder; refuses an empty path, as from an unset variable."""

    def __init__(self, *, exists: bool = False) -> None:
        super().__init__(exists=exists, file_okay=not exists, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not value:
            self.fail("the path is empty: name a folder", param, ctx)
        return super().convert(value, param, ctx)


class FolderOrUrl(Folder):
    """The same, or the URL of a folder in a store."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from drumsort.remote import as_path, is_url

        return as_path(value) if is_url(value) else super().convert(value, param, ctx)


class FileOrUrl(click.Path):
    """The path of a file that exists, the URL of an object in a store, or ``-``."""

    def __init__(self) -> None:
        super().__init__(exists=True, dir_okay=False, allow_dash=True, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from drumsort.remote import as_path, is_url

        return as_path(value) if is_url(value) else super().convert(value, param, ctx)


class Renamed(click.Option):
    """An option whose other names still work; help shows the first."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        names, self.opts = self.opts, self.opts[:1]
        try:
            return super().get_help_record(ctx)
        finally:
            self.opts = names


def complete_label(ctx: click.Context, param: click.Parameter, start: str) -> list[str]:
    """The labels, families and classes of the user's own that begin so, for a shell."""
    names = dict.fromkeys((*_own_classes(), *FAMILIES, *LABELS))
    return [name for name in names if name.startswith(start)]


def complete_family(ctx: click.Context, param: click.Parameter, start: str) -> list[str]:
    """The families and classes of the user's own that begin so, for a shell."""
    return [name for name in (*_own_classes(), *FAMILIES) if name.startswith(start)]


def complete_run(ctx: click.Context, param: click.Parameter, start: str) -> list[str]:
    """The runs that begin so, the latest first, for a shell."""
    from drumsort.workflows.undo import history

    return [run.id for run in history() if run.id.startswith(start)]


def _own_classes() -> list[str]:
    from drumsort.catalog.classes import classes
    from drumsort.errors import DrumsortError
    from drumsort.workflows.catalogs import opened_if_any

    try:
        with opened_if_any(None) as catalog:
            return classes(catalog) if catalog else []
    except DrumsortError:
        return []


class Input(click.Path):
    """The path of a folder or a file that exists; refuses an empty path."""

    def __init__(self) -> None:
        super().__init__(exists=True, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not value:
            self.fail("the path is empty: name a folder or a file", param, ctx)
        return super().convert(value, param, ctx)


exclude_option = click.option(
    "--exclude",
    multiple=True,
    metavar="GLOB",
    help="Leave out what matches, as in .gitignore: '*.mp3', 'Loops/'. May be repeated.",
)

hidden_option = click.option(
    "--hidden", is_flag=True, help="Look into hidden folders and __MACOSX, too."
)

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

find_option = click.option(
    "--find", "query", metavar="QUERY", help="The sounds that 'drumsort find QUERY' lists."
)

no_catalog_option = click.option(
    "--no-catalog", is_flag=True, help="Listen to every file again, and remember nothing."
)

policy_option = click.option(
    "--policy",
    type=click.Choice(["careful", "balanced", "everything"]),
    default="balanced",
    show_default=True,
    help="How sure drumsort must be of a sound before it names it. Confidence is the probability "
    "that the family is right: of 100 sounds at 0.90, about 90 are. The model card says how often "
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

names_option = click.option(
    "--names",
    type=click.Choice(["hint", "ignore", "trust"]),
    default="hint",
    show_default=True,
    help="What names say of a sound ('Hats/CHH_03.wav'): 'hint' weighs it with the sound, and what "
    "strongly contradicts its name is unsure; 'ignore' goes by the sound; 'trust' by the name.",
)


def chosen_catalog(path: Path | None, none: bool) -> Path | Literal[False] | None:
    """The catalog that a workflow may use: ``False`` for none, ``None`` for the user's own."""
    if none and path is not None:
        raise click.UsageError(
            f"--no-catalog and --catalog {path} contradict each other: leave one out."
        )
    return False if none else path


def found_by(
    query: str | None, catalog: Path | None, *, beside: tuple[Path, ...]
) -> tuple[Path, ...]:
    """The files that ``--find`` stands for; without it, there must be paths ``beside`` it."""
    from drumsort.workflows.find import find

    if query is None:
        if not beside:
            raise click.UsageError("Missing argument 'PATH': name a file or a folder, or --find.")
        return ()
    if not query.strip():
        raise click.UsageError("The query of --find is empty: say which sounds you mean.")
    found = find(query, catalog=catalog)
    if not found:
        raise click.UsageError(f"No sound of the library is like {query!r}: nothing was done.")
    return tuple(found.paths)


def one_of(**given: bool) -> str | None:
    """Which of these flags was given, or ``None``; more than one is a usage error."""
    names = [name for name, is_given in given.items() if is_given]
    if len(names) > 1:
        flags = " and ".join(f"--{name}" for name in names)
        raise click.UsageError(f"{flags} contradict each other: keep only one.")
    return names[0] if names else None


def exit_if_failed(paths: Iterable[Path], failures: Collection[Path]) -> None:
    """Exit with 1 if something failed, with 2 if nothing that was named could be used."""
    if failures:
        sys.exit(2 if all(path in failures for path in paths) else 1)
