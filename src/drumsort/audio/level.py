"""How loud samples are, and where they begin to be: without a copy of them all."""

import numpy as np

from drumsort.types import Samples

_NEAR = 1 << 12  # values to look at first: most often a sound begins there


def peak(samples: Samples) -> np.float32:
    """The highest amplitude in an array of any shape; 0 of none, NaN if one is."""
    highest: np.float32 = max(samples.max(initial=0.0), -samples.min(initial=0.0))
    return highest


def first_beyond(samples: Samples, threshold: float | np.float32) -> int | None:
    """The first of samples ``(n,)`` whose amplitude is above ``threshold``, or ``None``."""
    for start in range(0, len(samples), _NEAR):
        loud = np.abs(samples[start : start + _NEAR]) > threshold
        first = int(loud.argmax())
        if loud[first]:
            return start + first
    return None
