"""A sound is heard the same from every format, at every rate, in any number of channels."""

import os
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from drumsort.audio.decode import HEARD_SECONDS, audio_hash, decode

from ..synth.drums import synthesize

RATES = (8000, 11025, 16000, 22050, 32000, 44100, 48000, 88200, 96000, 176400, 192000)

# format, subtype, error in dB below the sound that is allowed
FORMATS = [
    ("WAV", "PCM_U8", -20),
    ("WAV", "PCM_16", -65),
    ("WAV", "PCM_24", -110),
    ("WAV", "PCM_32", -140),
    ("WAV", "FLOAT", -140),
    ("WAV", "DOUBLE", -140),
    ("WAV", "ULAW", -30),
    ("WAV", "ALAW", -30),
    ("WAV", "IMA_ADPCM", -13),
    ("WAV", "MS_ADPCM", -13),
    ("WAV", "GSM610", -5),
    ("WAV", "G721_32", -10),
    ("WAV", "NMS_ADPCM_32", -10),
    ("WAVEX", "PCM_24", -110),
    ("RF64", "PCM_16", -65),
    ("W64", "PCM_16", -65),
    ("W64", "FLOAT", -140),
    ("AIFF", "PCM_S8", -20),
    ("AIFF", "PCM_16", -65),
    ("AIFF", "PCM_24", -110),
    ("AIFF", "FLOAT", -140),
    ("AIFF", "ULAW", -30),
    ("AU", "PCM_16", -65),
    ("AU", "ULAW", -30),
    ("CAF", "PCM_24", -110),
    ("CAF", "FLOAT", -140),
    ("CAF", "ALAC_16", -65),
    ("FLAC", "PCM_S8", -20),
    ("FLAC", "PCM_16", -65),
    ("FLAC", "PCM_24", -110),
    ("OGG", "VORBIS", -10),
    ("OGG", "OPUS", -10),
    ("MP3", "MPEG_LAYER_III", -10),
    ("NIST", "PCM_16", -65),
    ("VOC", "PCM_16", -65),
    ("IRCAM", "PCM_16", -65),
    ("AVR", "PCM_16", -65),
    ("SVX", "PCM_16", -65),
    ("PAF", "PCM_24", -110),
    ("XI", "DPCM_16", -65),
]


def decibel_below(error, sound):
    return 20 * np.log10(max(1e-12, np.sqrt(np.mean(error**2) / np.mean(sound**2))))


@pytest.mark.parametrize(("format", "subtype", "bound"), FORMATS)
def test_every_format_gives_the_sound_that_was_written(tmp_path, format, subtype, bound):
    rate = 48000 if subtype == "OPUS" else 44100
    sound = synthesize("snare", 3, rate)
    path = tmp_path / "snare"
    soundfile.write(path, sound, rate, format=format, subtype=subtype)
    clip = decode(path)
    n = min(len(sound), len(clip.samples))
    assert n > 0.9 * len(sound)
    assert clip.rate == rate
    assert clip.remark == ""
    assert clip.samples.dtype == np.float32
    assert decibel_below(clip.samples[:n] - sound[:n], sound) < bound
    assert audio_hash(path) == decode(path, hashed=True).audio_hash


@pytest.mark.parametrize("rate", RATES)
def test_every_rate_is_kept(tmp_path, rate):
    sound = synthesize("tom", 1, rate)
    soundfile.write(tmp_path / "tom.wav", sound, rate, subtype="PCM_24")
    clip = decode(tmp_path / "tom.wav")
    heard = sound[: int(HEARD_SECONDS * rate)]
    assert clip.rate == rate
    assert clip.duration == pytest.approx(len(sound) / rate)
    np.testing.assert_allclose(clip.samples, heard, atol=2**-23)


@pytest.mark.parametrize("name", ["kick", "kick.txt", "kick.mp3", "kick.flac", "kick.raw", "k.gsm"])
def test_content_decides_not_the_name(tmp_path, name):
    sound = synthesize("kick", 1)
    path = tmp_path / name
    with path.open("wb") as stream:
        soundfile.write(stream, sound, 44100, format="WAV", subtype="FLOAT")
    np.testing.assert_array_equal(decode(path).samples, sound[: len(decode(path).samples)])


@pytest.mark.parametrize("channels", [1, 2, 4, 6, 8])
def test_equal_channels_give_the_same_as_one(tmp_path, channels):
    sound = synthesize("clap", 1)
    many = np.repeat(sound[:, None], channels, axis=1)
    soundfile.write(tmp_path / "clap.wav", many, 44100, subtype="FLOAT")
    np.testing.assert_allclose(decode(tmp_path / "clap.wav").samples, sound, atol=1e-6)


def test_channels_are_averaged(tmp_path):
    left, right = np.float32(0.5) * synthesize("rim", 1), np.float32(0.25) * synthesize("rim", 1)
    soundfile.write(tmp_path / "rim.wav", np.stack([left, right], 1), 44100, subtype="FLOAT")
    np.testing.assert_allclose(decode(tmp_path / "rim.wav").samples, (left + right) / 2, atol=1e-6)


def test_channels_in_antiphase_are_not_silent(tmp_path):
    sound = synthesize("snare", 1)
    both = np.stack([sound, -0.98 * sound], axis=1)
    soundfile.write(tmp_path / "wide.wav", both, 44100, subtype="FLOAT")
    np.testing.assert_allclose(decode(tmp_path / "wide.wav").samples, sound, atol=1e-6)


def test_one_channel_of_sixteen_is_heard_in_full(tmp_path):
    sound = synthesize("snare", 1)
    many = np.zeros((len(sound), 16), np.float32)
    many[:, 11] = sound
    soundfile.write(tmp_path / "bus.wav", many, 44100, subtype="FLOAT")
    np.testing.assert_array_equal(decode(tmp_path / "bus.wav").samples, sound)


@pytest.mark.parametrize("silence", [0.05, 0.3, 1.9, 1.98, 2.0, 2.03, 7.77, 30.0])
@pytest.mark.parametrize("format", ["WAV", "FLAC"])
def test_silence_before_the_sound_costs_none_of_the_sound(tmp_path, silence, format):
    rate = 22050
    sound = synthesize("crash", 5, rate)
    soundfile.write(tmp_path / "0", sound, rate, format=format)
    late = np.concatenate([np.zeros(round(silence * rate), np.float32), sound])
    soundfile.write(tmp_path / "late", late, rate, format=format)
    plain, clip = decode(tmp_path / "0").samples, decode(tmp_path / "late").samples
    start, onset = (int((np.abs(x) > 0.06).argmax()) for x in (plain, clip))
    lead = onset - start
    assert 0.01 * rate < lead <= 0.052 * rate  # a front end wants some silence before the onset
    n = min(len(clip) - lead, len(plain))
    assert n > min(len(sound), 1.9 * rate)
    assert decibel_below(clip[lead : lead + n] - plain[:n], plain) < -60


@pytest.mark.parametrize("channels", [1, 2, 5])
def test_silence_counts_in_frames(tmp_path, channels):
    late = np.zeros((44100, channels), np.float32)
    late[30_000:, -1] = 0.5
    soundfile.write(tmp_path / "late.wav", late, 44100)
    clip = decode(tmp_path / "late.wav")
    assert clip.start == (30_000 - 2205) / 44100
    assert len(clip.samples) == 44100 - 30_000 + 2205


def test_a_note_is_no_business_of_a_whole_file(tmp_path):
    late = np.concatenate([np.zeros(3 * 44100, np.float32), synthesize("rim", 1)])
    soundfile.write(tmp_path / "late.wav", late, 44100)
    assert decode(tmp_path / "late.wav").remark == ""
    assert decode(tmp_path / "late.wav").duration == pytest.approx(len(late) / 44100)


def grow(path: Path, size: int) -> None:
    """Make a file ``size`` bytes long; the new part takes no place on the disk."""
    try:
        os.truncate(path, size)
    except OSError as error:
        pytest.skip(f"this disk holds no sparse file of {size} bytes: {error}")


def large_wav(path, plain_wav, sound):
    path.write_bytes(plain_wav(sound, 1_800_000_036, 1_800_000_000))
    grow(path, 1_800_000_044)


def large_w64(path, plain_wav, sound):
    soundfile.write(path, sound, 44100, format="W64", subtype="PCM_16")
    content = bytearray(path.read_bytes())
    size, data = 20_000_000_000, content.index(b"data\xf3\xac\xd3\x11")
    content[16:24] = size.to_bytes(8, "little")
    content[data + 16 : data + 24] = (size - data).to_bytes(8, "little")
    path.write_bytes(content)
    grow(path, size)


@pytest.mark.parametrize("make", [large_wav, large_w64])
def test_a_huge_file_is_read_only_as_far_as_needed(tmp_path, plain_wav, make):
    sound = synthesize("snare", 2)
    make(tmp_path / "huge", plain_wav, sound)
    started, read = time.monotonic(), bytes_read()
    clip = decode(tmp_path / "huge")
    assert bytes_read() - read < 500_000
    assert time.monotonic() - started < 2
    assert clip.duration > 10_000
    assert len(clip.samples) == 2 * 44100
    np.testing.assert_allclose(clip.samples[: len(sound)], sound, atol=2**-14)


def test_ten_minutes_of_flac_are_read_only_as_far_as_needed(tmp_path):
    noise = np.random.default_rng(0).normal(scale=0.1, size=600 * 8000)
    soundfile.write(tmp_path / "long.flac", noise, 8000)
    read = bytes_read()
    assert decode(tmp_path / "long.flac").duration == 600
    assert bytes_read() - read < 0.1 * (tmp_path / "long.flac").stat().st_size


def bytes_read() -> int:
    """What this process has read so far; always 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0
    return int(Path("/proc/self/io").read_text().split()[1])
