"""Numbers that are quoted, against scikit-learn and against those worked out by hand."""

import numpy as np
import pytest
import torch
from sklearn import metrics as reference

from drumsort.lab import calibrate, metrics
from drumsort.lab.metrics import Verdicts

FAMILIES = ("kick", "snare", "clap")


def verdicts(best, truth, groups=None, p=0.8):
    """Verdicts with a confidence of ``p``, the rest shared among the other families."""
    best, truth = np.array(best), np.array(truth)
    confidence = np.broadcast_to(p, best.shape)[:, None]
    scores = np.repeat((1 - confidence) / 2, 3, 1)
    scores[np.arange(len(best)), best] = confidence[:, 0]
    return Verdicts(FAMILIES, scores, truth, groups or [str(i) for i in range(len(best))])


def test_numbers_agree_with_scikit_learn():
    rng = np.random.default_rng(0)
    truth = rng.choice(3, 400, p=[0.6, 0.3, 0.1])
    best = np.where(rng.random(400) < 0.7, truth, rng.integers(0, 3, 400))
    confusion = verdicts(best, truth, [f"g{i % 9}" for i in range(400)]).confusion()
    np.testing.assert_array_equal(confusion, reference.confusion_matrix(truth, best))
    precision, recall, _, _ = reference.precision_recall_fscore_support(truth, best)
    np.testing.assert_allclose(metrics.precisions(confusion), precision)
    np.testing.assert_allclose(metrics.recalls(confusion), recall)
    assert metrics.accuracy(confusion) == pytest.approx(reference.accuracy_score(truth, best))
    assert metrics.balanced_accuracy(confusion) == pytest.approx(recall.mean())
    f1 = reference.f1_score(truth, best, average="macro")
    assert metrics.macro_f1(confusion) == pytest.approx(f1)


def test_a_family_that_is_not_there_does_not_count():
    confusion = verdicts([0, 0, 1], [0, 1, 1]).confusion()
    assert metrics.balanced_accuracy(confusion) == 0.75
    assert np.isnan(metrics.recalls(confusion)[2])
    assert np.isnan(metrics.precisions(confusion)[2])


def test_among_some_families_the_best_of_those_counts():
    v = verdicts([2, 0, 2], [0, 0, 2])
    v.scores[0] = [0.3, 0.1, 0.6]
    some = v.among(("kick", "snare"))
    assert some.truth.tolist() == [0, 0]
    assert some.right.all()
    assert some.groups == ["0", "1"]
    np.testing.assert_allclose(some.scores[0], [0.75, 0.25])


def test_the_interval_draws_groups_not_sounds():
    best, truth = [0, 1] * 20, [0] * 40
    low, high = metrics.interval(verdicts(best, truth), metrics.accuracy)
    assert 0.3 < low < 0.45 < 0.55 < high < 0.7
    one = verdicts(best, truth, ["g"] * 40)
    assert all(np.isnan(end) for end in metrics.interval(one, metrics.accuracy))
    two = verdicts(best, truth, [str(i % 2) for i in range(40)])
    assert metrics.interval(two, metrics.accuracy) == (0.0, 1.0)


def test_calibration_compares_confidence_with_accuracy_in_bins():
    p = [0.95] * 10 + [0.61] * 10
    right = [1] * 9 + [0] + [1] * 4 + [0] * 6
    v = verdicts([0] * 20, [0 if r else 1 for r in right], p=np.array(p))
    confidence, accuracy, count = metrics.calibration(v)
    assert count.tolist() == [0] * 9 + [10] + [0] * 4 + [10]
    assert (accuracy[9], accuracy[14]) == (0.4, 0.9)
    assert (confidence[9], confidence[14]) == pytest.approx((0.61, 0.95))
    assert metrics.calibration_error(v) == pytest.approx((0.21 + 0.05) / 2)


def test_a_policy_counts_the_sure_and_the_right():
    v = verdicts([0, 1, 1], [0, 0, 1], p=np.array([0.9, 0.8, 0.4]))
    assert metrics.policy(v, 0.6) == {
        "min_confidence": 0.6, "coverage": pytest.approx(2 / 3), "precision": 0.5,
    }  # fmt: skip
    assert np.isnan(metrics.policy(v, 0.95)["precision"])


def test_calibration_finds_the_temperature_that_labels_were_drawn_with():
    rng = np.random.default_rng(0)
    logits = torch.tensor(rng.normal(0, 2, (4000, 18)))
    p = (logits / 2.5).softmax(1).numpy()
    truth = torch.tensor([rng.choice(18, p=row) for row in p])
    possible = torch.nn.functional.one_hot(truth, 18).bool()
    assert calibrate.temperature(logits, possible) == pytest.approx(2.5, rel=0.05)


def test_policies_say_how_sure_a_verdict_must_be():
    p = np.array([0.9] * 70 + [0.8] * 20 + [0.6] * 10)
    best, truth = [0] * 100, [0] * 70 + [1] * 5 + [0] * 15 + [1] * 10
    policies = calibrate.policies(verdicts(best, truth, p=p))
    assert policies["everything"] == 0
    assert policies["balanced"] == pytest.approx(0.8)  # 80 of 100 are as sure
    assert 0.8 < policies["careful"] <= 0.9  # all that are left are right


def test_the_careful_policy_leaves_something_where_nothing_is_sure():
    wrong = verdicts([1] * 20, [0] * 20, p=np.full(20, 0.7))
    assert calibrate.policies(wrong)["careful"] == pytest.approx(0.99)


def test_a_paired_difference_sees_what_two_intervals_cannot():
    rng = np.random.default_rng(1)
    groups = [f"g{i // 10}" for i in range(400)]
    hard = np.repeat(rng.random(40) < 0.5, 10)  # whole groups are hard, for both models
    truth = np.zeros(400, np.int64)
    first = np.where(hard, 1, 0)
    second = np.where(hard & (np.arange(400) % 10 > 0), 1, 0)  # one more is right in each of them
    one, two = verdicts(first, truth, groups), verdicts(second, truth, groups)
    value, (low, high) = metrics.difference(one, two, metrics.accuracy)
    assert value == pytest.approx(0.1 * hard.mean())
    assert 0 < low < value < high
    assert metrics.interval(one, metrics.accuracy)[1] > metrics.interval(two, metrics.accuracy)[0]
    assert metrics.difference(one, one, metrics.accuracy) == (0.0, (0.0, 0.0))
    with pytest.raises(ValueError, match="same sounds"):
        metrics.difference(one, two.some(range(399)), metrics.accuracy)


def test_the_interval_of_a_mean_is_that_of_the_accuracy():
    rng = np.random.default_rng(2)
    truth, best = np.zeros(300, np.int64), rng.integers(0, 2, 300)
    v = verdicts(best, truth, [f"g{i % 17}" for i in range(300)])
    mean, interval = metrics.mean_interval(v.right.astype(float), v.groups)
    assert mean == pytest.approx(metrics.accuracy(v.confusion()))
    assert interval == pytest.approx(metrics.interval(v, metrics.accuracy))


def test_the_surest_are_a_share_of_all():
    kept = metrics.surest(np.array([0.5, 0.9, 0.1, 0.8, 0.7]))
    assert kept.tolist() == [True, True, False, True, True]
