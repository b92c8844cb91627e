"""The building blocks do to sound what their names say."""

import numpy as np
import pytest

from .envelopes import bursts, decay, hold_decay, swell, time_axis
from .filters import bandpass, highpass, lowpass, room
from .oscillators import glide, modes, sine, square
from .skins import driven

RATE = 48000


def gain_db(shape, hz: float) -> float:
    """What a filter does to a steady tone at ``hz``, in decibels."""
    t = time_axis(0.5, RATE)
    tone = np.sin(2 * np.pi * hz * t)
    middle = slice(RATE // 8, 3 * RATE // 8)
    return float(20 * np.log10(np.std(shape(tone)[middle]) / np.std(tone[middle])))


def test_time_axis_counts_in_seconds():
    t = time_axis(0.25, RATE)
    assert t.shape == (12000,)
    assert t[0] == 0.0
    assert t[-1] == pytest.approx(0.25 - 1 / RATE)


def test_decay_falls_60_db_in_t60():
    t = np.array([0.0, 0.1, 0.2, 0.3])
    assert decay(t, 0.2) == pytest.approx([1.0, 10**-1.5, 1e-3, 10**-4.5])
    assert decay(t, 0.2, start=0.1) == pytest.approx([0.0, 1.0, 10**-1.5, 1e-3])
    assert hold_decay(t, 0.1, 0.2) == pytest.approx([1.0, 1.0, 10**-1.5, 1e-3])


def test_swell_rises_to_one_and_stays():
    assert swell(np.array([0.0, 0.05, 0.1, 9.0]), 0.1) == pytest.approx([0.0, 0.5, 1.0, 1.0])


def test_bursts_start_anew():
    t = np.array([0.0, 0.009, 0.01, 0.019])
    assert bursts(t, (0.0, 0.01), 0.03) == pytest.approx([1.0, 10**-0.9, 1.0, 10**-0.9])


@pytest.mark.parametrize(("hz", "low", "high"), [(100, 0, -40), (1000, -3, -3), (10000, -40, 0)])
def test_filters_turn_at_their_cutoff(hz, low, high):
    assert gain_db(lambda x: lowpass(x, 1000, RATE), hz) == pytest.approx(low, abs=0.3)
    assert gain_db(lambda x: highpass(x, 1000, RATE), hz) == pytest.approx(high, abs=0.3)


def test_bandpass_keeps_its_middle():
    assert gain_db(lambda x: bandpass(x, 1000, RATE, 2), 1000) == pytest.approx(0, abs=0.1)
    assert gain_db(lambda x: bandpass(x, 1000, RATE, 2), 100) < -20
    assert gain_db(lambda x: bandpass(x, 1000, RATE, 2), 10000) < -20


def test_filters_do_not_ring_ahead():
    late = np.zeros(RATE // 2)
    late[RATE // 4] = 1.0
    out = lowpass(late, 1000, RATE)
    assert np.max(np.abs(out[: RATE // 4 - 50])) < 0.01 * np.max(np.abs(out))


def test_room_comes_after_the_sound_and_keeps_its_length():
    click = np.zeros(RATE // 2)
    click[100] = 1.0
    echo = room(np.random.default_rng(0), click, RATE)
    assert echo.shape == click.shape
    assert np.sum(echo[: 100 + RATE // 500] ** 2) < 1e-3 * np.sum(echo**2)


def test_sine_follows_its_glide():
    t = time_axis(1.0, RATE)
    hz = glide(t, 400.0, 100.0, 0.05)
    assert hz[0] == pytest.approx(400.0)
    crossings = np.flatnonzero(np.diff(np.signbit(sine(hz, RATE)))) / RATE
    assert np.sum(crossings > 0.5) == pytest.approx(100, abs=1)
    assert np.sum(crossings < 0.05) > 20


def test_square_has_little_that_is_no_harmonic():
    wave = square(time_axis(1.0, RATE), 1510.0, RATE)
    power = np.abs(np.fft.rfft(wave)) ** 2
    harmonic = np.arange(len(power)) % 1510 == 0
    naive = np.abs(np.fft.rfft(np.sign(np.sin(2 * np.pi * 1510.0 * time_axis(1.0, RATE))))) ** 2
    assert power[~harmonic].sum() < 0.1 * naive[~harmonic].sum()
    assert power[1510] == pytest.approx(naive[1510], rel=0.02)


def test_modes_above_the_rate_are_left_out():
    t = time_axis(0.1, 16000)
    one = modes(t, (500.0,), (0.1,), (1.0,), 16000)
    two = modes(t, (500.0, 9000.0), (0.1, 0.1), (1.0, 1.0), 16000)
    assert np.array_equal(one, two)
    assert np.any(one)


def test_drive_makes_louder_but_not_higher():
    x = np.sin(2 * np.pi * 300 * time_axis(0.5, RATE))
    assert np.max(driven(x, 3.0)) == pytest.approx(1.0, abs=1e-3)
    assert np.mean(driven(x, 5.0) ** 2) > 1.3 * np.mean(x**2)
