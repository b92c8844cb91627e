"""A catalog -> its ``Sounds``, which are kept in a file beside it.

They take seconds to work out, for a verdict depends on the company of its sound. The file says from
which state of the catalog it was made; after any change it is made again.
"""

import time
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

from drumsort.catalog import Catalog
from drumsort.catalog.codes import Codes
from drumsort.catalog.columns import columns
from drumsort.model.named import HINT
from drumsort.query import file
from drumsort.query.gathered import facts_of, gathered
from drumsort.query.sounds import Sounds

_SETTLED = 100_000_000  # ns: within so long, two changes of a file may bear the same time


def sounds_of(catalog: Catalog, policy: str, names: str = HINT) -> Sounds:
    """The sounds of a catalog by the verdicts of a policy: from the file if that is up to date.

    Args:
        catalog: which.
        policy: how sure a verdict must be to stand.
        names: how a name counts in a verdict, as for ``Catalog.entries``.

    Raises:
        CatalogError: the catalog cannot be read.
        DrumsortError: a model has no such policy, or names cannot count so.
    """
    kind = policy if names == HINT else f"{policy}-{names}"
    path = catalog.path.with_name(f"{catalog.path.stem}.find-{kind}")
    state, settled = _state(catalog.path)  # before what it stands for is read
    with suppress(OSError, ValueError):  # damaged, missing or out of date: it can be written anew
        return Sounds(file.read(path, state))
    sounds = _made(catalog, policy, names)
    if settled:
        with suppress(OSError):  # the folder cannot be written: the next query makes them again
            file.write(path, state, sounds.arrays)
    return sounds


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


def _made(catalog: Catalog, policy: str, names: str) -> Sounds:
    codes = Codes.of(catalog)
    decided = columns(catalog, codes, policy=policy, names=names).values
    return gathered(catalog, facts_of(catalog), decided, codes)
