"""A hit as it may sound by itself, for the ear: less of what still rings from before it.

The ear knows one-shots that begin in silence. What rings when a hit begins is taken to go on as it
was just before, and most of it is subtracted from the power of the hit, bin by bin: S. Boll,
"Suppression of acoustic noise in speech using spectral subtraction", IEEE Transactions on
Acoustics, Speech, and Signal Processing 27, 1979. What is left is only heard, never written.
"""

import numpy as np

from drumsort.types import Samples

BEFORE = 0.06
"""Seconds before a hit that tell what rings."""

_WINDOW = 0.0232  # seconds
_STEPS = 4  # windows overlap so often
_SHARE = 0.7  # of the power of what rings that is subtracted
_LEFT = 0.15  # of an amplitude at least
_FADE_IN, _FADE_OUT = 0.001, 0.05  # seconds


def by_itself(before: Samples, hit: Samples, rate: int) -> Samples:
    """What is left of a hit without what rings from before it.

    Args:
        before: what comes right before the hit, without the attack of another, shape ``(m,)``;
            the last 60 ms count. Less than half of 23 ms of it say nothing.
        hit: shape ``(n,)``.
        rate: of both, in Hz.

    Returns:
        Shape ``(n,)``, float32.
    """
    size = _STEPS * max(8, round(_WINDOW * rate / _STEPS))
    out = hit.astype(np.float32)
    if len(before) >= size // 2:
        out = _subtracted(before[-max(size, round(BEFORE * rate)) :], hit, size)
    for seconds, part in ((_FADE_IN, out), (_FADE_OUT, out[::-1])):
        count = min(len(out) // 2, round(seconds * rate))
        part[:count] *= np.linspace(0, 1, count, dtype=np.float32) ** 2
    return out


def _subtracted(before: Samples, hit: Samples, size: int) -> Samples:
    hop = size // _STEPS
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    before = np.pad(before, (max(0, size - len(before)), 0))
    ends = np.arange(len(before), size - 1, -hop)
    rings = _power(before[(ends[:, None] - size) + np.arange(size)] * window).mean(axis=0)
    whole = np.concatenate([before[-size:], hit, np.zeros(2 * size, np.float32)])
    starts = np.arange(0, len(whole) - size + 1, hop)
    spectra = np.fft.rfft(whole[starts[:, None] + np.arange(size)] * window, axis=1)
    left = 1 - _SHARE * rings / np.maximum(np.abs(spectra) ** 2, 1e-12)
    frames = np.fft.irfft(spectra * np.sqrt(np.maximum(left, _LEFT**2)), size, axis=1) * window
    out = np.zeros(len(whole))
    for start, frame in zip(starts.tolist(), frames, strict=True):
        out[start : start + size] += frame
    # Four windows, each applied twice, add up to 1.5.
    return (out[size : size + len(hit)] / (3 / 8 * _STEPS)).astype(np.float32)


def _power(frames: Samples) -> Samples:
    power: Samples = np.abs(np.fft.rfft(frames, axis=1)) ** 2
    return power
