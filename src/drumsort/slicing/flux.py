"""Samples -> spectral flux: how much louder the bands have become, every few milliseconds.

The method is SuperFlux: S. Böck and G. Widmer, "Maximum filter vibrato suppression for onset
detection", Proc. of the 16th Int. Conference on Digital Audio Effects (DAFx-13), 2013. Each
band is compared with the loudest of itself and its two neighbours a few frames before, so that a
partial that only wanders from band to band does not count.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from drumsort.types import Samples

_LOWEST, _HIGHEST = 30.0, 17_000.0  # Hz
_COMPRESSION = 200.0  # bands this far below the loudest, as a ratio, hardly count
_NEIGHBOURS = 1
_AT_ONCE = 1024  # frames


@dataclass(frozen=True)
class Frames:
    """How samples are cut into frames, and frames into bands.

    Attributes:
        window: length of a frame, in seconds.
        hop: from one frame to the next, in seconds.
        octave: bands in an octave.
        lag: how many frames before a frame is compared with.
    """

    window: float
    hop: float
    octave: int
    lag: int

    def size(self, rate: int) -> int:
        """Samples in a frame at ``rate``; even."""
        return 2 * max(8, round(self.window * rate / 2))

    def bands(self, samples: Samples, rate: int, count: int) -> Samples:
        """The magnitude of each band in the first ``count`` frames, 1 for a sine at full scale.

        Args:
            samples: shape ``(n, channels)``, to the end of the last frame at least.
            rate: theirs, in Hz.
            count: how many frames; frame ``k`` begins after ``k`` hops.

        Returns:
            Shape ``(count, n_bands)``, float32; the channels add up in power.
        """
        size = self.size(rate)
        edges = _edges(rate, size, self.octave)
        window = np.hanning(size + 1)[:-1].astype(np.float32)
        window *= 2 / window.sum()
        starts = np.round(np.arange(count) * self.hop * rate).astype(np.int64)
        out = np.zeros((count, len(edges) - 1), np.float32)
        for at in range(0, count, _AT_ONCE):
            some = starts[at : at + _AT_ONCE, None] + np.arange(size)
            for channel in samples.T:
                spectra = np.abs(np.fft.rfft(channel[some] * window, axis=1))
                out[at : at + _AT_ONCE] += np.add.reduceat(spectra, edges, axis=1)[:, :-1] ** 2
        out /= samples.shape[1]
        return np.sqrt(out, out=out)

    def flux(self, bands: Samples, loudest: float) -> NDArray[np.float32]:
        """The flux of each frame, shape ``(n_frames,)``: the mean rise of a band, in powers of 10.

        Args:
            bands: shape ``(n_frames, n_bands)``.
            loudest: the highest magnitude in the whole sound.
        """
        out = np.zeros(len(bands), np.float32)
        for at in range(self.lag, len(bands), _AT_ONCE):
            some = bands[at - self.lag : at + _AT_ONCE]
            level = np.log10(1 + np.float32(_COMPRESSION / max(loudest, 1e-9)) * some)
            before = np.pad(level[: -self.lag], ((0, 0), (_NEIGHBOURS, _NEIGHBOURS)), mode="edge")
            widest = sliding_window_view(before, 2 * _NEIGHBOURS + 1, axis=1).max(axis=2)
            out[at : at + _AT_ONCE] = np.maximum(level[self.lag :] - widest, 0).mean(axis=1)
        return out


@lru_cache(16)
def _edges(rate: int, size: int, octave: int) -> NDArray[np.int64]:
    """The first bin of each band, and the one after the last; no band is empty."""
    top = min(_HIGHEST, rate / 2)
    lowest = max(_LOWEST, rate / size)
    steps = int(np.log2(top / lowest) * octave) + 1
    return np.unique(np.round(lowest * 2 ** (np.arange(steps) / octave) * size / rate)).astype(int)
