"""A catalog -> its sounds as columns, from three parts that change at different times.

facts        what was measured, and where files are: only a scan changes them
verdicts     which ``catalog.columns`` decides, for all sounds at once
the rest     what a person said: keywords, what is hidden, the lists that a sound is in, then the
             smart collections that find it
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumsort.catalog import Catalog
from drumsort.catalog.codes import Codes, branch
from drumsort.catalog.collections import Collection, Collections
from drumsort.catalog.fields import ASKED, FILES, SOUNDS
from drumsort.catalog.hidden import hidden_ids
from drumsort.errors import QueryError
from drumsort.query.fields import BRANCH, HIDDEN
from drumsort.query.grammar import parse
from drumsort.query.sounds import Arrays, Sounds, Texts

SOUND = "sound"
"""The array that tells one sound from another: the first 8 bytes of each audio hash."""

_SEPARATOR = os.fsencode(os.sep)
_ALIASES = {SOUNDS: "s", FILES: "f"}
_PLAIN = [(field, _ALIASES[table]) for field, table in ASKED.items() if table in _ALIASES]
_ROWS = f"""
    SELECT f.rowid AS id, f.path AS path, f.root AS root, f.audio_hash AS sound,
           {", ".join(f"{alias}.{field.name} AS {field.asked}" for field, alias in _PLAIN)}
    FROM files f JOIN sounds s ON s.audio_hash = f.audio_hash
    WHERE NOT f.missing ORDER BY f.path
"""
_COLLECTED = """
    SELECT f.rowid AS id, k.collection FROM collected k JOIN files f ON f.audio_hash = k.audio_hash
"""
_GIVEN = """
    SELECT f.rowid AS id, k.keyword FROM keywords k JOIN files f ON f.audio_hash = k.audio_hash
    ORDER BY k.keyword
"""


@dataclass(frozen=True, slots=True)
class LibraryFacts:
    """What no verdict changes, in path order.

    Attributes:
        ids: the numbers of the files, shape ``(n,)``.
        arrays: of ``Sounds``, for the fields that this is about.
    """

    ids: NDArray[np.int64]
    arrays: Arrays


def facts_of(catalog: Catalog) -> LibraryFacts:
    """Read the facts of all sounds that were heard and are not missing.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    rows = list(catalog.read(_ROWS))
    paths = [os.fsdecode(row.path).rpartition(os.sep) for row in rows]
    arrays: dict[str, NDArray[Any]] = {}
    for field, _ in _PLAIN:
        values = [getattr(row, field.asked) for row in rows]
        if field.sql.startswith(("TEXT", "BLOB")):
            arrays |= Texts.of(field.asked, list(map(os.fsdecode, values)))
        else:  # None becomes NaN
            whole = field.sql.startswith("INTEGER NOT NULL")
            kind = np.int64 if whole else np.float64
            arrays[field.asked] = np.array(values, kind)
    arrays |= Texts.of("name", [name for _, _, name in paths])
    arrays |= Texts.of("folder", [folder for folder, _, _ in paths])
    branches = cache(branch)
    folders = ((row.root, row.path[: row.path.rfind(_SEPARATOR)]) for row in rows)
    arrays |= Texts.of(BRANCH, [branches(root, folder) for root, folder in folders])
    sounds = [int.from_bytes(row.sound[:8], "little", signed=True) for row in rows]
    arrays[SOUND] = np.array(sounds, np.int64)
    return LibraryFacts(np.array([row.id for row in rows], np.int64), arrays)


def gathered(
    catalog: Catalog, facts: LibraryFacts, verdicts: Mapping[str, NDArray[Any]], codes: Codes
) -> Sounds:
    """Put the parts together.

    Args:
        catalog: for the collections.
        facts: of its sounds.
        verdicts: the values of ``catalog.columns``, in any order; a sound that is missing in either
            is left out.
        codes: the meaning of their numbers.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    _, of_fact, of_verdict = np.intersect1d(
        facts.ids, verdicts["id"], assume_unique=True, return_indices=True
    )
    in_order = np.argsort(of_fact)  # of their paths
    chosen, decided = of_fact[in_order], of_verdict[in_order]
    arrays: dict[str, NDArray[Any]] = {
        name: values if "." in name else values[chosen]  # a text is there once
        for name, values in facts.arrays.items()
    }
    arrays["id"] = facts.ids[chosen]
    arrays |= {name: verdicts[name][decided] for name in ("confidence", "corrected")}
    tuned = ~np.isnan(verdicts["pitch"][decided])
    arrays["pitch"] = np.where(tuned, arrays["pitch"], np.nan)
    for name, texts in (
        ("label", codes.labels), ("family", codes.families), ("guess", codes.families)
    ):  # fmt: skip
        arrays |= Texts.coded(name, verdicts[name][decided], texts)
    arrays[HIDDEN] = np.isin(arrays["id"], hidden_ids(catalog)).astype(np.uint8)
    arrays |= _keywords(catalog, arrays["id"])
    return Sounds({**arrays, **_collections(catalog, arrays)})


def _keywords(catalog: Catalog, ids: NDArray[np.int64]) -> Arrays:
    """The keywords of each sound, one text."""
    given: defaultdict[int, list[str]] = defaultdict(list)
    for row in catalog.read(_GIVEN):
        given[row.id].append(row.keyword)
    texts = {number: ", ".join(names) for number, names in given.items()}
    return Texts.of("keyword", [texts.get(number, "") for number in ids.tolist()])


def _collections(catalog: Catalog, arrays: Arrays) -> Arrays:
    """The names of the collections that each sound is in.

    The query of a smart collection sees the lists alone, so that none depends on another.
    """
    every, ids = Collections(catalog).all(), arrays["id"]
    members: dict[int, list[int]] = {}
    for row in catalog.read(_COLLECTED):
        members.setdefault(row.collection, []).append(row.id)
    lists = [
        (one.name, np.isin(ids, members[one.number])) for one in every if one.number in members
    ]
    named = _named(len(ids), lists)
    smart = [one for one in every if one.query is not None]
    if not smart:
        return named
    sounds = Sounds({**arrays, **named})
    return _named(len(ids), [*lists, *((one.name, _found(one, sounds)) for one in smart)])


def _found(one: Collection, sounds: Sounds) -> NDArray[np.bool_]:
    """Which sounds a smart collection finds: none if its query is not understood any more."""
    found = np.zeros(len(sounds), bool)
    try:
        found[parse(one.query or "", sounds.names).rows(sounds)] = True
    except QueryError:  # the class that it asks for was forgotten, say
        return found
    return found


def _named(count: int, collections: Iterable[tuple[str, NDArray[np.bool_]]]) -> Arrays:
    """A text for each of so many sounds: the names of those that it is in."""
    codes, texts = np.zeros(count, np.int64), [""]
    for name, within in collections:
        both, codes = np.unique(2 * codes + within, return_inverse=True)
        texts = [
            ", ".join(filter(None, (texts[code // 2], name if code % 2 else "")))
            for code in both.tolist()
        ]
    return Texts.of("collection", [texts[code] for code in codes.tolist()])
