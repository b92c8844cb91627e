"""Scores and a threshold -> the verdict, and the reason where it is not simply the best score."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from drumsort.errors import DrumsortError
from drumsort.model.infer import Heard
from drumsort.taxonomy import NOT_A_DRUM, UNSURE, family_of
from drumsort.types import Prediction


class Classes(Protocol):
    """What a model tells apart; a ``Bundle`` does, and so does what is left of one."""

    @property
    def families(self) -> Mapping[str, tuple[str, ...]]:
        """Family to its labels."""

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels, in the order of the scores."""


def threshold(model: str, policies: Mapping[str, float], policy: str) -> float:
    """The confidence from which on a verdict stands by ``policy``.

    Raises:
        DrumsortError: ``model`` has no such policy.
    """
    if policy not in policies:
        raise DrumsortError(
            f"The model {model} has no policy {policy!r}: choose one of {', '.join(policies)}, or "
            "a lowest confidence."
        )
    return policies[policy]


def corrected(prediction: Prediction, label: str) -> Prediction:
    """The verdict of a person, who says that the sound is ``label``."""
    reason = "you said so"
    return replace(prediction, family=family_of(label), label=label, confidence=1.0, reason=reason)


def taught(
    prediction: Prediction,
    scores: NDArray[np.float32],
    classes: Classes,
    min_confidence: float,
    note: str = "",
) -> Prediction:
    """A verdict by other scores, those of a lesson; the reason says so where it is another.

    Args:
        prediction: the verdict of the network alone.
        scores: what a lesson made of its scores, in the order of the labels of ``classes``.
        classes: labels and families, with those of the user's own.
        min_confidence: family probability from which on a verdict stands, 0 to 1.
        note: see ``decide``.
    """
    heard = Heard(scores, prediction.embedding, prediction.place)
    verdict = decide(heard, classes, min_confidence, note)
    if (verdict.label, verdict.raw) == (prediction.label, prediction.raw):
        return verdict
    reason = "; ".join(filter(None, [verdict.reason, "as you taught it"]))
    return replace(verdict, reason=reason)


def decide(heard: Heard, classes: Classes, min_confidence: float, note: str = "") -> Prediction:
    """Turn scores into a prediction.

    The family with the highest summed score wins, and within it the best label. Below
    ``min_confidence`` the verdict is ``unsure``, and ``raw`` keeps the label that came first.

    Args:
        heard: calibrated scores, embedding and place.
        classes: the labels and families, a bundle's for instance.
        min_confidence: family probability from which on a verdict stands, 0 to 1.
        note: what to say besides, for instance that the file is cut short.
    """
    scores = dict(zip(classes.labels, heard.scores.tolist(), strict=True))
    by_family = {
        family: sum(scores[label] for label in labels)
        for family, labels in classes.families.items()
    }
    family = max(by_family, key=by_family.__getitem__)
    raw = max(classes.families[family], key=scores.__getitem__)
    confidence = min(1.0, by_family[family])
    sure = confidence >= min_confidence
    reasons = [note] if note else []
    if not sure:
        reasons.append(f"best guess {raw} at {confidence:.2f}, below {min_confidence:.2f}")
    elif family == NOT_A_DRUM:
        reasons.append("sounds like a loop" if raw == "loop" else "does not sound like a drum")
    return Prediction(
        family=family if sure else UNSURE,
        label=raw if sure else UNSURE,
        raw=raw,
        confidence=confidence,
        scores=scores,
        reason="; ".join(reasons),
        embedding=heard.embedding,
        place=heard.place,
    )
