"""A plain WAV is read as libsndfile reads it, to the last bit; anything else is left to it."""

import struct

import numpy as np
import pytest
import soundfile

from drumsort.audio import open as opening
from drumsort.audio.decode import decode
from drumsort.audio.wav import plain_wav
from drumsort.errors import AudioError

from ..synth.drums import synthesize

PLAIN = [(kind, subtype) for kind in ("WAV", "WAVEX") for subtype in ("PCM_16", "PCM_24", "FLOAT")]


def opened(path):
    """What ``plain_wav`` says of a file, and all its frames."""
    with path.open("rb", buffering=0) as file:
        sound = plain_wav(file)
        return sound, None if sound is None else sound.read(sound.frames)


def by_soundfile(monkeypatch, path, **options):
    with monkeypatch.context() as patch:
        patch.setattr(opening, "plain_wav", lambda file: None)
        return decode(path, **options)


@pytest.fixture
def sound():
    """A crash of 2.6 seconds in four channels, of which the first begins late."""
    crash = synthesize("crash", 2, 44100)
    crash = np.resize(crash, int(2.6 * 44100))
    gains = np.array([1.0, -0.4, 0.3, 0.01], np.float32)
    late = np.concatenate([np.zeros(5000, np.float32), crash])
    return np.clip(late[:, None] * gains, -1, 1)


@pytest.mark.parametrize(("kind", "subtype"), PLAIN)
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("hashed", [False, True])
def test_the_clip_is_that_of_soundfile(
    tmp_path, monkeypatch, sound, kind, subtype, channels, hashed
):
    path = tmp_path / "x.wav"
    soundfile.write(path, sound[:, :channels], 44100, subtype, format=kind)
    assert opened(path)[0] is not None
    clip, other = decode(path, hashed=hashed), by_soundfile(monkeypatch, path, hashed=hashed)
    np.testing.assert_array_equal(clip.samples, other.samples)
    for name in ("rate", "duration", "remark", "start", "channels", "format"):
        assert getattr(clip, name) == getattr(other, name)
    assert (clip.audio_hash, clip.file_hash) == (other.audio_hash, other.file_hash)


@pytest.mark.parametrize("kind", ["WAV", "WAVEX"])
@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24"])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_value_is_that_of_soundfile(tmp_path, kind, subtype, channels):
    """The lowest and the highest, and enough between them that every byte takes every value."""
    rng = np.random.default_rng(0)
    values = rng.integers(-(2**31), 2**31, (20_000, channels), dtype=np.int64).astype(np.int32)
    values[:4] = [[-(2**31)], [2**31 - 1], [0], [-1]]
    soundfile.write(tmp_path / "x.wav", values, 44100, subtype, format=kind)
    expected, _ = soundfile.read(tmp_path / "x.wav", dtype="float32", always_2d=True)
    _, frames = opened(tmp_path / "x.wav")
    np.testing.assert_array_equal(frames, expected)
    assert frames.dtype == np.float32


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
def test_pieces_make_the_whole(tmp_path, sound, subtype):
    soundfile.write(tmp_path / "x.wav", sound[:, :2], 44100, subtype)
    _, whole = opened(tmp_path / "x.wav")
    with (tmp_path / "x.wav").open("rb", buffering=0) as file:
        plain = plain_wav(file)
        pieces = []
        while len(piece := plain.read(7777)):
            pieces.append(piece)
        assert len(plain.read(1)) == 0
    np.testing.assert_array_equal(np.concatenate(pieces), whole)


@pytest.mark.parametrize(
    "subtype", ["PCM_U8", "PCM_32", "DOUBLE", "ULAW", "ALAW", "IMA_ADPCM", "MS_ADPCM"]
)
def test_other_codings_are_not_plain(tmp_path, sound, subtype):
    soundfile.write(tmp_path / "x.wav", sound[:, 0], 44100, subtype)
    assert opened(tmp_path / "x.wav")[0] is None


def test_other_formats_are_not_plain(tmp_path, sound):
    for kind in ("AIFF", "RF64", "W64", "FLAC", "AU", "CAF"):
        soundfile.write(tmp_path / "x", sound[:, 0], 44100, "PCM_16", format=kind)
        assert opened(tmp_path / "x")[0] is None


def riff(*chunks):
    """A WAV file of named chunks, each padded to an even length."""
    body = b"WAVE"
    for name, content in chunks:
        body += name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


FORM = struct.pack("<HHIIHH", 1, 1, 44100, 88200, 2, 16)
TONE = (np.sin(np.arange(4410) / 10) * 20000).astype("<i2").tobytes()


def test_other_chunks_are_passed_over(tmp_path):
    tags = (b"LIST", b"INFOISFT\x05\0\0\0drum\0\0"), (b"bext", bytes(603)), (b"junk", b"odd")
    path = tmp_path / "x.wav"
    for content in (
        riff((b"fmt ", FORM), (b"data", TONE)),
        riff(*tags, (b"fmt ", FORM), *tags, (b"data", TONE), *tags),
        riff((b"fmt ", FORM + b"\0\0"), (b"data", TONE)),
    ):
        path.write_bytes(content)
        expected, _ = soundfile.read(path, dtype="float32", always_2d=True)
        np.testing.assert_array_equal(opened(path)[1], expected)


BROKEN = {
    "no fmt": riff((b"data", TONE)),
    "fmt after data": riff((b"data", TONE), (b"fmt ", FORM)),
    "two fmt": riff((b"fmt ", FORM), (b"fmt ", FORM), (b"data", TONE)),
    "short fmt": riff((b"fmt ", FORM[:14]), (b"data", TONE)),
    "no data": riff((b"fmt ", FORM)),
    "empty data": riff((b"fmt ", FORM), (b"data", b"")),
    "half a frame": riff((b"fmt ", FORM), (b"data", TONE[:-1])),
    "data far behind": riff((b"fmt ", FORM), (b"junk", bytes(9000)), (b"data", TONE)),
    "no channels": riff((b"fmt ", FORM[:2] + b"\0\0" + FORM[4:]), (b"data", TONE)),
    "other block": riff((b"fmt ", FORM[:12] + b"\4\0" + FORM[14:]), (b"data", TONE)),
    "12 bits": riff((b"fmt ", FORM[:14] + b"\x0c\0"), (b"data", TONE)),
    "big endian": b"RIFX" + riff((b"fmt ", FORM), (b"data", TONE))[4:],
    "cut": riff((b"fmt ", FORM), (b"data", TONE))[:-1],
    "more behind": riff((b"fmt ", FORM), (b"data", TONE)) + b"\0\0",
    "cut in the header": riff((b"fmt ", FORM), (b"data", TONE))[:40],
    "extensible by its tag alone": riff((b"fmt ", b"\xfe\xff" + FORM[2:]), (b"data", TONE)),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_does_not_agree_with_itself_is_not_plain(tmp_path, content):
    (tmp_path / "x.wav").write_bytes(content)
    assert opened(tmp_path / "x.wav")[0] is None


@pytest.mark.parametrize("at", [36, 37, 38, 44, 55, 59])
def test_an_extensible_header_with_other_words_is_not_plain(tmp_path, at):
    """Its length, the bits that are used, and the identifier of the coding."""
    soundfile.write(tmp_path / "x.wav", np.zeros(9) + 0.5, 44100, "PCM_24", format="WAVEX")
    content = bytearray((tmp_path / "x.wav").read_bytes())
    assert opened(tmp_path / "x.wav")[0] is not None
    content[at] ^= 1
    (tmp_path / "x.wav").write_bytes(content)
    assert opened(tmp_path / "x.wav")[0] is None


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e30, -1e30])
@pytest.mark.parametrize("channels", [1, 2])
def test_values_that_are_no_sound_are_refused(tmp_path, value, channels):
    tone = np.sin(np.arange(4410) / 10).astype(np.float32)[:, None].repeat(channels, axis=1)
    tone[4000, -1] = value
    soundfile.write(tmp_path / "x.wav", tone, 44100, "FLOAT")
    assert opened(tmp_path / "x.wav")[0] is not None
    with pytest.raises(AudioError, match="no sound"):
        decode(tmp_path / "x.wav")
