"""Clip -> log-mel: the one front end, for training and for use.

A clip is brought to one sample rate, aligned to its first sound, and turned into a log-mel
spectrogram in dB relative to its own loudest cell. So neither the file's rate, nor its level,
nor silence around the sound says anything about the class.
"""

import math
import threading
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import soxr
from numpy.typing import NDArray

from drumsort.audio.level import first_beyond, peak
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
        onset = first_beyond(samples, peak(samples) * 10 ** (-self.onset_db / 20)) or 0
        if onset >= self.lead:
            return samples[onset - self.lead :]
        return np.concatenate([np.zeros(self.lead - onset, np.float32), samples])

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
        beyond = self.n_fft // 2 if self.pad_db is None else 0
        used = min(self.n_frames, 1 + (len(samples) + beyond) // self.hop)
        filters = _mel_filters(rate, self.n_fft, self.n_mels, self.fmin, self.fmax or rate / 2)
        mel = self._mel(samples, used, filters)
        pad = -self.range_db if self.pad_db is None else self.pad_db
        out = np.full((self.n_mels, self.n_frames), pad, np.float32)
        out[:, :used] = -self.range_db
        if mel.max() > _LEAST_POWER:  # else all is silence
            decibel = np.log10(np.maximum(mel, _LEAST_POWER, out=mel), out=mel)
            decibel *= 10
            decibel -= decibel.max()
            np.maximum(decibel, -self.range_db, out=out[:, :used])
        return out

    def _mel(
        self, samples: Samples, used: int, filters: "tuple[_Bands, ...]"
    ) -> NDArray[np.float32]:
        """Power in each band of the first ``used`` frames, shape ``(n_mels, used)``.

        A few frames at a time, in memory that stays with the thread: fresh memory costs as much as
        the transform where the system has to clear it first.
        """
        mel = np.empty((self.n_mels, used), np.float32)
        room = _room(self.n_fft, self.hop)
        for start in range(0, used, room.step):
            n = min(room.step, used - start)
            windowed, spectrum, power = room.windowed[:n], room.spectrum[:n], room.power[:n]
            room.fill(samples, start * self.hop - self.n_fft // 2)
            np.multiply(room.frames[:n], self._window, out=windowed)
            np.fft.rfft(windowed, out=spectrum)  # type: ignore[arg-type]  # single precision, too
            squares = spectrum.view(np.float32)
            np.multiply(squares, squares, out=squares)
            np.add(squares[:, ::2], squares[:, 1::2], out=power)
            for bands, bins, weights in filters:
                np.matmul(weights, power[:, bins].T, out=mel[bands, start : start + n])
        return mel

    @cached_property
    def _window(self) -> Samples:
        """Periodic Hann window."""
        return np.hanning(self.n_fft + 1)[:-1].astype(np.float32)


class _Room:
    """Memory for the frames that are transformed at once.

    Attributes:
        step: how many these are.
        frames: shape ``(step, n_fft)``; they overlap.
        windowed: the same, under the window.
        spectrum: shape ``(step, n_fft // 2 + 1)``.
        power: of the same shape.
    """

    def __init__(self, n_fft: int, hop: int) -> None:
        self.step = max(1, _AT_ONCE // n_fft)
        self._samples = np.zeros((self.step - 1) * hop + n_fft, np.float32)
        windows = np.lib.stride_tricks.sliding_window_view(self._samples, n_fft)
        self.frames = windows[::hop]
        self.windowed = np.empty((self.step, n_fft), np.float32)
        self.spectrum = np.empty((self.step, n_fft // 2 + 1), np.complex64)
        self.power = np.empty(self.spectrum.shape, np.float32)

    def fill(self, samples: Samples, first: int) -> None:
        """Let the frames begin at sample ``first``, which may be negative; silence is around."""
        begin, end = max(0, -first), max(0, min(len(self._samples), len(samples) - first))
        self._samples[:begin] = 0
        self._samples[begin:end] = samples[first + begin : first + end]
        self._samples[end:] = 0


_rooms = threading.local()


def _room(n_fft: int, hop: int) -> _Room:
    """The room of this thread; a thread has use for one front end at a time."""
    key = n_fft, hop
    if getattr(_rooms, "key", None) != key:
        _rooms.key, _rooms.room = key, _Room(n_fft, hop)
    room: _Room = _rooms.room
    return room


_Bands = tuple[slice, slice, NDArray[np.float32]]
"""Some neighbouring mel bands, the bins that they hear, and the weights of these."""


@lru_cache(64)
def _mel_filters(
    rate: int, n_fft: int, n_mels: int, fmin: float, fmax: float
) -> tuple[_Bands, ...]:
    """Mel filter bank in parts, as most of its weights are zero."""
    edges = _mel_to_hz(np.linspace(hz_to_mel(fmin), hz_to_mel(fmax), n_mels + 2))
    bins = np.fft.rfftfreq(n_fft, 1 / rate)
    low, centre, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (bins - low) / (centre - low), (high - bins) / (high - centre)
    area = 2 / (high - low)
    weights = (np.maximum(0, np.minimum(rising, falling)) * area).astype(np.float32)
    return tuple(_part(weights, slice(i, i + _BANDS)) for i in range(0, n_mels, _BANDS))


def _part(weights: NDArray[np.float32], bands: slice) -> _Bands:
    heard = np.flatnonzero(weights[bands].any(axis=0))
    bins = slice(heard[0], heard[-1] + 1) if len(heard) else slice(0, 1)
    return bands, bins, weights[bands, bins].copy()


_AT_ONCE = 48 * 1024  # samples in the windows of the frames that are transformed at once
_BANDS = 16  # that share one matrix product

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
