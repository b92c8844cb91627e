"""Losses: for labels that are known only in part, for other networks' predictions, and for
neighbours."""

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


def contrast(
    embedding: Tensor, possible: Tensor, groups: Tensor, temperature: float = 0.1
) -> Tensor:
    """How far sounds lie from others of their label, against those of other labels; a scalar.

    The supervised contrastive loss (P. Khosla et al., NeurIPS 2020), with two differences: sounds
    attract only those of other groups, so that what a pack has in common is not learned, and sounds
    whose labels may be the same without being known to be are left out of each other's loss.

    Args:
        embedding: shape ``(n, d)``, of unit length.
        possible: shape ``(n, n_labels)``, bool: the labels that each sound can have.
        groups: the number of each one's group, shape ``(n,)``.
        temperature: that cosines are divided by.
    """
    labels = possible.float()
    exact = labels.sum(1) == 1
    compatible = labels @ labels.T > 0
    alike = compatible & exact & exact[:, None] & (groups != groups[:, None])
    cosines = embedding @ embedding.T / temperature
    counted = cosines.masked_fill(compatible & ~alike, _NEVER)
    log_p = cosines - counted.logsumexp(1, keepdim=True)
    number = alike.sum(1)
    near = (log_p * alike).sum(1) / number.clamp(min=1)
    return -near.sum() / (number > 0).sum().clamp(min=1)


_NEVER = -1e4
