"""All sounds at one time, and what becomes of them when some are read again."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drumsort.catalog.codes import Codes
from drumsort.catalog.columns import Columns, joined


@dataclass(frozen=True)
class Shown:
    """All sounds at one time.

    Attributes:
        version: rises with every change.
        whole: the version from which on rows were changed, but none came or went.
        codes: what the numbers in columns mean.
        sounds: all of them.
        changed: shape ``(n,)``, int64: the version that last changed each.
        roots: the folders that were scanned.
        total: how many sounds there are, or are to come while they are read for the first time.
    """

    version: int
    whole: int
    codes: Codes
    sounds: Columns
    changed: NDArray[np.int64]
    roots: tuple[Path, ...] = ()
    total: int = 0

    def since(self, version: int) -> NDArray[np.intp] | None:
        """The rows that changed since a version; ``None`` if all are to be asked for again."""
        if not self.whole <= version <= self.version:
            return None
        return np.flatnonzero(self.changed > version)


def filled(shown: Shown, sounds: Columns) -> Shown:
    """With other sounds, each as old as the version."""
    return replace(shown, sounds=sounds, changed=np.full(len(sounds), shown.version, np.int64))


def merged(shown: Shown, fresh: Columns) -> Shown:
    """With some rows read again: those that are new come last."""
    version = shown.version + 1
    old = shown.sounds
    order = np.argsort(old.values["id"])
    places = np.searchsorted(old.values["id"], fresh.values["id"], sorter=order)
    at = order[np.minimum(places, len(order) - 1)] if len(order) else np.zeros(len(fresh), int)
    known = np.zeros(len(fresh), bool)
    if len(order):
        known = old.values["id"][at] == fresh.values["id"]
    values = {name: column.copy() for name, column in old.values.items()}
    for name, column in values.items():
        column[at[known]] = fresh.values[name][known]
    changed = shown.changed.copy()
    changed[at[known]] = version
    new = np.flatnonzero(~known)
    sounds = joined([Columns(values, old.names), fresh.rows(new)])
    changed = np.concatenate([changed, np.full(len(new), version, np.int64)])
    return replace(shown, version=version, sounds=sounds, changed=changed, total=len(sounds))


def replaced(shown: Shown, codes: Codes, fresh: Columns) -> Shown:
    """With all rows read again; the same as before where nothing is different."""
    old, version = shown.sounds, shown.version + 1
    same = codes is shown.codes and old.names == fresh.names
    if not same or not np.array_equal(old.values["id"], fresh.values["id"]):
        there = replace(shown, version=version, whole=version, codes=codes, total=len(fresh))
        return filled(there, fresh)
    different = np.zeros(len(fresh), bool)
    for name, column in fresh.values.items():
        bits = f"u{column.itemsize}"  # NaN is the same as NaN
        different |= column.view(bits) != old.values[name].view(bits)
    if not different.any():
        return shown
    changed = np.where(different, np.int64(version), shown.changed)
    return replace(shown, version=version, sounds=fresh, changed=changed)


def relabelled(before: Shown, now: Shown) -> int:
    """How many sounds have another label now, of those that were there before."""
    ids = (before.sounds.values["id"], now.sounds.values["id"])
    _, old, new = np.intersect1d(*ids, assume_unique=True, return_indices=True)
    was = np.array(before.codes.labels)[before.sounds.values["label"][old]]
    is_ = np.array(now.codes.labels)[now.sounds.values["label"][new]]
    return int((was != is_).sum())
