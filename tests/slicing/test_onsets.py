"""Hits are found where they are: at any rate, in any channel, from the first sample on."""

import numpy as np
import pytest

from drumsort.errors import AudioError, DamagedError
from drumsort.slicing.onsets import onsets

from .loops import BEAT, loop, write


def found_in(path, **options):
    found = onsets(path, **options)
    return [at / found.rate for at in found.at]


def assert_at(found, expected, within=0.012):
    assert len(found) == len(expected), found
    assert np.abs(np.array(found) - expected).max() < within


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 48000, 96000])
def test_each_hit_is_found_once_at_any_rate(tmp_path, rate):
    path = write(tmp_path / "beat.wav", loop(BEAT, rate), rate)
    assert_at(found_in(path), [at for at, _ in BEAT])


@pytest.mark.parametrize("length", [3308, 44762])
def test_a_length_at_which_the_last_part_is_rounded_away_is_one_as_any_other(tmp_path, length):
    samples = loop([(0, "snare")], seconds=2)
    found = onsets(write(tmp_path / "odd.wav", samples[:length]))
    longer = onsets(write(tmp_path / "longer.wav", samples[: length + 1]))
    assert (found.at, found.length, len(found.outline)) == ((0,), length, len(longer.outline) - 1)


def test_channels_that_cancel_hide_nothing(tmp_path):
    samples = loop(BEAT)
    path = write(tmp_path / "wide.wav", np.stack([samples, -samples], axis=1))
    assert_at(found_in(path), [at for at, _ in BEAT])


def test_a_level_changes_nothing_and_an_offset_hardly(tmp_path):
    samples = loop(BEAT)
    loud = onsets(write(tmp_path / "loud.wav", samples, coding="FLOAT"))
    soft = onsets(write(tmp_path / "soft.wav", samples / 256, coding="FLOAT"))
    assert loud.at == soft.at
    assert_at(found_in(write(tmp_path / "off.wav", samples * 0.8 + 0.1)), [at for at, _ in BEAT])


def test_a_sound_that_ends_abruptly_has_no_hit_there(tmp_path):
    t = np.arange(2 * 44100) / 44100
    samples = loop([(0.3, "snare")], seconds=2) * 0.5 + 0.3 * np.sin(2 * np.pi * 300 * t)
    assert_at(found_in(write(tmp_path / "cut.wav", samples)), [0.0, 0.3])


def test_of_hits_that_are_close_the_first_counts(tmp_path):
    hits = [(0.1, "rim"), (0.17, "rim"), (0.6, "rim")]
    path = write(tmp_path / "close.wav", loop(hits))
    assert_at(found_in(path), [0.1, 0.17, 0.6])
    assert_at(found_in(path, min_gap=0.1), [0.1, 0.6])


def test_room_tone_that_a_recording_begins_with_is_no_hit(tmp_path):
    samples = loop([(2.0, "snare"), (3.0, "kick")], seconds=5)
    noise = 0.003 * np.random.default_rng(0).standard_normal(len(samples))
    path = write(tmp_path / "room.wav", samples + noise)
    assert_at(found_in(path), [2.0, 3.0])


def test_a_long_recording_is_found_as_its_parts_are(tmp_path):
    hits = [(at, "snare") for at in (0.5, 1.999, 4.001, 7.3, 11.98)]
    assert_at(found_in(write(tmp_path / "long.wav", loop(hits, seconds=14))), [a for a, _ in hits])


def test_what_holds_no_hits_says_so(tmp_path):
    with pytest.raises(DamagedError, match="silent"):
        onsets(write(tmp_path / "silent.wav", np.zeros(44100, np.float32)))
    with pytest.raises(DamagedError, match="silent"):
        onsets(write(tmp_path / "empty.wav", np.zeros(0, np.float32)))
    (tmp_path / "text.wav").write_bytes(b"no sound at all, only text")
    with pytest.raises(AudioError, match=r"text\.wav"):
        onsets(tmp_path / "text.wav")
    with pytest.raises(AudioError, match=r"gone\.wav"):
        onsets(tmp_path / "gone.wav")
    assert onsets(write(tmp_path / "one.wav", np.full(1, 0.5, np.float32))).length == 1
