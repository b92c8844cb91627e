"""Find files whose name says one thing and whose sound says another."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from drumsort.catalog import Catalog, Entry, trouble
from drumsort.catalog.known_models import models
from drumsort.model.named import IGNORE
from drumsort.names import NameRules
from drumsort.taxonomy import UNSURE
from drumsort.workflows.catalogs import Known, opened


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A file whose name and sound disagree.

    Attributes:
        path: the file, absolute.
        named: the family that its name, or the name of a folder around it, says.
        reason: the words that say so.
        heard: the family that it sounds like.
        confidence: the probability of that family, 0 to 1.
        strength: ``confidence`` minus the probability of the family named; above 0, at most 1.
    """

    path: Path
    named: str
    reason: str
    heard: str
    confidence: float
    strength: float


def check_names(
    catalog: Known = None,
    below: Iterable[str | os.PathLike[str]] = (),
    *,
    policy: str = "careful",
) -> list[Contradiction]:
    """Compare the names of all files that a catalog knows with what was heard, strongest first.

    Left out are names that say nothing or two things, or a family that the model does not know, and
    sounds that a person corrected, that the model is not sure of, or that it takes for a class of
    the user's own. A name is read from the scanned folder downwards.

    Args:
        catalog: an open catalog or its path; the user's own by default.
        below: only files in these folders; all by default.
        policy: how sure a verdict must be to contradict a name.

    Raises:
        CatalogError: there is no catalog, it cannot be read, or it knows no sound in one of the
            folders.
        DrumsortError: a model has no such policy.
    """
    with opened(catalog) as known:
        return _contradictions(known, tuple(below), policy)


def _contradictions(
    catalog: Catalog, below: tuple[str | os.PathLike[str], ...], policy: str
) -> list[Contradiction]:
    families = {model.id: model.families for model in models(catalog).values()}
    rules = NameRules()
    found = []
    for entry in _entries(catalog, below, policy):
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
    """Each file once, even if one folder lies in another."""
    seen: set[Path] = set()
    for folder in below or (None,):
        known = False
        for entry in catalog.entries(folder, policy=policy, names=IGNORE):
            known = True
            if entry.path not in seen:
                seen.add(entry.path)
                yield entry
        if folder is not None and not known:
            raise trouble.unknown(catalog.path, folder)
