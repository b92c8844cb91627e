"""The user's own classes: names that corrections may use as labels and ``sort`` as folders.

Such a class is a family and a label at once.
"""

import json
import re
from collections.abc import Iterable

import numpy as np

from drumsort.catalog.database import Database
from drumsort.errors import DrumsortError
from drumsort.files.names import fold, why_not_allowed
from drumsort.taxonomy import DAMAGED_FOLDER, FAMILIES, FOLDERS, LABELS, UNSURE

LONGEST = 40
"""The most characters that a name may have."""

MOST = 200
"""The most classes that there may be: with drumsort's own labels, each has a number below 255."""

_TAKEN = {fold(name) for name in (*FAMILIES, *LABELS, UNSURE, *FOLDERS.values(), DAMAGED_FOLDER)}

_SCORES = """
    SELECT v.scores, m.families FROM verdicts v JOIN models m ON m.number = v.model
    WHERE v.audio_hash = ? ORDER BY m.used DESC LIMIT 1
"""


def classes(catalog: Database) -> list[str]:
    """All names, the oldest class first."""
    return [name for (name,) in catalog.read("SELECT name FROM classes ORDER BY made_at, name")]


def label_of(catalog: Database, name: str) -> str:
    """The canonical spelling of a label: one of ``taxonomy.LABELS`` or one of the user's classes.

    Raises:
        CatalogError: the catalog cannot be read.
        DrumsortError: there is no such label.
    """
    name = _spaced(name)
    if name in LABELS:
        return name
    own = classes(catalog)
    if known := alike(name, own):
        return known
    raise DrumsortError(
        f"There is no label {name!r}: choose one of {', '.join([*LABELS, *own])}, or create it as "
        "a class of your own first ('drumsort teach class')."
    )


def label_or_family(catalog: Database, name: str) -> str:
    """The same, or a family, which stands for the best label in it.

    Raises:
        CatalogError, DrumsortError: as for ``label_of``.
    """
    return name.strip() if name.strip() in FAMILIES else label_of(catalog, name)


def label_in(catalog: Database, audio_hash: bytes, name: str) -> str:
    """A label as it is; of a family, the label that the sound is most like.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    if name in LABELS or name not in FAMILIES:
        return name
    for row in catalog.read(_SCORES, (audio_hash,)):
        labels = [label for family in json.loads(row.families).values() for label in family]
        scores = dict(zip(labels, np.frombuffer(row.scores, np.float32).tolist(), strict=True))
        return max(FAMILIES[name], key=lambda label: scores.get(label, 0.0))
    return FAMILIES[name][0]


def class_named(catalog: Database, name: str) -> str:
    """The spelling of the class with this name, in any case; else the name of a class to create.

    Raises:
        CatalogError: the catalog cannot be read.
        DrumsortError: no class may have this name.
    """
    name = _spaced(name)
    return alike(name, classes(catalog)) or _checked(name)


def alike(name: str, own: Iterable[str]) -> str | None:
    """The class with this name, whatever its case and spacing, or ``None``."""
    return next((known for known in own if fold(known) == fold(_spaced(name))), None)


def _spaced(name: str) -> str:
    return re.sub(r"\s+", " ", name.strip())


def _checked(name: str) -> str:
    if why := _why_not(name):
        raise DrumsortError(f"{name[: LONGEST + 1]!r} cannot be a class of your own: it {why}.")
    return name


def _why_not(name: str) -> str:
    if not name:
        return "is empty"
    if len(name) > LONGEST:
        return f"is longer than {LONGEST} characters"
    if not name.isprintable():
        return "contains characters that cannot be shown"
    if fold(name) in _TAKEN:
        return "is a name that drumsort itself uses"
    if name[0] in "_.":
        return f"begins with {name[0]!r}"
    return why_not_allowed(name, 255, windows=True)
