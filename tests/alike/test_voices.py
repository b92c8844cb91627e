"""What a mouth means follows from the network and from brightness, and is compared as a drum."""

import numpy as np
import pytest

from drumsort.alike.aspects import UNITS, Aspect, Measured, scales
from drumsort.alike.voices import as_drum, kinds
from drumsort.taxonomy import LABELS


def sure_of(label, share=0.9):
    scores = np.full(len(LABELS), (1 - share) / (len(LABELS) - 1), np.float32)
    scores[LABELS.index(label)] = share
    return scores


def test_network_and_brightness_both_count():
    flat = np.full(len(LABELS), 1 / len(LABELS), np.float32)
    said = [
        (sure_of("tom"), 250.0, 0.1, "kick"),
        (sure_of("clap"), 2800.0, 0.1, "snare"),
        (flat, 220.0, 0.1, "kick"),
        (flat, 2500.0, 0.3, "snare"),
        (flat, 9000.0, 0.03, "closed_hat"),
        (flat, 9000.0, 0.2, "open_hat"),
        (sure_of("clap", 0.97), 4300.0, 0.05, "snare"),
        (sure_of("closed_hat", 0.97), 4300.0, 0.05, "closed_hat"),
    ]
    scores, bright, decays, expected = zip(*said, strict=True)
    assert kinds(LABELS, np.stack(scores), bright, decays) == list(expected)


def measured(pitch, brightness):
    return scales(Measured(pitch, 1.0 if pitch else None, 0.2, 0.5, -12.0, brightness))


def test_a_mouth_is_compared_by_how_it_differs_from_mouths():
    kicks = np.stack([measured(hz, 2 * hz) for hz in (40.0, 50.0, 60.0)], axis=1)
    assert as_drum(measured(130.0, 250.0), "kick", kicks) == pytest.approx(kicks[:, 1], abs=1e-5)
    other = as_drum(measured(260.0, 500.0), "kick", kicks) - kicks[:, 1]
    assert other == pytest.approx([1 / UNITS[Aspect.PITCH], 0, 0, 1 / UNITS[Aspect.BRIGHTNESS]])
    hats = np.stack([measured(None, hz) for hz in (6000.0, 8000.0)], axis=1)
    assert np.isnan(as_drum(measured(None, 6500.0), "closed_hat", hats)[0])
    none = np.zeros((4, 0), np.float32)
    assert as_drum(measured(130.0, 250.0), "kick", none) == pytest.approx(measured(130.0, 250.0))
