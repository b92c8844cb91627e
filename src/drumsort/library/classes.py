"""Classes of the user's own: names that corrections may use as labels, and sort as folders.

Such a class is a family and a label at once.
"""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from drumsort.errors import DrumsortError
from drumsort.sorting.names import fold, why_not_allowed
from drumsort.taxonomy import FAMILIES, FOLDERS, LABELS, UNSURE

if TYPE_CHECKING:
    from drumsort.library.catalog import Catalog

LONGEST = 40
"""Characters that a name may have."""

_TAKEN = {fold(name) for name in (*FAMILIES, *LABELS, UNSURE, *FOLDERS.values())}


def classes(catalog: "Catalog") -> list[str]:
    """The names of all, the one that was made first comes first."""
    return [name for (name,) in catalog.read("SELECT name FROM classes ORDER BY made_at, name")]


def label_of(catalog: "Catalog", name: str) -> str:
    """A label as it is written: one of ``taxonomy.LABELS``, or a class of the user's own.

    Raises:
        CatalogError: the catalog cannot be read.
        DrumsortError: there is no such label.
    """
    if name in LABELS:
        return name
    own = classes(catalog)
    for known in own:
        if fold(known) == fold(name.strip()):
            return known
    raise DrumsortError(
        f"There is no label {name!r}: choose one of {', '.join([*LABELS, *own])}, or make it a "
        "class of your own first ('drumsort teach class')."
    )


def make(catalog: "Catalog", name: str) -> str:
    """Begin a class, unless there is one of that name in any case; how its name is written.

    Raises:
        CatalogError: the catalog cannot be written.
        DrumsortError: no class may have this name.
    """
    name = _checked(name)
    for known in classes(catalog):
        if fold(known) == fold(name):
            return known
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    with catalog.writing() as connection:
        connection.execute("INSERT OR IGNORE INTO classes VALUES (?, ?)", (name, now))
    return name


def _checked(name: str) -> str:
    name = re.sub(r"\s+", " ", name.strip())
    if why := _why_not(name):
        raise DrumsortError(f"{name[: LONGEST + 1]!r} cannot be a class of your own: it {why}.")
    return name


def _why_not(name: str) -> str:
    if not name:
        return "is empty"
    if len(name) > LONGEST:
        return f"is longer than {LONGEST} characters"
    if not name.isprintable():
        return "holds characters that cannot be shown"
    if fold(name) in _TAKEN:
        return "is a name that drumsort has a meaning for already"
    if name[0] in "_.":
        return f"begins with {name[0]!r}"
    return why_not_allowed(name, 255, windows=True)
