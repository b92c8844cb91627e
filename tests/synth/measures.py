"""What is measured of a sound ``x``, shape ``(n,)``, at ``rate`` in Hz."""

import numpy as np


def spectrum(x, rate):
    """Power and frequency in Hz."""
    return np.abs(np.fft.rfft(x)) ** 2, np.fft.rfftfreq(len(x), 1 / rate)


def centroid(x, rate) -> float:
    power, hz = spectrum(x, rate)
    return float(np.sum(power * hz) / np.sum(power))


def pitch(x, rate) -> float:
    power, hz = spectrum(x, rate)
    return float(hz[np.argmax(power)])


def level(x, seconds: float, rate):
    """RMS in decibels in steps of ``seconds``."""
    step = round(seconds * rate)
    frames = x[: len(x) // step * step].astype(np.float64).reshape(-1, step)
    return 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)


def fall(x, rate) -> float:
    """Seconds from the loudest moment until the sound stays 20 dB below it."""
    db = level(x, 0.005, rate)
    top = int(np.argmax(db))
    return 0.005 * float(np.flatnonzero(db[top:] > db[top] - 20)[-1] + 1)
