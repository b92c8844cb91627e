"""The last touch: from a dry signal of any loudness to a finished sound."""

import numpy as np

from drumsort.synth.effects import crushed, driven, held
from drumsort.synth.envelopes import Signal, log_uniform, swell, time_axis
from drumsort.synth.filters import bandpass, room, tilted
from drumsort.synth.noises import hiss
from drumsort.types import Samples

_FADE = 0.005  # seconds
_LONGEST = 3.2  # seconds, with a room


def finished(rng: np.random.Generator, dry: Signal, rate: int) -> Samples:
    """Some kits get a room; all get a short fade at the end and a peak of 0.5 to 0.9."""
    x = dry / np.max(np.abs(dry))
    if rng.uniform() < 0.3:
        x = x + rng.uniform(0.05, 0.25) * room(rng, x, rate)
    return _faded(rng, x, rate)


def produced(rng: np.random.Generator, dry: Signal, rate: int) -> Samples:
    """What packs do to sounds, each in some kits: drive, tone, room, a cheap sampler, a cut."""
    x = dry / np.max(np.abs(dry))
    if rng.uniform() < 0.25:
        x = driven(x, log_uniform(rng, 0.5, 5.0))
    if rng.uniform() < 0.6:
        x = _toned(rng, x, rate)
    if rng.uniform() < 0.5:
        x = _in_a_room(rng, x, rate)
    if rng.uniform() < 0.12:
        x = held(x, log_uniform(rng, 9000.0, 24000.0), rate)
    if rng.uniform() < 0.12:
        x = crushed(x / np.max(np.abs(x)), rng.uniform(6.0, 11.0))
    if rng.uniform() < 0.2:
        x = _cut(rng, x, rate)
    if rng.uniform() < 0.2:
        t = time_axis(len(x) / rate, rate)[: len(x)]
        x = x + log_uniform(rng, 0.0003, 0.01) * hiss(rng, t, rate, 40.0, 9000.0, 0.5)[: len(x)]
    return _faded(rng, x - np.mean(x), rate)


def _faded(rng: np.random.Generator, x: Signal, rate: int) -> Samples:
    fade = round(_FADE * rate)
    x[-fade:] *= np.linspace(1.0, 0.0, fade)
    x *= rng.uniform(0.5, 0.9) / np.max(np.abs(x))
    return np.asarray(x, dtype=np.float32)


def _toned(rng: np.random.Generator, x: Signal, rate: int) -> Signal:
    """A tilt of the whole spectrum, and one place in it raised or lowered."""
    low, high = rng.uniform(-5.0, 5.0, 2)
    x = tilted(x, log_uniform(rng, 300.0, 4000.0), low, high, rate)
    hz = log_uniform(rng, 80.0, 0.4 * min(rate, 24000))
    return x + rng.uniform(-0.5, 1.0) * bandpass(x, hz, rate, rng.uniform(0.7, 3.0))


def _in_a_room(rng: np.random.Generator, x: Signal, rate: int) -> Signal:
    """A room, which may go on when the sound is over."""
    tail = rng.uniform(0.0, 0.35) if rng.uniform() < 0.6 else 0.0
    longer = max(len(x), min(round(len(x) + tail * rate), round(_LONGEST * rate)))
    x = np.append(x, np.zeros(longer - len(x)))
    return x + log_uniform(rng, 0.03, 0.5) * room(rng, x, rate)


def _cut(rng: np.random.Generator, x: Signal, rate: int) -> Signal:
    """Only what comes before the sound has lost 20 to 50 dB, with a fade."""
    step = round(0.01 * rate)
    if len(x) < 4 * step:
        return x
    level = np.max(np.abs(x[: len(x) // step * step]).reshape(-1, step), axis=1)
    loud = np.flatnonzero(level > level.max() * 10.0 ** (-rng.uniform(20.0, 50.0) / 20.0))
    x = x[: max(6 * step, (int(loud[-1]) + 2) * step)]
    left = np.arange(len(x), 0, -1) / rate
    return x * swell(left, log_uniform(rng, 0.005, 0.05))
