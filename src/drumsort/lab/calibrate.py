"""Logits of sounds that were held out from training -> temperature and policies."""

import numpy as np
import torch
from torch import Tensor

from drumsort.lab.loss import set_loss
from drumsort.lab.metrics import Verdicts, policy

CAREFUL = 0.97
"""Share of verdicts that must name the right family under the policy ``careful``."""

COVERAGE = 0.8
"""Share of drums that must get a verdict under the policy ``balanced``."""


def temperature(logits: Tensor, possible: Tensor) -> float:
    """The temperature that makes the held-out labels most likely (Guo et al., ICML 2017)."""
    candidates = torch.logspace(-0.5, 0.7, 241, base=10)
    losses = torch.stack([set_loss(logits / t, possible).mean() for t in candidates])
    return round(float(candidates[losses.argmin()]), 3)


def policies(verdicts: Verdicts) -> dict[str, float]:
    """Name of a policy to its threshold: the confidence that a verdict must reach.

    ``careful`` rejects as many sounds as it takes for its verdicts to be right; ``balanced``
    accepts most drums, the most confident ones; ``everything`` rejects nothing.
    """
    drums = np.sort(verdicts.confidence[verdicts.drums])[::-1]
    last = drums[min(len(drums) - 1, int(np.ceil(COVERAGE * len(drums))) - 1)]
    balanced = float(np.floor(last * 100) / 100)
    careful = balanced
    while careful < 0.99 and not policy(verdicts, careful)["precision"] >= CAREFUL:
        careful = round(careful + 0.01, 2)
    return {"careful": careful, "balanced": balanced, "everything": 0.0}
