"""Path -> where the hits of a sound begin, found as it is read, and its outline."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from drumsort.audio.open import Sound, not_opened, open_sound
from drumsort.errors import DamagedError
from drumsort.slicing.flux import Frames
from drumsort.types import Samples

MIN_GAP = 0.04
"""Seconds that two hits are apart at least."""

COARSE = Frames(window=0.0464, hop=0.005, octave=12, lag=3)
"""Frames that tell whether there is a hit."""

_LEAST_FLUX = 0.025  # above the mean around it
_PEAK = 0.03  # seconds to either side that an onset has the highest flux of
_MEAN = (0.1, 0.07)  # seconds before and after, whose mean it exceeds
_BEFORE = 0.15  # seconds of silence that are thought before the first sample
_SECONDS = 2  # that are read at once: a whole number of hops, and of samples at any rate
_FLOOR = 0.05  # of the blocks are no louder than the floor
_QUIET = 10 ** (-30 / 20)  # of the highest sample: such a floor may be room tone, and ...
_OVER_FLOOR = 2.0  # ... a sound that the file begins with must be so much louder to be a hit
_FIRST = 0.05  # seconds by which that is told
_LEAST = 10 ** (-80 / 20)  # no sound


@dataclass(frozen=True)
class Onsets:
    """What is found in a sound.

    Attributes:
        rate: samples per second, in Hz.
        format: container and coding in libsndfile's terms: ``"WAV PCM_16"``.
        channels: how many.
        length: of the sound, in frames of the file.
        at: where the hits begin, in frames of the file, within 10 ms; rising.
        outline: the lowest and the highest sample in each 5 ms, shape ``(n, 2)``, float32.
        floor: how loud its quietest parts are: RMS.
        remark: what a listener should know of the file, or ``""``.
    """

    rate: int
    format: str
    channels: int
    length: int
    at: tuple[int, ...]
    outline: Samples = field(repr=False)
    floor: float = 0.0
    remark: str = ""


def onsets(path: Path, min_gap: float = MIN_GAP) -> Onsets:
    """Find the hits of a sound.

    Args:
        path: the file; it is read once, in parts. Of each second, 0.1 MB are kept.
        min_gap: how far apart two hits are at least, in seconds; of those that are closer, the
            first counts.

    Raises:
        AudioError: it cannot be opened or read.
        DamagedError: there is no sound in it.
    """
    try:
        with open_sound(path) as sound:
            bands, outline, power = _read(sound)
            rate, length = sound.rate, sound.position
            what, channels, is_cut = sound.format, sound.channels, sound.is_cut
    except OSError as error:
        raise not_opened(path, error) from error
    if not length or np.abs(outline).max(initial=0) < _LEAST:
        raise DamagedError(f"{path} is silent: there are no hits in it.")
    flux = COARSE.flux(bands, float(bands.max()))
    floor = float(np.sqrt(np.quantile(power, _FLOOR)))
    times = _peaks(flux, min_gap) * COARSE.hop - _BEFORE + COARSE.size(rate) / 2 / rate
    frames = np.maximum(np.round(times * rate), 0).astype(int)
    # A frame that reaches beyond the end hears the sound stop, which is no hit.
    found = frames[(frames == 0) | (frames < length - COARSE.size(rate) // 2)].tolist()
    first = np.sqrt(power[: round(_FIRST / COARSE.hop)].mean())
    quiet = floor < _QUIET * np.abs(outline).max()
    if found and found[0] < _FIRST / 2 * rate and quiet and first < _OVER_FLOOR * floor:
        del found[0]  # the file only begins
    remark = f"{path} is cut short: what is left of it was sliced." if is_cut else ""
    at = tuple(dict.fromkeys(found))
    return Onsets(rate, what, channels, length, at, outline, floor, remark)


def _read(sound: Sound) -> tuple[Samples, Samples, Samples]:
    """All bands, the outline, and the power of each 5 ms."""
    rate, size = sound.rate, COARSE.size(sound.rate)
    step = _SECONDS * rate
    ahead = np.zeros((round(_BEFORE * rate), sound.channels), np.float32)
    bands: list[Samples] = []
    outlines: list[Samples] = []
    powers: list[Samples] = []
    for block in _blocks(sound, step):
        starts = np.round(np.arange(0, len(block), COARSE.hop * rate)).astype(int)
        starts = starts[starts < len(block)]  # half a sample from the end, the last is rounded up
        low, high = block.min(axis=1), block.max(axis=1)
        lowest, highest = np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)
        outlines.append(np.stack([lowest, highest], axis=1))
        square = np.square(block).mean(axis=1)
        counts = np.diff([*starts, len(block)]).astype(np.float32)
        powers.append((np.add.reduceat(square, starts) / counts).astype(np.float32))
        ahead = np.concatenate([ahead, block])
        while len(ahead) >= step + size:
            bands.append(COARSE.bands(ahead, rate, round(_SECONDS / COARSE.hop)))
            ahead = ahead[step:]
    if len(ahead):
        rest = np.pad(ahead, ((0, size), (0, 0)))
        bands.append(COARSE.bands(rest, rate, int(len(ahead) / (COARSE.hop * rate))))
    return _all(bands), _all(outlines), _all(powers)


def _all(parts: Sequence[Samples]) -> Samples:
    return np.concatenate(parts) if parts else np.zeros((0, 1), np.float32)


def _blocks(sound: Sound, size: int) -> Iterator[Samples]:
    """All samples, ``size`` frames at a time but for the last; shape ``(n, channels)``."""
    while True:
        parts = [sound.read(size)]
        while len(parts[-1]) and sum(map(len, parts)) < size:
            parts.append(sound.read(size - sum(map(len, parts))))
        block = np.nan_to_num(np.concatenate(parts), nan=0.0, posinf=0.0, neginf=0.0)
        if not len(block):
            return
        yield block


def _peaks(flux: NDArray[np.float32], min_gap: float) -> NDArray[np.int64]:
    """The frames of the onsets: local peaks well above the mean around them."""
    near = round(_PEAK / COARSE.hop)
    before, after = (round(seconds / COARSE.hop) for seconds in _MEAN)
    highest = sliding_window_view(np.pad(flux, near), 2 * near + 1).max(axis=1)
    mean = sliding_window_view(np.pad(flux, (before, after)), before + after + 1).mean(axis=1)
    peaks = np.flatnonzero((flux == highest) & (flux >= mean + _LEAST_FLUX)).tolist()
    least = max(1, round(min_gap / COARSE.hop))
    kept: list[int] = []
    for peak in peaks:
        if not kept or peak - kept[-1] >= least:
            kept.append(peak)
    return np.array(kept, np.int64)
