"""A catalog -> its ``Sounds``, which are kept in a file beside it.

They take seconds to work out, for a verdict depends on the company of its sound. The file says from
which state of the catalog it was made; after any change it is made again. The verdicts in it still
hold where only corrections and collections have changed, except for the sounds that were corrected.
"""

import os
import time
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumsort.catalog import Catalog
from drumsort.catalog.codes import Codes
from drumsort.catalog.columns import columns
from drumsort.catalog.known_models import models
from drumsort.model.named import HINT
from drumsort.query import file
from drumsort.query.fields import BRANCH
from drumsort.query.gathered import SOUND, LibraryFacts, facts_of, gathered
from drumsort.query.sounds import Arrays, Sounds

_DECIDED = ("id", "label", "family", "guess", "confidence", "corrected", "pitch")
_LESSON = "SELECT number, made_at FROM lessons WHERE active"
_CORRECTED = """
    SELECT f.rowid AS id, c.label FROM corrections c JOIN files f ON f.audio_hash = c.audio_hash
    WHERE NOT f.missing
"""

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
    with catalog.at_one_moment():
        sounds = _made(catalog, policy, names, path)
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


def _made(catalog: Catalog, policy: str, names: str, former: Path) -> Sounds:
    """Work them out, with the verdicts of a former file as far as these hold."""
    codes, facts = Codes.of(catalog), facts_of(catalog)
    grounds = _grounds(catalog, codes)
    decided: Arrays | None = None
    with suppress(OSError, ValueError, KeyError):  # missing, damaged, or without what it takes
        before = file.read(former)
        if np.array_equal(before["grounds"], grounds) and _same_files(facts, before):
            decided = _corrected(catalog, codes, before, policy, names)
    if decided is None:
        decided = columns(catalog, codes, policy=policy, names=names).values
    sounds = gathered(catalog, facts, decided, codes)
    return Sounds({**sounds.arrays, "grounds": grounds})


def _grounds(catalog: Catalog, codes: Codes) -> NDArray[np.uint8]:
    """What verdicts rest on beside files and corrections: another text after any change of it."""
    known = [(number, model.id, model.policies) for number, model in models(catalog).items()]
    states = [tuple(row) for row in catalog.read("SELECT number, state FROM models")]
    lesson = [tuple(row) for row in catalog.read(_LESSON)]
    text = f"{_version()} {known} {states} {lesson} {codes.families} {codes.labels}"
    return np.frombuffer(os.fsencode(text), np.uint8)


def _same_files(facts: LibraryFacts, before: Arrays) -> bool:
    """Whether the same sounds lie under the same names in the same folders of the library."""
    texts = ("name", BRANCH, "remark")
    parts = [SOUND, *(f"{field}{part}" for field in texts for part in ("", ".shown"))]
    return np.array_equal(facts.ids, before["id"]) and all(
        np.array_equal(facts.arrays[part], before[part]) for part in parts
    )


def _corrected(
    catalog: Catalog, codes: Codes, before: Arrays, policy: str, names: str
) -> dict[str, NDArray[Any]]:
    """Former verdicts, with those on sounds whose correction has changed."""
    decided = {name: np.array(before[name]) for name in _DECIDED}
    ids = decided["id"]
    was = {
        number: codes.labels[label]
        for number, label, said in zip(
            ids.tolist(), decided["label"].tolist(), decided["corrected"].tolist(), strict=True
        )
        if said
    }
    now = {row.id: row.label for row in catalog.read(_CORRECTED)}
    changed = {number for number, _ in was.items() ^ now.items()}
    if changed:
        fresh = columns(catalog, codes, changed, policy=policy, names=names).values
        order = np.argsort(ids)
        rows = order[np.searchsorted(ids, fresh["id"], sorter=order)]
        for name in _DECIDED:
            decided[name][rows] = fresh[name]
    return decided
