"""Names as evidence: what they add, what they leave, and where they dispute a sound."""

from pathlib import PurePosixPath

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from drumsort.errors import DrumsortError
from drumsort.model.classes import Classes
from drumsort.model.infer import Heard
from drumsort.model.named import FITTED, STRONG, named
from drumsort.model.verdict import Judge
from drumsort.taxonomy import FAMILIES, UNSURE

CLASSES = Classes({family: tuple(labels) for family, labels in FAMILIES.items()})


def verdict(name, names="hint", least=0.7, classes=CLASSES, **scores):
    """The verdict on a sound of these scores, and the rest evenly; one file of this name."""
    labels = classes.labels
    rest = (1 - sum(scores.values())) / (len(labels) - len(scores))
    row = np.array([scores.get(label, rest) for label in labels], np.float32)
    return Judge(classes, least).beside(*named([PurePosixPath(name)], names))(
        Heard(row, None, None)
    )


def test_a_name_that_agrees_makes_sure_and_says_so():
    said = verdict("Kicks/k1.wav", kick=0.6)
    assert (said.family, said.evidence, said.reason) == ("kick", "name", "named kick")
    assert (said.heard, said.named) == ("kick", "kick")
    assert said.heard_confidence == pytest.approx(0.6)
    assert said.confidence > 0.97


def test_what_a_name_says_of_the_label_counts_within_the_family():
    assert verdict("hats/x.wav", open_hat=0.5, closed_hat=0.4).label == "open_hat"
    assert verdict("hats/closed/x.wav", open_hat=0.5, closed_hat=0.4).label == "closed_hat"
    assert verdict("snare.wav", rim=0.95, snare=0.01).label == "rim"


def test_a_strong_contradiction_is_unsure_and_both_are_said():
    said = verdict("snare_01.wav", clap=0.97)
    assert (said.family, said.label) == (UNSURE, UNSURE)
    assert "named snare, sounds like clap" in said.reason
    assert (said.heard, said.named, said.evidence) == ("clap", "snare", "name")
    assert "best guess" not in said.reason or f"{said.confidence:.2f}" in said.reason


@pytest.mark.parametrize(
    ("name", "scores", "reason"),
    [
        ("snare.wav", {"loop": 0.95}, "named snare, sounds like a loop"),
        ("kick.wav", {"other": 0.95}, "named kick, does not sound like a drum"),
        ("Bass.wav", {"kick": 0.95}, "named as no drum, sounds like kick"),
        ("90 bpm.wav", {"snare": 0.95}, "named as a loop, sounds like snare"),
        ("hh.wav", {"cowbell": 0.95}, "named hat, sounds like cowbell"),
    ],
)
def test_both_are_said_in_words(name, scores, reason):
    assert reason in verdict(name, **scores).reason.split("; ")


@pytest.mark.parametrize("sound", [STRONG + 0.001, 0.99, 1.0])
@pytest.mark.parametrize("least", [0.01, 0.5, 0.9, 0.95])
def test_neither_wins_however_sure_the_sound_is_and_whatever_the_threshold(sound, least):
    assert verdict("snare.wav", least=least, clap=sound).family == UNSURE
    assert verdict("snare.wav", least=0, clap=sound).family != UNSURE  # all verdicts stand


def test_a_sound_that_is_hardly_heard_goes_by_its_name():
    said = verdict("snare.wav", clap=0.5, snare=0.3)
    assert (said.family, said.reason) == ("snare", "named snare, sounds like clap")


def test_a_trusted_name_decides_and_an_ignored_one_says_nothing():
    said = verdict("open hat.wav", "trust", kick=0.99)
    assert (said.family, said.label, said.confidence) == ("hat", "open_hat", 1.0)
    assert (said.heard, said.named) == ("kick", "hat")
    said = verdict("open hat.wav", "ignore", kick=0.99)
    assert (said.family, said.named, said.reason) == ("kick", "", "")


def test_guesses_of_an_earlier_sort_are_no_names():
    assert verdict("Sorted/_unsure/kick/x.wav", kick=0.6).family == UNSURE
    assert verdict("Kicks/_unsure/snare/x.wav", kick=0.6).family == "kick"
    assert verdict("_unsure/snare/kick.wav", kick=0.6).family == "kick"


def test_a_model_that_knows_no_such_family_or_label_takes_what_it_can():
    two = Classes({"kick": ("kick",), "hat": ("hat",)})
    assert verdict("snare.wav", classes=two, kick=0.6).named == ""
    assert verdict("chh.wav", classes=two, hat=0.6).confidence > 0.9


def test_there_is_no_other_way_to_count():
    with pytest.raises(DrumsortError, match="'guess': choose hint, ignore, trust"):
        named((), "guess")


@settings(deadline=None)
@given(
    arrays(np.float32, (5, len(CLASSES.labels)), elements=st.floats(2**-20, 1, width=32)),
    st.lists(st.sampled_from(["001.wav", "kick.wav", "hh.wav", "x/y.wav"]), min_size=5, max_size=5),
)
def test_a_name_that_says_nothing_changes_nothing_and_each_sound_is_by_itself(scores, names):
    scores /= scores.sum(axis=1, keepdims=True)
    paths, heard = (
        [PurePosixPath(name) for name in names],
        [Heard(row, None, None) for row in scores],
    )
    network = Judge(CLASSES, 0.7)
    together = network.beside(*named(paths)).predictions(heard, [""] * 5)
    for name, path, one, said in zip(names, paths, heard, together, strict=True):
        assert said == network.beside(*named([path]))(one)
        assert sum(said.scores.values()) == pytest.approx(1, abs=1e-5)
        if name in ("001.wav", "x/y.wav"):
            assert said == network(one)


def test_a_name_is_worth_what_was_fitted():
    """Bayes by hand, with two families: a wrong name can only be that of the other."""
    two = Classes({"kick": ("kick",), "hat": ("closed_hat",)})
    right, wrong = 0.4 * FITTED.right, 0.6 * (1 - FITTED.right)
    said = verdict("kick.wav", classes=two, kick=0.4)
    assert said.confidence == pytest.approx(right / (right + wrong))
