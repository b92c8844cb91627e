"""Real sounds in real stores on the loopback interface."""

import shutil
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

import drumsort

from ..stores import ObjectStore

DEMO = Path(drumsort.__file__).parent / "demo"
NUMBERS = count()


@pytest.fixture
def bucket(tmp_path):
    """A bucket of a name that no other test uses, with some real sounds, one of them broken."""
    folder = tmp_path / "stores" / f"bucket{next(NUMBERS)}"
    shutil.copytree(DEMO / "BillieDrum", folder / "Lib" / "BillieDrum")
    (folder / "Lib" / "Kick #1 100% [x]~ü?.ogg").write_bytes(
        (DEMO / "BillieDrum" / "kick" / "01.ogg").read_bytes()
    )
    (folder / "Lib" / "broken.wav").write_bytes(b"RIFF" + bytes(100))
    (folder / "Lib" / "empty.wav").write_bytes(b"")
    (folder / "Lib" / "readme").write_text("not a sound")
    return folder


@pytest.fixture
def served(bucket, monkeypatch):
    """Serves the bucket as S3, to this process and those that it starts."""
    with ExitStack() as stack:

        def serve(**how):
            store = stack.enter_context(ObjectStore(bucket.parent, **how))
            for name, value in store.environment().items():
                monkeypatch.setenv(name, value)
            return store

        yield serve
