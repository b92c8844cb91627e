"""Scores and a threshold -> the verdict, and the reason where it is not simply the best score."""

from drumsort.model.bundle import Bundle
from drumsort.model.infer import Heard
from drumsort.taxonomy import NOT_A_DRUM, UNSURE
from drumsort.types import Prediction


def decide(heard: Heard, bundle: Bundle, min_confidence: float, note: str = "") -> Prediction:
    """Turn scores into a prediction.

    The family with the highest summed score wins, and within it the best label. Below
    ``min_confidence`` the verdict is ``unsure``, and ``raw`` keeps the label that came first.

    Args:
        heard: calibrated scores, embedding and place.
        bundle: tells the labels and families.
        min_confidence: family probability from which on a verdict stands, 0 to 1.
        note: what to say besides, for instance that the file is cut short.
    """
    scores = dict(zip(bundle.labels, heard.scores.tolist(), strict=True))
    by_family = {
        family: sum(scores[label] for label in labels) for family, labels in bundle.families.items()
    }
    family = max(by_family, key=by_family.__getitem__)
    raw = max(bundle.families[family], key=scores.__getitem__)
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
