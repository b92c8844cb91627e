"""A small head on the embedding: what a few corrections add to a network's scores.

Multinomial logistic regression that starts from the network's scores: ``logits = log p + W e + b``,
with its own logit for each new class. An L2 penalty holds ``W`` and ``b`` near 0, where nothing
changes. *Anchors*, sounds whose targets are the network's own scores, hold what was right.

The solver takes steps under the quadratic bound of D. Böhning (Multinomial logistic regression
algorithm, 1992), with Nesterov's acceleration, restarted where it overshoots (O'Donoghue, Candès
2015).
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]

PENALTY = 0.03
"""Weight of the squares of ``W`` and ``b``, for embeddings with a mean square of 1."""

ANCHORS = 3.0
"""Weight of all anchors together, per example."""

_LEAST = 1e-6  # lower scores count as this
_NEW = 1e-2  # initial score of a new class
_STEPS = 500


class Fit:
    """Fits heads to examples and anchors, repeatedly, with some examples left out.

    Args:
        scores: the network's scores, shape ``(n, n_labels)``, examples first, then anchors.
        embeddings: shape ``(n, d)``.
        targets: the class of each example, shape ``(n_examples,)``: indices of labels; those of new
            classes start at ``n_labels``.
        new: number of new classes.
        penalty: weight of the squares of ``W`` and ``b``.
        anchors: weight of all anchors together, per example.
    """

    def __init__(
        self,
        scores: Floats,
        embeddings: Floats,
        targets: NDArray[np.intp],
        new: int,
        *,
        penalty: float = PENALTY,
        anchors: float = ANCHORS,
    ) -> None:
        self._penalty, examples = penalty, len(targets)
        self._centre = embeddings.mean(axis=0, dtype=np.float64)
        away = embeddings - self._centre
        self._scale = 1 / max(float(np.sqrt((away**2).sum(axis=1).mean())), 1e-3)
        self._x = np.hstack([away * self._scale, np.ones((len(scores), 1))])
        self._base = _base(scores, new)
        self._targets = np.hstack([scores, np.zeros((len(scores), new))]).astype(np.float64)
        self._targets[:examples] = np.eye(scores.shape[1] + new)[targets]
        self._weights = np.ones(len(scores))
        self._weights[examples:] = anchors * examples / max(len(scores) - examples, 1)
        bound = (self._x * (self._weights[:, None] / 2)).T @ self._x
        self._inverse = np.linalg.inv(bound + penalty * np.eye(len(bound)))

    def __call__(
        self,
        without: NDArray[np.intp] | None = None,
        start: Numbers | None = None,
        tolerance: float = 1e-4,
    ) -> Numbers:
        """Weights, shape ``(d + 1, n_labels + n_new)``, the last row for ``b``.

        Args:
            without: indices of examples to leave out.
            start: weights to begin with, for instance those with nothing left out.
            tolerance: size of the last step, relative to the largest weight.
        """
        weights = self._weights.copy()
        if without is not None:
            weights[without] = 0.0
        shape = self._x.shape[1], self._base.shape[1]
        now = ahead = np.zeros(shape) if start is None else start
        pace = 1.0
        for _ in range(_STEPS):
            wrong = (_softmax(self._base + self._x @ ahead) - self._targets) * weights[:, None]
            then = ahead - self._inverse @ (self._x.T @ wrong + self._penalty * ahead)
            step = then - now
            if float(((ahead - then) * step).sum()) > 0:
                pace = 1.0
            faster = (1 + np.sqrt(1 + 4 * pace * pace)) / 2
            now, ahead, pace = then, then + (pace - 1) / faster * step, faster
            if np.abs(step).max() < tolerance * max(1.0, float(np.abs(now).max())):
                break
        return now

    def head(self, weights: Numbers) -> Floats:
        """Weights for plain embeddings, as ``rescored`` takes them."""
        plain = weights * np.append(np.full(len(self._centre), self._scale), 1.0)[:, None]
        plain[-1] -= self._centre @ plain[:-1]
        head: Floats = plain.astype(np.float32)
        return head


def rescored(head: Floats, scores: Floats, embeddings: Floats) -> Floats:
    """The scores that a head makes from the network's scores.

    Args:
        head: shape ``(d + 1, n_labels + n_new)``.
        scores: shape ``(n, n_labels)``.
        embeddings: shape ``(n, d)``.

    Returns:
        Shape ``(n, n_labels + n_new)``; they sum to 1 in each row.
    """
    plain = head.astype(np.float64)
    logits = _base(scores, plain.shape[1] - scores.shape[1])
    return _softmax(logits + embeddings @ plain[:-1] + plain[-1]).astype(np.float32)


def _base(scores: Floats, new: int) -> Numbers:
    table = np.hstack([scores, np.full((len(scores), new), _NEW)]).astype(np.float64)
    logs: Numbers = np.log(np.maximum(table, _LEAST))
    return logs


def _softmax(logits: Numbers) -> Numbers:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    p: Numbers = powers / powers.sum(axis=1, keepdims=True)
    return p
