"""Where the hit is in a sound that begins with something else: room tone, hum, clicks, an offset.

In nearly every file the hit comes first, and nothing is done. Levels are those of 100 ms, and of
100 ms without the loudest 20 of them, so that a click, however high, is not taken for a hit.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from drumsort.audio.level import first_beyond, peak
from drumsort.types import Samples

QUIET_DB = -30.0
"""A sound whose loudest 100 ms are below that may be what comes before another."""

STEADY_DB = -20.0
"""So may one below that which never falls by 6 dB."""

LOUDER_DB = 12.0
"""What comes later is the hit if it is so much louder."""

_BLOCKS_A_SECOND = 100
_WINDOW = 10  # blocks
_CLICK = 2  # blocks of a window that a click may lie in
_OVER = 10 ** (-25 / 10)  # a sound is over where no more than that of its energy follows
_EARLY = 15  # blocks: what begins within so many of the start is not looked at
_STEEP_DB = 15.0  # a hit rises by so much at once; a swell does not
_BEGINS_DB = 20.0  # below its loudest block, a hit has begun
_ONSET = 10 ** (-40 / 20)  # of the peak, as in the front end
_LEAD = 0.005  # seconds that are kept before the hit ...
_SILENT_LEAD = 0.05  # ... or where the front end hears nothing before it
_NEEDED = 1.3  # seconds that the front end hears
_LESS = 10 ** (-LOUDER_DB / 10)
_STEADY = 10 ** (-6 / 10)
_PARTS = 16
_ONES = np.ones(1 << 18, np.float32)
_OFFSET = 0.005  # a mean below that is none, as that of 8 bits that were cut off


def blocks(samples: Samples, rate: int) -> Samples:
    """The energy of each 10 ms of samples ``(n,)``, and of what is left; shape ``(n_blocks,)``."""
    size = _size(rate)
    count, rest = divmod(len(samples), size)
    energy = np.empty(count + (rest > 0), np.float32)
    parts = samples[: count * size].reshape(-1, size)
    np.vecdot(parts, parts, out=energy[:count])
    if rest:
        energy[count] = np.dot(samples[count * size :], samples[count * size :])
    return energy


def levels(energy: Samples, rate: int) -> NDArray[np.float64]:
    """The level of the loudest 100 ms, and of those without a click, in dB below full scale."""
    whole, clean = (windows.max() for windows in _windows(energy))
    power = np.array([whole / _WINDOW, clean / (_WINDOW - _CLICK)]) / _size(rate)
    decibel: NDArray[np.float64] = 10 * np.log10(np.maximum(power, 1e-20))
    return decibel


def may_be_before_a_hit(energy: Samples, rate: int) -> bool:
    """Whether a sound is so quiet, or so steady, that the hit may come after it."""
    first = int(energy.argmax())
    if _clean(energy[first : first + _WINDOW].tolist()) >= _steady_power(rate):
        return False
    level = levels(energy, rate)[1]
    if level >= STEADY_DB:
        return False
    if level < QUIET_DB:
        return True
    windows = _windows(energy)[0][: max(1, len(energy) - _WINDOW)]
    return bool(windows.min() > _STEADY * windows.max())


def lead_in(samples: Samples, rate: int, energy: Samples, wanted: int) -> int:
    """How many samples come before the hit and are no part of it: 0 in nearly every file.

    Args:
        samples: shape ``(n,)``.
        rate: theirs in Hz.
        energy: their ``blocks``.
        wanted: how many are heard; if there are fewer, the file ends with them.
    """
    early, later = energy[:_EARLY].tolist(), float(energy[_EARLY:].max(initial=0))
    if max(early) * _OVER >= later or _clean(early[-_WINDOW:]) >= later * _WINDOW * _LESS:
        return 0  # nothing that follows is so much louder
    size = _size(rate)
    onset = first_beyond(samples, peak(samples) * _ONSET) or 0
    for windows in _windows(energy):
        start = _steep(energy, windows)
        if start is not None and start * size - onset >= _EARLY * size:
            return max(0, _exact(samples, start, size) - round(_LEAD * rate))
    late = len(samples) >= wanted < onset + _NEEDED * rate
    return max(0, onset - round(_SILENT_LEAD * rate)) if late else 0


def _clean(window: list[float]) -> float:
    """The energy of the blocks of one window without a click."""
    return sum(sorted(window)[: _WINDOW - _CLICK])


def _steady_power(rate: int) -> float:
    power: float = 10 ** (STEADY_DB / 10) * (_WINDOW - _CLICK) * _size(rate)
    return power


def _steep(energy: Samples, windows: NDArray[np.float64]) -> int | None:
    """The block that the hit begins in, if it stands out from what comes before it."""
    first = int((windows >= windows.max() * _LESS).argmax())
    near = energy[first : first + _WINDOW + 1]
    start = first + int((near >= near.max() * 10 ** (-_BEGINS_DB / 10)).argmax())
    if start < _EARLY:
        return None
    before = float(energy[start - _WINDOW : start - 1].mean())
    rises = before * 10 ** (_STEEP_DB / 10) <= float(energy[start : start + _WINDOW // 2].max())
    return start if rises else None


def _exact(samples: Samples, start: int, size: int) -> int:
    """The first sample of a hit that begins in block ``start``, or in the one before."""
    floor = peak(samples[(start - _WINDOW) * size : (start - 1) * size])
    highest = peak(samples[start * size : (start + _WINDOW // 2) * size])
    begin = (start - 1) * size
    return begin + (first_beyond(samples[begin:], max(1.5 * floor, 0.1 * highest)) or 0)


def offset(samples: Samples, energy: Samples, rate: int) -> float:
    """The offset from 0 that samples ``(n,)`` have all through, or 0.0 if they have none."""
    if energy[:-1].min(initial=np.inf) < 0.25 * _OFFSET**2 * _size(rate) or len(samples) < _PARTS:
        return 0.0  # some part has less energy than an offset alone
    ones = _ONES[: len(samples)]  # a product with them is three times as fast as a mean
    mean = float(np.dot(samples[: len(ones)], ones)) / len(ones)
    if abs(mean) < _OFFSET:
        return 0.0
    parts = samples[: len(samples) // _PARTS * _PARTS].reshape(_PARTS, -1)
    quiet = float(parts[int(parts.std(axis=1).argmin())].mean())
    return 0.0 if abs(quiet) < _OFFSET or abs(mean - quiet) > 0.5 * abs(quiet) else quiet


def _windows(energy: Samples) -> list[NDArray[np.float64]]:
    """The energy of the 100 ms from each block on, and that without a click; both ``(n_blocks,)``.

    Silence follows the last block.
    """
    padded = np.concatenate([energy, np.zeros(_WINDOW - 1)])
    ordered = np.partition(sliding_window_view(padded, _WINDOW), _WINDOW - _CLICK, axis=1)
    clean = ordered[:, : _WINDOW - _CLICK].sum(axis=1)
    return [clean + ordered[:, _WINDOW - _CLICK :].sum(axis=1), clean]


def _size(rate: int) -> int:
    return max(1, rate // _BLOCKS_A_SECOND)
