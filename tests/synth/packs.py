"""A folder of made-up sample packs, of all labels and formats; the names say nothing."""

from itertools import cycle
from pathlib import Path

import numpy as np
import soundfile

from drumsort.taxonomy import LABELS

from .drums import synthesize

PACKS: tuple[tuple[str, str], ...] = (
    ("Dusty Tape", "PRT_{:03d}_F"),
    ("Night Circuit", "NC-{:04d}"),
    ("Room 12", "take {:03d}"),
)
"""Name of each pack's folder, and how the numbers in it become file names."""

FORMATS: tuple[tuple[str, str, str, int], ...] = (
    (".wav", "WAV", "PCM_16", 44100),
    (".wav", "WAV", "PCM_24", 48000),
    (".wav", "WAV", "PCM_24", 44100),
    (".flac", "FLAC", "PCM_16", 44100),
    (".wav", "WAV", "PCM_16", 44100),
    (".wav", "WAV", "PCM_16", 48000),
    (".wav", "WAV", "FLOAT", 48000),
    (".aif", "AIFF", "PCM_16", 44100),
    (".wav", "WAV", "PCM_24", 44100),
    (".wav", "WAV", "PCM_16", 44100),
    (".ogg", "OGG", "VORBIS", 44100),
    (".wav", "WAV", "PCM_24", 96000),
    (".flac", "FLAC", "PCM_24", 48000),
)
"""Suffix, container, encoding and rate in Hz, used in turn. Their number is not a multiple of the
number of packs, so each pack gets them all."""

_README = "Demo pack. All sounds were synthesized.\n"


def write_packs(folder: Path, per_label: int = 6, seed: int = 0) -> dict[Path, str]:
    """Write packs of synthesized sounds and one text file.

    Every fifth sound is stereo. The sounds are shuffled before they get packs, numbers and formats,
    so none of these reveals what a sound is.

    Args:
        folder: created if it is missing.
        per_label: sounds of each label.
        seed: 0 or more; the same seed gives the same sounds under the same names.

    Returns:
        Each sound file, in the order of paths, to its label.
    """
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.repeat(LABELS, per_label)).tolist()
    truth: dict[Path, str] = {}
    for index, (label, form) in enumerate(zip(labels, cycle(FORMATS), strict=False)):
        pack, name = PACKS[index % len(PACKS)]
        suffix, container, encoding, rate = form
        path = folder / pack / f"{name.format(index // len(PACKS) + 1)}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        sound = synthesize(label, int(rng.integers(2**32)), rate)
        if index % 5 == 4:
            left, right = rng.uniform(0.7, 1.0, 2).astype(np.float32)
            sound = np.stack([left * sound, right * sound], axis=1)
        soundfile.write(path, sound, rate, encoding, format=container)
        truth[path] = label
    (folder / PACKS[0][0] / "readme.txt").write_text(_README, encoding="utf-8")
    return dict(sorted(truth.items()))
