"""The ear gets a hit with less of what rings from before it, and nothing else is changed."""

import numpy as np

from drumsort.slicing.alone import by_itself

from ..synth.drums import synthesize

RATE = 44100


def level(samples):
    return 10 * np.log10(np.mean(np.square(samples)))


def test_what_rings_is_lower_and_the_hit_stays():
    t = np.arange(RATE) / RATE
    tone = (0.3 * np.sin(2 * np.pi * 700 * t)).astype(np.float32)
    hit = np.zeros(RATE // 2, np.float32)
    snare = synthesize("snare", 3)[: len(hit)]
    hit[: len(snare)] = snare
    before, mixed = tone[: RATE // 2], hit + tone[RATE // 2 :]
    heard = by_itself(before, mixed, RATE)
    quiet = slice(round(0.35 * RATE), round(0.4 * RATE))  # the snare is over
    assert level(heard[quiet]) < level(mixed[quiet]) - 4
    loud = slice(100, 2000)
    like = [np.corrcoef(one[loud], hit[loud])[0, 1] for one in (heard, mixed)]
    assert like[0] > like[1]


def test_after_silence_only_the_fades_differ():
    hit = synthesize("snare", 3)[: RATE // 4]
    for before in (np.zeros(RATE, np.float32), np.zeros(3, np.float32)):
        heard = by_itself(before, hit, RATE)
        assert (heard.shape, heard.dtype) == (hit.shape, np.float32)
        assert np.abs(heard - hit)[60 : -round(0.05 * RATE)].max() < 1e-4


def test_a_hit_of_a_few_samples_is_no_trouble():
    for count in (1, 2, 100):
        assert np.isfinite(by_itself(np.ones(5000, np.float32), np.ones(count), RATE)).all()
