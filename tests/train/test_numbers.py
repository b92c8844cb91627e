"""Loss, sampling, evaluation and calibration, against numbers worked out by hand."""

import numpy as np
import pytest
import torch

from drumsort.taxonomy import FAMILIES, LABELS
from drumsort.train import calibrate
from drumsort.train.data import Example
from drumsort.train.evaluate import EIGHT, SIX, balanced_accuracy, interval, policy, recalls
from drumsort.train.loss import set_loss
from drumsort.train.recipe import Recipe
from drumsort.train.sounds import possible_labels, sampling_weights


def example(family, group="g", labels=None):
    return Example(labels or tuple(FAMILIES[family]), family, group, np.zeros(1, np.float32))


def certain(*labels, p=1.0):
    """Probabilities that put ``p`` on one label each and share the rest."""
    rest = (1 - p) / (len(LABELS) - 1)
    return np.array([[p if each == label else rest for each in LABELS] for label in labels])


def test_set_loss_is_cross_entropy_for_a_known_label():
    logits = torch.randn(5, len(LABELS), generator=torch.Generator().manual_seed(0))
    truth = torch.tensor([0, 3, 5, 9, 17])
    possible = torch.nn.functional.one_hot(truth, len(LABELS)).bool()
    for smoothing in (0.0, 0.1):
        expected = torch.nn.functional.cross_entropy(
            logits, truth, label_smoothing=smoothing, reduction="none"
        )
        torch.testing.assert_close(set_loss(logits, possible, smoothing), expected)


def test_set_loss_of_a_known_family_is_that_of_its_sum():
    p = torch.tensor(certain("open_hat", p=0.5), dtype=torch.float64)
    possible = possible_labels([example("hat")])
    expected = -torch.log(p[possible].sum())
    assert set_loss(p.log(), possible).item() == pytest.approx(expected.item())


@pytest.mark.parametrize("balance", [0.0, 1.0])
def test_sampling_balances_families_and_groups(balance):
    examples = [example("kick", "big")] * 8 + [example("kick", "small")] * 2 + [example("clap")] * 5
    weights = sampling_weights(examples, Recipe(family_balance=balance, group_balance=balance))
    big, small, clap = weights[:8].sum(), weights[8:10].sum(), weights[10:].sum()
    assert float(big / small) == pytest.approx(1 if balance else 4)
    assert float((big + small) / clap) == pytest.approx(1 if balance else 2)


def test_recall_is_of_the_best_among_the_families_asked_for():
    examples = [example("kick"), example("kick"), example("snare")]
    p = certain("kick", "loop", "rim", p=0.6)
    assert recalls(p, examples, EIGHT) == {"kick": 0.5, "snare": 1.0}
    p[1, LABELS.index("kick")] += 0.1
    assert recalls(p, examples, SIX) == {"kick": 1.0, "snare": 1.0}
    assert balanced_accuracy(p, examples, EIGHT) == 0.75


def test_the_interval_draws_groups_not_sounds():
    right, wrong = certain("kick"), certain("snare")
    one_each = [example("kick", f"g{i}") for i in range(40)]
    p = np.concatenate([right, wrong] * 20)
    low, high = interval(p, one_each, SIX)
    assert 0.3 < low < 0.45 < 0.55 < high < 0.7
    two_groups = [example("kick", f"g{i % 2}") for i in range(40)]
    assert interval(p, two_groups, SIX) == (0.0, 1.0)


def test_a_policy_counts_the_sure_and_the_right():
    examples = [example("kick"), example("kick"), example("snare")]
    p = np.concatenate([certain("kick", p=0.9), certain("snare", p=0.8), certain("snare", p=0.3)])
    assert policy(p, examples, 0.6) == {
        "min_confidence": 0.6, "coverage": pytest.approx(2 / 3), "precision": 0.5,
    }  # fmt: skip


def test_calibration_finds_the_temperature_that_labels_were_drawn_with():
    rng = np.random.default_rng(0)
    logits = torch.tensor(rng.normal(0, 2, (4000, len(LABELS))))
    p = (logits / 2.5).softmax(1).numpy()
    truth = torch.tensor([rng.choice(len(LABELS), p=row) for row in p])
    possible = torch.nn.functional.one_hot(truth, len(LABELS)).bool()
    assert calibrate.temperature(logits, possible) == pytest.approx(2.5, rel=0.05)


def test_the_threshold_is_the_lowest_that_reaches_the_precision():
    examples = [example("kick")] * 20
    right, wrong = certain("kick", p=0.8), certain("snare", p=0.61)  # with rim: 0.633
    p = np.concatenate([np.repeat(right, 16, 0), np.repeat(wrong, 4, 0)])
    assert calibrate.min_confidence(p[:18], examples[:18]) == 0.3  # 16 of 18 are right
    assert calibrate.min_confidence(p, examples) == pytest.approx(0.64)
