"""Kinds of arguments that several commands take."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drumsort.errors import DrumsortError

if TYPE_CHECKING:
    from drumsort.catalog import Catalog


class Folder(click.Path):
    """A folder by its path; an empty one, as an unset variable gives, is refused."""

    def __init__(self, *, exists: bool = False) -> None:
        super().__init__(exists=exists, file_okay=not exists, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not value:
            self.fail("the path is empty: name a folder", param, ctx)
        return super().convert(value, param, ctx)


model_option = click.option(
    "--model", type=click.Path(path_type=Path, file_okay=False), help="A model folder of your own."
)

catalog_option = click.option(
    "--catalog",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file that remembers sounds.  [default: one in the user's data folder]",
)

no_catalog_option = click.option(
    "--no-catalog", is_flag=True, help="Hear every file, remember none."
)

policy_option = click.option(
    "--policy",
    type=click.Choice(["careful", "balanced", "everything"]),
    default="balanced",
    show_default=True,
    help="How sure a verdict must be to stand: the model's card says what each gives.",
)

min_confidence_option = click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    help="A threshold of your own instead: below it, a sound is 'unsure'.",
)


def open_catalog(path: Path | None, none: bool) -> "Catalog | None":
    """The catalog to look up what was heard before; the default one only where there is one."""
    if none and path is not None:
        raise click.UsageError(f"--no-catalog and --catalog {path} contradict: leave one out.")
    if none:
        return None
    from drumsort.catalog import Catalog, default_path

    if path is None and not default_path().exists():
        return None
    return Catalog(path, create=False)


def one_of(**given: bool) -> str | None:
    """Which of these flags was given, or none; two contradict each other."""
    names = [name for name, is_given in given.items() if is_given]
    if len(names) > 1:
        flags = " and ".join(f"--{name}" for name in names)
        raise click.UsageError(f"{flags} contradict: leave all but one out.")
    return names[0] if names else None


@contextmanager
def train_extra() -> Iterator[None]:
    """Say in one sentence that the 'train' extra is missing, where it is."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise DrumsortError(
            f"This needs {error.name}: install drumsort with its 'train' extra."
        ) from error


source_option = click.option(
    "--source", "sources", multiple=True, metavar="NAME", help="Only sounds of this source."
)

split_option = click.option(
    "--split-by",
    type=click.Choice(["manifest", "group", "random"]),
    help="As the manifest says, by group, or at random (both 64/16/20).  [default: manifest where "
    "it says so, else group where packs are known, else random]",
)

folder_argument = click.argument(
    "folder", metavar="DIR", envvar="DRUMSORT_DATA", type=click.Path(path_type=Path)
)

data_option = click.option(
    "--data",
    envvar="DRUMSORT_DATA",
    required=True,
    type=click.Path(path_type=Path),
    help="Class folders, or a folder with a manifest; DRUMSORT_DATA names it too.",
)

settings_option = click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Instead of the recipe's own."
)
