"""The building blocks do to sound what their names say."""

import numpy as np
import pytest

from drumsort.synth.bodies import plate, skin
from drumsort.synth.effects import bent, crushed, driven, held
from drumsort.synth.envelopes import (
    bursts,
    decay,
    fall,
    hold_decay,
    put,
    swell,
    time_axis,
    two_falls,
)
from drumsort.synth.filters import (
    bandpass,
    convolved,
    highpass,
    lowpass,
    resonances,
    room,
    tilted,
)
from drumsort.synth.noises import burst, digits, grains, hiss, knocks
from drumsort.synth.oscillators import fm, glide, modes, ring, sine, square

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


def loudest(x) -> float:
    """Where in Hz the spectrum of one second or less is highest."""
    return float(np.argmax(np.abs(np.fft.rfft(x))) * RATE / len(x))


def test_fall_is_decay_and_two_falls_start_at_one():
    t = time_axis(0.3, RATE)
    assert fall(t, 0.2) == pytest.approx(decay(t, 0.2))
    assert two_falls(t, 0.1, 0.4, 0.25)[0] == pytest.approx(1.0)
    assert two_falls(t, 0.1, 0.4, 0.25)[-1] == pytest.approx(0.25 * 10**-2.25, rel=0.01)


def test_put_adds_and_leaves_out_what_does_not_fit():
    out = np.ones(4)
    put(out, np.array([1.0, 2.0, 3.0]), 2, 0.5)
    put(out, np.ones(3), 9)
    assert out.tolist() == [1.0, 1.0, 1.5, 2.0]


def test_ring_is_the_sum_that_modes_is():
    t = time_axis(0.21, RATE)
    hz, t60, gain = (110.0, 997.0, 7100.5, 30000.0), (0.5, 0.2, 0.01, 1.0), (1.0, -0.5, 2.0, 9.0)
    assert ring(t, hz, t60, gain, RATE) == pytest.approx(modes(t, hz, t60, gain, RATE), abs=1e-8)
    cosine = np.cos(2 * np.pi * 440 * t) * decay(t, 0.3)
    assert ring(t, 440.0, 0.3, 1.0, RATE, np.pi / 2) == pytest.approx(cosine, abs=1e-9)
    assert not np.any(ring(t, 30000.0, 1.0, 1.0, RATE))


def test_fm_without_modulation_is_a_sine_and_with_it_has_sidebands():
    t = time_axis(1.0, RATE)
    hz = np.full_like(t, 500.0)
    assert fm(hz, 2.0, np.zeros_like(t), RATE) == pytest.approx(sine(hz, RATE), abs=1e-9)
    power = np.abs(np.fft.rfft(fm(hz, 1.4, np.ones_like(t), RATE))) ** 2
    assert power[1200] > 0.1 * power[500] > 1e6 * power[1000]


def test_hiss_keeps_to_its_band_at_its_loudness():
    t = time_axis(0.7, RATE)
    x = hiss(np.random.default_rng(0), t, RATE, 1000.0, 4000.0)
    power, hz = np.abs(np.fft.rfft(x)) ** 2, np.fft.rfftfreq(len(x), 1 / RATE)
    assert x.shape == t.shape
    assert np.sqrt(np.mean(x**2)) == pytest.approx(0.3)
    assert np.mean(power[(hz > 1200) & (hz < 3500)]) > 50 * np.mean(power[hz < 300])
    assert np.mean(power[(hz > 1200) & (hz < 3500)]) > 50 * np.mean(power[hz > 12000])


def test_burst_is_over_when_it_has_died_away():
    t = time_axis(0.5, RATE)
    x = burst(np.random.default_rng(0), t, RATE, 500.0, 5000.0, 0.05)
    assert np.any(x[:100])
    assert not np.any(x[RATE // 15 :])


def test_digits_repeat():
    x = digits(np.random.default_rng(0), time_axis(0.5, RATE), 4800.0, 93)
    assert set(np.unique(x)) == {-1.0, 1.0}
    assert np.array_equal(x[:5000], x[930 : 930 + 5000])
    assert not np.array_equal(x[:5000], x[500 : 500 + 5000])


def test_beads_strike_while_they_are_shaken_and_as_often_as_asked():
    t = time_axis(2.0, RATE)
    energy = np.where(t < 1.0, 1.0, 0.0)
    rng = np.random.default_rng(0)
    hits = knocks(rng, t, energy, 500.0)
    assert 400 < np.count_nonzero(hits) < 600
    assert not np.any(hits[RATE:])
    x = grains(rng, t, RATE, energy, 500.0, 0.002)
    assert np.std(x[:RATE]) > 1000 * np.std(x[RATE + RATE // 50 :])


def test_resonances_and_tilt_shape_as_they_say():
    def two(x):
        return resonances(x, (500.0, 4000.0), (20.0, 20.0), (1.0, 0.1), RATE)

    assert gain_db(two, 500) == pytest.approx(0, abs=0.2)
    assert gain_db(two, 4000) == pytest.approx(-20, abs=1)
    assert gain_db(two, 1400) < -25
    assert gain_db(lambda x: tilted(x, 1000.0, -6.0, 3.0, RATE), 20) == pytest.approx(-6, abs=0.2)
    assert gain_db(lambda x: tilted(x, 1000.0, -6.0, 3.0, RATE), 20000) == pytest.approx(3, abs=0.2)


def test_convolved_sets_off_the_kernel_at_each_sample():
    x = np.array([1.0, 0.0, 0.0, 2.0, 0.0])
    assert convolved(x, np.array([1.0, 0.5, 0.25])) == pytest.approx([1, 0.5, 0.25, 2, 1])


def test_effects_coarsen_and_bend():
    t = time_axis(0.5, RATE)
    x = np.sin(2 * np.pi * 300 * t)
    assert len(np.unique(crushed(x, 3.0))) == 9
    assert np.max(np.abs(crushed(x, 8.0) - x)) < 1 / 128
    assert np.array_equal(held(x, 1.0, RATE), np.full_like(x, x[0]))
    assert len(np.unique(held(np.arange(4800.0), 4800.0, RATE))) == 480
    assert np.max(driven(x, 3.0)) == pytest.approx(1.0, abs=1e-3)
    assert np.mean(driven(x, 5.0) ** 2) > 1.3 * np.mean(x**2)
    sharp = bent(x, t, 0.5, 0.02, RATE)
    assert loudest(sharp[:960]) > 1.2 * loudest(sharp[RATE // 4 : RATE // 4 + 4800])
    assert loudest(sharp[RATE // 4 : RATE // 4 + 4800]) == pytest.approx(300)


def test_a_skin_has_a_lowest_mode_and_a_plate_has_many():
    t = time_axis(1.0, RATE)
    assert loudest(skin(np.random.default_rng(0), t, RATE, 150.0, 1.0, 2.0)) == pytest.approx(150)
    x = plate(np.random.default_rng(0), t, RATE, 300.0, 5000.0, 3.0, 80)
    power = np.abs(np.fft.rfft(x * np.hanning(len(x)))) ** 2
    peaks = (power[1:-1] > power[:-2]) & (power[1:-1] > power[2:])
    assert np.count_nonzero(peaks & (power[1:-1] > 1e-4 * power.max())) > 25
    assert np.sum(power[:250]) < 1e-3 * np.sum(power)
