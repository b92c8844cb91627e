"""A catalog -> its ``Sounds``, which are kept in a file beside it.

They take seconds to work out, for a verdict depends on the company of its sound. The file says from
which state of the catalog it was made; after any change it is made again.
"""

import os
import time
from collections import defaultdict
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

from drumsort.catalog import Catalog
from drumsort.catalog.codes import Codes
from drumsort.catalog.columns import columns
from drumsort.catalog.fields import ASKED, COLLECTIONS, FILES, SOUNDS
from drumsort.query import file
from drumsort.query.sounds import Arrays, Sounds, Texts

_SETTLED = 100_000_000  # ns: within so long, two changes of a file may bear the same time

_ALIASES = {SOUNDS: "s", FILES: "f"}
_PLAIN = [(field, _ALIASES[table]) for field, table in ASKED.items() if table in _ALIASES]
_ROWS = f"""
    SELECT f.rowid AS id, f.path AS path,
           {", ".join(f"{alias}.{field.name} AS {field.asked}" for field, alias in _PLAIN)}
    FROM files f JOIN sounds s ON s.audio_hash = f.audio_hash
    WHERE NOT f.missing ORDER BY f.path
"""
_COLLECTED = f"""
    SELECT f.rowid AS id, c.name FROM collected k
    JOIN {COLLECTIONS.name} c ON c.number = k.collection
    JOIN files f ON f.audio_hash = k.audio_hash ORDER BY c.number
"""


def sounds_of(catalog: Catalog, policy: str) -> Sounds:
    """The sounds of a catalog by the verdicts of a policy: from the file if that is up to date.

    Raises:
        CatalogError: the catalog cannot be read.
        DrumsortError: a model has no such policy.
    """
    path = catalog.path.with_name(f"{catalog.path.stem}.find-{policy}")
    state, settled = _state(catalog.path)  # before what it stands for is read
    with suppress(OSError, ValueError):  # damaged, missing or out of date: it can be written anew
        return Sounds(file.read(path, state))
    arrays = _made(catalog, policy)
    if settled:
        with suppress(OSError):  # the folder cannot be written: the next query makes them again
            file.write(path, state, arrays)
    return Sounds(arrays)


def _state(path: Path) -> tuple[str, bool]:
    """A token that any change of a catalog changes, and whether the next change does for sure.

    SQLite writes to one of two files at each change: the catalog, or the log beside it.
    """
    seen: list[int] = []
    newest = 0
    for name in (path, path.with_name(f"{path.name}-wal")):
        with suppress(FileNotFoundError):
            status = name.stat()
            if status.st_size:  # an empty log comes and goes with each process that looks
                seen += [status.st_ino, status.st_size, status.st_mtime_ns]
                newest = max(newest, status.st_mtime_ns)
    settled = abs(time.time_ns() - newest) > _SETTLED
    return f"{_version()} {seen}", settled


@cache
def _version() -> str:
    """Of drumsort: another one may come to other verdicts."""
    return version("drumsort")


def _made(catalog: Catalog, policy: str) -> Arrays:
    codes = Codes.of(catalog)
    decided = columns(catalog, codes, policy=policy).values
    rows = list(catalog.read(_ROWS))
    ids = np.array([row.id for row in rows], np.int64)
    _, of_row, of_verdict = np.intersect1d(
        ids, decided["id"], assume_unique=True, return_indices=True
    )
    in_order = np.argsort(of_row)  # of their paths
    chosen, verdicts = of_row[in_order], of_verdict[in_order]
    rows = [rows[nth] for nth in chosen.tolist()]
    paths = [os.fsdecode(row.path).rpartition(os.sep) for row in rows]
    lists: defaultdict[int, list[str]] = defaultdict(list)
    for row in catalog.read(_COLLECTED):
        lists[row.id].append(row.name)
    arrays = {name: decided[name][verdicts] for name in ("confidence", "corrected")}
    for field, _ in _PLAIN:
        values = [getattr(row, field.asked) for row in rows]
        if field.sql.startswith(("TEXT", "BLOB")):
            arrays |= Texts.of(field.asked, list(map(os.fsdecode, values)))
        else:  # None becomes NaN
            kind = np.float64 if field.sql.startswith("REAL") else np.int64
            arrays[field.asked] = np.array(values, kind)
    tuned = ~np.isnan(decided["pitch"][verdicts])
    arrays["pitch"] = np.where(tuned, arrays["pitch"], np.nan)
    arrays |= Texts.of("name", [name for _, _, name in paths])
    arrays |= Texts.of("folder", [folder for folder, _, _ in paths])
    arrays |= Texts.of("collection", [", ".join(lists.get(row.id, ())) for row in rows])
    arrays |= Texts.coded("label", decided["label"][verdicts], codes.labels)
    arrays |= Texts.coded("family", decided["family"][verdicts], codes.families)
    arrays |= Texts.coded("guess", decided["guess"][verdicts], codes.families)
    return arrays
