"""Say what sounds are: hear what is not known yet, correct it, count what that changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from drumsort.catalog.classes import class_named, label_or_family
from drumsort.teaching.corrections import Corrections
from drumsort.teaching.teach import Teaching
from drumsort.workflows.catalogs import Known, opened
from drumsort.workflows.heard import heard
from drumsort.workflows.progress import QUIET, Progress


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction did.

    Attributes:
        label: what the sounds are now.
        done: how many files were corrected.
        failures: path to one sentence for each file or folder that could not be corrected.
    """

    label: str
    done: int
    failures: Mapping[Path, str]


@dataclass(frozen=True, slots=True)
class Taught:
    """What a class learned.

    Attributes:
        name: of the class.
        examples: how many examples it has now; ``None`` if there is no such class, because none of
            the sounds is known.
        taken_from: other classes that lost examples to it: how many each lost, and has left.
        failures: path to one sentence for each file or folder that is not known.
    """

    name: str
    examples: int | None
    taken_from: Mapping[str, tuple[int, int]]
    failures: Mapping[Path, str]


def correct(
    paths: Iterable[Path], label: str, *, catalog: Known = None, progress: Progress = QUIET
) -> Corrected:
    """Say what some sounds are.

    Args:
        paths: files anywhere, or folders, which stand for all sounds in them. What the catalog does
            not know is heard on the spot.
        label: one of ``taxonomy.LABELS``, a family, or a class of the user's own.
        catalog: an open catalog or its path; the user's own by default, which is begun if need be.
        progress: receives the step ``LISTEN`` if something has to be heard.

    Raises:
        CatalogError: there is no catalog, or it cannot be read or written.
        DrumsortError: there is no such label.
    """
    with opened(catalog, begin=True) as known:
        label = label_or_family(known, label)
        files, failures = heard(known, paths, progress)
        unknown = Corrections(known).correct(files, label)
    return Corrected(label, len(files) - len(unknown), failures | dict(unknown))


def teach_class(
    name: str, paths: Iterable[Path], *, catalog: Known = None, progress: Progress = QUIET
) -> Taught:
    """Say that some sounds are examples of a class, which is made if there is none of that name.

    Args:
        name: of the class.
        paths: as for ``correct``.
        catalog: as for ``correct``.
        progress: as for ``correct``.

    Raises:
        CatalogError: there is no catalog, or it cannot be read or written.
        DrumsortError: no class may have this name.
    """
    with opened(catalog, begin=True) as known:
        teaching = Teaching(known)
        name = class_named(known, name)
        files, unheard = heard(known, paths, progress)
        before = dict(teaching.classes())
        failures = unheard | dict(teaching.add(name, files))
        after = dict(teaching.classes())
    taken_from = {
        other: (count - after[other], after[other])
        for other, count in before.items()
        if count > after[other]
    }
    return Taught(name, after.get(name), taken_from, failures)
