"""A voice for each label, and the sound it makes."""

import zlib
from collections.abc import Callable, Mapping

import numpy as np

from drumsort.types import Samples

from . import hands, metals, phrases, skins
from .envelopes import Signal
from .finish import finished

Voice = Callable[[np.random.Generator, int], Signal]
"""Takes a generator and a rate in Hz, draws parameters and plays one hit, at any loudness."""

VOICES: Mapping[str, Voice] = {
    "kick": skins.kick,
    "snare": skins.snare,
    "rim": skins.rim,
    "closed_hat": metals.closed_hat,
    "open_hat": metals.open_hat,
    "pedal_hat": metals.pedal_hat,
    "tom": skins.tom,
    "crash": metals.crash,
    "ride": metals.ride,
    "clap": hands.clap,
    "snap": hands.snap,
    "cowbell": metals.cowbell,
    "shaker": hands.shaker,
    "tambourine": metals.tambourine,
    "conga_bongo": skins.conga_bongo,
    "percussion": hands.percussion,
    "other": phrases.other,
    "loop": phrases.loop,
}
"""Label to its voice."""

LOWEST_RATE = 8000
"""The lowest rate in Hz that the voices support."""


def synthesize(label: str, seed: int, rate: int = 44100) -> Samples:
    """Play one drum sound.

    Args:
        label: one of ``drumsort.taxonomy.LABELS``.
        seed: 0 or more; the same seed gives the same sound, another seed another kit.
        rate: samples per second, at least ``LOWEST_RATE``.

    Returns:
        Shape ``(n,)``, float32, mono, peak between 0.5 and 0.9; it ends in silence.

    Raises:
        ValueError: there is no such label, or the rate is too low.
    """
    if label not in VOICES:
        raise ValueError(f"There is no label {label!r}; choose one of {', '.join(VOICES)}.")
    if rate < LOWEST_RATE:
        raise ValueError(f"A rate of {rate} Hz is too low; choose at least {LOWEST_RATE} Hz.")
    rng = np.random.default_rng([seed, zlib.crc32(label.encode())])
    return finished(rng, VOICES[label](rng, rate), rate)
