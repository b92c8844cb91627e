"""Change a sound to what another pack might have: other pitch, room, tail, drive, bandwidth, level.

Waveforms are changed before the front end, spectrograms after it, a batch at once, on the device
that learns from them. Each change is drawn at random for every sound in every epoch, except where
variants of the waveform are made in advance.
"""

import math
from dataclasses import dataclass

import numpy as np
import soxr
import torch
from torch import Tensor

from drumsort.features import LogMel
from drumsort.types import Samples

OF_WAVEFORM = ("variants", "pitch", "pitch_semitones", "tail", "drive", "room", "noise", "shift")
"""The settings that decide which variants are made in advance."""


@dataclass(frozen=True)
class Augmentation:
    """Probability and strength of each change.

    Attributes:
        variants: how many changed waveforms of each sound are made before the first epoch, to
            choose from; 0 makes a new one each time. Log-mels are changed each time.
        layers: how often a sound is layered with another of the same label, as producers do.
        pitch: how often a waveform is played faster or slower.
        pitch_semitones: the largest change of pitch.
        tail: how often it decays faster or is cut.
        drive: how often it is clipped softly.
        room: how often it sounds in a small room.
        noise: how often noise is added.
        shift: how often the onset is moved.
        equalizer: how often bands are made louder or softer.
        equalizer_db: the largest change of level, in dB.
        band_limit: how often the highest bands are removed.
        floor: how often quiet cells become silence.
        masks: how often some bands and some frames become silence.
    """

    variants: int = 0
    layers: float = 0.0

    pitch: float = 0.6
    pitch_semitones: float = 2.5
    tail: float = 0.15
    drive: float = 0.15
    room: float = 0.1
    noise: float = 0.1
    shift: float = 0.7
    equalizer: float = 0.7
    equalizer_db: float = 8.0
    band_limit: float = 0.4
    floor: float = 0.15
    masks: float = 0.15

    def waveform(self, samples: Samples, rate: int, lead: int, rng: np.random.Generator) -> Samples:
        """Change samples of shape ``(n,)`` at ``rate``, with ``lead`` of them before the onset."""
        if rng.random() < self.pitch:
            semitones = rng.uniform(-self.pitch_semitones, self.pitch_semitones)
            samples = soxr.resample(samples, 2 ** (semitones / 12), 1.0, quality="QQ")
        if rng.random() < self.tail:
            samples = _shorten(samples, rate, rng)
        if rng.random() < self.drive:
            samples = _drive(samples, rng)
        if rng.random() < self.room:
            samples = _room(samples, rate, rng)
        if rng.random() < self.noise:
            samples = _noise(samples, rng)
        if rng.random() < self.shift:
            samples = _shift(samples, lead, rng)
        return samples

    def spectrograms(self, mels: Tensor, front_end: LogMel, rng: torch.Generator) -> Tensor:
        """Change log-mels ``(n, n_mels, n_frames)`` in dB, each in a way of its own.

        Args:
            mels: on the device of ``rng``; they stay as they are.
            front_end: that made them.
            rng: what is drawn.
        """
        draw = _Draw(len(mels), mels.device, rng)
        floor = -front_end.range_db
        _, n_mels, n_frames = mels.shape
        bands = torch.arange(n_mels, device=mels.device)[None, :, None]
        frames = torch.arange(n_frames, device=mels.device)[None, None]
        silent = mels <= floor + 0.5
        gain = _curves(n_mels, self.equalizer_db, draw) * draw.chosen(self.equalizer)
        # By LogMel() from 3 kHz up; 8 kHz, where files of 16 kHz end, is its band 52 of 64.
        cut = draw.whole(round(0.55 * n_mels), n_mels)
        steps = (bands - cut + 1).clamp(min=0)
        gain = gain - (15.0 * steps).clamp(max=80) * draw.chosen(self.band_limit)
        mels = mels + gain
        mels = (mels - mels.amax((1, 2), keepdim=True)).masked_fill(silent, floor)
        quiet = mels < floor + draw.uniform(0, 35)
        band, frame = draw.whole(0, n_mels - 6), draw.whole(4, n_frames - 8)
        masked = (bands >= band) & (bands < band + draw.whole(1, 7))
        masked = masked | ((frames >= frame) & (frames < frame + draw.whole(1, 9)))
        gone = (quiet & draw.chosen(self.floor)) | (masked & draw.chosen(self.masks))
        return mels.masked_fill(gone, floor).clamp(min=floor)


class _Draw:
    """Random numbers for ``n`` log-mels, each of shape ``(n, 1, 1)``."""

    def __init__(self, n: int, device: torch.device, rng: torch.Generator) -> None:
        self._shape, self._device, self._rng = (n, 1, 1), device, rng

    def uniform(self, low: float, high: float, count: int = 1) -> Tensor:
        """Shape ``(n, 1, count)``."""
        shape = (*self._shape[:2], count)
        share = torch.rand(shape, device=self._device, generator=self._rng)
        return low + (high - low) * share

    def whole(self, low: int, high: int) -> Tensor:
        """Whole numbers from ``low`` to ``high - 1``."""
        return torch.randint(low, high, self._shape, device=self._device, generator=self._rng)

    def chosen(self, share: float) -> Tensor:
        """Which are changed, bool."""
        return torch.rand(self._shape, device=self._device, generator=self._rng) < share


def _curves(n_mels: int, most: float, draw: _Draw) -> Tensor:
    """Gains in dB along the bands, ``(n, n_mels, 1)``: straight lines between 3 to 8 points."""
    points = draw.uniform(-most, most, _POINTS).flatten(1)
    last = draw.whole(2, _POINTS).flatten(1)
    at = torch.linspace(0, 1, n_mels, device=points.device) * last
    below = at.floor().clamp(max=last - 1).long()
    share = at - below
    return torch.lerp(points.gather(1, below), points.gather(1, below + 1), share)[:, :, None]


_POINTS = 8


def without_highs(mels: Tensor, front_end: LogMel) -> Tensor:
    """Log-mels ``(n, n_mels, n_frames)``, dB, without their upper bands.

    Every second one ends where a file at 16 kHz ends, the others somewhere near that.
    """
    n, n_mels, _ = mels.shape
    bands = torch.arange(n_mels, device=mels.device)[None, :, None]
    around = torch.randint(round(0.62 * n_mels), round(0.84 * n_mels), (n, 1, 1))
    around[::2] = front_end.bands_below(_LIMIT_HZ)
    silence = -front_end.range_db
    cut = mels.masked_fill(bands >= around.to(mels.device), silence)
    return (cut - cut.amax((1, 2), keepdim=True)).clamp(min=silence)


_LIMIT_HZ = 8000.0


def layered(mels: Tensor, others: Tensor, rng: torch.Generator) -> Tensor:
    """Log-mels, dB, as if two were heard together: their powers add, each of ``others`` up to 20 dB
    quieter."""
    others = others - _Draw(len(others), others.device, rng).uniform(0, 20)
    both = torch.logaddexp(mels * _NEPER, others * _NEPER) / _NEPER
    return both - both.amax((1, 2), keepdim=True)


_NEPER = math.log(10) / 10
"""Natural logarithm of the power ratio that is 1 dB."""


def _shorten(samples: Samples, rate: int, rng: np.random.Generator) -> Samples:
    """A faster decay, or a cut with a short fade."""
    if rng.random() < 0.5:
        decay = np.exp(rng.uniform(np.log(0.05), np.log(0.6)))
        return _decay(len(samples), decay * rate) * samples
    keep = int(np.exp(rng.uniform(np.log(0.1), np.log(1.0))) * rate)
    kept = samples[:keep].copy()
    fade = min(len(kept), int(0.01 * rate))
    kept[len(kept) - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
    return kept


def _decay(n: int, samples: float) -> Samples:
    """``n`` values that fall to 1/e every ``samples``."""
    return np.exp(np.arange(n) / -samples).astype(np.float32)


def _drive(samples: Samples, rng: np.random.Generator) -> Samples:
    """Soft clipping, which also compresses."""
    gain = np.exp(rng.uniform(0, np.log(12))) / max(float(np.abs(samples).max()), 1e-6)
    driven: Samples = np.tanh(samples * np.float32(gain))
    return driven


def _room(samples: Samples, rate: int, rng: np.random.Generator) -> Samples:
    """Convolution with decaying noise, added to the dry sound."""
    decay = np.exp(rng.uniform(np.log(0.02), np.log(0.15)))
    n = int(min(5 * decay, 0.6) * rate)
    impulse = rng.standard_normal(n).astype(np.float32)
    impulse *= _decay(n, decay * rate)
    size = 1 << (len(samples) + n - 1).bit_length()
    spectrum = np.fft.rfft(samples, size) * np.fft.rfft(impulse, size)
    wet: Samples = np.fft.irfft(spectrum, size)[: len(samples) + n].astype(np.float32)
    wet *= rng.uniform(0.05, 0.4) * np.abs(samples).max() / max(float(np.abs(wet).max()), 1e-6)
    wet[: len(samples)] += samples
    return wet


def _noise(samples: Samples, rng: np.random.Generator) -> Samples:
    """White or brownish noise, 25 to 60 dB below the peak."""
    noise = rng.standard_normal(len(samples)).astype(np.float32)
    if rng.random() < 0.5:
        noise = np.convolve(noise, np.ones(8) / 8, mode="same").astype(np.float32)
    level = np.abs(samples).max() * 10 ** (-rng.uniform(25, 60) / 20)
    noisy: Samples = (samples + noise * level).astype(np.float32)
    return noisy


def _shift(samples: Samples, lead: int, rng: np.random.Generator) -> Samples:
    """Start up to ``lead`` samples earlier or later."""
    offset = int(rng.integers(-lead, lead + 1))
    if offset < 0:
        return samples[-offset:] if len(samples) > 4 * lead else samples
    return np.concatenate([np.zeros(offset, np.float32), samples])
