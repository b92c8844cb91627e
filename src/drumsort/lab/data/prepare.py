"""Any sound file -> the form of the training data: short, mono, as 16-bit FLAC or as Opus."""

import io
from pathlib import Path

import numpy as np
import soundfile
import soxr

from drumsort.audio.decode import decode
from drumsort.lab.files import written_whole
from drumsort.types import Samples

SECONDS = 2.5
"""How much of a sound is kept; if it is longer, the end is faded out ..."""
FADE = 0.02
"""... over so many seconds."""

LEAD = 0.02
"""Seconds that are kept before the onset ..."""
ONSET = 0.01
"""... which is the first sample that is louder than this share of the peak (-40 dB)."""

HIGHEST_RATE = 48_000
"""Samples per second; higher rates are reduced to it."""

_READ = 300.0  # seconds; the onset is relative to the peak of the whole sound


def prepare(source: Path, target: Path, seconds: float = SECONDS) -> None:
    """Write what is kept of the sound in ``source`` to ``target``, whole or not at all.

    Args:
        source: any sound file.
        target: becomes Opus at 48 kHz if its name ends in ``.opus``, and FLAC otherwise.
        seconds: to keep at most.

    Raises:
        AudioError: ``source`` is no sound.
        OSError: ``target`` cannot be written.
    """
    clip = decode(source, _READ, lead_in=True)
    samples, rate = clip.samples, clip.rate
    if rate > HIGHEST_RATE:
        samples, rate = soxr.resample(samples, rate, HIGHEST_RATE), HIGHEST_RATE
    samples = shorten(samples, rate, min(seconds, SECONDS))
    encoded = io.BytesIO()
    if target.suffix == ".opus":
        if rate != HIGHEST_RATE:
            samples = soxr.resample(samples, rate, HIGHEST_RATE)
        soundfile.write(encoded, samples, HIGHEST_RATE, format="OGG", subtype="OPUS")
    else:
        whole_numbers = np.clip(np.round(samples * 2**15), -(2**15), 2**15 - 1).astype(np.int16)
        soundfile.write(encoded, whole_numbers, rate, format="FLAC", subtype="PCM_16")
    with written_whole(target) as part:
        part.write_bytes(encoded.getvalue())


def shorten(samples: Samples, rate: int, seconds: float = SECONDS) -> Samples:
    """``seconds`` at most of ``samples``, ``(n,)`` at ``rate`` Hz, from just before the onset."""
    loud = np.abs(samples) > ONSET * np.abs(samples).max()
    start = max(0, int(loud.argmax()) - int(LEAD * rate))
    kept = samples[start : start + round(seconds * rate)].copy()
    if start + len(kept) < len(samples):
        fade = int(FADE * rate)
        kept[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return kept
