"""Export sounds, a collection or what a query finds: look them up, make the kit, name the lost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from drumsort.catalog.collections import Collections
from drumsort.catalog.kits import kit_of
from drumsort.catalog.reads import Entry, entries_of
from drumsort.kits import Kind, export
from drumsort.model.named import HINT
from drumsort.workflows.catalogs import Known, opened
from drumsort.workflows.find import find
from drumsort.workflows.progress import QUIET, Progress, Step


@dataclass(frozen=True, slots=True)
class Exported:
    """What was made of a collection, or of what a query found.

    Attributes:
        path: the folder or file that was made.
        count: how many sounds are in it.
        total: how many sounds are in the collection, or were found.
        lost: where the sounds lay whose files are gone.
        failures: path to one sentence for each other sound that could not be put in.
    """

    path: Path
    count: int
    total: int
    lost: Sequence[Path]
    failures: Mapping[Path, str]


def export_collection(
    collection: str | int,
    kind: Kind | str,
    into: Path,
    *,
    portable_names: bool = False,
    names: str = HINT,
    catalog: Known = None,
    progress: Progress = QUIET,
) -> Exported:
    """Make a collection into something that other programs load.

    The sounds of a kit are on the keys of their pads.

    Args:
        collection: its name or its number.
        kind: what to make: a folder, a zip, an SFZ instrument, a preset for Decent Sampler, a
            drumkit for Hydrogen or an MPC drum program.
        into: the folder to put it in.
        portable_names: whether files in a folder get names that every disk allows.
        names: how names count in the labels, which choose the keys: ``hint``, ``ignore`` or
            ``trust``.
        catalog: an open catalog or its path; the user's own by default.
        progress: receives the step ``EXPORT``.

    Raises:
        CatalogError: there is no catalog, or it cannot be read.
        QueryError: the query of a smart collection is not understood any more.
        DrumsortError: there is no such collection, it has no sound that can be read, or ``into``
            cannot be written.
    """
    with opened(catalog) as known:
        kept = Collections(known)
        chosen = kept.named(collection) if isinstance(collection, str) else kept.get(collection)
        if chosen.query is not None:
            return export_found(
                chosen.query, chosen.name, kind, into,
                portable_names=portable_names, names=names, catalog=known, progress=progress,
            )  # fmt: skip
        entries = kept.entries(chosen.number, names=names)
        _, lost = kept.files(chosen.number)
        kit = kit_of(kept, chosen.number)
    of_path = {entry.path: entry for entry in entries}
    on_pads = enumerate(kit.pads if kit else ())
    pads = {pad: of_path[path] for pad, path in on_pads if path in of_path}
    return _made(entries, lost, pads, chosen.name, kind, into, portable_names, progress)


def export_found(
    query: str,
    name: str,
    kind: Kind | str,
    into: Path,
    *,
    portable_names: bool = False,
    names: str = HINT,
    catalog: Known = None,
    progress: Progress = QUIET,
) -> Exported:
    """Make what a query finds into something that other programs load, without a collection.

    Args:
        query: as for ``find``.
        name: of what is made.
        kind: as for ``export_collection``, and so are all other arguments.

    Raises:
        QueryError: the query is not understood.
        CatalogError: there is no catalog, or it cannot be read.
        DrumsortError: no sound is found or can be read, or ``into`` cannot be written.
    """
    with opened(catalog) as known:
        return export_sounds(
            find(query, catalog=known, names=names).paths, name, kind, into,
            portable_names=portable_names, names=names, catalog=known, progress=progress,
        )  # fmt: skip


def export_sounds(
    paths: Iterable[Path],
    name: str,
    kind: Kind | str,
    into: Path,
    *,
    portable_names: bool = False,
    names: str = HINT,
    catalog: Known = None,
    progress: Progress = QUIET,
) -> Exported:
    """Make some sounds of the library into something that other programs load.

    Args:
        paths: of the files, which the catalog knows.
        name: of what is made.
        kind: as for ``export_collection``, and so are all other arguments.

    Raises:
        CatalogError: there is no catalog, or it cannot be read.
        DrumsortError: no sound can be read, or ``into`` cannot be written.
    """
    with opened(catalog) as known:
        entries = list(entries_of(known, paths, "balanced", names=names))
    return _made(entries, (), {}, name, kind, into, portable_names, progress)


def _made(
    entries: Sequence[Entry],
    lost: Sequence[Path],
    pads: Mapping[int, Entry],
    name: str,
    kind: Kind | str,
    into: Path,
    portable_names: bool,
    progress: Progress,
) -> Exported:
    progress.at(Step.EXPORT, 0, len(entries))
    at = partial(progress.at, Step.EXPORT)
    made = export(entries, name, kind, into, at, pads=pads, portable_names=portable_names)
    return Exported(made.path, made.count, len(entries) + len(lost), lost, made.failures)
