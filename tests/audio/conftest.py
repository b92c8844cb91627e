"""Sound files of every kind, and a user without rights."""

import io
import os
import struct
import tempfile
from pathlib import Path

import pytest
import soundfile

NOBODY = 65534


@pytest.fixture(scope="session")
def encode():
    """Samples to the bytes of a sound file: ``encode(samples, rate, "WAV", "PCM_16")``."""

    def encode(samples, rate=44100, format="WAV", subtype="PCM_16"):
        stream = io.BytesIO()
        soundfile.write(stream, samples, rate, format=format, subtype=subtype)
        return stream.getvalue()

    return encode


@pytest.fixture(scope="session")
def plain_wav():
    """16-bit mono samples to a WAV file whose header says what the test wants it to say."""

    def plain_wav(samples, riff_size=None, data_size=None, rate=44100, channels=1, bits=16):
        content = (samples * 32767).astype("<i2").tobytes()
        frame = channels * bits // 8
        form = struct.pack("<HHIIHH", 1, channels, rate, rate * frame % 2**32, frame % 2**16, bits)
        riff_size = 36 + len(content) if riff_size is None else riff_size
        data_size = len(content) if data_size is None else data_size
        return b"".join((
            *(b"RIFF", struct.pack("<I", riff_size), b"WAVEfmt ", struct.pack("<I", 16), form),
            *(b"data", struct.pack("<I", data_size), content),
        ))  # fmt: skip

    return plain_wav


@pytest.fixture
def as_nobody():
    """A folder to prepare as who runs the tests; a call of ``drop()`` then gives up root."""
    if not hasattr(os, "geteuid"):
        pytest.skip("this system has no permissions of the POSIX kind")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        user = os.geteuid()
        try:
            yield folder, lambda: os.seteuid(NOBODY) if user == 0 else None
        finally:
            os.seteuid(user)
            for path in folder.iterdir():
                path.chmod(0o755)
