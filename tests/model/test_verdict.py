"""From scores to a verdict, and the reason for it."""

import numpy as np
import pytest

from drumsort.model.infer import Heard
from drumsort.model.verdict import decide
from drumsort.taxonomy import UNSURE


@pytest.fixture
def verdict(shipped):
    """Scores by label, a threshold and a note to a prediction; the rest goes to ``percussion``."""

    def verdict(min_confidence=0.5, note="", **scores):
        given = {"percussion": 1 - sum(scores.values())} | scores
        row = np.array([given.get(label, 0) for label in shipped.labels], np.float32)
        return decide(Heard(row, np.ones(1, np.float32)), shipped, min_confidence, note)

    return verdict


def test_the_best_label_of_the_best_family_wins(verdict):
    said = verdict(kick=0.3, closed_hat=0.25, open_hat=0.2, pedal_hat=0.2)
    assert (said.family, said.label, said.raw) == ("hat", "closed_hat", "closed_hat")
    assert said.confidence == pytest.approx(0.65)
    assert said.reason == ""


def test_the_family_is_the_sum_of_its_labels(verdict, shipped):
    said = verdict(snare=0.41, rim=0.2, kick=0.1)
    assert said.confidence == pytest.approx(said.scores["snare"] + said.scores["rim"])
    assert list(said.scores) == list(shipped.labels)
    assert sum(said.scores.values()) == pytest.approx(1)


def test_below_the_threshold_it_is_unsure_and_the_best_guess_is_kept(verdict):
    said = verdict(0.73, snare=0.4, rim=0.2)
    assert (said.family, said.label, said.raw) == (UNSURE, UNSURE, "snare")
    assert said.confidence == pytest.approx(0.6)
    assert said.reason == "best guess snare at 0.60, below 0.73"


@pytest.mark.parametrize(("threshold", "family"), [(0.5, "kick"), (0.5001, UNSURE)])
def test_from_the_threshold_on_the_verdict_stands(verdict, threshold, family):
    assert verdict(threshold, kick=0.5, snare=0.3, tom=0.2).family == family


def test_thresholds_of_nought_and_one(verdict):
    assert verdict(0.0, kick=0.2, snare=0.1, tom=0.1, crash=0.1).family == "percussion"
    assert verdict(1.0, kick=1.0).family == "kick"
    assert verdict(1.0, kick=0.999).family == UNSURE


@pytest.mark.parametrize(
    ("label", "reason"), [("loop", "sounds like a loop"), ("other", "does not sound like a drum")]
)
def test_what_is_no_drum_says_why(verdict, label, reason):
    said = verdict(**{label: 0.9})
    assert (said.family, said.label, said.reason) == ("other", label, reason)


def test_the_note_comes_first(verdict):
    assert verdict(note="cut short", kick=0.9).reason == "cut short"
    assert verdict(note="cut short", loop=0.9).reason == "cut short; sounds like a loop"
    assert verdict(0.95, "cut short", kick=0.9).reason == (
        "cut short; best guess kick at 0.90, below 0.95"
    )


def test_the_embedding_goes_through(verdict):
    np.testing.assert_array_equal(verdict(kick=1.0).embedding, [1])
