"""Each number of the benchmark, on verdicts that are made up, against those worked out by hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from drumsort import taxonomy
from drumsort.features import LogMel
from drumsort.lab import metrics
from drumsort.lab.benchmark import neighbours
from drumsort.lab.benchmark.measure import Part
from drumsort.lab.benchmark.pool import Held, Pool
from drumsort.lab.data.rows import Data, Row
from drumsort.lab.targets import Targets
from drumsort.lab.trained import Said

TARGETS = Targets({family: tuple(labels) for family, labels in taxonomy.FAMILIES.items()})


class Mute:
    """Of a model, what is asked for when all is said."""

    targets, front_end = TARGETS, LogMel()


def row(label, group, source="a", family=None):
    families = (f for f, labels in TARGETS.families.items() if label in labels)
    return Row(f"{label} {group}.wav", label, family or next(families), group, source=source)


def scores(**said):
    """Probabilities of labels; what is not said is 0."""
    return [said.get(label, 0.0) for label in TARGETS.labels]


def pool(*models):
    """Of the rows, probabilities and embeddings, or none, of each model."""
    held = [
        Held(Mute(), Data(Path(), rows), Said(np.array(p), None if e is None else np.array(e)))
        for rows, p, e in models
    ]
    return Pool(held, [])


def sounds():
    """100 kicks, 40 snares, 10 rims, 10 hats, of one of which the kind is known, and 10 loops."""
    said = []
    for i in range(100):
        source = "freesound-oneshot" if i < 60 else "b"
        p = scores(kick=0.9, snare=0.1) if i < 80 else scores(tom=0.7, kick=0.3)
        said.append((row("kick", f"k{i // 10}", source), p))
    for i in range(40):
        p = scores(snare=0.8, rim=0.2) if i < 30 else scores(rim=0.5, snare=0.2, kick=0.3)
        said.append((row("snare", f"s{i % 4}", "b"), p))
    for i in range(10):  # the best label is a tom's, the best family is the snare's
        said.append((row("rim", f"s{i % 4}", "c"), scores(tom=0.4, rim=0.35, snare=0.25)))
    for i in range(10):
        label = "hihat" if i else "closed_hat"
        said.append((row(label, f"h{i % 2}", "d", "hat"), scores(closed_hat=0.6, other=0.4)))
    for i in range(10):
        p = (scores(loop=1), scores(other=1), scores(kick=0.8, other=0.2))[i % 3]
        said.append((row("loop", f"l{i % 2}", "d"), p))
    rows, p = zip(*said, strict=True)
    return list(rows), list(p)


def numbers(of):
    return Part("test", of, {}).numbers({"some": 0.65})


@pytest.fixture(scope="module")
def found():
    return numbers(pool((*sounds(), None)))


def test_families_are_told_among_all_and_among_six(found):
    assert (found["sounds"], found["groups"]) == (170, 18)
    assert found["accuracy"] == pytest.approx(147 / 170, abs=1e-4)
    assert found["balanced_accuracy"] == pytest.approx((0.8 + 1 + 1 + 0.7) / 4)
    six = found["six_families"]
    assert six["accuracy"] == pytest.approx(140 / 160)
    assert six["balanced_accuracy"] == pytest.approx((0.8 + 1 + 1) / 3, abs=1e-4)
    low, high = six["balanced_accuracy_interval"]
    assert 0.7 < low < six["balanced_accuracy"] < high <= 1
    assert found["classes"]["kick"] == {
        "sounds": 100, "precision": pytest.approx(80 / 83, abs=1e-4), "recall": 0.8,
    }  # fmt: skip
    nll = 80 * np.log(0.9) + 20 * np.log(0.3) + 10 * np.log(0.7) + 10 * np.log(0.6)
    nll += 10 * np.log(0.6) + 3 * np.log(0.2)
    assert found["nll"] == pytest.approx(-nll / 170)


def test_labels_are_told_within_the_best_family_where_the_exact_one_is_known(found):
    labels = found["labels"]
    assert labels["sounds"] == 161
    assert labels["counted"] == ["kick", "snare"]
    assert labels["macro_f1"] == pytest.approx((160 / 183 + 60 / 70) / 2)
    assert labels["accuracy"] == pytest.approx((80 + 30 + 10 + 1 + 4) / 161)
    low, high = labels["macro_f1_interval"]
    assert low < labels["macro_f1"] < high
    each = labels["labels"]
    assert each["rim"] == {"sounds": 10, "precision": 0.5, "recall": 1, "f1": pytest.approx(2 / 3)}
    assert each["closed_hat"]["sounds"] == 1
    assert each["loop"]["recall"] == 0.4
    assert list(each) == ["kick", "snare", "rim", "closed_hat", "loop"]


def test_sources_have_a_line_each_and_small_ones_one_together(found):
    assert found["sources"] == {
        "b": {"sounds": 80, "accuracy": 0.75, "balanced_accuracy": 0.75},
        "freesound-oneshot": {"sounds": 60, "accuracy": 1, "balanced_accuracy": 1},
        "d": {"sounds": 20, "accuracy": 0.85, "balanced_accuracy": pytest.approx(0.85)},
        "others": {"sounds": 10, "accuracy": 1, "balanced_accuracy": 1},
    }
    rest = found["without"]
    assert (rest["source"], rest["sounds"]) == ("freesound-oneshot", 110)
    assert rest["accuracy"] == pytest.approx(87 / 110)
    assert rest["six_families"]["balanced_accuracy"] == pytest.approx((0.5 + 1 + 1) / 3)


def test_a_name_may_allow_more_than_its_label():
    rows = [row("rim", f"g{i % 3}") for i in range(10)] + [
        row("kick", f"g{i % 3}") for i in range(10)
    ]
    p = [scores(cowbell=0.9, snare=0.1)] * 4 + [scores(rim=0.8, tom=0.2)] * 6
    p += [scores(kick=0.7, tom=0.3)] * 5 + [scores(snare=0.6, kick=0.4)] * 5
    some = numbers(pool((rows, p, None)))
    assert some["accuracy"] == pytest.approx(11 / 20)
    assert some["allowed"]["accuracy"] == pytest.approx(15 / 20)
    low, high = some["allowed"]["accuracy_interval"]
    assert low < 15 / 20 < high
    assert some["surest"]["precision"] == pytest.approx(11 / 16)  # all but four of the last five
    assert some["surest"]["allowed"] == pytest.approx(15 / 16)


def test_recordings_are_measured_apart_from_renders():
    rows = [row("kick", f"g{i}") for i in range(4)]
    rows[3] = replace(rows[3], detail="fm bass drum; source 44100 Hz")
    p = [scores(kick=1)] * 3 + [scores(tom=1)]
    some = numbers(pool((rows, p, None)))
    assert some["accuracy"] == 0.75
    assert (some["recordings"]["sounds"], some["recordings"]["accuracy"]) == (3, 1)


def test_policies_and_calibration_are_of_all_sounds(found):
    policy = found["policies"]["some"]
    assert policy["coverage"] == pytest.approx(140 / 160)
    assert policy["precision"] == pytest.approx((80 + 40 + 7) / 150)
    whole = pool((*sounds(), None)).verdicts
    assert found["calibration_error"] == pytest.approx(metrics.calibration_error(whole), abs=1e-4)


def test_drums_are_told_from_all_else(found):
    assert found["not_a_drum"] == {
        "drums": 160,
        "others": 10,
        "auroc": pytest.approx((150 * 10 + 10 * 7) / 1600),
        "loops": 10,
        "loop_not_a_drum": 0.7,
        "loop_recall": 0.4,
    }


def test_models_are_put_together_as_if_they_were_one(found):
    rows, p = sounds()
    both = numbers(pool((rows[:85], p[:85], None), (rows[85:], p[85:], None)))
    assert both.pop("models") == 2
    assert both == {name: value for name, value in found.items() if name != "models"}


def test_what_is_not_there_is_left_out():
    rows = [row("kick", "g", "freesound-oneshot"), row("hihat", "g", family="hat")]
    some = numbers(pool((rows[:1], [scores(kick=1)], None)))
    for name in ("without", "recordings", "labels", "not_a_drum", "embedding"):
        assert some[name] is None
    assert some["accuracy_interval"] == [None, None]


def towards(angles):
    """Vectors of these directions, and of any length."""
    rng = np.random.default_rng(0)
    return np.stack([np.cos(angles), np.sin(angles)], 1) * rng.uniform(0.1, 5, (len(angles), 1))


def test_neighbours_are_of_other_groups_and_of_the_same_model():
    near, far, there = [0.0] * 21, [0.5] * 10, [0.1] * 10
    first = [row("kick", "a") for _ in near] + [row("kick", "b") for _ in far]
    first += [row("snare", "b") for _ in there] + [row("hihat", "b", family="hat")]
    second = [row("snare", "c") for _ in range(12)]  # one group: nothing to compare with
    facts = neighbours.numbers(
        pool(
            (first, [scores(kick=1)] * 42, towards(np.array([*near, *far, *there, 0.0]))),
            (second, [scores(kick=1)] * 12, towards(np.zeros(12))),
        )
    )
    assert facts == {
        "sounds": 41,
        "recall_at_10": pytest.approx(10 / 41),
        "macro_recall_at_10": pytest.approx(10 / 31),
        "labels": {"kick": pytest.approx(10 / 31)},
    }


def test_with_fewer_than_ten_neighbours_all_of_them_count():
    rows = [row("kick", "a"), row("kick", "b"), row("snare", "c")]
    some = neighbours.numbers(pool((rows, [scores(kick=1)] * 3, towards(np.zeros(3)))))
    assert some["recall_at_10"] == pytest.approx((0.5 + 0.5 + 0) / 3)
    assert some["macro_recall_at_10"] is None
    assert neighbours.numbers(pool((rows, [scores(kick=1)] * 3, None))) is None
