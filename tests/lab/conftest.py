"""A small labelled data folder of synthesized sounds, as ``drumsort lab train`` takes it."""

import csv
from pathlib import Path

import pytest
import soundfile

from ..synth.drums import synthesize

COLUMNS = ("path", "label", "family", "group", "split", "source", "licence", "origin")
FAMILY = {"kick": "kick", "hihat": "hat", "clap": "clap", "loop": "other"}
VOICE = {"hihat": "closed_hat"}


@pytest.fixture(scope="session")
def drums(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four labels, one of them known as a family only; 8 sounds each to train, 4 each to test."""
    folder = tmp_path_factory.mktemp("drums")
    rows = []
    for label, family in FAMILY.items():
        for seed in range(16):
            name = f"{label}{seed}.wav"
            soundfile.write(folder / name, synthesize(VOICE.get(label, label), seed, 32000), 32000)
            split = "train" if seed < 8 else "val" if seed < 12 else "test"
            source = "freesound-oneshot" if seed % 2 else "somebody/drums"
            rows.append(
                (name, label, family, f"{split}{seed % 3}", split, source, "CC0", f"x/{seed}.wav")
            )
    with (folder / "manifest.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return folder
