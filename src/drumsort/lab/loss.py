"""Losses: for labels that may be known only in part, and for what other networks say."""

import torch
from torch import Tensor


def set_loss(logits: Tensor, possible: Tensor, smoothing: float = 0.0) -> Tensor:
    """Negative log of the probability that falls on the possible labels, shape ``(n,)``.

    Where one label is possible this is cross-entropy; where the family alone is known it trains
    the family and leaves the label open.

    Args:
        logits: shape ``(n, n_labels)``.
        possible: shape ``(n, n_labels)``, bool.
        smoothing: share of the target that is spread over all labels.
    """
    log_p = logits.log_softmax(1)
    hit = log_p.masked_fill(~possible, -torch.inf).logsumexp(1)
    return -(1 - smoothing) * hit - smoothing * log_p.mean(1)


def divergence(logits: Tensor, p: Tensor) -> Tensor:
    """How far a verdict is from probabilities ``p``: Kullback-Leibler divergence, shape ``(n,)``.

    Args:
        logits: shape ``(n, n_labels)``.
        p: what it should say, shape ``(n, n_labels)``.
    """
    return (p * (p.clamp(min=1e-8).log() - logits.log_softmax(1))).sum(1)
