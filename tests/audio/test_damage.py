"""What cannot be heard is one clear sentence; what is left of a damaged file is heard."""

import contextlib
import os
import re
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drumsort.audio.decode import HEARD_SECONDS, decode
from drumsort.audio.find import find
from drumsort.errors import AudioError
from drumsort.types import Clip

from ..synth.drums import synthesize

# an exception inside a callback from C is printed and lost: it counts as a failure here
# and a warning of numpy would be printed among what a command says
pytestmark = [
    pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("error::RuntimeWarning"),
]

TONE = np.sin(np.arange(4410) / 10)

FORMATS = [
    ("WAV", "PCM_16"),
    ("WAV", "FLOAT"),
    ("WAV", "IMA_ADPCM"),
    ("WAV", "MS_ADPCM"),
    ("WAV", "GSM610"),
    ("AIFF", "PCM_16"),
    ("FLAC", "PCM_16"),
    ("OGG", "VORBIS"),
    ("OGG", "OPUS"),
    ("MP3", "MPEG_LAYER_III"),
    ("CAF", "PCM_16"),
    ("CAF", "ALAC_16"),
    ("W64", "PCM_16"),
    ("RF64", "PCM_16"),
    ("AU", "PCM_16"),
]


@pytest.fixture(scope="module")
def intact(encode):
    """Format and subtype to the bytes of a crash of 3.2 seconds."""
    sound = synthesize("crash", 3, 48000)
    return {kind: encode(sound, 48000, *kind) for kind in FORMATS}


def sentence(path) -> str:
    """What decode says is wrong with ``path``; it names the path and stays on one line."""
    with pytest.raises(AudioError) as caught:
        decode(path)
    message = str(caught.value)
    assert re.fullmatch(re.escape(str(path)) + r" [^\n]+[^.\n]\.", message)
    return message


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.zeros(0), "0 samples"),
        (np.zeros(4410), "is silent"),
        (np.full(4410, 0.9e-4), "is silent"),
        (np.full(4410, np.nan), "NaN"),
        (np.where(np.arange(4410) == 4000, np.nan, TONE), "NaN"),
        (np.where(np.arange(4410) == 4000, -np.inf, TONE), "infinite"),
        (TONE * 1e30, "beyond all measure"),
    ],
    ids=["nothing", "zeros", "below -80 dBFS", "all NaN", "one NaN", "one infinite", "1e30"],
)
def test_samples_that_are_no_sound(tmp_path, encode, value, words):
    path = tmp_path / "x.wav"
    path.write_bytes(encode(value, subtype="FLOAT"))
    assert words in sentence(path)


def test_just_above_silence_and_unscaled_integers_are_heard(tmp_path, encode):
    for peak in (1.1e-4, 2.0**31):
        (tmp_path / "x.wav").write_bytes(encode(TONE * peak, subtype="FLOAT"))
        assert np.abs(decode(tmp_path / "x.wav").samples).max() == pytest.approx(peak, rel=1e-3)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "0 bytes"),
        (b"x", "cannot be read"),
        (b"Kick drum, tuned to F.\n" * 100, "cannot be read"),
        (b"RIFF\x00\x00\x00\x00WAVE", "cannot be read"),
        (b"ID3\x04" + bytes(5000), "cannot be read"),
        (b"\xff\xfb\x90\xc4" + bytes(60), "MP3"),
    ],
    ids=["empty", "one byte", "text", "bare RIFF", "bare ID3", "bare MP3"],
)
@pytest.mark.parametrize("name", ["x.wav", "x.mp3", "x.au"])
def test_files_that_are_no_sound(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    message = sentence(tmp_path / name)
    assert words in message
    assert "not exist" not in message


@pytest.mark.parametrize(
    "lie",
    [
        {"rate": 0},
        {"rate": 1},
        {"rate": 4_000_000_000},
        {"channels": 0},
        {"channels": 500},
        {"channels": 65535},
        {"bits": 0},
        {"bits": 99},
    ],
    ids=str,
)
def test_absurd_headers(tmp_path, plain_wav, lie):
    (tmp_path / "x.wav").write_bytes(plain_wav(TONE, **lie))
    sentence(tmp_path / "x.wav")


def test_a_missing_file(tmp_path):
    assert "No such file" in sentence(tmp_path / "missing.wav")
    assert "too long" in sentence(tmp_path / ("x" * 5000))


def test_a_folder(tmp_path):
    (tmp_path / "kicks.wav").mkdir()
    assert "folder" in sentence(tmp_path / "kicks.wav")


def test_a_file_that_may_not_be_read(as_nobody, encode):
    folder, drop = as_nobody
    path = folder / "kick.wav"
    path.write_bytes(encode(TONE))
    path.chmod(0o000)
    drop()
    assert "Permission denied" in sentence(path)


def test_a_folder_that_may_not_be_listed_or_entered(as_nobody, encode):
    folder, drop = as_nobody
    closed = folder / "closed"
    closed.mkdir()
    (closed / "kick.wav").write_bytes(encode(TONE))
    (folder / "link.wav").symlink_to(closed / "kick.wav")
    closed.chmod(0o000)
    drop()
    assert [(source.path, sound) for source, sound in find([folder])] == [(closed, True)]
    assert "cannot be listed" in sentence(closed)
    by_name = closed / "kick.wav"
    assert [source.path for source, _ in find([by_name])] == [by_name]
    assert "Permission denied" in sentence(by_name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_opened(tmp_path):
    path = tmp_path / "fifo.wav"
    os.mkfifo(path)
    said = []
    thread = threading.Thread(target=lambda: said.append(sentence(path)), daemon=True)
    thread.start()
    thread.join(5)
    try:
        assert not thread.is_alive(), "decode waits for someone to write into the pipe"
    finally:
        os.close(os.open(path, os.O_RDWR | os.O_NONBLOCK))
    assert "is a pipe" in said[0]


@pytest.mark.parametrize("kind", FORMATS, ids=" ".join)
def test_a_file_that_ends_within_its_header(tmp_path, intact, kind):
    for size in range(1, 200):
        (tmp_path / "cut").write_bytes(intact[kind][:size])
        with contextlib.suppress(AudioError):
            decode(tmp_path / "cut")


@pytest.mark.parametrize("kind", FORMATS, ids=" ".join)
@pytest.mark.parametrize("share", [0.1, 0.5])
def test_a_truncated_file_is_heard_with_a_note_or_refused(tmp_path, intact, kind, share):
    path = tmp_path / "cut"
    path.write_bytes(intact[kind][: int(len(intact[kind]) * share)])
    try:
        clip = decode(path)
    except AudioError:
        assert kind[0] == "CAF" or (share == 0.1 and kind[0] == "OGG")
        assert "cannot be read" in sentence(path)
        return
    left = len(clip.samples) / clip.rate
    assert clip.remark == f"the file is cut short: judged by the {left:.2f} s that are left"
    assert left == pytest.approx(3.2 * share, abs=0.75)


@pytest.mark.parametrize("kind", [k for k in FORMATS if k[0] != "CAF"], ids=" ".join)
def test_what_is_left_is_the_start_of_the_sound(tmp_path, intact, kind):
    (tmp_path / "whole").write_bytes(intact[kind])
    (tmp_path / "cut").write_bytes(intact[kind][: len(intact[kind]) // 2])
    whole, cut = decode(tmp_path / "whole").samples, decode(tmp_path / "cut").samples
    n = len(cut) - 4000  # the last frames of a codec may fade
    assert n > 0.7 * 48000
    np.testing.assert_allclose(cut[:n], whole[:n], atol=1e-3)


def test_a_cut_behind_what_is_heard_is_no_business(tmp_path, intact):
    for kind in (("WAV", "PCM_16"), ("AIFF", "PCM_16"), ("FLAC", "PCM_16")):
        (tmp_path / "cut").write_bytes(intact[kind][: int(len(intact[kind]) * 0.9)])
        assert decode(tmp_path / "cut").remark == ""


def test_a_cut_is_noted_behind_long_silence_too(tmp_path, plain_wav):
    late = np.concatenate([np.zeros(5 * 44100), TONE])
    content = plain_wav(late, data_size=2 * len(late) + 8820)
    (tmp_path / "cut.wav").write_bytes(content)
    assert "cut short" in decode(tmp_path / "cut.wav").remark


def test_damage_in_the_middle_leaves_what_came_before(tmp_path, intact):
    content = bytearray(intact["FLAC", "PCM_16"])
    half = len(content) // 2
    content[half : half + 30_000] = bytes(30_000)
    (tmp_path / "x.flac").write_bytes(content)
    (tmp_path / "whole.flac").write_bytes(intact["FLAC", "PCM_16"])
    clip, whole = decode(tmp_path / "x.flac"), decode(tmp_path / "whole.flac")
    n = 48000 // 2
    np.testing.assert_array_equal(clip.samples[:n], whole.samples[:n])
    assert "cut short" in clip.remark


@pytest.mark.parametrize(
    ("riff_size", "data_size"),
    [
        (0xFFFFFFFF, 0xFFFFFFFF),
        (0xFFFFFFFF, 0xFFFFFFFF - 36),
        (0, 0xFFFFFFFF),
        (0x7FFFF024, 0x7FFFF000),
        (8, 0),
    ],
    ids=hex,
)
def test_a_streamed_wav_is_heard_without_complaint(tmp_path, plain_wav, riff_size, data_size):
    sound = synthesize("snare", 1)
    (tmp_path / "live.wav").write_bytes(plain_wav(sound, riff_size, data_size))
    clip = decode(tmp_path / "live.wav")
    assert clip.remark == ""
    assert clip.duration == len(sound) / 44100
    np.testing.assert_allclose(clip.samples, sound, atol=2**-14)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz") / "x"


@settings(max_examples=1000, deadline=None, derandomize=True, database=None)
@given(
    kind=st.sampled_from(FORMATS),
    keep=st.just(1.0) | st.floats(0, 1),
    in_header=st.booleans(),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=20),
    gap=st.tuples(st.floats(0, 1), st.sampled_from([0, 1, 2, 4, 50])),
)
def test_any_damage_gives_a_clip_or_an_error(intact, scratch, kind, keep, in_header, changes, gap):
    content = bytearray(intact[kind])
    reach = min(len(content), 256 if in_header else len(content)) - 1
    for place, byte in changes:
        content[int(place * reach)] = byte
    start = int(gap[0] * reach)
    del content[start : start + gap[1]]
    scratch.write_bytes(content[: int(keep * len(content))])
    try:
        clip = decode(scratch)
    except AudioError as error:
        assert str(scratch) in str(error)
        return
    assert isinstance(clip, Clip)
    assert clip.samples.dtype == np.float32
    assert clip.samples.ndim == 1
    assert 0 < len(clip.samples) <= HEARD_SECONDS * clip.rate
    assert np.isfinite(clip.samples).all()
    assert 0 < clip.duration < 1e9
