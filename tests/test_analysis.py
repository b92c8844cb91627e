"""Every measure of sounds that are known, and how far off it may be."""

import math

import numpy as np
import pyloudnorm
import pytest
import soxr

from drumsort.analysis import analyse, note
from drumsort.analysis.low_tone import is_low_tone
from drumsort.audio.decode import decode
from drumsort.types import Clip

from .synth.drums import synthesize
from .synth.envelopes import decay, time_axis
from .synth.oscillators import glide, modes, sine

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


def meter(samples, rate):
    """What a maintained library says of the loudest 400 ms."""
    size = round(0.4 * rate)
    samples = np.concatenate([np.zeros(size // 4), samples, np.zeros(size)])
    block = pyloudnorm.Meter(rate, block_size=0.4).integrated_loudness
    starts = range(0, len(samples) - size, size // 8)
    loudest = max(starts, key=lambda at: float(np.sum(samples[at : at + size] ** 2)))
    return block(samples[loudest : loudest + size])


@pytest.mark.parametrize("rate", RATES)
def test_loudness_is_what_a_meter_shows(rate):
    t, rng = time_axis(1.0, rate), np.random.default_rng(rate)
    noise = rng.standard_normal(len(t))
    sounds = {
        "997 Hz": (np.sin(2 * np.pi * 997 * t), 0.2),
        "hat": (0.1 * noise * decay(t, 0.1), 0.2),
        "noise": (0.1 * noise, 0.2),
        "snare": (0.1 * noise * decay(t, 0.3) + tone(190, rate)[: len(t)] * decay(t, 0.3), 0.2),
        "tom": (tone(110, rate)[: len(t)] * decay(t, 0.5), 0.3),
        "kick": (0.5 * sine(glide(t, 150, 50, 0.03) + 0 * t, rate) * decay(t, 0.6), 0.4),
        "808": (0.5 * np.sin(2 * np.pi * 41 * t), 0.5),
    }
    for name, (sound, error) in sounds.items():
        found = analyse(clip(sound, rate)).loudness_db
        assert found == pytest.approx(meter(sound, rate), abs=error), name
    assert analyse(clip(sounds["997 Hz"][0], rate)).loudness_db == pytest.approx(-3.01, abs=0.1)


@pytest.mark.parametrize("rate", RATES)
def test_a_true_peak_lies_between_samples(rate):
    t = np.arange(round(0.3 * rate))
    for turns, phase, over in ((1 / 4, 1 / 8, 3.01), (1 / 6, 0.0, 1.25), (1 / 100, 0.0, 0.0)):
        wave = (
            0.5
            * np.sin(2 * np.pi * (turns * t + phase))
            * np.minimum(1, np.minimum(t, t[::-1]) / 500)
        )
        found = analyse(clip(wave, rate))
        assert found.true_peak_db - found.peak_db == pytest.approx(over, abs=0.3)
        assert found.true_peak_db == pytest.approx(-6.02, abs=0.3)
    rng = np.random.default_rng(rate)
    for t60 in (0.05, 0.3, 2.0):
        hit = 0.2 * rng.standard_normal(len(t)) * decay(t / rate, t60)
        whole = np.abs(soxr.resample(np.pad(hit, 200), rate, 8 * rate, quality="VHQ")).max()
        found = analyse(clip(hit, rate)).true_peak_db
        assert found == pytest.approx(20 * math.log10(whole), abs=1.5)
        assert found >= analyse(clip(hit, rate)).peak_db


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("rise", [0.0, 0.01, 0.05, 0.3])
@pytest.mark.parametrize("t60", [0.15, 0.6, 1.5])
def test_attack_and_decay_are_those_of_the_envelope(rate, rise, t60):
    t = time_axis(2.0, rate)
    late = np.maximum(t - rise, 0)
    shape = np.minimum(1, t / rise if rise else 1.0) * 10 ** (-3 * late / t60)
    rng = np.random.default_rng(1)
    reached = 10 ** (-3 / 20) * rise  # the first instant within 3 dB
    for carrier in (np.sin(2 * np.pi * 1000 * t), rng.standard_normal(len(t))):
        found = analyse(clip(0.2 * carrier * shape, rate))
        assert found.attack_s == pytest.approx(reached, abs=0.002 + 0.15 * rise)
        assert found.decay_s == pytest.approx(t60 / 3, abs=0.01 + 0.03 * t60)


@pytest.mark.parametrize("hz", [30, 33, 41, 49, 55, 65.4, 73.4, 82, 98, 110])
@pytest.mark.parametrize("drive", [0.5, 4.0])
def test_a_tuned_808_has_its_note_with_confidence(hz, drive):
    for t60 in (1.0, 4.0):
        t = time_axis(2.0, 44100)
        boom = np.tanh(drive * sine(hz + 3 * hz * np.exp(-t / 0.012), 44100) * decay(t, t60))
        found = analyse(clip(0.8 * boom))
        assert cents(found.pitch_hz, hz) < 10
        assert found.pitch_confidence > 0.8


@pytest.mark.parametrize("hz", [180, 240, 320, 400])
def test_congas_have_a_pitch_with_confidence(hz):
    t = time_axis(0.5, 44100)
    conga = modes(t, [hz, 1.9 * hz, 2.6 * hz], (0.8, 0.3, 0.1), (0.4, 0.2, 0.1), 44100)
    conga += 0.2 * np.random.default_rng(hz).standard_normal(len(t)) * decay(t, 0.02)
    found = analyse(clip(conga))
    assert cents(found.pitch_hz, hz) < 30
    assert found.pitch_confidence > 0.5


@pytest.mark.parametrize("label", ["closed_hat", "open_hat", "pedal_hat", "crash", "shaker"])
def test_hats_have_none(label):
    for seed in range(4):
        found = analyse(clip(synthesize(label, seed)))
        assert (found.pitch_hz, found.pitch_confidence) == (None, None)


def test_an_offset_changes_no_measure(tmp_path):
    import soundfile

    t = time_axis(1.5, 44100)
    sound = 0.5 * modes(t, [110, 180], (0.8, 0.3), (0.6, 0.3), 44100)
    found = []
    for offset in (0.0, 0.01, 0.1):
        path = tmp_path / f"{offset}.wav"
        soundfile.write(path, sound + offset, 44100, "PCM_24")
        found.append(analyse(decode(path)))
    for other in found[1:]:
        for name in ("loudness_db", "peak_db", "true_peak_db"):
            assert getattr(other, name) == pytest.approx(getattr(found[0], name), abs=0.1)
        for name in ("onset_s", "attack_s", "decay_s"):
            assert getattr(other, name) == pytest.approx(getattr(found[0], name), abs=0.005)
        assert cents(other.pitch_hz, found[0].pitch_hz) < 2
        assert other.brightness_hz == pytest.approx(found[0].brightness_hz, rel=0.05)


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


def eight(hz, rate=44100, drive=0.0, decay_s=0.5):
    """An 808: a sine that falls to its note within 12 ms, and dies away."""
    t = time_axis(1.5, rate)
    sweep = hz + 3 * hz * np.exp(-t / 0.012)
    x = np.sin(2 * np.pi * np.cumsum(sweep) / rate) * np.exp(-t / decay_s)
    return np.tanh(drive * x) if drive else x


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("drive", [0, 2, 6])
@pytest.mark.parametrize("hz", [32.7, 55, 73.4, 98, 110])
def test_a_tuned_808_is_a_low_tone(hz, drive, rate):
    x = eight(hz, rate, drive)
    assert is_low_tone(clip(x, rate))
    noise = np.random.default_rng(0).standard_normal(len(x))
    assert is_low_tone(clip(np.concatenate([np.zeros(rate // 4), x + 0.001 * noise]), rate))
    assert not is_low_tone(clip(x + 0.03 * noise, rate))


def wave(hz, numbers, gains, seconds=1.2, fall=0.0):
    """A note of a synthesizer: some harmonics that rise and end at once, and fall little or not."""
    t = time_axis(seconds, 44100)
    x = sum(g * np.sin(2 * np.pi * hz * k * t) for k, g in zip(numbers, gains, strict=True))
    return (
        0.3 * x * np.minimum(1, t / 0.005) * np.minimum(1, (seconds - t) / 0.03) * np.exp(-fall * t)
    )


ODD = range(1, 40, 2)


@pytest.mark.parametrize("hz", [41, 73.4, 98])
def test_a_low_tone_may_be_clipped_or_fall_in_a_line_or_be_cut_or_soft_or_without_a_sweep(hz):
    t = time_axis(1.0, 44100)
    plain = np.sin(2 * np.pi * hz * t)
    swept = np.sin(2 * np.pi * np.cumsum(hz + 2 * hz * np.exp(-t / 0.018)) / 44100) * np.exp(-t)
    line = plain * (1 - t)
    short = plain * 10 ** (-3 * t / 0.8)
    for x in (swept, line, np.clip(3 * line, -1, 1), np.tanh(8 * plain * np.exp(-t)), short):
        assert is_low_tone(clip(x))
    for x in (line, eight(hz, drive=4, decay_s=2)[:30000]):
        assert is_low_tone(clip(np.round(x * 330) / 32768))  # a hundredth of 16 bits


def test_what_has_other_modes_or_glides_or_ends_or_is_higher_is_none():
    skin = sum(g * tone(73 * k, 44100, 1.5) for k, g in ((1, 1), (1.59, 0.1), (2.14, 0.05)))
    late = tone(98, 44100, 1.5) + 0.02 * tone(156, 44100, 1.5)
    t = time_axis(0.6, 44100)
    glide = np.sin(2 * np.pi * np.cumsum(110 + 44 * np.exp(-t / 0.05)) / 44100) * np.exp(-t / 0.18)
    tom = np.sin(2 * np.pi * 98 * t) * np.exp(-t / 0.05)  # that of a drum machine
    for x in (skin, late, glide, tom, eight(98)[:13000], eight(73, decay_s=0.02), eight(160)):
        assert not is_low_tone(clip(x))
    for x in (t * 0, t[:1] + 1, eight(73)[:3000]):
        assert not is_low_tone(clip(x))
    assert not is_low_tone(clip(np.ones(900), 1000))


@pytest.mark.parametrize("hz", [41.2, 65.4, 98])
def test_the_note_of_a_bass_is_no_low_tone(hz):
    square, saw = (wave(hz, ks, [1 / k for k in ks]) for ks in (ODD, range(1, 40)))
    plucked, falling = (wave(hz, ks, [1 / k for k in ks], fall=2) for ks in (range(1, 40), ODD))
    beating = wave(hz, ODD, [1 / k for k in ODD], fall=2)
    beating = beating + wave(1.006 * hz, ODD, [1 / k for k in ODD], fall=2)
    for x in (wave(hz, [1], [1]), square, saw, plucked, falling, beating):
        assert not is_low_tone(clip(x))
    for seed in range(40):
        assert not is_low_tone(clip(synthesize("tom", seed)))
