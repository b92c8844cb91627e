"""The last step: from a dry signal of any loudness to a finished sound."""

import numpy as np

from drumsort.types import Samples

from .envelopes import Signal
from .filters import room

_FADE = 0.005  # seconds


def finished(rng: np.random.Generator, dry: Signal, rate: int) -> Samples:
    """Add a room in some kits, a short fade at the end and a peak of 0.5 to 0.9."""
    x = dry / np.max(np.abs(dry))
    if rng.uniform() < 0.3:
        x = x + rng.uniform(0.05, 0.25) * room(rng, x, rate)
    fade = round(_FADE * rate)
    x[-fade:] *= np.linspace(1.0, 0.0, fade)
    x *= rng.uniform(0.5, 0.9) / np.max(np.abs(x))
    return np.asarray(x, dtype=np.float32)
