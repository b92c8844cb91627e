"""Changes that a sound may have had: quieter, duller, later, shorter, wetter, noisier.

Each takes the decoded clip, before any front end, and returns the same for the same clip.
"""

import io
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache, partial

import numpy as np
import soundfile
import soxr

from drumsort.types import Clip, Samples

Transform = Callable[[Clip], Clip]

MP3_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
"""Sample rates in Hz that MPEG-1, MPEG-2 and MPEG-2.5 have for layer III."""

RT60 = 0.6
"""Seconds in which the reverb falls by 60 dB."""

WET = 0.3
"""Share of the reverb in the result."""

NOISE_DB = 30.0
"""dB between the loudest part of the sound and the vinyl noise."""

_ONSET = 0.01  # of the peak: 40 dB below it, as in the front end
_LOUDEST_PART = 0.02  # s
_CLICKS = 20  # a second
_CLICK = 0.0005  # s until a click has fallen to 1/e


def gain(clip: Clip, decibel: float) -> Clip:
    """Louder or quieter."""
    return replace(clip, samples=clip.samples * np.float32(10 ** (decibel / 20)))


def lower_rate(clip: Clip, rate: int) -> Clip:
    """Resampled to ``rate`` in Hz; unchanged if its rate is not higher."""
    if clip.rate <= rate:
        return clip
    return _clip(soxr.resample(clip.samples, clip.rate, rate, quality="HQ"), rate)


def mp3(clip: Clip, kbits: int) -> Clip:
    """Encoded as MP3 with a constant bit rate, at the nearest rate that MP3 has."""
    rate = min(MP3_RATES, key=lambda rate: abs(rate - clip.rate))
    samples = clip.samples
    if rate != clip.rate:
        samples = soxr.resample(samples, clip.rate, rate, quality="HQ")
    samples = samples / max(1.0, float(np.abs(samples).max(initial=0.0)))
    # libsndfile's mpeg_l3_encode.c: level 0 is the highest bit rate that the rate has, 1 the lowest
    low, high = (32, 320) if rate >= 32_000 else (8, 160) if rate >= 16_000 else (8, 64)
    file = io.BytesIO()
    soundfile.write(
        file,
        samples,
        rate,
        format="MP3",
        subtype="MPEG_LAYER_III",
        compression_level=(high - kbits) / (high - low),
        bitrate_mode="CONSTANT",
    )
    file.seek(0)
    return _clip(soundfile.read(file, dtype="float32")[0], rate)


def later(clip: Clip, seconds: float) -> Clip:
    """After ``seconds`` of silence."""
    silence = np.zeros(round(seconds * clip.rate), np.float32)
    return _clip(np.concatenate([silence, clip.samples]), clip.rate)


def cut(clip: Clip, seconds: float, fade: float = 0.005) -> Clip:
    """Cut ``seconds`` after the onset, with the end faded out."""
    level = np.abs(clip.samples)
    onset = int((level > _ONSET * level.max(initial=0.0)).argmax())
    kept = clip.samples[: onset + round(seconds * clip.rate)]
    if len(kept) == len(clip.samples):
        return clip
    faded = kept.copy()
    n = round(fade * clip.rate)
    faded[len(faded) - n :] *= np.linspace(1, 0, n, dtype=np.float32)
    return _clip(faded, clip.rate)


def reverb(clip: Clip) -> Clip:
    """In a room that is always the same: decaying noise, with as much energy as the sound."""
    impulse = _room(clip.rate)
    n = len(clip.samples) + len(impulse) - 1
    size = 1 << (n - 1).bit_length()
    spectrum = np.fft.rfft(clip.samples, size) * _room_spectrum(clip.rate, size)
    wet = np.float32(WET) * np.fft.irfft(spectrum, size)[:n].astype(np.float32)
    wet[: len(clip.samples)] += np.float32(1 - WET) * clip.samples
    return _clip(wet, clip.rate)


def vinyl(clip: Clip) -> Clip:
    """With hiss and crackle of equal power, ``NOISE_DB`` below the loudest part."""
    n = len(clip.samples)
    rng = np.random.default_rng(zlib.crc32(clip.samples.tobytes()))
    hiss = rng.standard_normal(n).astype(np.float32)
    clicks = np.zeros(n, np.float32)
    starts = rng.integers(0, n, max(1, int(rng.poisson(_CLICKS * n / clip.rate))))
    clicks[starts] = rng.normal(0, 1, len(starts))
    decay = np.exp(-np.arange(round(8 * _CLICK * clip.rate)) / (_CLICK * clip.rate))
    crackle = np.convolve(clicks, decay.astype(np.float32))[:n]
    noise = hiss / _rms(hiss) + crackle / max(_rms(crackle), 1e-9)
    level = loudest(clip) * 10 ** (-NOISE_DB / 20) / _rms(noise)
    return replace(clip, samples=clip.samples + np.float32(level) * noise.astype(np.float32))


def pitch(clip: Clip, semitones: float) -> Clip:
    """Higher and shorter, or lower and longer, as a sampler plays it."""
    step = 2 ** (semitones / 12)
    return _clip(soxr.resample(clip.samples, step, 1.0, quality="HQ"), clip.rate)


def loudest(clip: Clip) -> float:
    """Root mean square of the loudest 20 ms."""
    size = max(1, round(_LOUDEST_PART * clip.rate))
    power = np.pad(clip.samples.astype(np.float64) ** 2, (0, -len(clip.samples) % size))
    means = power.reshape(-1, size).mean(1)
    return float(np.sqrt(means.max() * size / min(size, len(clip.samples))))


TRANSFORMS: Mapping[str, Transform] = {
    "20 dB quieter": partial(gain, decibel=-20),
    "at 16 kHz": partial(lower_rate, rate=16_000),
    "at 8 kHz": partial(lower_rate, rate=8_000),
    "MP3, 64 kbit/s": partial(mp3, kbits=64),
    "200 ms of silence first": partial(later, seconds=0.2),
    "cut to 150 ms": partial(cut, seconds=0.15),
    "reverb": reverb,
    "vinyl noise": vinyl,
    "3 semitones up": partial(pitch, semitones=3),
    "3 semitones down": partial(pitch, semitones=-3),
}
"""Name to change, in the order of the table."""


def _clip(samples: Samples, rate: int) -> Clip:
    return Clip(samples, rate, len(samples) / rate)


def _rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))


@lru_cache(8)
def _room(rate: int) -> Samples:
    """Impulse response of the room, of energy 1."""
    n = round(RT60 * rate)
    decay = 10 ** (-3 * np.arange(n) / n)
    impulse = np.random.default_rng(0).standard_normal(n) * decay
    room: Samples = (impulse / np.sqrt((impulse**2).sum())).astype(np.float32)
    return room


@lru_cache(8)
def _room_spectrum(rate: int, size: int) -> np.ndarray[tuple[int], np.dtype[np.complex64]]:
    return np.fft.rfft(_room(rate), size).astype(np.complex64)
