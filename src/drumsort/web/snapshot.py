"""All sounds at one time, and the next snapshot where some are read again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumsort.catalog.codes import Codes
from drumsort.catalog.columns import Columns, joined


@dataclass(frozen=True)
class Snapshot:
    """All sounds at one time.

    Attributes:
        version: rises with every change.
        whole: the oldest version since which rows have only changed: none came or went.
        codes: what the numbers in columns mean.
        sounds: all of them.
        changed: shape ``(n,)``, int64: the version that last changed each.
        roots: the folders that were scanned.
        total: how many sounds there are, or will be once all have been read.
    """

    version: int
    whole: int
    codes: Codes
    sounds: Columns
    changed: NDArray[np.int64]
    roots: tuple[Path, ...] = ()
    total: int = 0

    def since(self, version: int) -> NDArray[np.intp] | None:
        """The rows that changed since a version; ``None`` where that takes all rows."""
        if not self.whole <= version <= self.version:
            return None
        return np.flatnonzero(self.changed > version)


def filled(snapshot: Snapshot, sounds: Columns) -> Snapshot:
    """The snapshot with other sounds, all of the same version."""
    return replace(
        snapshot, sounds=sounds, changed=np.full(len(sounds), snapshot.version, np.int64)
    )


def merged(snapshot: Snapshot, fresh: Columns) -> Snapshot:
    """The next snapshot with some rows read again; new rows come last."""
    version = snapshot.version + 1
    old = snapshot.sounds
    order = np.argsort(old.values["id"])
    found = np.searchsorted(old.values["id"], fresh.values["id"], sorter=order)
    at = order[np.minimum(found, len(order) - 1)] if len(order) else np.zeros(len(fresh), int)
    known = np.zeros(len(fresh), bool)
    if len(order):
        known = old.values["id"][at] == fresh.values["id"]
    values = {name: column.copy() for name, column in old.values.items()}
    for name, column in values.items():
        column[at[known]] = fresh.values[name][known]
    changed = snapshot.changed.copy()
    changed[at[known]] = version
    new = np.flatnonzero(~known)
    sounds = joined([Columns(values, old.names), fresh.rows(new)])
    changed = np.concatenate([changed, np.full(len(new), version, np.int64)])
    return replace(snapshot, version=version, sounds=sounds, changed=changed, total=len(sounds))


def replaced(snapshot: Snapshot, codes: Codes, fresh: Columns) -> Snapshot:
    """The next snapshot with all rows read again; the same one where nothing differs."""
    old, version = snapshot.sounds, snapshot.version + 1
    same = codes is snapshot.codes and old.names == fresh.names
    if not same or not np.array_equal(old.values["id"], fresh.values["id"]):
        there = replace(snapshot, version=version, whole=version, codes=codes, total=len(fresh))
        return filled(there, fresh)
    different = _differing(old.values, fresh.values)
    if not different.any():
        return snapshot
    changed = np.where(different, np.int64(version), snapshot.changed)
    return replace(snapshot, version=version, sounds=fresh, changed=changed)


def rewritten(snapshot: Snapshot, fresh: Mapping[str, NDArray[Any]]) -> Snapshot:
    """The next snapshot with some columns in the place of those that it has.

    Args:
        snapshot: the one before.
        fresh: column to values of all rows; the same snapshot is returned where nothing differs.
    """
    old, version = snapshot.sounds, snapshot.version + 1
    different = _differing(old.values, fresh)
    if not different.any():
        return snapshot
    changed = np.where(different, np.int64(version), snapshot.changed)
    sounds = Columns({**old.values, **fresh}, old.names)
    return replace(snapshot, version=version, sounds=sounds, changed=changed)


def _differing(
    old: Mapping[str, NDArray[Any]], fresh: Mapping[str, NDArray[Any]]
) -> NDArray[np.bool_]:
    """The rows in which any of these columns differs, shape ``(n,)``."""
    different = np.zeros(len(old["id"]), bool)
    for name, column in fresh.items():
        bits = f"u{column.itemsize}"  # NaN is the same as NaN
        different |= column.view(bits) != old[name].view(bits)
    return different


def relabelled(before: Snapshot, now: Snapshot) -> int:
    """How many sounds have another label now, of those that were there before."""
    ids = (before.sounds.values["id"], now.sounds.values["id"])
    _, old, new = np.intersect1d(*ids, assume_unique=True, return_indices=True)
    was = np.array(before.codes.labels)[before.sounds.values["label"][old]]
    is_ = np.array(now.codes.labels)[now.sounds.values["label"][new]]
    return int((was != is_).sum())
