"""Real sounds for many workers."""

import shutil
from pathlib import Path

import pytest

import drumsort

DEMO = Path(drumsort.__file__).parent / "demo"


@pytest.fixture
def library(tmp_path):
    """Some real sounds in folders, two of them broken."""
    folder = tmp_path / "Lib"
    shutil.copytree(DEMO / "BillieDrum", folder / "BillieDrum")
    (folder / "broken.wav").write_bytes(b"RIFF" + bytes(100))
    (folder / "empty.wav").write_bytes(b"")
    return folder


@pytest.fixture
def many(tmp_path):
    """A hundred and sixty files with the demo's sounds, in folders of forty."""
    sounds = sorted(DEMO.rglob("*.ogg"))
    for number in range(160):
        path = tmp_path / "Many" / f"{number // 40:02}" / f"{number:03}.ogg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.hardlink_to(sounds[number % len(sounds)])
    (tmp_path / "Many" / "00" / "broken.wav").write_bytes(b"RIFF" + bytes(100))
    return tmp_path / "Many"
