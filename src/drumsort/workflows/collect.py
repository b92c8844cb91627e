"""Put sounds into a collection, or take them out: hear what is not known yet, change the list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from drumsort.catalog.collections import Collection, Collections
from drumsort.workflows.catalogs import Known, opened
from drumsort.workflows.heard import heard
from drumsort.workflows.progress import QUIET, Progress


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of a collection.

    Attributes:
        collection: as it is now; ``None`` instead of a new one that would be empty.
        failures: path to one sentence for each file or folder that was left out.
    """

    collection: Collection | None
    failures: Mapping[Path, str]


def collect(
    name: str, paths: Iterable[Path], *, catalog: Known = None, progress: Progress = QUIET
) -> Changed:
    """Add sounds to the collection of this name, which is made if there is none.

    Args:
        name: of the collection, in any case.
        paths: files anywhere, or folders, which stand for all sounds in them. What the catalog does
            not know is heard on the spot.
        catalog: an open catalog or its path; the user's own by default, which is begun if need be.
        progress: receives the step ``LISTEN`` if something has to be heard.

    Raises:
        CatalogError: there is no such catalog, or it cannot be read or written.
        DrumsortError: no collection may have this name.
    """
    with opened(catalog, begin=True) as known:
        files, unheard = heard(known, paths, progress)
        now, failures = Collections(known).add_to(name, files)
    return Changed(now, {**unheard, **failures})


def take_out(
    name: str, paths: Iterable[Path], *, catalog: Known = None, progress: Progress = QUIET
) -> Changed:
    """Remove sounds from the collection of this name; see ``collect``.

    Raises:
        CatalogError: there is no catalog, or it cannot be read or written.
        DrumsortError: there is no such collection.
    """
    with opened(catalog) as known:
        collections = Collections(known)
        number = collections.named(name).number
        files, unheard = heard(known, paths, progress)
        failures = collections.remove(number, files)
        return Changed(collections.get(number), {**unheard, **failures})
