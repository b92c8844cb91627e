"""The styles in which each label is played, and how one of them becomes a sound."""

import zlib
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from drumsort.synth import (
    bells,
    claps,
    cymbals,
    hands,
    hats,
    kicks,
    metals,
    patterns,
    phrases,
    rattles,
    skins,
    snares,
    toms,
    tones,
    woods,
)
from drumsort.synth.envelopes import Signal
from drumsort.synth.finish import finished, produced
from drumsort.types import Samples

Voice = Callable[[np.random.Generator, int], Signal]
"""Draws its parameters and plays once: generator and rate in Hz to a signal of any loudness."""


def _hat(first: Voice, play: Callable[..., Signal]) -> dict[str, Voice]:
    played = {style: partial(play, metal=metal) for style, metal in hats.METALS.items()}
    return {"analog": first, **played}


VOICES: Mapping[str, Mapping[str, Voice]] = {
    "kick": {
        "analog": skins.kick,
        "acoustic": kicks.acoustic,
        "sub": kicks.sub,
        "digital": kicks.digital,
        "hard": kicks.hard,
        "lofi": kicks.lofi,
    },
    "snare": {
        "analog": skins.snare,
        "acoustic": snares.acoustic,
        "ringing": snares.ringing,
        "electric": snares.electric,
        "digital": snares.digital,
        "brush": snares.brush,
        "layered": snares.layered,
        "lofi": snares.lofi,
    },
    "rim": {
        "analog": skins.rim,
        "side_stick": snares.side_stick,
        "pulse": snares.pulse_rim,
        "digital": snares.digital_rim,
    },
    "closed_hat": _hat(metals.closed_hat, hats.closed),
    "open_hat": _hat(metals.open_hat, hats.opened),
    "pedal_hat": _hat(metals.pedal_hat, hats.pedal),
    "tom": {
        "analog": skins.tom,
        "acoustic": toms.acoustic_tom,
        "synth": toms.synth_tom,
        "digital": toms.digital_tom,
    },
    "crash": {
        "wash": metals.crash,
        "acoustic": cymbals.acoustic_crash,
        "splash": cymbals.splash,
        "china": cymbals.china,
        "analog": cymbals.analog_crash,
        "noise": cymbals.noise_crash,
        "digital": cymbals.digital_crash,
    },
    "ride": {
        "modal": metals.ride,
        "ping": cymbals.ping,
        "bell": cymbals.ride_bell,
        "analog": cymbals.analog_ride,
        "digital": cymbals.digital_ride,
    },
    "clap": {
        "analog": hands.clap,
        "tight": claps.tight_clap,
        "room": claps.room_clap,
        "single": claps.single_clap,
        "digital": claps.digital_clap,
    },
    "snap": {
        "finger": hands.snap,
        "dry": claps.dry_snap,
        "group": claps.group_snap,
        "digital": claps.digital_snap,
    },
    "cowbell": {
        "analog": metals.cowbell,
        "acoustic": bells.acoustic_cowbell,
        "digital": bells.digital_cowbell,
    },
    "shaker": {
        "beads": hands.shaker,
        "single": rattles.single_stroke,
        "double": rattles.double_stroke,
        "maraca": rattles.maraca,
        "cabasa": rattles.cabasa,
        "noise": rattles.noise_shaker,
    },
    "tambourine": {
        "jingles": metals.tambourine,
        "hit": rattles.hit,
        "shaken": rattles.shaken,
        "roll": rattles.roll,
        "noise": rattles.noise_jingles,
    },
    "conga_bongo": {
        "hand": skins.conga_bongo,
        "open": toms.open_hand,
        "slap": toms.slap,
        "muted": toms.muted,
        "bongo": toms.bongo,
        "analog": toms.analog_conga,
    },
    "percussion": {
        "small": hands.percussion,
        "claves": woods.claves,
        "wood_block": woods.wood_block,
        "castanets": woods.castanets,
        "guiro": woods.guiro,
        "djembe": woods.djembe,
        "tabla": woods.tabla,
        "timbale": woods.timbale,
        "cajon": woods.cajon,
        "vibraslap": woods.vibraslap,
        "whistle": woods.whistle,
        "cuica": woods.cuica,
        "zap": woods.zap,
        "agogo": bells.agogo,
        "triangle": bells.triangle,
        "bell": bells.bell,
        "sleigh_bells": bells.sleigh_bells,
        "metal": bells.metal_hit,
    },
    "other": {
        "mixed": phrases.other,
        "bass": tones.bass,
        "pluck": tones.pluck,
        "stab": tones.stab,
        "pad": tones.pad,
        "riser": tones.riser,
        "voice": tones.voice,
        "mallet": tones.mallet,
        "fm_bell": tones.fm_bell,
        "blip": tones.blip,
        "hum": tones.hum,
        "scratch": tones.scratch,
    },
    "loop": {
        "bar": phrases.loop,
        "breaks": patterns.breaks,
        "four": patterns.four_on_the_floor,
        "hats": patterns.hat_loop,
        "percussion": patterns.percussion_loop,
        "melody": patterns.melody,
    },
}
"""Label to its styles, style to voice; the first style of each label is the one played unasked."""

STYLES: Mapping[str, tuple[str, ...]] = {label: tuple(voices) for label, voices in VOICES.items()}
"""Label to the names of its styles, the one played unasked first."""

LOWEST_RATE = 8000
"""The lowest rate in Hz that the voices are made for."""


def synthesize(label: str, seed: int, rate: int = 44100, style: str | None = None) -> Samples:
    """Play one drum sound.

    Args:
        label: one of ``drumsort.taxonomy.LABELS``.
        seed: 0 or more; the same seed gives the same sound, another seed another kit.
        rate: samples per second, at least ``LOWEST_RATE``.
        style: one of ``STYLES[label]``; ``None`` is the first of them.

    Returns:
        Shape ``(n,)``, float32, mono, peak between 0.5 and 0.9; it ends in silence.

    Raises:
        ValueError: if there is no such label or style, or the rate is too low.
    """
    if label not in VOICES:
        raise ValueError(f"There is no label {label!r}; choose one of {', '.join(VOICES)}.")
    styles = STYLES[label]
    if style is not None and style not in styles:
        raise ValueError(f"There is no {label} {style!r}; choose one of {', '.join(styles)}.")
    if rate < LOWEST_RATE:
        raise ValueError(f"A rate of {rate} Hz is too low; choose at least {LOWEST_RATE} Hz.")
    if style is None or style == styles[0]:
        rng = np.random.default_rng([seed, zlib.crc32(label.encode())])
        return finished(rng, VOICES[label][styles[0]](rng, rate), rate)
    rng = np.random.default_rng([seed, zlib.crc32(f"{label}/{style}".encode())])
    return produced(rng, VOICES[label][style](rng, rate), rate)
