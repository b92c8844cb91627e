"""Samples -> power in mel bands, frame by frame, at any rate.

A frame is a stretch of time, not a number of samples: at each rate the window and the distance
between frames are as long in seconds, and so are the bins of the spectrum as wide in Hz, as nearly
as whole samples allow. So a file need not be resampled to be heard like all others.
"""

import threading

import numpy as np
from numpy.typing import NDArray

from drumsort.features.mel import filter_bank
from drumsort.types import Samples


class Frames:
    """How frames are taken of samples at one rate.

    Attributes:
        n_fft: window length, in samples.

    Args:
        rate: of the samples, in Hz.
        n_fft: window length, in samples.
        hop: distance between frames, in samples; need not be whole.
        n_mels: number of mel bands.
        fmin: lower edge of the lowest band, in Hz.
        fmax: upper edge of the highest band, in Hz.
    """

    def __init__(
        self, rate: int, n_fft: int, hop: float, n_mels: int, fmin: float, fmax: float
    ) -> None:
        self.n_fft, self._hop, self._n_mels = n_fft, hop, n_mels
        self._window = np.hanning(n_fft + 1)[:-1].astype(np.float32)  # periodic
        self._filters = filter_bank(rate, n_fft, n_mels, fmin, fmax)
        self._bins = max(filters.bins.stop for filters in self._filters)

    def count(self, n_samples: int, beyond: bool) -> int:
        """How many frames hear ``n_samples``, or are centred in them if not ``beyond``."""
        reach = n_samples + (self.n_fft // 2 if beyond else 0)
        return 1 + int(reach / self._hop)

    def samples(self, n_frames: int) -> int:
        """How many samples ``n_frames`` hear."""
        return int((n_frames - 1) * self._hop) + self.n_fft // 2

    def mel(self, samples: Samples, count: int) -> NDArray[np.float32]:
        """Power in each band of the first ``count`` frames, shape ``(n_mels, count)``.

        A few frames at a time, in memory that stays with the thread: fresh memory costs as much as
        the transform where the system has to clear it first.
        """
        mel = np.empty((self._n_mels, count), np.float32)
        room = _room(self.n_fft, self._hop)
        for start in range(0, count, room.step):
            n = min(room.step, count - start)
            windowed, spectrum, power = room.windowed[:n], room.spectrum[:n], room.power[:n]
            frames = room.frames(samples, int(start * self._hop) - self.n_fft // 2)
            np.multiply(frames[:n], self._window, out=windowed)
            np.fft.rfft(windowed, out=spectrum)  # type: ignore[arg-type]  # single precision, too
            squares = spectrum.view(np.float32)[:, : 2 * self._bins]
            np.multiply(squares, squares, out=squares)
            np.add(squares[:, ::2], squares[:, 1::2], out=power[:, : self._bins])
            for some in self._filters:
                out = mel[some.bands, start : start + n]
                np.matmul(some.weights, power[:, some.bins].T, out=out)
        return mel


class _Room:
    """Memory for the frames that are transformed at once.

    Attributes:
        step: how many these are.
        windowed: shape ``(step, n_fft)``.
        spectrum: shape ``(step, n_fft // 2 + 1)``.
        power: of the same shape.
    """

    def __init__(self, n_fft: int, hop: float) -> None:
        self.step = max(1, _AT_ONCE // n_fft)
        starts = [int(i * hop) for i in range(self.step)]
        self._starts = slice(None, None, int(hop)) if hop == int(hop) else np.array(starts)
        self._samples = np.zeros(starts[-1] + n_fft, np.float32)
        self._windows = np.lib.stride_tricks.sliding_window_view(self._samples, n_fft)
        self.windowed = np.empty((self.step, n_fft), np.float32)
        self.spectrum = np.empty((self.step, n_fft // 2 + 1), np.complex64)
        self.power = np.empty(self.spectrum.shape, np.float32)

    def frames(self, samples: Samples, first: int) -> Samples:
        """Frames that begin at sample ``first``, which may be negative; silence is around.

        Shape ``(step, n_fft)``; they overlap.
        """
        begin = max(0, -first)
        end = max(begin, min(len(self._samples), len(samples) - first))
        self._samples[:begin] = 0
        self._samples[begin:end] = samples[first + begin : first + end]
        self._samples[end:] = 0
        frames: Samples = self._windows[self._starts]
        return frames


_AT_ONCE = 48 * 1024  # samples in the windows of the frames that are transformed at once
_MOST = 8  # rooms that a thread keeps: a library has files of some rates

_threads = threading.local()


def _room(n_fft: int, hop: float) -> _Room:
    """The room of this thread for such frames."""
    rooms: dict[tuple[int, float], _Room] = _threads.__dict__.setdefault("rooms", {})
    if (n_fft, hop) not in rooms:
        if len(rooms) >= _MOST:
            rooms.clear()
        rooms[n_fft, hop] = _Room(n_fft, hop)
    return rooms[n_fft, hop]
