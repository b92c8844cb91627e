"""Clip -> log-mel: the one front end, for training and for use.

A clip is aligned to its first sound and turned into a log-mel spectrogram in dB relative to its own
loudest cell, with frames and bands that are the same in seconds and Hz at every rate. So neither
the file's rate, nor its level, nor silence around the sound says anything about the class.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import soxr
from numpy.typing import NDArray

from drumsort.audio.level import first_beyond, peak
from drumsort.features.frames import Frames
from drumsort.features.mel import hz_to_mel
from drumsort.types import Clip, Samples

Spectrogram = NDArray[np.float32]
"""Log-mel, float32, shape ``(n_mels, n_frames)``, in dB: 0 is the loudest cell."""

SILENT_DB = -79.5
"""In a frame no cell of which is above that, a front end with ``range_db`` 80 heard nothing."""

VERSION = 2
"""Of what the same settings compute: another one makes what was heard before out of date."""

_AS_IT_IS = 1.5  # of the analysis's rate: a file up to that need not be resampled


@dataclass(frozen=True)
class LogMel:
    """A log-mel front end; calling it turns a clip into a log-mel spectrogram.

    Against ``librosa.feature.melspectrogram`` (centred frames, zero padding, periodic Hann window)
    followed by ``power_to_db``, on samples at ``rate``, every cell agrees within 0.01 dB.

    Attributes:
        rate: sample rate in Hz at which window, hop and lead are counted. A file of another rate is
            heard at its own with as many seconds of each, or resampled to ``rate`` if it has more
            than half as many samples again. ``None`` counts samples of each file's own rate, so
            that the mel scale differs from file to file.
        n_fft: window length, in samples at ``rate``.
        hop: distance between frames, in samples at ``rate``.
        n_mels: number of mel bands.
        fmin: lower edge of the lowest band, in Hz.
        fmax: upper edge of the highest band, in Hz; ``None`` is half the rate.
        n_frames: number of frames; shorter sounds are padded with silence, longer ones cut.
        range_db: cells quieter than this below the loudest count as silence.
        pad_db: level of the frames after the end of the sound; ``None`` is silence. With another
            level, frames centred after the end are padding, too, as librosa counts them.
        onset_db: the sound starts at the first sample this far below its peak; ``None`` takes the
            samples as they are.
        lead: what is heard before that onset, in samples at ``rate``.
    """

    rate: int | None = 32_000
    n_fft: int = 1024
    hop: int = 320
    n_mels: int = 64
    fmin: float = 30.0
    fmax: float | None = 16_000.0
    n_frames: int = 128
    range_db: float = 80.0
    pad_db: float | None = None
    onset_db: float | None = 40.0
    lead: int = 320

    def __call__(self, clip: Clip) -> Spectrogram:
        """Turn a clip of any rate into log-mel, shape ``(n_mels, n_frames)``, dB, float32."""
        prepared = self.prepare(clip)
        return self.log_mel(prepared.samples, prepared.rate)

    @property
    def native_samples(self) -> int | None:
        """How many samples of a file are heard, where that number is the same at any rate."""
        return (self.n_frames - 1) * self.hop + self.n_fft // 2 if self.rate is None else None

    def bands_below(self, hz: float) -> int:
        """How many mel bands, from the lowest on, a sound has that ends at ``hz``."""
        top = self.fmax or (self.rate or np.inf) / 2
        low, high = hz_to_mel(self.fmin), hz_to_mel(top)
        return min(self.n_mels, round((hz_to_mel(hz) - low) / (high - low) * (self.n_mels + 1)))

    def lead_at(self, rate: int) -> int:
        """The lead in samples at ``rate``."""
        return round(self.lead * self._scale(rate))

    def prepare(self, clip: Clip) -> Clip:
        """What is heard of ``clip``: aligned to its onset, at a rate that is not too high."""
        samples, rate = clip.samples, clip.rate
        if self.rate is not None and rate > _AS_IT_IS * self.rate:
            samples, rate = soxr.resample(samples, rate, self.rate, quality="HQ"), self.rate
        return replace(clip, samples=self._aligned(samples, self.lead_at(rate)), rate=rate)

    def log_mel(self, samples: Samples, rate: int | None = None) -> Spectrogram:
        """Log-mel of samples at ``rate``: shape ``(n_mels, n_frames)``, dB, float32.

        Args:
            samples: shape ``(n,)``, float32.
            rate: theirs in Hz; that of the analysis by default.
        """
        rate = rate or self.rate
        if rate is None:
            raise ValueError("this front end needs the rate of the samples")
        frames = self.frames(rate)
        samples = samples[: frames.samples(self.n_frames)]
        used = min(self.n_frames, frames.count(len(samples), beyond=self.pad_db is None))
        mel = frames.mel(samples, used)
        pad = -self.range_db if self.pad_db is None else self.pad_db
        out = np.full((self.n_mels, self.n_frames), pad, np.float32)
        out[:, :used] = -self.range_db
        if mel.max() > _LEAST_POWER:  # else all is silence
            decibel = np.log(np.maximum(mel, _LEAST_POWER, out=mel), out=mel)
            decibel *= _DECIBEL
            decibel -= decibel.max()
            np.maximum(decibel, -self.range_db, out=out[:, :used])
        return out

    def frames(self, rate: int) -> Frames:
        """How frames are taken of samples at ``rate``."""
        return _frames(self, rate)

    def _scale(self, rate: int) -> float:
        """How many samples at ``rate`` are as long as one of the analysis."""
        return rate / (self.rate or rate)

    def _aligned(self, samples: Samples, lead: int) -> Samples:
        """The start cut, or padded with silence, so that the sound sets in after ``lead``."""
        if self.onset_db is None:
            return samples
        onset = first_beyond(samples, peak(samples) * 10 ** (-self.onset_db / 20)) or 0
        if onset >= lead:
            return samples[onset - lead :]
        return np.concatenate([np.zeros(lead - onset, np.float32), samples])


_LEAST_POWER = np.float32(1e-20)
_DECIBEL = np.float32(10 / np.log(10))  # for each natural logarithm, four times as fast as log10


@lru_cache(64)
def _frames(front_end: LogMel, rate: int) -> Frames:
    scale = front_end._scale(rate)
    return Frames(
        rate,
        front_end.n_fft if scale == 1 else _quick_length(front_end.n_fft * scale),
        front_end.hop * scale,
        front_end.n_mels,
        front_end.fmin,
        front_end.fmax or (front_end.rate or rate) / 2,
    )


def _quick_length(length: float) -> int:
    """The even number closest to ``length`` that is quickly transformed: of factors up to 13."""
    near = range(2, 2 * round(length) + 4, 2)
    return min(filter(_is_quick, near), key=lambda candidate: abs(candidate - length))


def _is_quick(n: int) -> bool:
    for factor in (2, 3, 5, 7, 11, 13):
        while n % factor == 0:
            n //= factor
    return n == 1
