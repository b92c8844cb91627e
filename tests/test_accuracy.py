"""The numbers that the shipped model claims, measured again as a user would: by ``classify``."""

import numpy as np
import pytest

import drumsort
from drumsort.model.bundle import Bundle

pytest.importorskip("torch", reason="needs the 'train' extra")


def test_the_shipped_model_does_on_val_what_its_card_says(data):
    from drumsort.train.data import open_data
    from drumsort.train.evaluate import SIX
    from drumsort.train.metrics import balanced_accuracy, policy
    from drumsort.train.model import verdicts
    from drumsort.train.targets import Targets

    bundle = Bundle.load()
    sounds = open_data(data)
    rows = sounds.of("val")
    results = list(drumsort.classify(sounds.path(row) for row in rows))
    p = np.array([list(r.prediction.scores.values()) for r in results])
    heard = verdicts(Targets(bundle.families), p, rows)
    claimed = bundle.results["val"]
    six, eight = heard.among(SIX), heard
    for name, some in (("six", six), ("eight", eight)):
        measured = balanced_accuracy(some.confusion())
        assert measured == pytest.approx(claimed[f"{name}_families_balanced"], abs=0.005)
    kept = policy(heard, claimed["policy"]["min_confidence"])
    assert kept == pytest.approx(claimed["policy"], abs=0.005)
    unsure = np.mean([result.family == "unsure" for result in results])
    assert 1 - unsure == pytest.approx(kept["coverage"], abs=0.005)
