"""From scores to a verdict, and the reason for it."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from drumsort.model.classes import Classes
from drumsort.model.evidence import ORDER, Weighed
from drumsort.model.infer import Heard
from drumsort.model.verdict import Judge, corrected
from drumsort.taxonomy import FAMILIES, UNSURE, family_of

CLASSES = Classes({family: tuple(labels) for family, labels in FAMILIES.items()})
THREE = Classes({"a": ("a1", "a2", "a3"), "b": ("b",), "c": ("c1", "c2")})


@pytest.fixture
def verdict(shipped):
    """Scores by label, a threshold and a note to a prediction; the rest goes to ``percussion``."""

    def verdict(min_confidence=0.5, note="", **scores):
        given = {"percussion": 1 - sum(scores.values())} | scores
        row = np.array([given.get(label, 0) for label in shipped.labels], np.float32)
        judge = Judge(shipped.classes, min_confidence)
        return judge(Heard(row, np.ones(1, np.float32)), note)

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


def test_the_confidence_in_the_reason_is_that_of_the_family_it_names(verdict):
    said = verdict(0.73, cowbell=0.4, shaker=0.2, kick=0.4)
    assert said.reason == "best guess cowbell, percussion at 0.60, below 0.73"


def test_a_confidence_just_below_the_threshold_does_not_read_like_it(verdict):
    said = verdict(0.5004, kick=0.5, snare=0.3, tom=0.2)
    assert said.reason == "best guess kick at 0.5000, below 0.5004"


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


@dataclass(frozen=True)
class Lesson:
    """Evidence that multiplies one label's score and knows a class of its own."""

    label: str
    factor: float
    own: str = "Vox"
    name: str = "lesson"

    def weigh(self, so_far: Weighed) -> Weighed:
        classes = so_far.classes.with_own([self.own])
        scores = np.pad(so_far.scores, ((0, 0), (0, 1)), constant_values=0.05)
        scores[:, classes.labels.index(self.label)] *= np.float32(self.factor)
        scores /= scores.sum(axis=1, keepdims=True)
        return so_far._replace(classes=classes, scores=scores, reasons=["taught"] * len(scores))


def expected(scores, classes, least):
    """Family, label, best guess and confidence, label by label."""
    by_label = dict(zip(classes.labels, scores.tolist(), strict=True))
    sums = {}
    for family, labels in classes.families.items():
        sums[family] = by_label[labels[0]]
        for label in labels[1:]:
            sums[family] += by_label[label]
    family = max(sums, key=sums.get)
    raw = max(classes.families[family], key=by_label.get)
    confidence = min(1.0, sums[family])
    sure = confidence >= least
    return (family if sure else UNSURE), (raw if sure else UNSURE), raw, confidence


def rows(classes):
    """Probabilities of up to eight sounds, with ties, zeros and tiny scores among them."""
    shape = st.tuples(st.integers(1, 8), st.just(len(classes.labels)))
    weights = st.sampled_from([0.0, 1e-12, 1.0]) | st.floats(0, 1, width=32)
    tables = arrays(np.float64, shape, elements=weights, fill=st.just(0.01))
    return tables.map(
        lambda table: (table / np.maximum(table.sum(axis=1, keepdims=True), 1e-30)).astype(
            np.float32
        )
    )


@st.composite
def sounds(draw):
    """Classes and scores of some sounds."""
    sizes = draw(st.lists(st.integers(1, 7), min_size=2, max_size=9))
    families = {f"f{nth}": tuple(f"l{nth}{i}" for i in range(n)) for nth, n in enumerate(sizes)}
    classes = draw(st.sampled_from([CLASSES, Classes(families)]))
    return classes, draw(rows(classes))


@given(sounds(), st.sampled_from([0.0, 0.3, 0.5, 0.9, 1.0]))
@example((THREE, np.full((2, 6), 1 / 6, np.float32)), 0.0)  # all alike: the first wins
@example((THREE, np.array([[0.25, 0, 0, 0.25, 0.25, 0.25]], np.float32)), 0.0)
def test_many_at_once_are_decided_as_each_alone(given_, least):
    classes, scores = given_
    judge = Judge(classes, least)
    heard = [Heard(row) for row in scores]
    alone = [judge(one, "cut short") for one in heard]
    assert judge.predictions(heard, ["cut short"] * len(heard)) == alone
    table = judge.verdicts(scores)
    for nth, said in enumerate(alone):
        final = said.family, said.label, said.raw, said.confidence
        assert final == expected(scores[nth], classes, least)  # to the last bit
        assert final == (
            table.families[table.family[nth]],
            table.labels[table.label[nth]],
            table.labels[table.raw[nth]],
            table.confidence[nth],
        )
        assert table.labels[table.raw[nth]] in classes.families[table.families[table.guess[nth]]]
        assert table.sure[nth] == (said.family != UNSURE)


@given(rows(CLASSES), st.floats(0.1, 50), st.data())
def test_evidence_and_people_count_the_same_alone_and_among_many(scores, factor, data):
    judge = Judge(CLASSES, 0.5, (Lesson("snare", factor),))
    label = st.none() | st.sampled_from([*CLASSES.labels, "Vox", "Riser"])
    said = data.draw(st.lists(label, min_size=len(scores), max_size=len(scores)))
    table = judge.verdicts(scores, None, said)
    for nth, row in enumerate(scores):
        alone = judge(Heard(row), "", said[nth])
        assert table.families[table.family[nth]] == alone.family
        assert table.labels[table.label[nth]] == alone.label
        assert table.labels[table.raw[nth]] == alone.raw
        assert table.confidence[nth] == alone.confidence
        if said[nth]:
            assert (alone.family, alone.label) == (family_of(said[nth]), said[nth])
            assert (alone.confidence, alone.reason) == (1.0, "you said so")


def test_evidence_is_named_where_it_changed_the_verdict(shipped):
    row = np.zeros(len(shipped.labels), np.float32)
    row[shipped.labels.index("kick")], row[shipped.labels.index("snare")] = 0.6, 0.4
    taught = Judge(shipped.classes, 0.5, (Lesson("snare", 10),))
    said = taught(Heard(row), "cut short")
    assert (said.label, said.reason) == ("snare", "cut short; taught")
    assert list(said.scores)[-1] == "Vox"
    agreed = Judge(shipped.classes, 0.5, (Lesson("kick", 10),))(Heard(row))
    assert (agreed.label, agreed.reason) == ("kick", "")
    unsure = Judge(shipped.classes, 0.95, (Lesson("snare", 10),))(Heard(row))
    assert unsure.reason == "best guess snare at 0.86, below 0.95; taught"


def test_evidence_that_abstains_says_nothing(shipped):
    class Silent(Lesson):
        def weigh(self, so_far):
            return so_far

    row = np.eye(len(shipped.labels), dtype=np.float32)[0]
    judge = Judge(shipped.classes, 0.5, (Silent("snare", 10),))
    assert judge(Heard(row)) == Judge(shipped.classes, 0.5)(Heard(row))


def test_each_kind_of_evidence_can_be_switched_off(shipped):
    row = np.zeros(len(shipped.labels), np.float32)
    row[shipped.labels.index("kick")], row[shipped.labels.index("snare")] = 0.6, 0.4
    judge = Judge(shipped.classes, 0.5, (Lesson("snare", 10),))
    assert judge(Heard(row)).label == "snare"
    assert judge.without("lesson")(Heard(row)) == Judge(shipped.classes, 0.5)(Heard(row))


def test_evidence_is_weighed_in_one_order(shipped, monkeypatch):
    monkeypatch.setattr("drumsort.model.verdict.ORDER", ("network", "lesson", "later", "person"))
    row = np.full(len(shipped.labels), 1 / len(shipped.labels), np.float32)
    one, other = Lesson("snare", 3), Lesson("kick", 2, "Riser", "later")
    for given_order in ((one, other), (other, one)):
        judge = Judge(shipped.classes, 0.0, given_order)
        assert [evidence.name for evidence in judge.evidence] == ["lesson", "later"]
        assert list(judge(Heard(row)).scores)[-2:] == ["Vox", "Riser"]


def test_evidence_of_an_unknown_kind_is_refused(shipped):
    assert (ORDER[0], ORDER[-1]) == ("network", "person")
    with pytest.raises(ValueError, match="horoscope"):
        Judge(shipped.classes, 0.5, (Lesson("snare", 2, name="horoscope"),))


def test_a_sound_heard_by_the_network_is_judged_again_with_all_evidence(shipped):
    rng = np.random.default_rng(0)
    judge = Judge(shipped.classes, 0.5, (Lesson("snare", 10),))
    for row in rng.dirichlet(np.full(len(shipped.labels), 0.3), 100).astype(np.float32):
        first = judge.without("lesson")(Heard(row), "cut short")
        assert judge.again(first, "cut short") == judge(Heard(row), "cut short")
        assert judge.again(first, "", "rim") == judge(Heard(row), "", "rim")


def test_what_a_person_says_stands(verdict):
    said = verdict(kick=0.9)
    assert corrected(said, None) is said
    final = corrected(said, "rim")
    assert (final.family, final.label, final.raw) == ("snare", "rim", "kick")
    assert (final.confidence, final.reason) == (1.0, "you said so")


def test_scores_that_do_not_fit_the_labels_are_refused(shipped):
    with pytest.raises(ValueError, match="18 labels"):
        Judge(shipped.classes, 0.5)(Heard(np.ones(3, np.float32)))
