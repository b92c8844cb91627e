"""Second-order filters, 12 dB per octave, and a small room.

A filter multiplies the spectrum by the response of its analogue model. So it starts when the sound
starts, and needs no loop over samples.
"""

import numpy as np
from numpy.typing import NDArray

from .envelopes import Signal, decay, log_uniform, time_axis

_PAD = 0.05  # seconds of silence for a filter to ring out


def lowpass(x: Signal, hz: float, rate: int, q: float = 0.707) -> Signal:
    """``x`` without the frequencies above ``hz``."""
    s = _laplace(len(x), hz, rate)
    return _shaped(x, 1.0 / (1.0 + s / q + s * s))


def highpass(x: Signal, hz: float, rate: int, q: float = 0.707) -> Signal:
    """``x`` without the frequencies below ``hz``."""
    s = _laplace(len(x), hz, rate)
    return _shaped(x, s * s / (1.0 + s / q + s * s))


def bandpass(x: Signal, hz: float, rate: int, q: float = 1.0) -> Signal:
    """The frequencies of ``x`` around ``hz``, in a band ``hz / q`` wide, with gain 1 at ``hz``."""
    s = _laplace(len(x), hz, rate)
    return _shaped(x, (s / q) / (1.0 + s / q + s * s))


def room(rng: np.random.Generator, x: Signal, rate: int) -> Signal:
    """The echo of ``x`` in a small room, as long as ``x``, at about the loudness of ``x``."""
    t60 = log_uniform(rng, 0.12, 0.5)
    t = time_axis(t60, rate)
    echo = rng.standard_normal(len(t)) * decay(t, t60, start=0.004)
    echo = highpass(lowpass(echo, log_uniform(rng, 2500.0, 8000.0), rate), 250.0, rate)
    size = _fft_size(len(x) + len(echo))
    spectrum = np.fft.rfft(x, size) * np.fft.rfft(echo / np.linalg.norm(echo), size)
    return np.fft.irfft(spectrum, size)[: len(x)]


def _fft_size(n: int) -> int:
    return 1 << (n - 1).bit_length()


def _padded(n: int, rate: int) -> int:
    return _fft_size(n + round(_PAD * rate))


def _laplace(n: int, hz: float, rate: int) -> NDArray[np.complex128]:
    """The position of each bin on the imaginary axis, in units of the cutoff ``hz``."""
    bins = np.fft.rfftfreq(_padded(n, rate), hz / rate)
    return np.asarray(1j * bins, dtype=np.complex128)


def _shaped(x: Signal, response: NDArray[np.complex128]) -> Signal:
    size = 2 * (len(response) - 1)
    return np.fft.irfft(np.fft.rfft(x, size) * response, size)[: len(x)]
