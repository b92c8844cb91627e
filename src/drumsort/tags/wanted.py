"""What was heard -> what to write into the file."""

from collections.abc import Sequence

from drumsort.analysis import note
from drumsort.taxonomy import NOT_A_DRUM, PITCHED
from drumsort.types import Analysis, Facts, Prediction, Tags

SURE = 0.5
"""The share of the power in the partial that a pitch must have to be written as a key."""


def tags_of(
    prediction: Prediction,
    facts: Facts | None,
    *,
    keywords: Sequence[str] = (),
    overwrite: bool = False,
) -> Tags:
    """What to write into a file: nothing that a later scan would have to take back.

    Args:
        prediction: the verdict, which is sure.
        facts: what was measured; without it, no key is written.
        keywords: those that a person gave the sound; they come last.
        overwrite: as in ``Tags``.
    """
    label, family = prediction.label, prediction.family
    pitch = _note(label, facts.analysis) if facts else ""
    said = "not a drum" if label == NOT_A_DRUM else label.replace("_", " ")
    kinds = (said,) if family == NOT_A_DRUM else ("drum", "one-shot", family, said)
    return Tags(
        label=label,
        family=family,
        key=pitch.rstrip("-0123456789"),
        comment=f"{', '.join(filter(None, (said, pitch)))} (drumsort)",
        keywords="; ".join(dict.fromkeys([*kinds, *keywords])),
        overwrite=overwrite,
    )


def _note(label: str, analysis: Analysis) -> str:
    """The note of a tuned drum, as ``F#1``, where it is sure; else nothing."""
    if label not in PITCHED or analysis.pitch_hz is None:
        return ""
    return note(analysis.pitch_hz) if (analysis.pitch_confidence or 0) >= SURE else ""
