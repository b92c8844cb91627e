"""Nine sounds, one of them hidden, that are described, not heard."""

from datetime import datetime

import numpy as np
import pytest

from drumsort.query.fields import BRANCH
from drumsort.query.sounds import Sounds, Texts
from drumsort.taxonomy import FAMILIES, LABELS, UNSURE, family_of

DAYS = ("2022-11-27", "2022-11-26", "2022-10-31", "2021-12-31", "2022-11-01", *[None] * 4)
"""When the library came to know each; of four that was not kept."""

NAN = float("nan")
ROWS = (
    # name, pack, collection, label, confidence, corrected, length, pitch, loudness, brightness
    ("BD 808.wav", "Dusty Tape", "Favourites", "kick", 0.95, 0, 0.30, 41.0, -12.0, 90.0),
    ("Kick Ärger.wav", "Dusty Tape", "", "kick", 0.70, 1, 0.50, 55.0, -9.5, 120.0),
    ("hat, closed.wav", "Room 12", "Dark kit, Favourites", "closed_hat", 1, 0, 0.08, NAN, -20, 9e3),
    ("hat2.wav", "Room 12", "", "open_hat", 0.55, 0, 0.60, NAN, -22.0, 8e3),
    ("sn-01.wav", "Room 12", "", "snare", 0.61, 0, 0.25, NAN, -11.0, 3e3),
    ("x.flac", "Kicks & Co", "", "unsure", 0.40, 0, 1.20, NAN, -30.0, 2e3),
    ("tom.wav", "Kicks & Co", "Dark kit", "tom", 0.80, 0, 0.90, 98.0, -15.0, 300.0),
    ("Vox.wav", "Kicks & Co", "", "My Vox", 1.00, 1, 2.00, NAN, -16.0, 1e3),
    ("hidden.wav", "Put Away", "", "clap", 0.90, 0, 0.40, NAN, -16.0, 1e3),
)  # fmt: skip


@pytest.fixture(scope="session")
def sounds():
    columns = list(zip(*ROWS, strict=True))
    labels, families = [*LABELS, "My Vox", UNSURE], [*FAMILIES, "My Vox", UNSURE]
    arrays = {
        name: np.array(columns[nth])
        for nth, name in enumerate(
            ("confidence", "corrected", "length", "pitch", "loudness", "brightness"), 4
        )
    }
    for nth, name in enumerate(("name", "pack", "collection")):
        arrays |= Texts.of(name, columns[nth])
    arrays |= Texts.of("folder", [f"/Samples/{pack}" for pack in columns[1]])
    arrays |= Texts.of(BRANCH, [f"Samples/{pack}" for pack in columns[1]])
    arrays |= Texts.of("keyword", ["dusty, for live set", "dusty", *[""] * 7])
    arrays["hidden"] = np.array([row[0] == "hidden.wav" for row in ROWS], np.uint8)
    arrays["added"] = np.array(
        [NAN if day is None else datetime.fromisoformat(f"{day}T12:00").timestamp() for day in DAYS]
    )
    arrays["id"] = np.arange(len(ROWS))
    label = np.array([labels.index(name) for name in columns[3]])
    family = np.array([families.index(family_of(name)) for name in columns[3]])
    arrays |= Texts.coded("label", label, labels)
    arrays |= Texts.coded("family", family, families)
    arrays |= Texts.coded("guess", family, families)
    return Sounds(arrays)
