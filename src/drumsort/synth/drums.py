"""One voice for each label, and the last touch that every sound gets."""

import zlib
from collections.abc import Callable, Mapping

import numpy as np

from drumsort.synth import hands, metals, phrases, skins
from drumsort.synth.envelopes import Signal
from drumsort.synth.filters import room
from drumsort.types import Samples

Voice = Callable[[np.random.Generator, int], Signal]
"""Draws its parameters and plays once: generator and rate in Hz to a signal of any loudness."""

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
"""Label to voice."""

LOWEST_RATE = 8000
"""The lowest rate in Hz that the voices are made for."""

_FADE = 0.005  # seconds


def synthesize(label: str, seed: int, rate: int = 44100) -> Samples:
    """Play one drum sound.

    Args:
        label: one of ``drumsort.taxonomy.LABELS``.
        seed: 0 or more; the same seed gives the same sound, another seed another kit.
        rate: samples per second, at least ``LOWEST_RATE``.

    Returns:
        Shape ``(n,)``, float32, mono, peak between 0.5 and 0.9; it ends in silence.

    Raises:
        ValueError: if there is no such label, or the rate is too low.
    """
    if label not in VOICES:
        raise ValueError(f"There is no label {label!r}; choose one of {', '.join(VOICES)}.")
    if rate < LOWEST_RATE:
        raise ValueError(f"A rate of {rate} Hz is too low; choose at least {LOWEST_RATE} Hz.")
    rng = np.random.default_rng([seed, zlib.crc32(label.encode())])
    return _finished(rng, VOICES[label](rng, rate), rate)


def _finished(rng: np.random.Generator, dry: Signal, rate: int) -> Samples:
    """Some kits get a room; all get a short fade at the end and a peak of 0.5 to 0.9."""
    x = dry / np.max(np.abs(dry))
    if rng.uniform() < 0.3:
        x = x + rng.uniform(0.05, 0.25) * room(rng, x, rate)
    fade = round(_FADE * rate)
    x[-fade:] *= np.linspace(1.0, 0.0, fade)
    x *= rng.uniform(0.5, 0.9) / np.max(np.abs(x))
    return np.asarray(x, dtype=np.float32)
