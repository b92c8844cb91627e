"""Kits: collections whose sounds lie on pads, with a beat.

Pads hold audio hashes, as lists do. A sound that is taken out of the collection leaves its pad.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from drumsort.catalog.collections import Collection, Collections
from drumsort.catalog.gone import first_there
from drumsort.errors import DrumsortError
from drumsort.remote import as_path

_HASHES = """
    SELECT rowid AS id, hex(audio_hash) AS sound FROM files
    WHERE rowid IN (SELECT value FROM json_each(?)) AND audio_hash IS NOT NULL
"""
_NO_OTHERS = """
    DELETE FROM collected WHERE collection = ? AND audio_hash NOT IN (
        SELECT audio_hash FROM files
        WHERE rowid IN (SELECT value FROM json_each(?)) AND audio_hash IS NOT NULL
    )
"""
_THERE = """
    SELECT hex(k.audio_hash) AS sound, f.path AS path FROM collected k
    JOIN files f ON f.audio_hash = k.audio_hash AND NOT f.missing
    WHERE k.collection = ? ORDER BY f.path = k.path DESC, f.path
"""


@dataclass(frozen=True, slots=True)
class Kit:
    """What a kit has besides its name.

    Attributes:
        pads: for each pad a file that holds its sound; ``None`` where it is empty, or no file is
            known to be there.
        beat: what the page plays with it, as the page wrote it.
    """

    pads: Sequence[Path | None]
    beat: str


def keep(collections: Collections, name: str, pads: Sequence[int | None], beat: str) -> Collection:
    """Keep a kit under a name: as a new collection, or in place of the kit of that name.

    Args:
        collections: where to keep it.
        name: of the kit, in any case.
        pads: for each pad the id of a file, or ``None``.
        beat: as for ``Kit``.

    Raises:
        CatalogError: the catalog cannot be written.
        DrumsortError: no collection may have this name, one that is no kit has it, or no sound that
            was heard is on the pads.
    """
    ids = [number for number in pads if number is not None]
    sounds = {row.id: row.sound for row in collections.catalog.read(_HASHES, (json.dumps(ids),))}
    if not sounds:
        raise DrumsortError("No sound is on the pads: put some there, then keep the kit.")
    known = collections.alike(name)
    if known is not None and not known.kit:
        raise DrumsortError(f"{known.name} is a collection, and no kit: choose another name.")
    kit = json.dumps({"pads": [one and sounds.get(one) for one in pads], "beat": beat})
    number = (known or collections.make(name, kit=kit)).number
    with collections.catalog.writing() as connection:
        connection.execute("UPDATE collections SET kit = ? WHERE number = ?", (kit, number))
        connection.execute(_NO_OTHERS, (number, json.dumps(ids)))
    collections.add_all(number, ids)
    return collections.get(number)


def kit_of(collections: Collections, number: int) -> Kit | None:
    """The kit that a collection is, or ``None`` if it is none.

    Raises:
        CatalogError: the catalog cannot be read.
        DrumsortError: there is no such collection.
    """
    if not collections.get(number).kit:
        return None
    sql = "SELECT kit FROM collections WHERE number = ?"
    ((text,),) = collections.catalog.read(sql, (number,))
    kept = json.loads(text)
    there: dict[str, list[bytes]] = {}
    for row in collections.catalog.read(_THERE, (number,)):
        there.setdefault(row.sound, []).append(row.path)
    files = {sound: as_path(os.fsdecode(first_there(paths))) for sound, paths in there.items()}
    return Kit([files.get(sound) for sound in kept["pads"]], kept["beat"])
