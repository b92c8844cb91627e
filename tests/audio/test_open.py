"""One way to open a file: what it is, and all of its samples."""

import os
import tracemalloc

import numpy as np
import pytest
import soundfile

from drumsort.audio.formats import bits, is_sampler_wav, media_type, wav_coding
from drumsort.audio.open import open_file, open_sound
from drumsort.errors import AudioError


def all_of(path, step=1000):
    """The samples of a file read in pieces, what it is, and whether it is cut."""
    with open_sound(path) as sound:
        pieces = []
        while len(piece := sound.read(step)):
            pieces.append(piece)
        assert len(sound.read(1)) == 0
        return np.concatenate(pieces), sound, sound.is_cut


@pytest.mark.parametrize(
    ("container", "coding"),
    [("WAV", "PCM_16"), ("WAV", "PCM_32"), ("AIFF", "PCM_24"), ("FLAC", "PCM_16"),
     ("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", "MPEG_LAYER_III"), ("CAF", "ALAC_16")],
)  # fmt: skip
def test_pieces_are_the_whole(tmp_path, container, coding):
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (30_000, 2))
    soundfile.write(tmp_path / "x", noise, 48000, coding, format=container)
    whole, _ = soundfile.read(tmp_path / "x", dtype="float32", always_2d=True)
    pieces, sound, cut = all_of(tmp_path / "x")
    np.testing.assert_array_equal(pieces, whole)
    assert (sound.rate, sound.channels, sound.format) == (48000, 2, f"{container} {coding}")
    assert sound.position == sound.claimed == 30_000
    assert not sound.damaged
    assert not cut


def test_damage_ends_a_sound_wherever_a_read_begins(tmp_path):
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 30_000)
    soundfile.write(tmp_path / "x.flac", noise, 48000)
    content = bytearray((tmp_path / "x.flac").read_bytes())
    content = content[: len(content) // 2] + bytes(3000) + content[len(content) // 2 + 3000 :]
    whole, _ = soundfile.read(tmp_path / "x.flac", dtype="float32", always_2d=True)
    (tmp_path / "x.flac").write_bytes(content)
    lengths = []
    for step in (512, 5000, 30_000):
        samples, sound, cut = all_of(tmp_path / "x.flac", step)
        assert sound.damaged
        assert cut
        np.testing.assert_array_equal(samples, whole[: len(samples)])
        lengths.append(len(samples))
    assert min(lengths) > 11_000
    assert max(lengths) - min(lengths) < 1024


def test_only_regular_files_with_bytes_in_them_are_opened(tmp_path):
    (tmp_path / "empty.wav").touch()
    (tmp_path / "folder.wav").mkdir()
    for name, words in (("empty.wav", "0 bytes"), ("folder.wav", "folder")):
        with pytest.raises(AudioError, match=words):
            open_file(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        open_file(tmp_path / "gone.wav")


@pytest.mark.parametrize(("begins", "size"), [(b"", 1 << 26), (b"\xff\xfb\x90\x00", (1 << 30) + 1)])
@pytest.mark.parametrize("name", ["x.wav", "x.mp3"])
def test_a_large_file_without_sound_is_not_read_into_memory(tmp_path, name, begins, size):
    (tmp_path / name).write_bytes(begins)
    os.truncate(tmp_path / name, size)  # no more than that is on the disk
    tracemalloc.start()
    with pytest.raises(AudioError, match=name), open_sound(tmp_path / name):
        pass
    assert tracemalloc.get_traced_memory()[1] < 1 << 23
    tracemalloc.stop()


def test_what_a_format_keeps():
    kept = {"WAV PCM_U8": 8, "AIFF PCM_S8": 8, "FLAC PCM_24": 24, "CAF ALAC_20": 20,
            "WAV FLOAT": 32, "WAV DOUBLE": 64, "OGG VORBIS": 0, "WAV IMA_ADPCM": 0}  # fmt: skip
    assert {form: bits(form) for form in kept} == kept
    assert media_type("WAVEX PCM_24") == "audio/wav"
    assert media_type("AIFF PCM_16") is None
    assert is_sampler_wav("WAV PCM_24")
    assert not is_sampler_wav("WAV PCM_U8")
    assert [wav_coding(f"X {coding}") for coding in ("PCM_32", "DOUBLE", "ALAC_20", "VORBIS")] == [
        *("PCM_32", "FLOAT", "PCM_24", "PCM_16")
    ]
