"""A kit is of sounds that go together."""

import numpy as np
import pytest

from drumsort import Catalog
from drumsort.alike.together import Candidates, together
from drumsort.workflows.make_kit import PADS, make_kit

from ..small_library import place, samples, scanned  # noqa: F401

LABELS = ("kick", "snare", "closed_hat")


@pytest.fixture
def worlds():
    """Twelve makers with one sound of each label; what a sound is weighs more than who made it."""
    rng = np.random.default_rng(0)
    classes, makers = rng.normal(0, 3, (3, 16)), rng.normal(0, 1, (12, 16))
    vectors = (classes[:, None] + makers[None]).reshape(36, 16).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = [label for label in LABELS for _ in range(12)]
    return Candidates(np.arange(36), labels, vectors, np.full(36, -20.0))


def test_sounds_of_one_maker_go_together_and_another_kit_is_another(worlds):
    wanted = [(label,) for label in LABELS]
    kits = {tuple(together(worlds, wanted, {}, np.random.default_rng(seed))) for seed in range(20)}
    assert len(kits) > 5
    assert all([number // 12 for number in kit] == [0, 1, 2] for kit in kits)
    assert np.mean([len({number % 12 for number in kit}) == 1 for kit in kits]) > 0.8


def test_what_is_kept_stays_and_the_rest_goes_with_it(worlds):
    wanted = [("kick",), ("snare", "closed_hat"), ("snare",), ("tom",)]
    kit = together(worlds, wanted, {1: 24 + 7}, np.random.default_rng(0))
    assert kit == [7, 31, 12 + 7, None]


def test_of_two_that_sound_alike_the_one_as_loud_is_chosen(worlds):
    twice = Candidates(
        np.arange(37),
        [*worlds.labels, "snare"],
        np.concatenate([worlds.embeddings, worlds.embeddings[12:13]]),
        np.array([*worlds.loudness[:12], -50.0, *worlds.loudness[13:], -20.0]),
    )
    assert together(twice, [("kick",), ("snare",)], {0: 0}, np.random.default_rng(0)) == [0, 36]


def test_of_a_real_catalog(scanned):  # noqa: F811
    with Catalog(scanned) as catalog:
        sounds = [(row, "kick", -20.0) for (row,) in catalog.read("SELECT rowid FROM files")]
        kit = make_kit(catalog, sounds, {}, 3)
        assert len(kit) == len(PADS) == 16
        assert kit[0] in {number for number, _, _ in sounds}
        assert kit[1:] == [None] * 15
        assert make_kit(catalog, [], {2: 5}, 3) == [None, None, 5, *[None] * 13]
