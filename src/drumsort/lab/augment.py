"""Change a sound to what another pack might have: other pitch, room, tail, drive, bandwidth, level.

Waveforms are changed before the front end, spectrograms after it. Each change is drawn at random
for every sound in every epoch, except where variants of the waveform are made in advance.
"""

from dataclasses import dataclass

import numpy as np
import soxr
import torch
from torch import Tensor

from drumsort.features import LogMel, Spectrogram
from drumsort.types import Samples

OF_WAVEFORM = ("variants", "pitch", "pitch_semitones", "tail", "drive", "room", "noise", "shift")
"""The settings that decide which variants are made in advance."""


@dataclass(frozen=True)
class Augmentation:
    """Probability and strength of each change.

    Attributes:
        variants: how many changed waveforms of each sound are made before the first epoch, to
            choose from; 0 makes a new one each time. Log-mels are changed each time.
        layers: how often a sound is layered with another of the same label, as producers do.
        pitch: how often a waveform is played faster or slower.
        pitch_semitones: the largest change of pitch.
        tail: how often it decays faster or is cut.
        drive: how often it is clipped softly.
        room: how often it sounds in a small room.
        noise: how often noise is added.
        shift: how often the onset is moved.
        equalizer: how often bands are made louder or softer.
        equalizer_db: the largest change of level, in dB.
        band_limit: how often the highest bands are removed.
        floor: how often quiet cells become silence.
        masks: how often some bands and some frames become silence.
    """

    variants: int = 0
    layers: float = 0.0

    pitch: float = 0.6
    pitch_semitones: float = 2.5
    tail: float = 0.15
    drive: float = 0.15
    room: float = 0.1
    noise: float = 0.1
    shift: float = 0.7
    equalizer: float = 0.7
    equalizer_db: float = 8.0
    band_limit: float = 0.4
    floor: float = 0.15
    masks: float = 0.15

    def waveform(self, samples: Samples, rate: int, lead: int, rng: np.random.Generator) -> Samples:
        """Change samples of shape ``(n,)`` at ``rate``, with ``lead`` of them before the onset."""
        if rng.random() < self.pitch:
            semitones = rng.uniform(-self.pitch_semitones, self.pitch_semitones)
            samples = soxr.resample(samples, 2 ** (semitones / 12), 1.0, quality="QQ")
        if rng.random() < self.tail:
            samples = _shorten(samples, rate, rng)
        if rng.random() < self.drive:
            samples = _drive(samples, rng)
        if rng.random() < self.room:
            samples = _room(samples, rate, rng)
        if rng.random() < self.noise:
            samples = _noise(samples, rng)
        if rng.random() < self.shift:
            samples = _shift(samples, lead, rng)
        return samples

    def spectrogram(
        self, mel: Spectrogram, front_end: LogMel, rng: np.random.Generator
    ) -> Spectrogram:
        """Change the front end's log-mel of shape ``(n_mels, n_frames)`` in dB."""
        floor = -front_end.range_db
        silent = mel <= floor + 0.5
        mel = mel.copy()
        n_mels, n_frames = mel.shape
        if rng.random() < self.equalizer:
            points = rng.uniform(-self.equalizer_db, self.equalizer_db, rng.integers(3, 9))
            curve = np.interp(np.linspace(0, 1, n_mels), np.linspace(0, 1, len(points)), points)
            mel += curve[:, None].astype(np.float32)
        if rng.random() < self.band_limit:
            # By LogMel() from 3 kHz up; 8 kHz, where files of 16 kHz end, is its band 52 of 64.
            cut = rng.integers(round(0.55 * n_mels), n_mels)
            mel[cut:] -= np.minimum(80, 15 * np.arange(1, n_mels - cut + 1))[:, None]
        mel -= mel.max()
        mel[silent] = floor
        if rng.random() < self.floor:
            mel[mel < rng.uniform(floor, floor + 35)] = floor
        if rng.random() < self.masks:
            band, frame = rng.integers(0, n_mels - 6), rng.integers(4, n_frames - 8)
            mel[band : band + rng.integers(1, 7)] = floor
            mel[:, frame : frame + rng.integers(1, 9)] = floor
        changed: Spectrogram = np.maximum(mel, floor)
        return changed


def without_highs(mels: Tensor, front_end: LogMel) -> Tensor:
    """Log-mels ``(n, n_mels, n_frames)``, dB, without their upper bands.

    Every second one ends where a file at 16 kHz ends, the others somewhere near that.
    """
    n, n_mels, _ = mels.shape
    bands = torch.arange(n_mels, device=mels.device)[None, :, None]
    around = torch.randint(round(0.62 * n_mels), round(0.84 * n_mels), (n, 1, 1))
    around[::2] = front_end.bands_below(_LIMIT_HZ)
    silence = -front_end.range_db
    cut = mels.masked_fill(bands >= around.to(mels.device), silence)
    return (cut - cut.amax((1, 2), keepdim=True)).clamp(min=silence)


_LIMIT_HZ = 8000.0


def layered(mel: Spectrogram, other: Spectrogram, rng: np.random.Generator) -> Spectrogram:
    """Two log-mels, dB, as if heard together: their powers add, ``other`` up to 20 dB quieter."""
    both = np.logaddexp(mel * _NEPER, (other - np.float32(rng.uniform(0, 20))) * _NEPER) / _NEPER
    louder: Spectrogram = both - both.max()
    return louder


_NEPER = np.float32(np.log(10) / 10)
"""Natural logarithm of the power ratio that is 1 dB."""


def _shorten(samples: Samples, rate: int, rng: np.random.Generator) -> Samples:
    """A faster decay, or a cut with a short fade."""
    if rng.random() < 0.5:
        decay = np.exp(rng.uniform(np.log(0.05), np.log(0.6)))
        return _decay(len(samples), decay * rate) * samples
    keep = int(np.exp(rng.uniform(np.log(0.1), np.log(1.0))) * rate)
    kept = samples[:keep].copy()
    fade = min(len(kept), int(0.01 * rate))
    kept[len(kept) - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
    return kept


def _decay(n: int, samples: float) -> Samples:
    """``n`` values that fall to 1/e every ``samples``."""
    return np.exp(np.arange(n) / -samples).astype(np.float32)


def _drive(samples: Samples, rng: np.random.Generator) -> Samples:
    """Soft clipping, which also compresses."""
    gain = np.exp(rng.uniform(0, np.log(12))) / max(float(np.abs(samples).max()), 1e-6)
    driven: Samples = np.tanh(samples * np.float32(gain))
    return driven


def _room(samples: Samples, rate: int, rng: np.random.Generator) -> Samples:
    """Convolution with decaying noise, added to the dry sound."""
    decay = np.exp(rng.uniform(np.log(0.02), np.log(0.15)))
    n = int(min(5 * decay, 0.6) * rate)
    impulse = rng.standard_normal(n).astype(np.float32)
    impulse *= _decay(n, decay * rate)
    size = 1 << (len(samples) + n - 1).bit_length()
    spectrum = np.fft.rfft(samples, size) * np.fft.rfft(impulse, size)
    wet: Samples = np.fft.irfft(spectrum, size)[: len(samples) + n].astype(np.float32)
    wet *= rng.uniform(0.05, 0.4) * np.abs(samples).max() / max(float(np.abs(wet).max()), 1e-6)
    wet[: len(samples)] += samples
    return wet


def _noise(samples: Samples, rng: np.random.Generator) -> Samples:
    """White or brownish noise, 25 to 60 dB below the peak."""
    noise = rng.standard_normal(len(samples)).astype(np.float32)
    if rng.random() < 0.5:
        noise = np.convolve(noise, np.ones(8) / 8, mode="same").astype(np.float32)
    level = np.abs(samples).max() * 10 ** (-rng.uniform(25, 60) / 20)
    noisy: Samples = (samples + noise * level).astype(np.float32)
    return noisy


def _shift(samples: Samples, lead: int, rng: np.random.Generator) -> Samples:
    """Start up to ``lead`` samples earlier or later."""
    offset = int(rng.integers(-lead, lead + 1))
    if offset < 0:
        return samples[-offset:] if len(samples) > 4 * lead else samples
    return np.concatenate([np.zeros(offset, np.float32), samples])
