"""The head on the embedding learns what is there to learn, and leaves the rest alone."""

import numpy as np
import pytest

from drumsort.model.head import Fit, rescored

D = 16


def sounds(rng, kind, count):
    """Embeddings around the place of a kind, of unit length."""
    place = np.random.default_rng(1000 + kind).standard_normal(D)
    x = place + 0.6 * rng.standard_normal((count, D))
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)


def said(label, count, p=0.9):
    """Scores of a network that takes all for ``label`` of three."""
    scores = np.full((count, 3), (1 - p) / 2, np.float32)
    scores[:, label] = p
    return scores


def taught(rng, targets, new=1, shuffled=False):
    """A head for two kinds that the network takes for label 0: kind 5 is that, kind 6 is not."""
    x = np.concatenate([sounds(rng, 5, 10), sounds(rng, 6, 10), sounds(rng, 1, 100)])
    given = np.repeat(targets, 10)
    fit = Fit(
        np.concatenate([said(0, 20), said(1, 100)]),
        x,
        rng.permutation(given) if shuffled else given,
        new,
    )
    return fit.head(fit())


@pytest.mark.parametrize("target", [2, 3])  # a label that there is, a new class
def test_what_stands_apart_is_found_and_what_was_right_stays(target):
    rng = np.random.default_rng(0)
    head = taught(rng, [0, target])
    for kind, label, right in ((5, 0, 0), (6, 0, target), (1, 1, 1)):
        now = rescored(head, said(label, 200), sounds(rng, kind, 200))
        assert now.shape == (200, 4)
        assert now.dtype == np.float32
        assert np.allclose(now.sum(axis=1), 1, atol=1e-5)
        assert (now.argmax(axis=1) == right).mean() > 0.95


def test_shuffled_labels_teach_nothing():
    rng = np.random.default_rng(0)
    shares = []
    for _ in range(10):
        head = taught(rng, [0, 2], 0, shuffled=True)
        right = [
            (rescored(head, said(0, 200), sounds(rng, kind, 200)).argmax(axis=1) == label).mean()
            for kind, label in ((5, 0), (6, 2))
        ]
        shares.append(np.mean(right))
    assert 0.35 < np.mean(shares) < 0.65


def test_anchors_hold_what_examples_of_another_kind_would_carry_away():
    rng = np.random.default_rng(0)
    near = sounds(rng, 6, 300) + 0.5 * sounds(rng, 7, 300)
    x = np.concatenate([sounds(rng, 6, 10), near[:100]])
    kept = []
    for anchors in (0.0, 3.0):
        fit = Fit(said(0, 110), x, np.full(10, 2), 0, anchors=anchors)
        now = rescored(fit.head(fit()), said(0, 200), near[100:])
        kept.append((now.argmax(axis=1) == 0).mean())
    assert kept[1] > kept[0] + 0.3


def test_without_leaves_an_example_out_as_if_it_had_never_been():
    rng = np.random.default_rng(0)
    x, scores = sounds(rng, 5, 12), said(0, 12)
    fit = Fit(scores, x, np.array([0] * 6 + [1] * 6), 0)
    out = fit(np.arange(6, 12), tolerance=1e-9)
    again = fit(np.arange(6, 12), start=fit(), tolerance=1e-9)
    assert np.allclose(out, again, atol=1e-5)
    assert (rescored(fit.head(out), scores, x).argmax(axis=1) == 0).all()
    assert (rescored(fit.head(fit(np.arange(6))), scores, x).argmax(axis=1) == 1).all()


def test_the_solution_is_the_least_of_the_penalized_loss():
    """Its gradient, by differences, is 0."""
    rng = np.random.default_rng(2)
    fit = Fit(said(0, 30), sounds(rng, 5, 30), np.arange(10) % 4, 1)
    weights = fit(tolerance=1e-10)

    def loss(w):
        logits = fit._base + fit._x @ w
        top = logits.max(axis=1, keepdims=True)
        logs = logits - top - np.log(np.exp(logits - top).sum(axis=1, keepdims=True))
        return -(fit._targets * logs * fit._weights[:, None]).sum() + 0.015 * (w**2).sum()

    for row, column in ((0, 0), (3, 2), (D, 3), (D, 1)):
        step = np.zeros_like(weights)
        step[row, column] = 1e-5
        assert abs(loss(weights + step) - loss(weights - step)) / 2e-5 < 1e-4


def test_sounds_that_are_all_the_same_are_no_trouble():
    x = np.tile(sounds(np.random.default_rng(0), 5, 1), (5, 1))
    fit = Fit(said(0, 5), x, np.full(5, 3), 1)
    assert np.isfinite(fit.head(fit())).all()
