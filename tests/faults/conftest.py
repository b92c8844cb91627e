"""A folder in memory, where a thousand small trials take no time of a disk."""

import tempfile
from pathlib import Path

import pytest


@pytest.fixture
def top(monkeypatch):
    monkeypatch.setenv("DRUMSORT_HOME", "")
    shm = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shm if shm.is_dir() else None) as name:
        yield Path(name)
