"""The loss for labels that are known in part, and how sounds are drawn."""

import numpy as np
import pytest
import torch

from drumsort.lab.data.rows import Row
from drumsort.lab.loss import set_loss
from drumsort.lab.recipe import Sampling
from drumsort.lab.sounds import draw, sampling_weights
from drumsort.lab.targets import Targets
from drumsort.taxonomy import LABELS

TAXONOMY = Targets.of("taxonomy", [])


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
    p = torch.tensor(np.random.default_rng(0).dirichlet(np.ones(len(LABELS)), 1))
    possible = TAXONOMY.mask([Row("a", "hihat", "hat", "g")])
    assert set_loss(p.log(), possible).item() == pytest.approx(-torch.log(p[possible].sum()).item())


@pytest.mark.parametrize("balance", [0.0, 1.0])
def test_sampling_balances_families_and_groups(balance):
    rows = [
        Row("", family, family, group)
        for family, group, n in (("kick", "big", 8), ("kick", "small", 2), ("clap", "g", 5))
        for _ in range(n)
    ]
    weights = sampling_weights(rows, TAXONOMY, Sampling(0, balance, balance))
    big, small, clap = weights[:8].sum(), weights[8:10].sum(), weights[10:].sum()
    assert float(big / small) == pytest.approx(1 if balance else 4)
    assert float((big + small) / clap) == pytest.approx(1 if balance else 2)


def test_sampling_balances_labels_and_weighs_renders():
    labels = ["snare"] * 16 + ["rim"] * 4
    rows = [Row(f"{i}", label, "snare", f"g{i}") for i, label in enumerate(labels)]
    plain, even = (
        sampling_weights(rows, TAXONOMY, Sampling(0, 0.5, 0.5, label_balance=balance))
        for balance in (0.0, 1.0)
    )
    assert float(plain[:16].sum() / plain[16:].sum()) == pytest.approx(4)
    assert float(even[:16].sum() / even[16:].sum()) == pytest.approx(1)
    rows = [Row("a", "kick", "kick", "g"), Row("b", "kick", "kick", "h", detail="fm kick; x")]
    recorded, rendered = sampling_weights(rows, TAXONOMY, Sampling(0, renders=0.25)).tolist()
    assert rendered / recorded == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("detail", "rendered"),
    [
        ("", False),
        ("folder", False),
        ("fm low floor tom; source 44100 Hz, stored as Opus", True),
        ("drumsynth; source 44100 Hz, stored as Opus", True),
        ("geonkick; source 48000 Hz", True),
        ("fmbass", False),
    ],
)
def test_what_was_rendered_says_so(detail, rendered):
    assert Row("a", "kick", "kick", "g", detail=detail).rendered == rendered


def test_without_sampling_each_sound_is_drawn_once_in_an_order_of_its_seed():
    weights = sampling_weights([Row("", "kick", "kick", "g")] * 50, TAXONOMY, None)
    drawn = draw(weights, None, 7).tolist()
    assert sorted(index for index, _ in drawn) == list(range(50))
    assert draw(weights, None, 7).tolist() == drawn != draw(weights, None, 8).tolist()
    assert len({seed for _, seed in drawn}) == 50


def test_weights_decide_what_is_drawn():
    drawn = draw(torch.tensor([0.0, 3.0, 1.0]), 4000, 0)
    counts = np.bincount([index for index, _ in drawn], minlength=3)
    assert counts[0] == 0
    assert counts[1] / counts[2] == pytest.approx(3, rel=0.15)
