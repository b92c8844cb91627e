"""The numbers that the shipped model claims, measured again as a user would: by ``classify``."""

import numpy as np
import pytest

import drumsort
from drumsort.model.bundle import Bundle
from drumsort.taxonomy import LABELS

train = pytest.importorskip("drumsort.train.data", reason="needs the 'train' extra")


def test_the_shipped_model_does_on_val_what_its_card_says(data):
    from drumsort.train.evaluate import EIGHT, SIX, balanced_accuracy, policy

    rows = [row for row in train.read_manifest(data) if row.split == "val"]
    results = list(drumsort.classify(data / row.path for row in rows))
    p = np.array([[r.prediction.scores[label] for label in LABELS] for r in results])
    claimed = Bundle.load().results["val"]
    for name, families in (("six", SIX), ("eight", EIGHT)):
        measured = balanced_accuracy(p, rows, families)
        assert measured == pytest.approx(claimed[f"{name}_families_balanced"], abs=0.005)
    kept = policy(p, rows, claimed["policy"]["min_confidence"])
    assert kept == pytest.approx(claimed["policy"], abs=0.005)
    unsure = np.mean([result.family == "unsure" for result in results])
    assert 1 - unsure == pytest.approx(kept["coverage"], abs=0.005)
