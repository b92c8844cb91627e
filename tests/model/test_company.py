"""Numbers in, numbers out: what the sounds around a sound make of what the network says of it."""

import numpy as np
import pytest

from drumsort.model.classes import Classes
from drumsort.model.company import SURE, Company, company, stem
from drumsort.model.evidence import Weighed


def said(rng, truth, n_classes=8, sharpness=1.6):
    """Log-probabilities ``(n, n_classes)`` of a network that is right most of the time."""
    logits = rng.normal(0, 1, (len(truth), n_classes))
    logits[np.arange(len(truth)), truth] += sharpness
    logits *= sharpness  # calibrated: the log-likelihood of such a number
    return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)


def accuracy(log_p, truth):
    return (log_p.argmax(1) == truth).mean()


def tree(rng, folders=200, size=12):
    """Folders of one class each, where a fifth of the sounds is of any other."""
    truth, folder = [], []
    for number in range(folders):
        main = rng.integers(8)
        for _ in range(rng.integers(1, size)):
            truth.append(main if rng.random() < 0.8 else rng.integers(8))
            folder.append(number)
    return np.array(truth), folder


def test_sounds_of_one_folder_help_each_other():
    rng = np.random.default_rng(0)
    truth, folder = tree(rng)
    log_p = said(rng, truth)
    better = company(log_p, folder, [""] * len(truth))
    assert accuracy(better, truth) > accuracy(log_p, truth) + 0.05


def test_a_series_of_names_counts_within_its_folder():
    rng = np.random.default_rng(1)
    truth = np.tile(np.repeat(np.arange(8), 10), 30)
    folder = np.repeat(np.arange(30), 80).tolist()
    series = [f"{name}#" for name in truth]
    log_p = said(rng, truth)
    alone = company(log_p, folder, [""] * len(truth))
    together = company(log_p, folder, series)
    assert accuracy(together, truth) > accuracy(alone, truth) + 0.15
    elsewhere = company(log_p, range(len(truth)), series)  # one sound in each folder
    np.testing.assert_allclose(elsewhere, log_p, atol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_mixed_folders_lose_next_to_nothing(seed):
    rng = np.random.default_rng(seed)
    truth, folder = tree(rng, 400)
    log_p = said(rng, truth)
    mixed = rng.permutation(folder).tolist()
    series = rng.integers(0, 3, len(truth)).tolist()
    before = accuracy(log_p, truth)
    assert accuracy(company(log_p, mixed, series), truth) > before - 0.003


def test_a_sound_alone_and_no_sounds_stay_as_they_are():
    log_p = said(np.random.default_rng(0), np.arange(8))
    np.testing.assert_allclose(company(log_p, list("abcdefgh"), ["x"] * 8), log_p, atol=1e-9)
    assert company(np.empty((0, 8)), [], []).shape == (0, 8)


def test_what_comes_out_are_log_probabilities_and_order_does_not_matter():
    rng = np.random.default_rng(2)
    truth, folder = tree(rng, 30)
    log_p = said(rng, truth) + 3.0  # up to a constant
    series = rng.integers(0, 2, len(truth)).tolist()
    out = company(log_p, folder, series)
    np.testing.assert_allclose(np.exp(out).sum(1), 1)
    order = rng.permutation(len(truth))
    again = company(log_p[order], [folder[i] for i in order], [series[i] for i in order])
    np.testing.assert_allclose(again, out[order], atol=1e-9)


def test_what_a_network_heard_more_often_in_training_is_taken_into_account():
    log_p = np.log(np.full((6, 2), 0.5))  # it cannot tell, though it heard the first more often
    out = company(log_p, ["a"] * 6, [""] * 6, prior=(0.9, 0.1))
    assert (out[:, 1] > out[:, 0]).all()


def test_what_all_libraries_have_most_of_says_nothing_of_a_folder():
    rng = np.random.default_rng(3)
    truth = np.where(rng.random(600) < 0.7, 0, rng.integers(0, 8, 600))
    log_p = said(rng, truth)
    ordinary = np.bincount(truth, minlength=8)
    out = company(log_p, rng.integers(0, 60, 600).tolist(), [""] * 600, ordinary=ordinary)
    rare = truth != 0
    assert accuracy(out[rare], truth[rare]) > accuracy(log_p[rare], truth[rare]) - 0.01


def test_certainty_of_nothing_stays_a_number():
    log_p = np.log(np.array([[1.0, 1e-300], [1.0, 1e-300], [1e-300, 1.0]]))
    assert np.isfinite(np.exp(company(log_p, ["a"] * 3, [""] * 3))).all()


@pytest.mark.parametrize(
    ("name", "same"),
    [("Hat 01.wav", "hat 12.wav"), ("808-3.WAV", "909-11.wav"), ("Größe9.aif", "GRÖSSE1.aif")],
)
def test_names_that_differ_in_digits_only_have_one_stem(name, same):
    assert stem(name) == stem(same)
    assert stem(name) != stem("clap 1.wav")


def test_a_folder_gets_the_same_by_itself_and_among_others_to_the_last_bit():
    rng = np.random.default_rng(4)
    truth, folder = tree(rng, 1500)  # more than are computed at once
    log_p, series = said(rng, truth), rng.integers(0, 3, len(truth)).tolist()
    out = company(log_p, folder, series)
    for some in (range(5), range(700, 900), [1499]):
        at = [i for i, number in enumerate(folder) if number in some]
        alone = company(log_p[at], [folder[i] for i in at], [series[i] for i in at])
        np.testing.assert_array_equal(alone, out[at])


CLASSES = Classes({"kick": ("kick",), "hat": ("closed_hat", "open_hat"), "percussion": ("cowbell",),
                   "other": ("loop",)})  # fmt: skip


def sounds(*rows):
    return np.array(rows, np.float32)


HAT, KICK = (0.05, 0.8, 0.1, 0.03, 0.02), (0.5, 0.4, 0.02, 0.04, 0.04)


def test_the_reason_says_how_many_siblings_are_of_the_family():
    found = Company.of(CLASSES, sounds(*[HAT] * 14, KICK, KICK), ["a"] * 16, [*range(16)])
    assert CLASSES.best(found.scores).family.tolist() == [1] * 16
    assert found.reasons()[0] == "13 of 15 siblings are hats"
    assert found.reasons()[-1] == "14 of 15 siblings are hats"
    series = Company.of(CLASSES, sounds(*[HAT] * 7, KICK), ["a"] * 8, [*"xyz", *["hat #"] * 5])
    assert series.reasons()[-1] == "4 of 4 siblings are hats"
    one = Company.of(CLASSES, sounds(HAT, HAT), ["a"] * 2, "xy")
    assert one.reasons() == ["1 of 1 sibling is a hat"] * 2


@pytest.mark.parametrize("least", [SURE + 0.001, SURE - 0.02])
def test_what_the_network_is_sure_of_stays(least):
    rest = (1 - least) / 4
    row = (least, rest, rest, rest, rest)
    found = Company.of(CLASSES, sounds(*[HAT] * 40, row), ["a"] * 41, ["x"] * 41)
    stays = np.array_equal(found.scores[-1], np.array(row, np.float32))
    assert stays == (least >= SURE)
    assert stays or found.scores[-1, 0] < least


def test_company_is_weighed_and_a_sound_alone_has_none():
    scores = sounds(*[HAT] * 9, KICK, KICK)
    found = Company.of(CLASSES, scores, [*["a"] * 10, "b"], ["x"] * 11)
    after = found.rows(slice(9, 11)).weigh(Weighed(CLASSES, scores[9:]))
    np.testing.assert_array_equal(after.alone, scores[9:])
    assert CLASSES.best(after.scores).family.tolist() == [1, 0]
    np.testing.assert_array_equal(after.scores[1], scores[10])
    np.testing.assert_allclose(after.scores.sum(1), 1, rtol=1e-5)
    assert len(Company.of(CLASSES, scores[:0], [], []).scores) == 0
