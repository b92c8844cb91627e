"""The numbers that the shipped model claims, measured again as a user would: by ``classify``."""

import numpy as np
import pytest

import drumsort
from drumsort.model.bundle import Bundle

pytest.importorskip("torch", reason="needs the 'lab' extra")


def test_the_shipped_model_does_on_test_what_its_card_says(data):
    from drumsort.lab.data import open_data
    from drumsort.lab.evaluate import SIX
    from drumsort.lab.metrics import balanced_accuracy, policy
    from drumsort.lab.targets import Targets
    from drumsort.lab.trained import verdicts

    bundle = Bundle.load(ear="quick")
    sounds = open_data(data)
    rows = sounds.of("test")
    results = list(drumsort.classify((sounds.path(row) for row in rows), ear="quick"))
    p = np.array([list(r.prediction.scores.values()) for r in results])
    heard = verdicts(Targets(bundle.families), p, rows)
    claimed = bundle.results["test"]
    for some, numbers in ((heard, claimed), (heard.among(SIX), claimed["six_families"])):
        measured = balanced_accuracy(some.confusion())
        assert measured == pytest.approx(numbers["balanced_accuracy"], abs=0.005)
    kept = policy(heard, bundle.policies["balanced"])
    assert kept == pytest.approx(claimed["policies"]["balanced"], abs=0.005)
    sure = np.array([result.family != "unsure" for result in results])
    assert sure[heard.drums].mean() == pytest.approx(kept["coverage"], abs=0.005)
