"""Files whose name says one thing and whose sound another."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from drumsort.catalog import trouble
from drumsort.catalog.catalog import Catalog
from drumsort.catalog.known_models import models
from drumsort.catalog.reads import Entry
from drumsort.names import NameRules
from drumsort.taxonomy import UNSURE


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One file that is called what it does not sound like.

    Attributes:
        path: the file, absolute.
        named: the family that its name says, or that of a folder around it.
        reason: the words that say so.
        heard: the family that it sounds like.
        confidence: probability of that family, 0 to 1.
        strength: that less the probability of the family named, above 0, at most 1.
    """

    path: Path
    named: str
    reason: str
    heard: str
    confidence: float
    strength: float


def check_names(
    catalog: Catalog,
    below: Iterable[str | os.PathLike[str]] = (),
    *,
    policy: str = "careful",
) -> list[Contradiction]:
    """Hold the names of all files that a catalog knows against what was heard, strongest first.

    A name that says nothing, or two things, contradicts nothing; nor does a sound that a person
    has named, or one that the model is not sure of, or takes for a class of the user's own, or
    whose name says a family that it does not know. Names count from the folder on that was scanned.

    Args:
        catalog: what is known.
        below: only files in these folders; all by default.
        policy: how sure a verdict must be to be held against a name.

    Raises:
        CatalogError: it cannot be read, or knows no sound in one of the folders.
        DrumsortError: a model has no such policy.
    """
    families = {model.id: model.families for model in models(catalog).values()}
    rules = NameRules()
    found = []
    for entry in _entries(catalog, tuple(below), policy):
        said = entry.prediction
        if said is None or entry.model is None or said.family == UNSURE or entry.correction:
            continue
        if said.family not in families[entry.model]:
            continue
        name = rules.read(entry.path.relative_to(entry.root))
        labels = families[entry.model].get(name.family, ())
        if not labels or name.family == said.family:
            continue
        strength = said.confidence - sum(said.scores[label] for label in labels)
        found.append(
            Contradiction(
                entry.path, name.family, name.reason, said.family, said.confidence, strength
            )
        )
    return sorted(found, key=lambda one: (-one.strength, os.fsencode(one.path)))


def _entries(
    catalog: Catalog, below: tuple[str | os.PathLike[str], ...], policy: str
) -> Iterator[Entry]:
    """Each file once, even where one folder lies in another."""
    seen: set[Path] = set()
    for folder in below or (None,):
        known = False
        for entry in catalog.entries(folder, policy=policy):
            known = True
            if entry.path not in seen:
                seen.add(entry.path)
                yield entry
        if folder is not None and not known:
            raise trouble.unknown(catalog.path, folder)
