"""The shape of a sound in time: how quickly it is there, and how quickly it is gone."""

from collections.abc import Sequence

import numpy as np

from drumsort.types import Samples

BLOCKS_A_SECOND = 100
"""Energies are those of 10 ms."""

DECAY_DB = 20.0
"""A sound has decayed once it stays this far below its loudest block."""

_FINE = 1000  # blocks a second in which an attack is measured
_HALF = 0.5  # of the power of the loudest block: the attack is over


def energies(samples: Samples, block: int) -> list[float]:
    """The energy of each whole block, or of what there is if that is less than one."""
    block = min(block, len(samples))
    blocks = samples[: len(samples) // block * block].reshape(-1, block)
    energies: list[float] = np.vecdot(blocks, blocks).tolist()
    return energies


def attack(samples: Samples, energy: Sequence[float], block: int, onset: int, rate: int) -> float:
    """Seconds from the onset until the sound is within 3 dB of its loudest 10 ms.

    That is off by 2 ms or 15 %, or by a fourth of a low tone's period, whichever is more.
    """
    loudest = max(energy)
    near = next(i for i, value in enumerate(energy) if value >= _HALF * loudest)
    if near * block > onset + 2 * block:  # in less time, noise would seem to get there too early
        return ((near + 0.5) * block - onset) / rate
    fine = max(1, rate // _FINE)
    least = _HALF * loudest / min(block, len(samples)) * fine
    blocks = energies(samples[onset : max((near + 1) * block, onset + fine)], fine)
    reached = next((i for i, value in enumerate(blocks) if value >= least), len(blocks))
    return reached * fine / rate


def decay(energy: Sequence[float], block: int, length: int, rate: int) -> float:
    """Seconds from the loudest 10 ms until the sound stays 20 dB below them, or ends.

    That is off by 10 ms and 10 % at most, or by half a period of a low tone, where that is longer.
    """
    loudest = max(energy)
    top, least = energy.index(loudest), loudest * 10 ** (-DECAY_DB / 10)
    last = next(i for i in reversed(range(len(energy))) if energy[i] >= least)
    if last + 1 == len(energy):
        return (length - top * block) / rate
    fall = _decibels(energy[last]) - _decibels(energy[last + 1])
    part = (_decibels(energy[last]) - _decibels(least)) / fall if fall > 0 else 0.0
    return (last - top + part) * block / rate


def _decibels(value: float) -> float:
    return 10 * float(np.log10(max(value, 1e-20)))
