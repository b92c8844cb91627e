"""Loops: a bar or two of other voices, at any tempo."""

from collections.abc import Callable, Sequence

import numpy as np

from drumsort.synth import cymbals, hands, kicks, metals, rattles, skins, snares, toms, woods
from drumsort.synth.bodies import bar
from drumsort.synth.claps import room_clap, tight_clap
from drumsort.synth.effects import crushed, driven, held
from drumsort.synth.envelopes import Signal, fall, log_uniform, put, swell, time_axis
from drumsort.synth.filters import lowpass
from drumsort.synth.hats import bronze, closed, white
from drumsort.synth.oscillators import square_bank
from drumsort.synth.phrases import note

_SECONDS = 2.8  # the longest phrase
_SCALES = ((0, 2, 4, 7, 9), (0, 3, 5, 7, 10), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 5, 7, 9, 11))

Hit = Callable[[np.random.Generator, int], Signal]


def _acoustic_hat(rng: np.random.Generator, rate: int) -> Signal:
    return closed(rng, rate, bronze)


def _noise_hat(rng: np.random.Generator, rate: int) -> Signal:
    return closed(rng, rate, white)


_LOWS: Sequence[Hit] = (skins.kick, kicks.acoustic, kicks.digital, kicks.hard)
_BACKS: Sequence[Hit] = (skins.snare, snares.acoustic, snares.electric, tight_clap, room_clap)
_HATS: Sequence[Hit] = (metals.closed_hat, _acoustic_hat, _noise_hat)
_SMALL: Sequence[Hit] = (
    toms.open_hand,
    toms.slap,
    toms.muted,
    woods.wood_block,
    woods.djembe,
    woods.timbale,
    rattles.maraca,
    hands.shaker,
    metals.cowbell,
)


def breaks(rng: np.random.Generator, rate: int) -> Signal:
    """A drummer's bar: ghost notes, pushed kicks, a ride or a hat, all in one room."""
    out, at = _grid(rng, rate, 85.0, 175.0)
    low, back = _one(rng, _LOWS, rate), _one(rng, _BACKS, rate)
    top = _one(rng, (*_HATS, cymbals.ping), rate)
    for index, place in enumerate(at):
        beat = index % 16
        if beat in (0, 10) or (beat not in (4, 12) and rng.uniform() < 0.15):
            put(out, low, place, rng.uniform(0.6, 1.0))
        if beat in (4, 12):
            put(out, back, place, rng.uniform(0.7, 1.0))
        elif rng.uniform() < 0.15:
            put(out, back, place, rng.uniform(0.1, 0.35))
        if index % 2 == 0 or rng.uniform() < 0.1:
            put(out, top, place, rng.uniform(0.15, 0.4))
    x = driven(out / np.max(np.abs(out)), log_uniform(rng, 0.3, 5.0))
    if rng.uniform() < 0.3:
        x = crushed(held(x, log_uniform(rng, 9000.0, 20000.0), rate), rng.uniform(6.0, 9.0))
    return x


def four_on_the_floor(rng: np.random.Generator, rate: int) -> Signal:
    """A kick on each beat, a clap on every other, a hat between."""
    out, at = _grid(rng, rate, 112.0, 150.0)
    low, back = _one(rng, _LOWS, rate), _one(rng, _BACKS, rate)
    top, small = _one(rng, _HATS, rate), _one(rng, _SMALL, rate)
    steps = rng.uniform(0.0, 1.0, 16) < 0.25
    for index, place in enumerate(at):
        if index % 4 == 0:
            put(out, low, place, rng.uniform(0.8, 0.9))
        if index % 8 == 4:
            put(out, back, place, rng.uniform(0.5, 0.8))
        if index % 4 == 2 or rng.uniform() < 0.2:
            put(out, top, place, rng.uniform(0.2, 0.5))
        if steps[index % 16]:
            put(out, small, place, rng.uniform(0.1, 0.4))
    return out


def hat_loop(rng: np.random.Generator, rate: int) -> Signal:
    """Hats or a shaker alone, with accents and rolls."""
    out, at = _grid(rng, rate, 80.0, 170.0)
    top = _one(rng, (*_HATS, hands.shaker, rattles.single_stroke), rate)
    for index, place in enumerate(at):
        if index % 2 == 0 or rng.uniform() < 0.5:
            put(out, top, place, 1.0 if index % 4 == 0 else rng.uniform(0.3, 0.8))
        if rng.uniform() < 0.08:
            put(out, top, place + (at[1] - at[0]) // 2, 0.5)
    return out


def percussion_loop(rng: np.random.Generator, rate: int) -> Signal:
    """Three or four small drums that answer one another."""
    out, at = _grid(rng, rate, 80.0, 140.0)
    for _ in range(int(rng.integers(3, 5))):
        hit = _one(rng, _SMALL, rate)
        steps = rng.uniform(0.0, 1.0, 8) < 0.4
        steps[int(rng.integers(8))] = True
        for index, place in enumerate(at):
            if steps[index % 8]:
                put(out, hit, place, rng.uniform(0.4, 1.0))
    return out


def melody(rng: np.random.Generator, rate: int) -> Signal:
    """Notes of one scale on one instrument."""
    out, at = _grid(rng, rate, 80.0, 150.0)
    scale = _SCALES[int(rng.integers(len(_SCALES)))]
    root, step = note(rng, 40, 66), int(rng.choice((1, 2, 2, 4)))
    plays, t60 = int(rng.integers(3)), log_uniform(rng, 0.2, 1.2)
    cut = log_uniform(rng, 800.0, 6000.0)
    for place in at[::step]:
        if rng.uniform() < 0.25:
            continue
        hz = root * 2.0 ** ((int(rng.choice(scale)) + 12 * int(rng.integers(2))) / 12.0)
        t = time_axis(t60, rate)
        if plays == 0:
            x = bar(rng, t, rate, hz, t60, (1.0, 2.0, 3.0, 4.0, 5.0), 1.0, 0.8)
        elif plays == 1:
            x = bar(rng, t, rate, hz, t60, (1.0, 3.9, 9.2), 1.0, 1.0)
        else:
            x = lowpass(square_bank(rng, t, (hz, 1.004 * hz), rate), cut, rate) * fall(t, t60)
        put(out, x * swell(t, 0.003) * swell(t60 - t, 0.02), place, rng.uniform(0.4, 1.0))
    if not np.any(out):
        put(out, bar(rng, time_axis(t60, rate), rate, root, t60, (1.0, 2.0)), 0)
    return out


def _one(rng: np.random.Generator, choices: Sequence[Hit], rate: int) -> Signal:
    x = choices[int(rng.integers(len(choices)))](rng, rate)[: round(_SECONDS * rate)]
    return x / float(np.max(np.abs(x)))


def _grid(
    rng: np.random.Generator, rate: int, slow: float, fast: float
) -> tuple[Signal, list[int]]:
    """Silence for a whole number of beats, and where its sixteenths lie: swung, not quite exact."""
    step = 15.0 / rng.uniform(slow, fast)
    steps = 4 * int(_SECONDS / (4.0 * step))
    swing = rng.uniform(0.0, 0.3) if rng.uniform() < 0.5 else 0.0
    late = np.abs(rng.normal(0.0, rng.uniform(0.0, 0.004), steps))
    late[0] = 0.0
    at = step * (np.arange(steps) + swing * (np.arange(steps) % 2)) + late
    return np.zeros(round(steps * step * rate)), np.round(at * rate).astype(int).tolist()
