"""A sound is brought to the form of the training data, and one that has it stays as it is."""

import csv
from pathlib import Path

import numpy as np
import pytest
import soundfile

from drumsort.errors import AudioError
from drumsort.lab.data.prepare import LEAD, prepare

NOISE = np.random.default_rng(0).uniform(-0.5, 0.5, 5 * 44100)


@pytest.fixture
def prepared(tmp_path):
    """Samples as a sound file to what is made of them: 16-bit values and their rate."""

    def prepared(samples, rate=44100, subtype="PCM_16"):
        soundfile.write(tmp_path / "in.wav", samples, rate, subtype=subtype)
        prepare(tmp_path / "in.wav", tmp_path / "of" / "it.flac")
        assert [entry.name for entry in (tmp_path / "of").iterdir()] == ["it.flac"]
        info = soundfile.info(tmp_path / "of" / "it.flac")
        assert (info.format, info.subtype, info.channels) == ("FLAC", "PCM_16", 1)
        return soundfile.read(tmp_path / "of" / "it.flac", dtype="int16")

    return prepared


def test_a_short_sound_stays_as_it_is(prepared):
    values = np.array([0, 700, -(2**15), 2**15 - 1, -1, 1] * 100, np.int16)
    np.testing.assert_array_equal(prepared(values)[0], values)


def test_20_ms_are_kept_before_the_onset(prepared):
    hiss = np.full(10_000, 0.004)  # 1% of the peak is 0.005
    sound = np.concatenate([hiss, NOISE[:5000] + 0.3])
    values, rate = prepared(sound / np.abs(sound).max() * 0.5)
    assert len(values) == int(0.02 * rate) + 5000
    assert np.abs(values[: int(0.02 * rate)]).max() < 0.005 * 2**15


def test_silence_shorter_than_that_is_kept(prepared):
    values, _ = prepared(np.concatenate([np.zeros(800), NOISE[:5000]]))
    assert len(values) == 5800


def test_a_long_sound_is_faded_out(prepared):
    values, rate = prepared(NOISE)
    assert len(values) == 2.5 * rate
    fade = int(0.02 * rate)
    expected = NOISE[: len(values)] * 2**15
    np.testing.assert_allclose(values[:-fade], expected[:-fade], atol=1)
    np.testing.assert_allclose(values[-fade:], expected[-fade:] * np.linspace(1, 0, fade), atol=2)
    assert values[-1] == 0


def test_opus_for_a_name_that_ends_so(tmp_path):
    tone = 0.5 * np.sin(2 * np.pi * 200 * np.arange(44100) / 44100)
    soundfile.write(tmp_path / "in.wav", tone, 44100)
    prepare(tmp_path / "in.wav", tmp_path / "it.opus", 0.6)
    info = soundfile.info(tmp_path / "it.opus")
    assert (info.format, info.subtype, info.samplerate) == ("OGG", "OPUS", 48_000)
    heard = soundfile.read(tmp_path / "it.opus")[0]
    assert len(heard) == pytest.approx(0.6 * 48_000, abs=2)
    expected = 0.5 * np.sin(2 * np.pi * 200 * np.arange(0.5 * 48_000) / 48_000)
    assert np.corrcoef(heard[: len(expected)], expected)[0, 1] > 0.99


def test_a_sound_of_just_that_length_is_not_faded(prepared):
    values, _ = prepared(NOISE[: int(2.5 * 44100)])
    np.testing.assert_allclose(values, NOISE[: len(values)] * 2**15, atol=1)


def test_channels_are_averaged(prepared):
    values, _ = prepared(np.stack([NOISE[:5000], np.zeros(5000)], axis=1))
    np.testing.assert_allclose(values, NOISE[:5000] * 2**14, atol=1)


@pytest.mark.parametrize(
    ("rate", "kept"), [(8000, 8000), (44100, 44100), (48000, 48000), (96000, 48000)]
)
def test_96_khz_are_reduced_to_48(prepared, rate, kept):
    tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(rate) / rate)
    values, got = prepared(tone, rate)
    assert (got, len(values)) == (kept, kept)
    spectrum = np.abs(np.fft.rfft(values * np.hanning(len(values))))
    assert spectrum.argmax() == 1000


def test_what_is_too_loud_is_clipped(prepared):
    values, _ = prepared(NOISE[:1000] * 4, subtype="FLOAT")
    assert (values.min(), values.max()) == (-(2**15), 2**15 - 1)


def test_what_is_no_sound_is_not_written(tmp_path):
    (tmp_path / "x").write_bytes(b"<html>")
    with pytest.raises(AudioError):
        prepare(tmp_path / "x", tmp_path / "y")
    assert not (tmp_path / "y").exists()


def test_what_was_prepared_before_stays_as_it_is(data, tmp_path):
    with (data / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))[::200]
    for row in rows:
        prepare(data / row["path"], tmp_path / "x.flac")
        # Read as float32: reading Opus as int16, libsndfile scales by 2**15 - 1, and lets samples
        # above 1 wrap around.
        before, rate = soundfile.read(data / row["path"], dtype="float32")
        after, rate_after = soundfile.read(tmp_path / "x.flac", dtype="int16")
        assert rate_after == rate
        before = np.clip(np.round(before * 2**15), -(2**15), 2**15 - 1)
        if row["path"].endswith(".opus"):
            # The encoder changes levels before the onset, so that it may be found a little later.
            cut = len(before) - len(after)
            assert 0 <= cut < LEAD * rate
            before = before[cut:]
        np.testing.assert_array_equal(after, before, row["path"])
    assert {Path(row["path"]).suffix for row in rows} == {".flac", ".opus"}
