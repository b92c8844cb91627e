"""Channels -> one: their mean, or the loudest where they cancel each other."""

import math

import numpy as np

from drumsort.audio.level import peak
from drumsort.types import Samples

_ALIKE = 0.98  # correlation of two channels from which their mean loses nothing
_WINDOW = 1 << 13  # samples that two channels are compared by
_LAGS = 512  # samples that one may come behind the other
_SHARE = 0.1  # of the energy: an octave with less is not looked at
_LOST = 0.25  # an octave whose mean keeps less is lost
_COPY = 0.8  # whitened correlation from which one channel is a later copy of the other ...
_BETTER = 0.05  # ... if they correlate so much less where they are
_LEAST_PEAK = 0.1


def to_mono(frames: Samples) -> Samples:
    """Average ``(n, channels)`` to ``(n,)``, or take the loudest channel where they cancel.

    Channels cancel where their mean has far less energy than they have: as a whole, in an octave
    that matters, or because one is a copy of the other some samples later.
    """
    channels: list[Samples] = list(frames.T)
    if len(channels) == 1:
        return channels[0]
    mono: Samples = sum(channels[1:], channels[0])  # ten times as fast as a mean over the last axis
    mono /= len(channels)
    energies = [float(np.dot(channel, channel)) for channel in channels]
    whole, most = float(np.dot(mono, mono)) * len(channels) ** 2, sum(energies)
    if len(channels) == 2:
        if not most:
            return mono
        shared = (whole - most) / (2 * math.sqrt(energies[0] * energies[1]) or most)
        cancel = shared < _ALIKE and (whole < 2 * _LOST * most or _cancel(*channels))
    else:
        cancel = whole < 0.5 * most or bool(peak(mono) < _LEAST_PEAK * peak(frames))
    return channels[int(np.argmax(energies))].copy() if cancel else mono


def _cancel(one: Samples, other: Samples) -> bool:
    """Whether the mean of two channels loses an octave, or one is the other somewhat later."""
    size = min(len(one), _WINDOW)
    spectra = [np.fft.rfft(channel[:size], 2 * size) for channel in (one, other)]
    cross = spectra[0] * np.conj(spectra[1])
    power = np.abs(spectra[0]) ** 2 + np.abs(spectra[1]) ** 2
    octaves = 1 << np.arange(2, size.bit_length())
    whole, shared = (np.add.reduceat(part, octaves) for part in (power, cross.real))
    matter = whole > _SHARE * power.sum()
    if ((0.5 + shared[matter] / whole[matter]) < _LOST).any():
        return True
    loud = np.sqrt(np.abs(cross))
    fits = np.fft.irfft(cross / np.maximum(loud, 1e-20)) * size / max(float(loud.sum()), 1e-20)
    best = max(np.abs(fits[1:_LAGS]).max(), np.abs(fits[-_LAGS:]).max())
    return bool(best >= _COPY and fits[0] < best - _BETTER)
