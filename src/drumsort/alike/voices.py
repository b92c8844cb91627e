"""What drum a mouth means: the kinds of beat-boxing, and how its sounds are compared with drums.

A network that knows drums takes a kick of the mouth for a tom, and a snare for a clap. So labels
count in three groups, of low, middle and high drums, together with where the energy of the
consonants lies: lips below 1 kHz, the back of the tongue about 2 kHz, its tip above 4 kHz (K. N.
Stevens, "Acoustic Phonetics", 1998). The three are those that people beat-box with first, kick,
snare and hi-hat (D. Stowell and M. D. Plumbley, "Delayed decision-making in real-time beatbox
percussion classification", J. New Music Research 39, 2010).

Imitations keep the envelope of a drum rather than its spectrum (A. Mehrabi, K. Choi, S. Dixon and
M. Sandler, "Similarity measures for vocal-based drum sample retrieval using deep convolutional
auto-encoders", ICASSP 2018). So length and brightness count most (``VOICE``), and no level. A mouth
is neither as low nor as dark as drums are: what counts is by how much it differs from the middle of
mouths, and a drum from the middle of its family (``as_drum``).
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from drumsort.alike.aspects import ON_SCALES, UNITS, Aspect, Floats, Weights

KINDS: Mapping[str, str] = {
    "kick": "kick",
    "snare": "snare",
    "closed_hat": "hat",
    "open_hat": "hat",
}
"""What a mouth may mean, and the family that it is looked for in."""

VOICE: Weights = {
    Aspect.LENGTH: 1.0,
    Aspect.BRIGHTNESS: 1.0,
    Aspect.PITCH: 0.5,
    Aspect.TIMBRE: 0.25,
}
"""How much each aspect counts between a mouth and a drum; ``benchmarks/README.md`` has numbers."""

OPEN_S = 0.1
"""A hat that takes longer than that to fall by 20 dB is an open one."""

_GROUPS = (
    ("kick", "tom", "conga_bongo"),
    ("snare", "rim", "clap", "snap", "percussion"),
    ("closed_hat", "open_hat", "pedal_hat", "crash", "ride", "shaker", "tambourine"),
)
_BRIGHTNESS = np.log2([300.0, 2500.0, 7000.0])  # octaves above 1 Hz: the middle of each group ...
_SPREAD = 1.0  # ... and its deviation, in octaves
_NETWORK = 0.5  # of the logarithm of what the network says counts
_LEAST = 1e-3  # a network that does not know mouths rules nothing out
_MIDDLES = {  # of mouths: brightness and pitch in Hz
    "kick": (250.0, 130.0),
    "snare": (2500.0, 130.0),
    "hat": (6500.0, 130.0),
}


def kinds(
    labels: Sequence[str],
    scores: Floats,
    brightness_hz: Sequence[float],
    decay_s: Sequence[float],
) -> list[str]:
    """What each of some hits of a mouth is to be.

    Args:
        labels: of the network.
        scores: its probabilities, shape ``(n, n_labels)``.
        brightness_hz: of each hit, in Hz.
        decay_s: how long each takes to fall by 20 dB, in seconds.

    Returns:
        One of ``KINDS`` for each.
    """
    member = np.array([[label in group for group in _GROUPS] for label in labels], np.float64)
    said = np.log(scores @ member + _LEAST)
    off = np.log2(np.maximum(brightness_hz, 1.0))[:, None] - _BRIGHTNESS
    groups = np.argmax(_NETWORK * said - np.square(off / _SPREAD) / 2, axis=1)
    hats = ("closed_hat", "open_hat")
    return [
        ("kick", "snare")[group] if group < 2 else hats[seconds > OPEN_S]
        for group, seconds in zip(groups.tolist(), decay_s, strict=True)
    ]


def as_drum(measures: Floats, kind: str, family: Floats) -> Floats:
    """Where a drum would lie that differs from its family as a hit of a mouth does from mouths.

    Args:
        measures: of the hit, from ``aspects.scales``, shape ``(4,)``.
        kind: what it is to be.
        family: the measures of all drums of that family, shape ``(4, n)``.

    Returns:
        Shape ``(4,)``.
    """
    out = measures.copy()
    for aspect, hz in zip((Aspect.BRIGHTNESS, Aspect.PITCH), _MIDDLES[KINDS[kind]], strict=True):
        nth = ON_SCALES.index(aspect)
        known: NDArray[np.float32] = family[nth][~np.isnan(family[nth])]
        if len(known):
            out[nth] += np.median(known) - np.float32(np.log2(hz) / UNITS[aspect])
    return out
