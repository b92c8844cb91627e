"""Logits of sounds that were not trained on -> temperature and policies."""

import numpy as np
import torch
from torch import Tensor

from drumsort.lab.loss import set_loss
from drumsort.lab.metrics import Verdicts, policy

CAREFUL = 0.97
"""Share of verdicts that name the right family, by the policy ``careful``."""

COVERAGE = 0.8
"""Share of drums that get a verdict by the policy ``balanced``."""


def temperature(logits: Tensor, possible: Tensor) -> float:
    """The temperature that makes the held-out labels most likely (Guo et al., ICML 2017)."""
    candidates = torch.logspace(-0.5, 0.7, 241, base=10)
    losses = torch.stack([set_loss(logits / t, possible).mean() for t in candidates])
    return round(float(candidates[losses.argmin()]), 3)


def policies(verdicts: Verdicts) -> dict[str, float]:
    """Name of a policy to the confidence from which on a verdict stands.

    ``careful`` leaves aside what it must for its verdicts to be right; ``balanced`` sorts most
    drums, the surest first; ``everything`` leaves nothing aside.
    """
    drums = np.sort(verdicts.confidence[verdicts.drums])[::-1]
    last = drums[min(len(drums) - 1, int(np.ceil(COVERAGE * len(drums))) - 1)]
    balanced = float(np.floor(last * 100) / 100)
    careful = balanced
    while careful < 0.99 and not policy(verdicts, careful)["precision"] >= CAREFUL:
        careful = round(careful + 0.01, 2)
    return {"careful": careful, "balanced": balanced, "everything": 0.0}
