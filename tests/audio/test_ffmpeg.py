"""What libsndfile does not read is read by FFmpeg, or named, with what to do about it."""

import struct
import sys
from fractions import Fraction

import numpy as np
import pytest
import soundfile

from drumsort.audio.convert import is_plain_wav, to_wav
from drumsort.audio.decode import decode
from drumsort.audio.formats import bits
from drumsort.audio.play import frames
from drumsort.errors import AudioError

RATE = 44100
T = np.arange(RATE // 2) / RATE
KICK = np.sin(2 * np.pi * np.cumsum(50 + 130 * np.exp(-T / 0.03)) / RATE) * np.exp(-T / 0.15)
WHOLE = np.round(KICK * 29000).astype(np.int16)

LOSSLESS = [
    ("x.m4a", "alac", "s16p", 16),
    ("x.m4a", "alac", "s32p", 24),
    ("x.wv", "wavpack", "s16p", 16),
    ("x.tta", "tta", "s16", 16),
    ("x.oga", "flac", "s16", 16),
    ("x.mka", "flac", "s16", 16),
    ("x.mov", "pcm_s16le", "s16", 16),
]
LOSSY = [
    ("x.m4a", "aac", "fltp"),
    ("x.m4b", "aac", "fltp"),
    ("x.aac", "aac", "fltp"),
    ("x.wma", "wmav2", "fltp"),
    ("x.ac3", "ac3", "fltp"),
    ("x.webm", "libopus", "flt"),
]


@pytest.fixture
def written(tmp_path):
    """16-bit samples ``(n, channels)`` to a file that FFmpeg writes."""
    av = pytest.importorskip("av")

    def written(name, codec, form, samples, rate=RATE):
        path = tmp_path / name
        layout = {1: "mono", 2: "stereo"}[samples.shape[1]]
        with av.open(str(path), "w") as container:
            stream = container.add_stream(codec, rate=rate, layout=layout)
            stream.format = form
            stream.bit_rate = 192_000  # of those that lose something
            whole = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout=layout)
            whole.sample_rate, whole.pts, whole.time_base = RATE, 0, Fraction(1, RATE)
            size = stream.codec_context.frame_size or 1024
            resampler = av.AudioResampler(form, layout, rate, frame_size=size)
            for frame in (*resampler.resample(whole), *resampler.resample(None)):
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path

    return written


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(("name", "codec", "form", "depth"), LOSSLESS)
def test_what_loses_nothing_is_the_same_as_the_wav(
    tmp_path, written, name, codec, form, depth, channels
):
    samples = np.repeat(WHOLE[:, None], channels, axis=1)
    path = written(name, codec, form, samples)
    soundfile.write(tmp_path / "x.wav", samples, RATE)
    clip, wav = decode(path, hashed=True), decode(tmp_path / "x.wav", hashed=True)
    assert clip.audio_hash == wav.audio_hash
    assert (clip.duration, clip.rate, clip.channels) == (0.5, RATE, channels)
    assert clip.remark == ""
    assert bits(clip.format) == depth
    np.testing.assert_array_equal(clip.samples, wav.samples)
    assert decode(path).duration == 0.5
    to_wav(path, tmp_path / "made.wav")
    assert is_plain_wav(tmp_path / "made.wav")
    made, _ = soundfile.read(tmp_path / "made.wav", dtype="int16", always_2d=True)
    np.testing.assert_array_equal(made, samples)


@pytest.mark.parametrize(("name", "codec", "form"), LOSSY)
def test_what_loses_little_is_as_long_and_sounds_alike(written, name, codec, form):
    rate = 48000 if codec == "libopus" else RATE
    late = np.concatenate([np.zeros(RATE // 10, np.int16), WHOLE])  # WMA loses its first 46 ms
    clip = decode(written(name, codec, form, np.stack([late, late], axis=1), rate))
    assert (clip.rate, clip.channels, bits(clip.format)) == (rate, 2, 0)
    assert clip.duration == pytest.approx(0.6, abs=0.06)  # an encoder adds its delay
    assert clip.remark == ""
    expected = np.interp(np.arange(rate // 2) / rate, T, WHOLE / 2**15)
    fits = np.correlate(clip.samples, expected[: rate // 4])
    assert fits.max() > 0.95 * np.sum(expected[: rate // 4] ** 2)


def test_a_cut_file_is_heard_up_to_the_cut(tmp_path, written):
    samples = np.tile(WHOLE, 4)[:, None]
    content = written("x.wv", "wavpack", "s16p", samples).read_bytes()
    (tmp_path / "x.wv").write_bytes(content[: len(content) // 2])
    clip = decode(tmp_path / "x.wv", hashed=True)
    assert 0.5 < clip.duration < 1.6
    assert "cut short" in clip.remark
    n = min(len(clip.samples), 20_000)
    np.testing.assert_array_equal(clip.samples[:n], (samples[:n, 0] / 2**15).astype(np.float32))
    assert len(frames(tmp_path / "x.wv")[0]) == round(clip.duration * RATE)


HEADS = {
    "x.m4a": b"\0\0\0\x20ftypM4A \0\0\0\0",
    "x.wma": b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",
    "x.wv": b"wvpk",
    "x.ape": b"MAC ",
    "x.mpc": b"MPCK",
    "x.tak": b"tBaK",
    "x.aac": b"\xff\xf1\x50\x80",
}


@pytest.mark.parametrize("name", HEADS)
def test_without_pyav_the_sentence_names_the_extra(tmp_path, monkeypatch, name):
    monkeypatch.setitem(sys.modules, "av", None)
    monkeypatch.setattr("drumsort.audio.open._has_ffmpeg", lambda: False)
    (tmp_path / name).write_bytes(HEADS[name] + bytes(500))
    with pytest.raises(AudioError, match="install drumsort with its 'formats' extra"):
        decode(tmp_path / name)


def test_without_pyav_a_broken_wav_file_may_be_damaged(tmp_path, monkeypatch):
    monkeypatch.setattr("drumsort.audio.open._has_ffmpeg", lambda: False)
    (tmp_path / "broken.wav").write_bytes(b"RIFF\x10\0\0\0WAVEfmt garbage")
    with pytest.raises(AudioError, match="WAV file that is damaged or has a rare coding: copy it"):
        decode(tmp_path / "broken.wav")


@pytest.mark.parametrize("name", HEADS)
def test_what_ffmpeg_cannot_read_either_is_damaged(tmp_path, name):
    pytest.importorskip("av")
    (tmp_path / name).write_bytes(HEADS[name] + bytes(500))
    with pytest.raises(AudioError, match="damaged"):
        decode(tmp_path / name)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"CAT \0\0\1\0REX2HEAD", "REX2 loop"),
        (b"RIFF\0\1\0\0sfbkLIST", "SF2 sound font"),
        (b"\xb3\x6e\xe5\x5e", "Kontakt instrument"),
        (b"\x12\x90\xa8\x7f", "Kontakt instrument"),
        (bytes([1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]) + b"hsin", "Kontakt instrument"),
        (b"\x01\xa3\x9e\xd6\x30\x01", "Kontakt sample"),
        (b"MThd\0\0\0\6", "MIDI file"),
    ],
)
def test_what_is_no_sound_file_is_named(tmp_path, head, words):
    (tmp_path / "x").write_bytes(head + bytes(500))
    with pytest.raises(AudioError, match=words) as caught:
        decode(tmp_path / "x")
    assert "which cannot be read: " in str(caught.value)


def test_whole_numbers_of_64_bits_are_of_a_kind_that_cannot_be_read(tmp_path):
    pytest.importorskip("av")
    soundfile.write(tmp_path / "x.wav", WHOLE, RATE)
    wav = bytearray((tmp_path / "x.wav").read_bytes())
    wav[32:36] = struct.pack("<HH", 8, 64)  # bytes a frame, bits a sample
    (tmp_path / "x.wav").write_bytes(wav)
    with pytest.raises(AudioError, match=r"x\.wav is damaged or of a kind that cannot be read"):
        decode(tmp_path / "x.wav")
