"""Losses: for labels that are known only in part, and for other networks' predictions."""

import torch
from torch import Tensor


def set_loss(logits: Tensor, possible: Tensor, smoothing: float = 0.0) -> Tensor:
    """Negative log of the probability of the possible labels together, shape ``(n,)``.

    With one possible label, this is cross-entropy. If only the family is known, it trains the
    family and leaves the label open.

    Args:
        logits: shape ``(n, n_labels)``.
        possible: shape ``(n, n_labels)``, bool.
        smoothing: share of the target that is spread over all labels.
    """
    log_p = logits.log_softmax(1)
    hit = log_p.masked_fill(~possible, -torch.inf).logsumexp(1)
    return -(1 - smoothing) * hit - smoothing * log_p.mean(1)


def divergence(logits: Tensor, p: Tensor) -> Tensor:
    """Kullback-Leibler divergence of predictions from probabilities ``p``, shape ``(n,)``.

    Args:
        logits: shape ``(n, n_labels)``.
        p: what they should be, shape ``(n, n_labels)``.
    """
    return (p * (p.clamp(min=1e-8).log() - logits.log_softmax(1))).sum(1)
