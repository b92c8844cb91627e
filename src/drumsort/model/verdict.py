"""The verdict: scores, the evidence beside them and a threshold -> family, label and reason.

This is the one place that decides. What the network says comes first; each further kind of
evidence turns the scores so far into new ones. Then the best family and the best label in it are
the verdict if they reach the threshold and the name of the sound does not strongly contradict it;
else it is ``unsure``. What a person says of a sound overrides all of that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from drumsort.errors import DrumsortError
from drumsort.model.classes import Classes, Indices, Sums
from drumsort.model.evidence import ORDER, SOUND, Evidence, Floats, Weighed
from drumsort.model.infer import Heard
from drumsort.taxonomy import NOT_A_DRUM, UNSURE, family_of
from drumsort.types import Prediction


@dataclass(frozen=True)
class Verdicts:
    """Verdicts on ``n`` sounds, as indices; each array has the shape ``(n,)``.

    Attributes:
        families: the names of families, with those that a person gave, and ``"unsure"``.
        labels: the same for labels.
        family: final family, an index into ``families``.
        label: final label, an index into ``labels``.
        guess: the best family before the threshold, and before what a person says.
        raw: the best label in it.
        confidence: probability of the family, float64; 1 where a person named the sound.
        sure: whether ``guess`` reaches the threshold and is not disputed by a name.
    """

    families: tuple[str, ...]
    labels: tuple[str, ...]
    family: Indices
    label: Indices
    guess: Indices
    raw: Indices
    confidence: Sums
    sure: NDArray[np.bool_]


class _Decided(NamedTuple):
    """What the scores of ``n`` sounds decide; see ``Verdicts`` and ``Weighed``."""

    guess: Indices
    raw: Indices
    confidence: Sums
    sure: NDArray[np.bool_]
    disputed: NDArray[np.bool_]
    reasons: Sequence[str]


@dataclass(frozen=True)
class Judge:
    """Decides what sounds are, one at a time or many at once; the result is the same.

    Attributes:
        classes: what the network tells apart.
        min_confidence: threshold, the family probability that a verdict must reach, 0 to 1. At 0
            every verdict stands.
        evidence: what counts beside the network; given in any order, kept in that of ``ORDER``.
    """

    classes: Classes
    min_confidence: float
    evidence: tuple[Evidence, ...] = ()

    def __post_init__(self) -> None:
        if unknown := [one.name for one in self.evidence if one.name not in ORDER]:
            raise ValueError(f"ORDER does not say when to weigh {', '.join(unknown)}")
        in_order = sorted(self.evidence, key=lambda one: ORDER.index(one.name))
        object.__setattr__(self, "evidence", tuple(in_order))

    def beside(self, *evidence: Evidence) -> "Judge":
        """The same judge with more evidence."""
        return replace(self, evidence=(*self.evidence, *evidence))

    def without(self, *names: str) -> "Judge":
        """The same judge with these kinds of evidence switched off."""
        return replace(self, evidence=tuple(one for one in self.evidence if one.name not in names))

    def __call__(self, heard: Heard, remark: str = "", said: str | None = None) -> Prediction:
        """The verdict on one sound.

        Args:
            heard: what the network says.
            remark: what a listener should know of the file; it opens the reason.
            said: the label that a person gave the sound, or ``None``.
        """
        (verdict,) = self.predictions([heard], [remark])
        return corrected(verdict, said)

    def again(
        self, prediction: Prediction, remark: str = "", said: str | None = None
    ) -> Prediction:
        """The verdict on a sound that was judged by the network alone; see ``__call__``."""
        scores = np.array(list(prediction.scores.values()), np.float32)
        return self(Heard(scores, prediction.embedding, prediction.place), remark, said)

    def predictions(self, heard: Sequence[Heard], remarks: Sequence[str]) -> list[Prediction]:
        """The verdicts on ``n`` sounds of one model, before what a person says; see ``__call__``.

        Evidence that needs embeddings abstains unless all of the sounds have one.
        """
        if not heard:
            return []
        names, steps = self._steps(_rows([one.scores for one in heard]), self._embeddings(heard))
        decided = [self._decide(step) for step in steps]
        # What a later kind of evidence overruled explains nothing.
        changes = [
            (
                name,
                now.reasons,
                ((then.raw != now.raw) | (then.sure != now.sure) | (then.disputed < now.disputed))
                & (now.raw == decided[-1].raw),
            )
            for name, (then, now) in zip(names[1:], pairwise(decided), strict=True)
        ]
        classes, scores = steps[-1].classes, steps[-1].scores.tolist()
        families, labels = classes.names, classes.labels
        guesses, raws, confidences, sures = (column.tolist() for column in decided[-1][:4])
        sound = decided[max(nth for nth, name in enumerate(names) if name in SOUND)]
        named = steps[-1].named or [""] * len(heard)
        found = []
        for nth, one in enumerate(heard):
            guess, raw, sure = families[guesses[nth]], labels[raws[nth]], sures[nth]
            like = families[sound.guess[nth]]
            reasons = [remarks[nth], self._why(guess, raw, confidences[nth], sure, like)]
            reasons += [why[nth] for _, why, changed in changes if changed[nth]]
            by = [name for name, _, changed in changes if changed[nth]]
            prediction = Prediction(
                family=guess if sure else UNSURE,
                label=raw if sure else UNSURE,
                raw=raw,
                confidence=confidences[nth],
                scores=dict(zip(labels, scores[nth], strict=True)),
                reason="; ".join(filter(None, reasons)),
                embedding=one.embedding,
                place=one.place,
                evidence=by[-1] if by else names[0],
                heard=like,
                heard_confidence=float(sound.confidence[nth]),
                named=named[nth],
                network=one.scores,
            )
            found.append(prediction)
        return found

    def verdicts(
        self,
        scores: Floats,
        embeddings: Floats | None = None,
        said: Sequence[str | None] = (),
    ) -> Verdicts:
        """The verdicts on ``n`` sounds of one model.

        Args:
            scores: what the network says, shape ``(n, n_labels)``.
            embeddings: shape ``(n, d)``, or ``None`` where there are none.
            said: the label that a person gave each sound, or ``None``; empty if none was named.
        """
        step = self._steps(scores, embeddings)[1][-1]
        guess, raw, confidence, sure, *_ = self._decide(step)
        families = {name: nth for nth, name in enumerate([*step.classes.families, UNSURE])}
        labels = {name: nth for nth, name in enumerate([*step.classes.labels, UNSURE])}
        family = np.where(sure, guess, families[UNSURE])
        label = np.where(sure, raw, labels[UNSURE])
        for nth, name in enumerate(said):
            if name is not None:
                family[nth] = families.setdefault(family_of(name), len(families))
                label[nth] = labels.setdefault(name, len(labels))
                confidence[nth] = 1.0
        return Verdicts(tuple(families), tuple(labels), family, label, guess, raw, confidence, sure)

    def _embeddings(self, heard: Sequence[Heard]) -> Floats | None:
        if not self.evidence:
            return None
        vectors = [one.embedding for one in heard if one.embedding is not None]
        return _rows(vectors) if len(vectors) == len(heard) else None

    def _steps(self, scores: Floats, embeddings: Floats | None) -> tuple[list[str], list[Weighed]]:
        """The network's scores, then what each evidence makes of those before, with its name."""
        names, steps = [ORDER[0]], [Weighed(self.classes, scores, embeddings)]
        for evidence in self.evidence:
            after = evidence.weigh(steps[-1])
            if after is not steps[-1]:
                names.append(evidence.name)
                steps.append(after)
        return names, steps

    def _decide(self, step: Weighed) -> "_Decided":
        guess, raw, confidence = step.classes.best(step.scores)
        disputed = np.zeros(len(guess), bool)
        if step.disputed is not None and self.min_confidence > 0:
            disputed = step.disputed
        sure = (confidence >= self.min_confidence) & ~disputed
        return _Decided(guess, raw, confidence, sure, disputed, step.reasons)

    def _why(self, family: str, raw: str, confidence: float, sure: bool, heard: str) -> str:
        """Why the verdict is not simply the name of a drum, or ``""``."""
        if not sure and confidence < self.min_confidence:
            below, threshold = _apart(confidence, self.min_confidence)
            guess = raw if raw == family else f"{raw}, {family}"
            return f"best guess {guess} at {below}, below {threshold}"
        if sure and family == heard == NOT_A_DRUM:
            return "sounds like a loop" if raw == "loop" else "does not sound like a drum"
        return ""


def _apart(smaller: float, larger: float) -> tuple[str, str]:
    """Both numbers with two decimals, or with as many as it takes to tell them apart."""
    for digits in range(2, 8):
        pair = f"{smaller:.{digits}f}", f"{larger:.{digits}f}"
        if pair[0] != pair[1]:
            break
    return pair


def corrected(prediction: Prediction, said: str | None) -> Prediction:
    """The final verdict: that of a person who says the sound is ``said``, else ``prediction``."""
    if said is None:
        return prediction
    return replace(
        prediction,
        family=family_of(said),
        label=said,
        confidence=1.0,
        reason="you said so",
        evidence=ORDER[-1],
    )


def threshold(model: str, policies: Mapping[str, float], policy: str) -> float:
    """The confidence that a verdict must reach by ``policy``, 0 to 1.

    Raises:
        DrumsortError: ``model`` has no such policy.
    """
    if policy not in policies:
        raise DrumsortError(
            f"The model {model} has no policy {policy!r}: choose one of {', '.join(policies)}, or "
            "a lowest confidence."
        )
    return policies[policy]


def _rows(vectors: Sequence[Floats]) -> Floats:
    return vectors[0][None] if len(vectors) == 1 else np.stack(vectors)
