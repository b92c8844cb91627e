"""Clip -> log-mel: the one front end, for training and for use.

A clip is brought to one sample rate, aligned to its first sound, and turned into a log-mel
spectrogram in dB relative to its own loudest cell. So neither the file's rate, nor its level,
nor silence around the sound says anything about the class.
"""

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import soxr
from numpy.typing import NDArray

from drumsort.types import Clip, Samples

Spectrogram = NDArray[np.float32]
"""Log-mel, float32, shape ``(n_mels, n_frames)``, in dB: 0 is the loudest cell."""


@dataclass(frozen=True)
class LogMel:
    """A log-mel front end; calling it turns a clip into a log-mel spectrogram.

    Mel filters are Slaney's (M. Slaney, "Auditory Toolbox", 1998): triangles of equal area on a
    scale that is linear below 1 kHz and logarithmic above. Against ``librosa.feature``
    ``melspectrogram`` (centred frames, zero padding, periodic Hann window) followed by
    ``power_to_db``, on the same samples, every cell agrees within 0.01 dB.

    Attributes:
        rate: sample rate of the analysis, in Hz; ``None`` leaves each file at its own, so that
            the mel scale differs from file to file.
        n_fft: window length, in samples.
        hop: distance between frames, in samples.
        n_mels: number of mel bands.
        fmin: lower edge of the lowest band, in Hz.
        fmax: upper edge of the highest band, in Hz; ``None`` is half the rate.
        n_frames: number of frames; shorter sounds are padded with silence, longer ones cut.
        range_db: cells quieter than this below the loudest count as silence.
        pad_db: level of the frames after the end of the sound; ``None`` is silence. With another
            level, frames centred after the end are padding, too, as librosa counts them.
        onset_db: the sound starts at the first sample this far below its peak; ``None`` takes the
            samples as they are.
        lead: samples before that onset, at ``rate``.
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
        return self.log_mel(self.prepare(clip), self.rate or clip.rate)

    @property
    def n_samples(self) -> int:
        """How many samples at ``rate`` the frames cover."""
        return (self.n_frames - 1) * self.hop + self.n_fft // 2

    def bands_below(self, hz: float) -> int:
        """How many mel bands, from the lowest on, a sound has that ends at ``hz``."""
        top = self.fmax or (self.rate or math.inf) / 2
        low, high = hz_to_mel(self.fmin), hz_to_mel(top)
        return min(self.n_mels, round((hz_to_mel(hz) - low) / (high - low) * (self.n_mels + 1)))

    @property
    def native_samples(self) -> int | None:
        """How many samples of a file at its own rate are heard, where the rate is left at that."""
        return self.n_samples if self.rate is None else None

    def prepare(self, clip: Clip) -> Samples:
        """The samples of ``clip`` at the rate of the analysis, aligned to their onset."""
        return self.align(self.resample(clip.samples, clip.rate))

    def resample(self, samples: Samples, rate: int) -> Samples:
        """Bring ``samples`` from ``rate`` to the rate of the analysis (soxr, HQ)."""
        if self.rate is None or rate == self.rate:
            return samples
        resampled: Samples = soxr.resample(samples, rate, self.rate, quality="HQ")
        return resampled

    def align(self, samples: Samples) -> Samples:
        """Cut or pad the start with silence, so that the sound sets in after ``lead`` samples."""
        if self.onset_db is None:
            return samples
        level = np.abs(samples)
        loud = level > level.max(initial=0.0) * 10 ** (-self.onset_db / 20)
        onset = int(loud.argmax()) if loud.any() else 0
        early = np.zeros(max(0, self.lead - onset), np.float32)
        return np.concatenate([early, samples[max(0, onset - self.lead) :]])

    def log_mel(self, samples: Samples, rate: int | None = None) -> Spectrogram:
        """Log-mel of samples at ``rate``: shape ``(n_mels, n_frames)``, dB, float32.

        Args:
            samples: shape ``(n,)``, float32.
            rate: their rate in Hz, where the front end has none of its own.
        """
        rate = self.rate or rate
        if rate is None:
            raise ValueError("this front end needs the rate of the samples")
        samples = samples[: self.n_samples]
        half = self.n_fft // 2
        beyond = half if self.pad_db is None else 0
        used = min(self.n_frames, 1 + (len(samples) + beyond) // self.hop)
        padded = np.zeros((used - 1) * self.hop + self.n_fft, np.float32)
        padded[half : half + len(samples)] = samples[: len(padded) - half]
        frames = np.lib.stride_tricks.sliding_window_view(padded, self.n_fft)[:: self.hop]
        spectrum = np.fft.rfft(frames * self._window)
        filters = _mel_filters(rate, self.n_fft, self.n_mels, self.fmin, self.fmax or rate / 2)
        mel = filters @ (spectrum.real**2 + spectrum.imag**2).T
        decibel = 10 * np.log10(np.maximum(mel, _LEAST_POWER))
        pad = -self.range_db if self.pad_db is None else self.pad_db
        out = np.full((self.n_mels, self.n_frames), pad, np.float32)
        out[:, :used] = -self.range_db
        if mel.max() > _LEAST_POWER:  # else all is silence
            np.maximum(decibel - decibel.max(), -self.range_db, out=out[:, :used])
        return out

    @cached_property
    def _window(self) -> Samples:
        """Periodic Hann window."""
        return np.hanning(self.n_fft + 1)[:-1].astype(np.float32)


@lru_cache(64)
def _mel_filters(
    rate: int, n_fft: int, n_mels: int, fmin: float, fmax: float
) -> NDArray[np.float32]:
    """Mel filter bank, shape ``(n_mels, n_fft // 2 + 1)``."""
    edges = _mel_to_hz(np.linspace(hz_to_mel(fmin), hz_to_mel(fmax), n_mels + 2))
    bins = np.fft.rfftfreq(n_fft, 1 / rate)
    low, centre, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (bins - low) / (centre - low), (high - bins) / (high - centre)
    area = 2 / (high - low)
    return (np.maximum(0, np.minimum(rising, falling)) * area).astype(np.float32)


_LEAST_POWER = np.float32(1e-20)

_BREAK_HZ = 1000.0
_MEL_HZ = 200.0 / 3
_LOG_STEP = np.log(6.4) / 27


def hz_to_mel(hz: float) -> float:
    """Hz on Slaney's mel scale."""
    if hz < _BREAK_HZ:
        return hz / _MEL_HZ
    return float(_BREAK_HZ / _MEL_HZ + np.log(hz / _BREAK_HZ) / _LOG_STEP)


def _mel_to_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    log_part = _BREAK_HZ * np.exp(_LOG_STEP * (mel - _BREAK_HZ / _MEL_HZ))
    return np.where(mel < _BREAK_HZ / _MEL_HZ, mel * _MEL_HZ, log_part)
