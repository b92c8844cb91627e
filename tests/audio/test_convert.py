"""A WAV of a sound of any format holds what the sound holds."""

import contextlib

import numpy as np
import pytest
import soundfile

from drumsort.audio.convert import is_plain_wav, to_wav
from drumsort.errors import AudioError

resource = pytest.importorskip("resource", reason="needs limits of the POSIX kind")

WIDE = np.array([123456789, -(2**31), 2**31 - 1, 7], np.int32)


@pytest.mark.parametrize(
    ("kind", "subtype", "values", "kept"),
    [
        ("AIFF", "PCM_16", (WIDE >> 16).astype(np.int16), "PCM_16"),
        ("FLAC", "PCM_24", WIDE >> 8 << 8, "PCM_24"),
        ("AIFF", "PCM_32", WIDE, "PCM_32"),
        ("CAF", "ALAC_24", WIDE >> 8 << 8, "PCM_24"),
        ("WAV", "DOUBLE", np.array([1.5, -2.0, 0.25]), "FLOAT"),
        ("AIFF", "FLOAT", np.array([1.5, -2.0, 0.25], np.float32), "FLOAT"),
    ],
)
def test_no_bit_is_lost(tmp_path, kind, subtype, values, kept):
    source, target = tmp_path / "source", tmp_path / "target.wav"
    soundfile.write(source, values, 44100, subtype, format=kind)
    assert not is_plain_wav(source)
    to_wav(source, target)
    assert soundfile.info(target).subtype == kept
    assert is_plain_wav(target)
    assert soundfile.read(target, dtype=values.dtype.name)[0].tolist() == values.tolist()


def test_what_cannot_be_read_is_the_sound(tmp_path):
    (tmp_path / "broken.flac").write_bytes(b"fLaC" + bytes(100))
    with pytest.raises(AudioError, match=r"broken\.flac .* cannot be read"):
        to_wav(tmp_path / "broken.flac", tmp_path / "target.wav")
    with pytest.raises(FileNotFoundError):
        to_wav(tmp_path / "none.flac", tmp_path / "target.wav")


@contextlib.contextmanager
def room_for(n_bytes):
    """Files may grow to so many bytes, as on a disk that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_cannot_be_written_is_the_target(tmp_path):
    source, target = tmp_path / "sound.flac", tmp_path / "target.wav"
    soundfile.write(source, np.zeros(44100), 44100)
    with pytest.raises(OSError, match=r"nowhere.target\.wav"):
        to_wav(source, tmp_path / "nowhere" / "target.wav")
    with room_for(20_000), pytest.raises(OSError, match=r"target\.wav"):
        to_wav(source, target)
