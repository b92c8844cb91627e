"""Sounds that occur twice: as the same samples, or as the same recording in another file."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drumsort.audio.decode import decode
from drumsort.lab.data.rows import Data, Row

ALIKE = 0.85
"""Cosine similarity above which two fingerprints count as one recording."""

BANDS = 49
"""Mel bands of ``LogMel()`` below 7 kHz, which files at 16 kHz have, too."""

FRAMES = 64
RANGE_DB = 50.0
SHIFTS = (0.0, 0.5, 1.0)
"""Frames by which one of two sounds may start later: trimming moves the onset."""

_CHUNK = 1024
_SAME = 0.999  # exact duplicates are looked for among these only

Vectors = NDArray[np.float32]
Pairs = NDArray[np.int64]


@dataclass(frozen=True)
class Duplicates:
    """Pairs of sounds by their indices, the lower one first.

    Attributes:
        exact: with the same samples at the same rate, shape ``(n_exact, 2)``, int64.
        near: of the same recording, exact duplicates included, shape ``(n_near, 2)``, int64.
        likeness: of each near pair, shape ``(n_near,)``, float32, ``ALIKE`` to 1.
    """

    exact: Pairs
    near: Pairs
    likeness: Vectors


def duplicates(
    data: Data,
    log_mels: Vectors,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Duplicates:
    """All duplicates among some sounds.

    Args:
        data: the sounds.
        log_mels: theirs by ``LogMel()``, shape ``(n, 64, 128)``, dB, float32.
        on_progress: called with the pairs of chunks compared, and their total.

    Raises:
        AudioError: a sound can no longer be read.
    """
    near, likeness = alike(log_mels, on_progress=on_progress)
    same = near[likeness > _SAME]
    digests = {i: heard_hash(data.path(data.rows[i])) for i in np.unique(same).tolist()}
    exact = [pair for pair in same.tolist() if digests[pair[0]] == digests[pair[1]]]
    return Duplicates(np.array(exact, np.int64).reshape(-1, 2), near, likeness)


def heard_hash(path: Path) -> str:
    """SHA-256 of a file's rate, length and decoded samples, whatever its format.

    Raises:
        AudioError: it cannot be read.
    """
    clip = decode(path)
    facts = f"{clip.rate} {clip.duration!r} ".encode()
    return hashlib.sha256(facts + clip.samples.tobytes()).hexdigest()


def fingerprints(log_mels: Vectors, shift: float = 0.0) -> Vectors:
    """Vectors that identify a recording, whatever its level, rate and encoding.

    They are differences between neighbouring bands, and between frames of these, as in J. Haitsma
    and T. Kalker, "A Highly Robust Audio Fingerprinting System" (ISMIR 2002), but with values in
    place of signs. Only cells within ``RANGE_DB`` of the loudest count.

    Args:
        log_mels: by ``LogMel()``, which aligns to the onset, shape ``(n, 64, 128)``, dB, float32.
        shift: frames to leave out at the start.

    Returns:
        Shape ``(n, d)``, float32, each of unit length; zeros for a sound that never changes.
    """
    heard = log_mels[:, :BANDS]
    loudest = heard[:, :, :FRAMES].max((1, 2), keepdims=True)
    first, part = int(shift), np.float32(shift % 1)
    cells = np.maximum(heard[:, :, first : first + FRAMES + 2] - loudest, np.float32(-RANGE_DB))
    frames = (1 - part) * cells[:, :, :-1] + part * cells[:, :, 1:]
    bands = np.diff(frames, axis=1)
    change = (bands[:, :, 2:] - bands[:, :, :-2]).reshape(len(bands), (BANDS - 1) * (FRAMES - 1))
    length = np.linalg.norm(change, axis=1, keepdims=True)
    unit: Vectors = change / np.maximum(length, np.finfo(np.float32).tiny)
    return unit


def alike(
    log_mels: Vectors,
    threshold: float = ALIKE,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Pairs, Vectors]:
    """Pairs whose fingerprints are similar at the best of ``SHIFTS``, by cosine similarity.

    Measured on 800 real sounds, 0.85 finds all copies at 16 kHz, 12 dB quieter or in 24 bits, 98 %
    of those in MP3 or Ogg, 93 % with 2 ms of the attack cut off, and 87 % with the last 30 % cut
    off. Of pairs of two hits of one drum (331 round robins), it takes 3 % for one recording.

    Returns:
        Pairs, shape ``(n, 2)``, int64, in order, and the likeness of each, shape ``(n,)``.
    """
    still, *later = (fingerprints(log_mels, shift) for shift in SHIFTS)
    starts = range(0, len(log_mels), _CHUNK)
    tiles = [(a, b) for a in starts for b in starts if a <= b]
    pairs, likeness = [np.zeros((0, 2), np.int64)], [np.zeros(0, np.float32)]
    for done, (a, b) in enumerate(tiles, start=1):
        rows, columns = slice(a, a + _CHUNK), slice(b, b + _CHUNK)
        best = still[rows] @ still[columns].T
        for moved in later:
            np.maximum(best, still[rows] @ moved[columns].T, out=best)
            np.maximum(best, moved[rows] @ still[columns].T, out=best)
        found = np.argwhere(best > threshold) + np.array([a, b])
        found = found[found[:, 0] < found[:, 1]]
        pairs.append(found)
        likeness.append(best[found[:, 0] - a, found[:, 1] - b])
        on_progress(done, len(tiles))
    every = np.concatenate(pairs)
    order = np.lexsort(every.T[::-1])
    return every[order], np.concatenate(likeness)[order]


def joined_groups(rows: Sequence[Row], pairs: Iterable[Sequence[int]]) -> list[Row]:
    """``rows`` with the two groups of each pair merged, and named after the first."""
    parent = {row.group: row.group for row in rows}

    def root(group: str) -> str:
        while parent[group] != group:
            parent[group] = group = parent[parent[group]]
        return group

    rank = {group: i for i, group in enumerate(parent)}
    for first, second in pairs:
        ends = sorted((root(rows[first].group), root(rows[second].group)), key=rank.__getitem__)
        parent[ends[1]] = ends[0]
    return [replace(row, group=root(row.group)) for row in rows]
