"""Put sounds into a collection, or take them out; save a query as one; say what is in them.

What is not known yet is heard before it is put in.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from drumsort.catalog.collections import Collection, Collections
from drumsort.errors import DrumsortError, QueryError
from drumsort.workflows.catalogs import Known, opened
from drumsort.workflows.find import find
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


def save_query(name: str, query: str, *, catalog: Known = None) -> Collection:
    """Save a query as the smart collection of this name: what it finds is always in it.

    Args:
        name: of the collection, in any case. The former query of a smart collection is replaced.
        query: as for ``find``.
        catalog: an open catalog or its path; the user's own by default.

    Returns:
        The collection, and how many sounds are in it now.

    Raises:
        QueryError: the query is not understood.
        CatalogError: there is no catalog, or it cannot be read or written.
        DrumsortError: the query is empty, or no smart collection may have this name.
    """
    query = query.strip()
    if not query:
        raise DrumsortError("The query is empty: say which sounds you mean.")
    with opened(catalog) as known:
        count = len(find(query, catalog=known))
        return replace(Collections(known).save(name, query), count=count)


def collections_of(*, catalog: Known = None) -> list[Collection]:
    """All collections, favourites first; ``count`` is also that of what a query finds.

    Raises:
        CatalogError: there is no catalog, or it cannot be read.
    """
    with opened(catalog) as known:
        every = Collections(known).all()
        for nth, one in enumerate(every):
            if one.query is not None:
                with suppress(QueryError):  # what it asks for was forgotten: it finds nothing
                    every[nth] = replace(one, count=len(find(one.query, catalog=known)))
    return every


def files_in(name: str, *, catalog: Known = None) -> tuple[Sequence[Path], Sequence[Path]]:
    """The files in the collection of this name, and those of a list that are gone.

    Raises:
        QueryError: the query of a smart collection is not understood any more.
        CatalogError: there is no catalog, or it cannot be read.
        DrumsortError: there is no such collection.
    """
    with opened(catalog) as known:
        chosen = Collections(known).named(name)
        if chosen.query is not None:
            return find(chosen.query, catalog=known).paths, []
        return Collections(known).files(chosen.number)
