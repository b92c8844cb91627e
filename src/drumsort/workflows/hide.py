"""Hide sounds and packs of the library, or show them again."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from drumsort.catalog import Catalog
from drumsort.catalog.hidden import Changed, Hidden, hidden_ids
from drumsort.catalog.ids import paths_of
from drumsort.catalog.within import files_of
from drumsort.errors import DrumsortError
from drumsort.files.names import fold
from drumsort.workflows.catalogs import Known, opened

_PACKS = "SELECT DISTINCT pack FROM files UNION SELECT pack FROM hidden_packs ORDER BY pack"


@dataclass(frozen=True, slots=True)
class AllHidden:
    """What is hidden.

    Attributes:
        packs: the names of the packs that are.
        files: all files that are hidden, those of the packs too, in the order of their paths.
    """

    packs: Sequence[str]
    files: Sequence[Path]


def hide(
    paths: Iterable[Path] = (), packs: Iterable[str] = (), *, catalog: Known = None
) -> Changed:
    """Hide sounds: page, kits, ``similar`` and ``find`` leave them out from now on.

    Files stay where they are, and are sorted as before.

    Args:
        paths: files of the library, or folders, for all sounds of the library in them.
        packs: names of packs, in any case: all their sounds, also those that a later scan finds.
        catalog: an open catalog or its path; the user's own by default.

    Raises:
        CatalogError: there is no catalog, or it cannot be read or written.
        DrumsortError: the library has no such pack.
    """
    with opened(catalog) as known:
        hidden = Hidden(known)
        chosen = [_pack(known, name) for name in packs]
        ids, failures = _ids(known, paths)
        count = (hidden.hide_packs(chosen) if chosen else 0) + (hidden.hide(ids) if ids else 0)
    return Changed(count, failures)


def unhide(
    paths: Iterable[Path] = (), packs: Iterable[str] = (), *, catalog: Known = None
) -> Changed:
    """Show sounds and packs again; see ``hide``.

    A sound of a hidden pack may be shown by itself.
    """
    with opened(catalog) as known:
        hidden = Hidden(known)
        chosen = [_pack(known, name) for name in packs]
        ids, failures = _ids(known, paths)
        count = (hidden.show_packs(chosen) if chosen else 0) + (hidden.show(ids) if ids else 0)
    return Changed(count, failures)


def all_hidden(*, catalog: Known = None) -> AllHidden:
    """What is hidden.

    Raises:
        CatalogError: there is no catalog, or it cannot be read.
    """
    with opened(catalog) as known:
        packs = [os.fsdecode(pack) for pack in Hidden(known).packs()]
        return AllHidden(packs, list(paths_of(known, hidden_ids(known).tolist()).values()))


def _ids(catalog: Catalog, paths: Iterable[Path]) -> tuple[list[int], dict[Path, str]]:
    files, failures = files_of(catalog, paths)
    ids, unknown = Hidden(catalog).ids_of(files)
    return ids, {**failures, **unknown}


def _pack(catalog: Catalog, name: str) -> bytes:
    known = [pack for (pack,) in catalog.read(_PACKS)]
    for pack in known:
        if fold(os.fsdecode(pack)) == fold(name):
            return bytes(pack)
    near = get_close_matches(name, map(os.fsdecode, known), 1, 0.5)
    meant = f"try {near[0]!r}" if near else "give its whole name, as 'drumsort find --csv' shows it"
    raise DrumsortError(f"The library has no pack {name!r}: {meant}.")
