"""Loops of synthesized drums at known places."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

from drumsort.types import Samples

from ..synth.drums import synthesize


def loop(hits: Sequence[tuple[float, str]], rate: int = 44100, seconds: float = 3.0) -> Samples:
    """Drums at the given seconds, shape ``(n,)``, peak 0.9; the same label is the same sound."""
    out = np.zeros(round(seconds * rate), np.float32)
    for at, label in hits:
        sound = synthesize(label, 3, rate)
        sound = sound[int((np.abs(sound) > 0.1 * np.abs(sound).max()).argmax()) :]
        part = out[round(at * rate) :]
        part[: len(sound)] += sound[: len(part)]
    return out * (0.9 / np.abs(out).max())


BEAT = [
    (0.0, "kick"), (0.25, "closed_hat"), (0.5, "snare"), (0.75, "closed_hat"),
    (1.0, "kick"), (1.25, "closed_hat"), (1.5, "snare"), (1.75, "open_hat"),
]  # fmt: skip
"""A bar at 120 beats a minute that begins with its first sample."""


def write(path: Path, samples: Samples, rate: int = 44100, coding: str = "PCM_24") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, rate, subtype=coding)
    return path
