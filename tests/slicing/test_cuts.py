"""Hits are cut where they begin, and all but their fades is what the file holds, bit for bit."""

from itertools import pairwise

import numpy as np
import pytest
import soundfile

from drumsort.audio.formats import unchanged_coding
from drumsort.slicing.cuts import dtype_of, hits, snapped, write
from drumsort.slicing.onsets import onsets

from . import loops
from .loops import BEAT, loop


def cut(path, **options):
    return list(hits(path, onsets(path), **options))


def test_a_hit_begins_just_before_its_onset_and_ends_where_the_next_begins(tmp_path):
    path = loops.write(tmp_path / "beat.wav", loop(BEAT))
    found = cut(path)
    assert [hit.number for hit in found] == list(range(1, 9))
    early = np.array([at for at, _ in BEAT]) - [hit.start / 44100 for hit in found]
    assert early.min() > -0.001
    assert early.max() < 0.006
    for one, following in pairwise(found):
        assert one.start + len(one.frames) <= following.start


@pytest.mark.parametrize(
    ("container", "coding"),
    [("WAV", "PCM_U8"), ("WAV", "PCM_16"), ("WAV", "PCM_24"), ("WAV", "PCM_32"), ("WAV", "FLOAT"),
     ("WAV", "DOUBLE"), ("AIFF", "PCM_S8"), ("FLAC", "PCM_16"), ("FLAC", "PCM_24")],
)  # fmt: skip
def test_between_the_fades_every_sample_is_that_of_the_file(tmp_path, container, coding):
    samples = loop(BEAT, 48000).astype(np.float64)
    stereo = np.stack([samples, np.roll(samples, 40)], axis=1)
    path = tmp_path / "beat.x"
    soundfile.write(path, stereo, 48000, format=container, subtype=coding)
    found = onsets(path)
    kept = unchanged_coding(found.format)
    whole = soundfile.read(path, dtype="float64")[0]
    for hit in hits(path, found, dtype_of(kept)):
        target = tmp_path / f"{hit.number}.wav"
        write(hit.frames, target, found.rate, kept)
        about = soundfile.info(target)
        assert (about.samplerate, about.channels) == (48000, 2)
        assert about.subtype == {"PCM_S8": "PCM_U8"}.get(coding, coding)
        part = soundfile.read(target, dtype="float64")[0]
        begin, end = 48, len(part) - 240  # 1 ms and 5 ms
        assert end > begin
        assert (part[begin:end] == whole[hit.start + begin : hit.start + end]).all()
        with pytest.raises(OSError):
            write(hit.frames, target, found.rate, kept)


def test_cuts_are_at_zero_crossings_and_fade(tmp_path):
    t = np.arange(2 * 44100) / 44100
    samples = (0.3 * np.sin(2 * np.pi * 220 * t) + loop(BEAT, seconds=2) * 0.6).astype(np.float32)
    found = cut(loops.write(tmp_path / "tone.wav", samples, coding="FLOAT"))
    assert len(found) > 6
    for hit in found[1:]:
        assert abs(samples[hit.start]) < 0.02
        assert not hit.frames[0].any()
        assert abs(hit.frames[-1, 0]) < 1e-3


def test_the_first_sample_of_a_file_is_not_faded(tmp_path):
    samples = loop(BEAT)
    first = cut(loops.write(tmp_path / "tight.wav", samples, coding="FLOAT"))[0]
    assert first.start == 0
    assert (first.frames[:1000, 0] == samples[:1000]).all()


def test_a_hit_ends_in_silence_or_with_its_tail(tmp_path):
    path = loops.write(tmp_path / "far.wav", loop([(0.1, "crash"), (25.0, "rim")], seconds=26))
    crash, rim = cut(path)
    assert 0.5 < len(crash.frames) / 44100 < 5
    assert abs(rim.start / 44100 - 25) < 0.006
    short, again = cut(path, tail=0.25)
    assert len(short.frames) == round(0.25 * 44100)
    assert again.start == rim.start


def test_noise_below_the_hits_is_no_tail(tmp_path):
    samples = loop([(1.0, "rim"), (6.0, "rim")], seconds=11)
    noise = 0.001 * np.random.default_rng(0).standard_normal(len(samples))
    for hit in cut(loops.write(tmp_path / "room.wav", samples + noise)):
        assert len(hit.frames) < 1.5 * 44100


def test_given_cuts_are_kept_to_the_sample(tmp_path):
    samples = loop(BEAT)
    path = loops.write(tmp_path / "beat.wav", samples, coding="FLOAT")
    given = [0, 5000, 22111, 22111 + 100, 130000, 131000]  # one too short, the last two silent
    found = list(hits(path, onsets(path), cuts=given))
    assert [(hit.number, hit.start) for hit in found] == [(1, 0), (2, 5000), (4, 22211)]
    assert len(found[0].frames) == 5000
    assert (found[1].frames[44:-221, 0] == samples[5044 : 5000 + len(found[1].frames) - 221]).all()
    assert list(hits(path, onsets(path), cuts=[])) == []


def test_a_cut_snaps_to_the_zero_crossing_or_to_the_onset(tmp_path):
    t = np.arange(2 * 44100) / 44100
    samples = (0.2 * np.sin(2 * np.pi * 100 * t) + loop(BEAT, seconds=2) * 0.6).astype(np.float32)
    path = loops.write(tmp_path / "tone.wav", samples, coding="FLOAT")
    found = onsets(path)
    (snare,) = (hit.start for hit in hits(path, found) if 0.49 < hit.start / 44100 < 0.51)
    for off in (-300, -40, 200):
        assert snapped(path, found, snare + off, onset=True) == snare
    tone = (0.5 * np.sin(2 * np.pi * 100 * t)).astype(np.float32)  # 0 every 220.5 samples
    path = loops.write(tmp_path / "tone alone.wav", tone, coding="FLOAT")
    for at in range(40_000, 40_600, 97):
        zero = snapped(path, onsets(path), at, onset=False)
        assert abs(zero - at) <= 111
        assert abs(tone[zero]) < 0.005
    path = loops.write(tmp_path / "high.wav", samples + 2, coding="FLOAT")
    assert snapped(path, onsets(path), 999, onset=False) == 999
