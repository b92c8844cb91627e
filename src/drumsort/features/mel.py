"""The mel scale, and filters that are as wide on it everywhere: power spectrum -> mel bands.

Slaney's (M. Slaney, "Auditory Toolbox", 1998): triangles of equal area on a scale that is linear
below 1 kHz and logarithmic above.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_BREAK_HZ = 1000.0
_MEL_HZ = 200.0 / 3
_LOG_STEP = np.log(6.4) / 27

_TOGETHER = 16  # bands that share one matrix product, for most of all weights are zero


def hz_to_mel(hz: float) -> float:
    """Hz on Slaney's mel scale."""
    if hz < _BREAK_HZ:
        return hz / _MEL_HZ
    return float(_BREAK_HZ / _MEL_HZ + np.log(hz / _BREAK_HZ) / _LOG_STEP)


@dataclass(frozen=True)
class Filters:
    """Some neighbouring mel bands.

    Attributes:
        bands: which.
        bins: of the spectrum, that they hear.
        weights: of these bins, shape ``(bands, bins)``, float32.
    """

    bands: slice
    bins: slice
    weights: NDArray[np.float32]


def filter_bank(
    rate: int, n_fft: int, n_mels: int, fmin: float, fmax: float
) -> tuple[Filters, ...]:
    """Filters for spectra of ``n_fft`` samples at ``rate``; bands above half of it hear nothing."""
    edges = _mel_to_hz(np.linspace(hz_to_mel(fmin), hz_to_mel(fmax), n_mels + 2))
    bins = np.fft.rfftfreq(n_fft, 1 / rate)
    low, centre, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (bins - low) / (centre - low), (high - bins) / (high - centre)
    area = 2 / (high - low)
    weights = (np.maximum(0, np.minimum(rising, falling)) * area).astype(np.float32)
    return tuple(_some(weights, slice(i, i + _TOGETHER)) for i in range(0, n_mels, _TOGETHER))


def _some(weights: NDArray[np.float32], bands: slice) -> Filters:
    heard = np.flatnonzero(weights[bands].any(axis=0))
    bins = slice(heard[0], heard[-1] + 1) if len(heard) else slice(0, 1)
    return Filters(bands, bins, weights[bands, bins].copy())


def _mel_to_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    log_part = _BREAK_HZ * np.exp(_LOG_STEP * (mel - _BREAK_HZ / _MEL_HZ))
    return np.where(mel < _BREAK_HZ / _MEL_HZ, mel * _MEL_HZ, log_part)
