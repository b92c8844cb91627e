"""Similarity by aspect: how near two sounds are in timbre, pitch, length, level and brightness.

That a person weighs what "similar" means is the idea of Sononym's search. Each difference is
measured on a scale on which it is heard: pitch, length and brightness by ratio, level in dB
(H. Fastl and E. Zwicker, "Psychoacoustics", 2007), timbre by the angle between embeddings. So that
aspects can be added up, the unit of each is its typical difference: the median over pairs of 1,500
drums, three at most of a pack (``UNITS``). It is the same for every library, so a new scan changes
no similarity. Weighted units are added as in Euclid's distance, which suits dimensions that are
heard apart (R. N. Shepard, "Attention and the metric structure of the stimulus space", 1964).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from drumsort.errors import DrumsortError
from drumsort.types import Analysis

Floats = NDArray[np.float32]


class Aspect(StrEnum):
    """What two sounds can be alike in.

    Timbre is the model's embedding, so it is what kind of drum a sound is, too. Length is how long
    a sound takes to fall by 20 dB, whatever silence its file ends with.
    """

    TIMBRE = "timbre"
    PITCH = "pitch"
    LENGTH = "length"
    LEVEL = "level"
    BRIGHTNESS = "brightness"


Weights = Mapping[Aspect, float]
"""How much each aspect counts; those that are left out do not. At least one does."""

UNITS: Weights = {
    Aspect.TIMBRE: 1.2,  # radians
    Aspect.PITCH: 1.0,  # octaves
    Aspect.LENGTH: 1.2,  # octaves
    Aspect.LEVEL: 5.0,  # dB
    Aspect.BRIGHTNESS: 2.2,  # octaves
}
"""The typical difference of two sounds in each aspect."""

ON_SCALES = (Aspect.PITCH, Aspect.LENGTH, Aspect.LEVEL, Aspect.BRIGHTNESS)
"""The aspects that are a number of each sound, in the order of ``scales``."""

CLEAR = 0.5
"""A pitch is heard where so much of the power up to 1,200 Hz lies in it."""

UNPITCHED = 1.0
"""How far a sound without a pitch is from one with a pitch: typically far."""

_SHORTEST = 0.01  # seconds: lengths are measured in steps of 10 ms
_MOST_WEIGHT = 1000.0


class Measured(NamedTuple):
    """What is measured in some sounds, or in one; NaN or ``None`` where it is not known.

    Attributes:
        pitch_hz: in Hz.
        pitch_confidence: how much of the sound the pitch is, 0 to 1.
        decay_s: in seconds.
        duration: of the file, in seconds; counts where ``decay_s`` is not known.
        loudness_db: in dB.
        brightness_hz: in Hz.
    """

    pitch_hz: object
    pitch_confidence: object
    decay_s: object
    duration: object
    loudness_db: object
    brightness_hz: object


def heard_pitch(analysis: Analysis) -> float | None:
    """The pitch that counts, in Hz; ``None`` where none is clear enough."""
    return analysis.pitch_hz if (analysis.pitch_confidence or 0.0) >= CLEAR else None


def scales(measured: Measured) -> Floats:
    """Where sounds lie on the scale of each of ``ON_SCALES``, in its unit.

    Args:
        measured: of each sound a value, shape ``(n,)``; or of one sound.

    Returns:
        Shape ``(4, n)`` or ``(4,)``, float32; NaN for no pitch.
    """
    pitch, clear, decay, duration, loudness, brightness = (
        np.array(values, np.float64) for values in measured
    )
    length = np.maximum(np.where(np.isnan(decay), duration, decay), _SHORTEST)
    octaves = np.log2(np.where(clear >= CLEAR, pitch, np.nan))
    measures = (octaves, np.log2(length), loudness, np.log2(np.maximum(brightness, 1.0)))
    return np.stack(
        [value / UNITS[aspect] for aspect, value in zip(ON_SCALES, measures, strict=True)]
    ).astype(np.float32)


def similarities(cosines: Floats | None, measures: Floats, own: Floats, by: Weights) -> Floats:
    """How alike sounds are to one, by weighted aspects.

    Two sounds without a pitch are alike in it; with and without, they are ``UNPITCHED`` apart.

    Args:
        cosines: between the embeddings of each sound and the one, shape ``(n,)``; only timbre
            needs them.
        measures: of each sound, from ``scales``, shape ``(4, n)``.
        own: of the one, shape ``(4,)``.
        by: how much each aspect counts.

    Returns:
        Shape ``(n,)``, float32: 1 is the same, 0.5 as far apart as two drums typically are.
    """
    total = np.zeros(measures.shape[1], np.float32)
    for aspect, weight in by.items():
        if aspect is Aspect.TIMBRE:
            assert cosines is not None
            apart = np.arccos(np.clip(cosines, -1, 1)) / np.float32(UNITS[aspect])
        else:
            nth = ON_SCALES.index(aspect)
            apart = measures[nth] - own[nth]
            if aspect is Aspect.PITCH:
                one_only = UNPITCHED * (np.isnan(measures[nth]) != np.isnan(own[nth]))
                apart = np.where(np.isnan(apart), one_only, apart).astype(np.float32)
        total += np.float32(weight) * np.square(apart)
    alike: Floats = np.exp2(-np.sqrt(total / np.float32(sum(by.values())))).astype(np.float32)
    return alike


def parsed(text: str) -> dict[Aspect, float] | None:
    """What a person weighs: ``pitch,length`` or ``timbre=1,pitch=2``; ``None`` for an empty text.

    Raises:
        DrumsortError: it is not understood, or nothing counts.
    """
    by: dict[Aspect, float] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, given, number = part.partition("=")
        try:
            aspect = Aspect(name.strip().lower())
            weight = float(number) if given else 1.0
        except ValueError:
            weight = -1.0
        if not 0 <= weight <= _MOST_WEIGHT:
            raise DrumsortError(
                f"{part!r} is no aspect of a sound: write {', '.join(Aspect)}, each with or "
                "without a weight, as in pitch=2,length."
            )
        by[aspect] = weight
    if by and not any(by.values()):
        raise DrumsortError(f"Nothing counts in {text!r}: give one aspect a weight above 0.")
    return {aspect: weight for aspect, weight in by.items() if weight} or None
