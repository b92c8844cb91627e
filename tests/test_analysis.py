"""Loudness, onset, brightness and pitch of sounds that are known."""

import math

import numpy as np
import pytest

from drumsort.analysis import analyse, note
from drumsort.audio.decode import decode
from drumsort.synth.envelopes import decay, time_axis
from drumsort.synth.oscillators import glide, modes, sine
from drumsort.types import Clip

RATES = (22050, 44100, 48000, 96000)


def clip(samples, rate=44100, start=0.0):
    return Clip(np.asarray(samples, np.float32), rate, len(samples) / rate, start=start)


def tone(hz, rate, t60=1.0, gain=0.5):
    t = time_axis(1.05 * t60, rate)
    return gain * np.sin(2 * np.pi * hz * t) * decay(t, t60)


def cents(found, hz):
    assert found is not None
    return abs(1200 * math.log2(found / hz))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("hz", [33, 41, 55, 82, 110, 220, 440, 880])
def test_the_pitch_of_a_tone_that_dies_away(hz, rate):
    for t60, most in ((0.12, 40), (0.3, 3), (2.0, 3)):
        assert cents(analyse(clip(tone(hz, rate, t60), rate)).pitch_hz, hz) < most


@pytest.mark.parametrize("low", [40, 50, 60])
@pytest.mark.parametrize("t60", [0.4, 0.9])
def test_the_pitch_of_a_kick_is_where_its_sweep_ends(low, t60):
    t = time_axis(1.05 * t60, 44100)
    sweep = glide(t, 2 * low, low, 0.03) + glide(t, 5 * low, 0, 0.008)
    kick = 0.5 * sine(sweep, 44100) * decay(t, t60)
    assert cents(analyse(clip(kick)).pitch_hz, low) < 60


@pytest.mark.parametrize("low", [80, 120, 180, 300])
def test_the_pitch_of_a_tom_is_its_lowest_mode(low):
    t, rng = time_axis(0.8, 44100), np.random.default_rng(low)
    skin = [low, 1.59 * low, 2.14 * low, 2.65 * low]
    tom = modes(t, skin, (0.8, 0.4, 0.3, 0.2), (0.5, 0.6, 0.4, 0.3), 44100)
    tom += 0.3 * rng.standard_normal(len(t)) * decay(t, 0.05)
    assert cents(analyse(clip(tom)).pitch_hz, low) < 30


def test_two_tones_of_a_cowbell_give_the_lower():
    t = time_axis(0.4, 44100)
    bell = modes(t, (540, 800), (0.4, 0.4), (0.4, 0.5), 44100)
    assert cents(analyse(clip(bell)).pitch_hz, 540) < 10


def test_noise_has_no_pitch():
    rng = np.random.default_rng(1)
    t = time_axis(0.5, 44100)
    for _ in range(50):
        assert analyse(clip(0.1 * rng.standard_normal(len(t)) * decay(t, 0.5))).pitch_hz is None


@pytest.mark.parametrize("samples", [[1.0], [0.5, -0.5], np.full(300, 0.1), np.full(88200, 0.1)])
def test_what_is_hardly_a_sound_is_measured_without_complaint(samples):
    found = analyse(clip(samples))
    numbers = (found.loudness_db, found.peak_db, found.onset_s, found.brightness_hz)
    assert np.isfinite(numbers).all()
    assert found.pitch_hz is None


@pytest.mark.parametrize("rate", RATES)
def test_loudness_is_that_of_the_loudest_part(rate):
    t = time_axis(2.0, rate)
    steady = 0.5 * np.sin(2 * np.pi * 1000 * t)
    assert analyse(clip(steady, rate)).loudness_db == pytest.approx(-9.03, abs=0.1)
    late = steady * (t > 1.2) + 0.01 * steady
    assert analyse(clip(late, rate)).loudness_db == pytest.approx(-8.94, abs=0.1)
    short = steady[: rate // 10]  # a fourth of 400 ms
    assert analyse(clip(short, rate)).loudness_db == pytest.approx(-15.05, abs=0.1)
    assert analyse(clip(steady, rate)).peak_db == pytest.approx(-6.02, abs=0.1)


@pytest.mark.parametrize("rate", RATES)
def test_brightness_is_the_centre_of_the_spectrum(rate):
    for hz in (100, 1000, 8000):
        assert analyse(clip(tone(hz, rate), rate)).brightness_hz == pytest.approx(hz, rel=0.1)
    both = tone(1000, rate) + tone(3000, rate)
    assert analyse(clip(both, rate)).brightness_hz == pytest.approx(2000, rel=0.05)


def test_the_onset_is_where_the_file_has_it(tmp_path):
    import soundfile

    sound = tone(200, 44100)
    for silence in (0.0, 0.5, 7.0):
        path = tmp_path / f"{silence}.wav"
        soundfile.write(path, np.concatenate([np.zeros(int(44100 * silence)), sound]), 44100)
        assert analyse(decode(path)).onset_s == pytest.approx(silence, abs=0.001)


def test_notes():
    notes = {440: "A4", 92.5: "F#2", 55: "A1", 261.63: "C4", 30.87: "B0", 49.5: "G1"}
    notes |= {261.6: "C4", 51: "G#1", 49: "G1", 246.9: "B3"}
    assert {hz: note(hz) for hz in notes} == notes
