"""A sound is as long as what can be read of it, whatever its header says or leaves out."""

import io
import struct

import numpy as np
import pytest

from drumsort.audio import chunks
from drumsort.audio.convert import to_wav
from drumsort.audio.decode import decode
from drumsort.audio.play import frames
from drumsort.errors import AudioError

from ..synth.drums import synthesize

RATE = 44100
DELAY = 529  # samples of silence that every decoder of MP3 begins with; libmpg123 leaves them out
T = np.arange(RATE // 2) / RATE
KICK = 0.9 * np.sin(2 * np.pi * np.cumsum(50 + 130 * np.exp(-T / 0.03)) / RATE) * np.exp(-T / 0.15)
SNARE = 0.3 * np.random.default_rng(1).standard_normal(len(T)) * np.exp(-T / 0.08)
BITRATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)


@pytest.fixture(scope="module")
def mp3(encode):
    """Samples to an MP3, as its frames: the first holds a Xing or Info tag."""

    def mp3(samples, rate=RATE):
        data = encode(samples, rate, "MP3", "MPEG_LAYER_III")
        found, at = [], 0
        while at < len(data):
            length = 144000 * BITRATES[data[at + 2] >> 4] // rate + (data[at + 2] >> 1 & 1)
            found.append(data[at : at + length])
            at += length
        assert b"Xing" in found[0] or b"Info" in found[0]
        return found

    return mp3


def heard(path, content):
    """What is heard of a file: read to its end or not, it is as long, and whole."""
    path.write_bytes(content)
    clip, only = decode(path, hashed=True), decode(path)
    assert only.duration == clip.duration
    assert clip.remark == only.remark == ""
    np.testing.assert_array_equal(clip.samples, only.samples)
    played, rate = frames(path)
    assert len(played) / rate == clip.duration
    to_wav(path, path.with_suffix(".made.wav"))
    made, _ = frames(path.with_suffix(".made.wav"))
    np.testing.assert_allclose(made, played, atol=2**-14)
    return clip


def test_mp3_without_xing_is_read_to_its_last_frame(tmp_path, mp3):
    found = mp3(np.concatenate([KICK, SNARE]))
    clip = heard(tmp_path / "x.mp3", b"".join(found[1:]))
    assert clip.duration == ((len(found) - 1) * 1152 - DELAY) / RATE


@pytest.mark.parametrize("counted", [1, 5])
def test_mp3_whose_xing_counts_too_few_frames_is_read_to_its_last(tmp_path, mp3, counted):
    found = mp3(KICK)
    plain = heard(tmp_path / "plain.mp3", b"".join(found))
    tag = found[0].find(b"Info") if b"Info" in found[0] else found[0].find(b"Xing")
    first = found[0][: tag + 8] + struct.pack(">I", counted) + found[0][tag + 12 :]
    clip = heard(tmp_path / "x.mp3", first + b"".join(found[1:]))
    assert clip.audio_hash == plain.audio_hash


def test_mp3_whose_xing_counts_itself_is_whole(tmp_path, mp3):
    found = mp3(KICK)
    tag = found[0].find(b"Info") if b"Info" in found[0] else found[0].find(b"Xing")
    first = found[0][: tag + 8] + struct.pack(">I", len(found)) + found[0][tag + 12 :]
    clip = heard(tmp_path / "x.mp3", first + b"".join(found[1:]))
    assert clip.duration == len(KICK) / RATE


def test_mp3_whose_gaps_are_longer_than_the_sound_is_read(tmp_path, mp3):
    found = mp3(KICK[:229])
    tag = max(found[0].find(b"Info"), found[0].find(b"Xing"))
    gaps = (1500 << 12 | 2500).to_bytes(3, "big")
    first = found[0][: tag + 141] + gaps + found[0][tag + 144 :]
    clip = heard(tmp_path / "x.mp3", first + b"".join(found[1:]))
    assert clip.duration == ((len(found) - 1) * 1152 - DELAY) / RATE


@pytest.mark.parametrize("tag", [b"Xing", b"Info", b"Xing\0\0\0\x0f"])
def test_an_mp3_frame_that_is_too_short_for_its_tag_is_no_sound(tmp_path, tag):
    frame = (b"\xff\xf3\x14\xc0" + bytes(9) + tag).ljust(24, b"\0")
    (tmp_path / "x.mp3").write_bytes(frame)
    with pytest.raises(AudioError, match=r"x\.mp3"):
        decode(tmp_path / "x.mp3")


def test_mp3_files_that_differ_behind_the_guessed_end_differ(tmp_path, mp3):
    hashes = set()
    for hz in (300, 900):
        tail = 0.2 * np.sin(2 * np.pi * hz * T)
        found = mp3(np.concatenate([SNARE, tail]))
        hashes.add(heard(tmp_path / f"{hz}.mp3", b"".join(found[1:])).audio_hash)
    assert len(hashes) == 2


def test_joined_mp3_files_are_heard_to_the_end(tmp_path, mp3):
    one, two = mp3(KICK), mp3(SNARE)
    first = heard(tmp_path / "one.mp3", b"".join(one))
    clip = heard(tmp_path / "both.mp3", b"".join(one + two))
    sound = (len(one) + len(two) - 2) * 1152
    assert len(KICK) + len(SNARE) <= round(clip.duration * RATE) <= sound
    assert clip.audio_hash != first.audio_hash
    snare = heard(tmp_path / "two.mp3", b"".join(two)).samples
    fits = np.correlate(clip.samples[len(KICK) :], snare[:4000])
    assert fits.max() > 0.9 * float(snare[:4000] @ snare[:4000])


def test_joined_mp3_files_of_two_rates_are_heard_at_the_first(tmp_path, mp3):
    one, two = mp3(KICK), mp3(synthesize("snare", 1, 48000), 48000)
    both = heard(tmp_path / "both.mp3", b"".join(one + two))
    clip = heard(tmp_path / "two.mp3", b"".join(two))
    assert both.rate == RATE
    assert both.duration == pytest.approx(len(KICK) / RATE + clip.duration, abs=1e-4)


BEFORE = {
    "zeros behind the tag": b"ID3\x03\0\0\0\0\0\x14" + bytes(1020),
    "a footer": b"ID3\x04\0\x10\0\0\0\x0a" + bytes(10) + b"3DI\x04\0\x10\0\0\0\x0a",
    "zeros": bytes(136),
    "two tags": 2 * (b"ID3\x04\0\0\0\0\0\x0a" + bytes(10)),
    "an APE tag": b"APETAGEX" + struct.pack("<IIII8x", 2000, 40, 0, 0xA0000000)
    + bytes(8) + b"APETAGEX" + struct.pack("<IIII8x", 2000, 40, 0, 0x80000000),
    "text": b"no frame of any kind is in here",
}  # fmt: skip


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
def test_what_stands_before_the_first_frame_is_passed_over(tmp_path, mp3, before):
    content = b"".join(mp3(KICK))
    plain = heard(tmp_path / "plain.mp3", content)
    assert heard(tmp_path / "x.mp3", before + content).audio_hash == plain.audio_hash


def test_junk_between_frames_is_passed_over(tmp_path, mp3):
    found = mp3(np.concatenate([KICK, SNARE]))
    junk = np.random.default_rng(0).integers(0, 256, 3000, dtype=np.uint8).tobytes()
    plain = heard(tmp_path / "plain.mp3", b"".join(found))
    clip = heard(tmp_path / "x.mp3", b"".join(found[:9]) + junk + b"".join(found[9:]))
    assert clip.audio_hash == plain.audio_hash


@pytest.mark.parametrize("after", [b"TAG" + bytes(125), bytes(500), b"LYRICSBEGIN" + b"la" * 99])
def test_what_stands_behind_the_last_frame_is_no_sound(tmp_path, mp3, after):
    content = b"".join(mp3(KICK))
    plain = heard(tmp_path / "plain.mp3", content)
    assert heard(tmp_path / "x.mp3", content + after).audio_hash == plain.audio_hash


@pytest.mark.parametrize("coding", ["VORBIS", "OPUS"])
def test_chained_ogg_is_heard_to_the_end(tmp_path, encode, coding):
    one, two = (encode(sound[: RATE // 2], 48000, "OGG", coding) for sound in (KICK, SNARE))
    first, clip = heard(tmp_path / "one.ogg", one), heard(tmp_path / "both.ogg", one + two)
    assert clip.duration == pytest.approx(2 * first.duration)
    assert clip.audio_hash != first.audio_hash
    three = heard(tmp_path / "three.ogg", one + two + one)
    assert three.duration == pytest.approx(3 * first.duration)


def test_chained_ogg_of_other_rates_and_channels_is_heard_in_the_form_of_the_first(
    tmp_path, encode
):
    stereo = np.stack([SNARE, SNARE], axis=1)
    content = encode(KICK, RATE, "OGG", "VORBIS") + encode(stereo, 22050, "OGG", "VORBIS")
    clip = heard(tmp_path / "x.ogg", content)
    assert (clip.rate, clip.channels) == (RATE, 1)
    assert clip.duration == pytest.approx(len(KICK) / RATE + len(SNARE) / 22050, abs=1e-3)


@pytest.mark.parametrize("share", [0.01, 0.1, 0.4])
def test_of_a_chain_whose_second_stream_is_cut_what_is_left_is_heard(tmp_path, encode, share):
    one = encode(KICK, 48000, "OGG", "VORBIS")
    (tmp_path / "x.ogg").write_bytes(one + one[: int(share * len(one))])
    clip = decode(tmp_path / "x.ogg", hashed=True)
    assert clip.duration > len(KICK) / 48000 - 0.03
    assert clip.remark.startswith("the file is cut short")


def test_flac_from_a_pipe_is_the_same_as_with_its_length(tmp_path, encode):
    whole = np.round(KICK * 32767).astype(np.int16)
    content = bytearray(encode(whole, RATE, "FLAC"))
    known = heard(tmp_path / "a.flac", content)
    content[21] &= 0xF0
    content[22:26] = bytes(4)
    streamed = heard(tmp_path / "b.flac", content)
    wav = heard(tmp_path / "c.wav", encode(whole))
    assert known.audio_hash == streamed.audio_hash == wav.audio_hash
    assert streamed.duration == 0.5


@pytest.mark.parametrize("kind", ["WAV", "AIFF", "FLAC", "OGG"])
def test_an_id3_tag_costs_no_sample(tmp_path, encode, kind):
    content = encode(KICK, RATE, kind, "VORBIS" if kind == "OGG" else "PCM_16")
    plain = heard(tmp_path / "plain", content)
    tag = b"ID3\x04\0\0\0\0\0\x0a" + bytes(10)
    assert heard(tmp_path / "x", tag + content).audio_hash == plain.audio_hash


def lie(content, name, offset, value):
    """Put ``value`` so many bytes behind where ``name`` begins."""
    at = content.index(name) + offset
    return content[:at] + value + content[at + len(value) :]


def never_closed(encode):
    """Name, and a file of KICK whose sizes were never written."""
    wav = encode(KICK)
    yield "both 0", lie(lie(wav, b"RIFF", 4, bytes(4)), b"data", 4, bytes(4))
    yield "data 0", lie(wav, b"data", 4, bytes(4))
    yield "data ff", lie(wav, b"data", 4, b"\xff" * 4)
    for coding in ("PCM_U8", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"):
        yield f"{coding} 0", lie(encode(KICK, RATE, "WAV", coding), b"data", 4, bytes(4))
    rf64 = encode(KICK, RATE, "RF64")
    yield "RF64, 0", lie(rf64, b"ds64", 8, bytes(24))
    yield "RF64, ff", lie(rf64, b"ds64", 8, b"\xff" * 24)
    yield "BW64", b"BW64" + rf64[4:]
    yield "BW64, 0", b"BW64" + lie(rf64, b"ds64", 8, bytes(24))[4:]
    aiff = encode(KICK, RATE, "AIFF")
    open_ = lie(lie(aiff, b"FORM", 4, bytes(4)), b"COMM", 10, bytes(4))
    yield "AIFF, 0", lie(open_, b"SSND", 4, bytes(4))
    yield "AIFF, 8", lie(open_, b"SSND", 4, struct.pack(">I", 8))
    yield "CAF, -1", lie(encode(KICK, RATE, "CAF"), b"data", 4, b"\xff" * 8)
    yield "AU, 0", lie(encode(KICK, RATE, "AU"), b".snd", 8, bytes(4))
    yield "AU, ff", lie(encode(KICK, RATE, "AU"), b".snd", 8, b"\xff" * 4)


def test_what_was_never_closed_is_heard_to_the_end_of_the_file(tmp_path, encode):
    plain = heard(tmp_path / "plain", encode(KICK))
    for name, content in never_closed(encode):
        clip = heard(tmp_path / "x", content)
        assert clip.duration == 0.5, name
        if name[:4] in ("both", "data", "RF64", "BW64", "AIFF", "CAF,", "AU, "):
            assert clip.audio_hash == plain.audio_hash, name


def test_a_wav_without_sound_is_not_taken_for_one_never_closed(tmp_path, encode):
    empty = lie(encode(KICK)[:44], b"data", 4, bytes(4))
    for behind in (b"", b"LIST\x04\0\0\0INFO", b"id3 \x03\0\0\0abc\0", b"smpl\x03\0\0\0abc"):
        (tmp_path / "x.wav").write_bytes(empty + behind)
        with pytest.raises(AudioError, match="0 samples"):
            decode(tmp_path / "x.wav")


ODD = b"LIST\x05\0\0\0INFOx"


@pytest.mark.parametrize("odd", [ODD, ODD + b"\0", ODD + b"fact\x04\0\0\0\x22\x56\0\0", 2 * ODD])
@pytest.mark.parametrize("coding", ["PCM_16", "PCM_24", "ULAW"])
def test_a_chunk_of_odd_size_may_lack_its_last_byte(tmp_path, encode, odd, coding):
    content = encode(KICK, RATE, "WAV", coding)
    plain = heard(tmp_path / "plain", content)
    at = content.index(b"data")
    assert heard(tmp_path / "x", content[:at] + odd + content[at:]).audio_hash == plain.audio_hash


@pytest.mark.parametrize("pad", [b"", b"\0"])
def test_so_it_may_in_aiff(tmp_path, encode, pad):
    content = encode(KICK, RATE, "AIFF")
    plain = heard(tmp_path / "plain", content)
    at = content.index(b"SSND")
    content = content[:at] + b"NAME\0\0\0\x03abc" + pad + content[at:]
    assert heard(tmp_path / "x", content).audio_hash == plain.audio_hash


@pytest.mark.parametrize("kind", ["WAV", "AIFF"])
def test_a_chunk_that_claims_more_than_the_file_has_is_not_mended(encode, kind):
    """The format comes last and lacks most of what it claims; a missing byte would be mended."""
    content = encode(KICK, RATE, kind)
    order, form, name, odd = {
        "WAV": ("little", b"fmt ", b"data", ODD),
        "AIFF": ("big", b"COMM", b"SSND", b"NAME\0\0\0\x03abc"),
    }[kind]
    at, sound = content.index(form), content.index(name)
    length = int.from_bytes(content[at + 4 : at + 8], order)
    for claim in (length, length + 1000):
        moved = form + claim.to_bytes(4, order) + content[at + 8 : at + 8 + length]
        file = io.BytesIO(content[:12] + odd + content[sound:] + moved)
        assert (chunks.mended(file, 0, len(file.getvalue())) is None) == (claim > length)


@pytest.mark.parametrize("riff", [0, 36, 10**6, 2**32 - 1])
def test_a_file_whose_sound_is_whole_is_not_cut_short(tmp_path, encode, riff):
    heard(tmp_path / "x", lie(encode(KICK), b"RIFF", 4, struct.pack("<I", riff)))


def test_what_is_damaged_is_the_same_as_its_copies_only(tmp_path, encode):
    content = encode(np.concatenate([KICK, SNARE]), RATE, "FLAC")
    half = len(content) // 2
    damaged = [
        content[:half] + bytes(4000) + content[half + 4000 :],
        content[:half] + bytes(4000) + content[half + 4000 : -1] + b"\0",
    ]
    hashes = []
    for data in (*damaged, damaged[0]):
        (tmp_path / "x.flac").write_bytes(data)
        clip = decode(tmp_path / "x.flac", hashed=True)
        assert "cut short" in clip.remark
        assert clip.duration < 1
        hashes.append(clip.audio_hash)
    assert hashes[0] == hashes[2] != hashes[1]


@pytest.mark.parametrize("kind", ["WAV", "AIFF", "FLAC"])
def test_a_file_with_another_behind_it_is_not_the_same_as_the_first(tmp_path, encode, kind):
    """No player reads the second, but the file is not to be moved away as a copy of the first."""
    one, two = encode(KICK, RATE, kind), encode(SNARE, RATE, kind)
    first = heard(tmp_path / "one", one)
    both, again = heard(tmp_path / "both", one + two), heard(tmp_path / "again", one + two)
    assert both.audio_hash == again.audio_hash != first.audio_hash
    assert heard(tmp_path / "other", one + one).audio_hash != both.audio_hash
