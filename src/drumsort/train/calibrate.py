"""Logits of sounds that were not trained on -> temperature and threshold."""

import numpy as np
import torch
from torch import Tensor

from drumsort.train.loss import set_loss
from drumsort.train.metrics import Verdicts, policy

PRECISION = 0.85
"""Share of verdicts that should name the right family."""


def temperature(logits: Tensor, possible: Tensor) -> float:
    """The temperature that makes the held-out labels most likely (Guo et al., ICML 2017)."""
    candidates = torch.logspace(-0.5, 0.7, 241, base=10)
    losses = torch.stack([set_loss(logits / t, possible).mean() for t in candidates])
    return round(float(candidates[losses.argmin()]), 3)


def min_confidence(verdicts: Verdicts) -> float:
    """The lowest confidence from which on verdicts reach ``PRECISION``, or 0.9 if none does."""
    for confidence in np.arange(0.3, 0.9, 0.01):
        if policy(verdicts, float(confidence))["precision"] >= PRECISION:
            return round(float(confidence), 2)
    return 0.9
