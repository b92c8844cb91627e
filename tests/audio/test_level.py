"""Peaks, and where a sound begins."""

import numpy as np
import pytest

from drumsort.audio.level import first_beyond, peak


@pytest.mark.parametrize(
    ("samples", "highest"), [([], 0), ([0.25], 0.25), ([0.25, -0.5], 0.5), ([[-1, 0.5]], 1)]
)
def test_the_peak_counts_both_signs(samples, highest):
    assert peak(np.array(samples, np.float32)) == highest


def test_the_peak_of_what_is_no_number_is_none():
    assert np.isnan(peak(np.array([0.5, np.nan, -1], np.float32)))


@pytest.mark.parametrize("at", [0, 1, 4095, 4096, 5000, 9999])
@pytest.mark.parametrize("sign", [1, -1])
def test_the_first_of_several_is_found_wherever_it_is(at, sign):
    samples = np.full(10_000, 0.1, np.float32)
    samples[at:] = sign * 0.2
    assert first_beyond(samples, 0.15) == at


def test_nothing_is_beyond_itself():
    assert first_beyond(np.full(10_000, 0.5, np.float32), 0.5) is None
    assert first_beyond(np.zeros(0, np.float32), 0) is None
