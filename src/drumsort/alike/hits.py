"""Hits of loops that are next to the same: struck alike, with what else rings beside them."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drumsort.alike.near import SAME, SECONDS, likeness
from drumsort.audio.decode import decode
from drumsort.types import Clip

LIKE = 0.9
"""The least cosine similarity of two embeddings for which the waveforms are compared.

It is lower than that of whole files, for other sounds ring beside hits.
"""

_KEPT = 64  # sounds in memory


def first_like(
    paths: Sequence[Path], vectors: NDArray[np.float32], lengths: Sequence[float]
) -> list[int | None]:
    """For each hit, the one to keep in its place: the longest that is next to the same.

    The waveforms of two hits are compared as far as the shorter one goes (``near.likeness``).

    Args:
        paths: a file for each.
        vectors: their embeddings, shape ``(n, d)``, float32, each of unit length.
        lengths: in seconds.

    Returns:
        The index of another hit for each, or ``None`` where it is to be kept itself.
    """
    clips = lru_cache(_KEPT)(lambda index: decode(paths[index], SECONDS, lead_in=True))
    kept: list[int] = []
    found: list[int | None] = [None] * len(paths)
    for index in sorted(range(len(paths)), key=lambda i: (-lengths[i], i)):
        near = vectors[kept] @ vectors[index]
        order = np.argsort(-near, kind="stable")
        others = (kept[nth] for nth in order[near[order] >= LIKE].tolist())
        found[index] = next((one for one in others if _same(clips(one), clips(index))), None)
        if found[index] is None:
            kept.append(index)
    return found


def _same(long: Clip, short: Clip) -> bool:
    seconds = min(len(clip.samples) / clip.rate for clip in (long, short))
    return likeness(_first(long, seconds), _first(short, seconds)) >= SAME


def _first(clip: Clip, seconds: float) -> Clip:
    samples = clip.samples[: round(seconds * clip.rate)]
    return replace(clip, samples=samples, duration=seconds, start=0.0)
