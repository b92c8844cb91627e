"""Give sounds keywords, or take them away; what is not known yet is heard first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from drumsort.catalog import Catalog
from drumsort.catalog.keywords import Keyword, Keywords, checked
from drumsort.files.names import fold
from drumsort.workflows.catalogs import Known, opened
from drumsort.workflows.heard import heard
from drumsort.workflows.progress import QUIET, Progress


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of a keyword.

    Attributes:
        name: as it is written.
        changed: how many sounds got it, or lost it.
        count: how many sounds have it now.
        failures: path to one sentence for each file or folder that was left out.
    """

    name: str
    changed: int
    count: int
    failures: Mapping[Path, str]


def give_keyword(
    name: str, paths: Iterable[Path], *, catalog: Known = None, progress: Progress = QUIET
) -> Changed:
    """Give sounds a keyword.

    Args:
        name: the keyword; one that is known in another case keeps its spelling.
        paths: files anywhere, or folders, which stand for all sounds in them. What the catalog does
            not know is heard on the spot.
        catalog: an open catalog or its path; the user's own by default, which is begun if need be.
        progress: receives the step ``LISTEN`` if something has to be heard.

    Raises:
        CatalogError: there is no such catalog, or it cannot be read or written.
        DrumsortError: no keyword may be called so.
    """
    name = checked(name)
    with opened(catalog, begin=True) as known:
        files, unheard = heard(known, paths, progress)
        changed, failures = Keywords(known).add(name, files)
        return _changed(known, name, changed, {**unheard, **failures})


def take_keyword(
    name: str, paths: Iterable[Path], *, catalog: Known = None, progress: Progress = QUIET
) -> Changed:
    """Take a keyword from sounds; see ``give_keyword``.

    Raises:
        CatalogError: there is no catalog, or it cannot be read or written.
        DrumsortError: no sound has this keyword.
    """
    with opened(catalog) as known:
        name = Keywords(known).named(name).name
        files, unheard = heard(known, paths, progress)
        changed, failures = Keywords(known).remove(name, files)
        return _changed(known, name, changed, {**unheard, **failures})


def keywords_of(*, catalog: Known = None) -> list[Keyword]:
    """All keywords, and how many sounds have each.

    Raises:
        CatalogError: there is no catalog, or it cannot be read.
    """
    with opened(catalog) as known:
        return Keywords(known).all()


def _changed(catalog: Catalog, name: str, changed: int, failures: Mapping[Path, str]) -> Changed:
    for keyword in Keywords(catalog).all():
        if fold(keyword.name) == fold(name):
            return Changed(keyword.name, changed, keyword.count, failures)
    return Changed(name, changed, 0, failures)
