"""All numbers of the benchmark, for each part of the data, step by step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from drumsort.errors import DataError
from drumsort.features import LogMel
from drumsort.lab import metrics
from drumsort.lab.benchmark import allowed, labels, neighbours, robustness, sources
from drumsort.lab.benchmark.pool import Pair, Pool, hear
from drumsort.lab.evaluate import Evaluation, rounded
from drumsort.taxonomy import NOT_A_DRUM

LOOP = "loop"


@dataclass(frozen=True)
class Part:
    """The measurements on one part of the data.

    Attributes:
        name: of the part, for instance ``test`` or ``out of fold``.
        pool: the models, the sounds, and the predictions.
        robustness: the effect of changes of the sounds.
    """

    name: str
    pool: Pool
    robustness: Mapping[str, Any]

    @property
    def front_end(self) -> LogMel:
        """The front end of all its models."""
        return self.pool.held[0].model.front_end

    def numbers(self, policies: Mapping[str, float]) -> dict[str, Any]:
        """All of it as plain values."""
        v, pool = self.pool.verdicts, self.pool
        families = self._evaluation().numbers()
        for name in ("model", "split", "policy"):
            del families[name]
        right = v.scores[np.arange(len(v.truth)), v.truth]
        return {
            "models": len(pool.held),
            **families,
            "nll": float(-np.log(np.maximum(right, 1e-12)).mean()),
            "surest": _surest(pool),
            "allowed": _allowed(pool),
            "without": sources.without(pool),
            "recordings": sources.recordings(pool),
            "sources": sources.numbers(pool),
            "labels": labels.numbers(pool),
            "policies": {name: metrics.policy(v, least) for name, least in policies.items()},
            "not_a_drum": _not_a_drum(pool),
            "robustness": dict(self.robustness),
            "embedding": neighbours.numbers(pool),
        }

    def confusions(self) -> list[tuple[tuple[str, str], list[dict[str, Any]]]]:
        """As ``Evaluation.confusions``."""
        return self._evaluation().confusions()

    def _evaluation(self) -> Evaluation:
        pool = self.pool
        return Evaluation("", self.name, pool.verdicts, pool.rows, 0.0, pool.failures)


@dataclass(frozen=True)
class Benchmark:
    """The measurements of a model.

    Attributes:
        model: its name.
        policies: name of a policy to the confidence that a verdict must reach.
        parts: parts of the data, in the order of the columns.
    """

    model: str
    policies: Mapping[str, float]
    parts: Sequence[Part]

    def numbers(self) -> dict[str, Any]:
        """All of it as plain values, rounded for people."""
        parts = {part.name: part.numbers(self.policies) for part in self.parts}
        facts = {"model": self.model, "policies": dict(self.policies), "parts": parts}
        plain: dict[str, Any] = rounded(facts)
        return plain


def measure(
    model: str,
    parts: Mapping[str, Sequence[Pair]],
    policies: Mapping[str, float],
    limit: int | None = None,
    on_sounds: Callable[[int, int], None] = lambda done, total: None,
    on_changed: Callable[[int, int], None] = lambda done, total: None,
) -> Benchmark:
    """Measure a model, or the models of a cross-validation as one.

    ``parts`` is, for instance,
    ``{"out of fold": [(fold0, sounds0), (fold1, sounds1)], "test": [(final, sounds)]}``.

    Args:
        model: its name in the report.
        parts: name of a part of the data to its models, each with the sounds of that part that it
            never trained on: one pair per fold for out-of-fold numbers, one pair for the test
            sounds. The order is that of the columns of the report.
        policies: name of a policy to the confidence that a verdict must reach.
        limit: the largest number of sounds of a part to measure robustness on, drawn with a fixed
            seed; all by default. All other numbers are of all sounds.
        on_sounds: called while the sounds of a model are read, with how many are done of how many.
        on_changed: called while those of a part are changed, with how many are done of how many.

    Raises:
        DataError: a part cannot be measured (``pool.hear``), or there is none.
    """
    if not parts:
        raise DataError("There is no part of the data to measure.")
    measured = []
    for name, pairs in parts.items():
        pool = hear(pairs, on_sounds)
        measured.append(Part(name, pool, robustness.numbers(pool, limit, on_changed)))
    return Benchmark(model, policies, measured)


def _surest(pool: Pool) -> dict[str, Any]:
    """Precision on the 80 % of sounds that it is surest of, by labels and by what names allow."""
    v = pool.verdicts
    kept = metrics.surest(v.confidence)
    groups = [group for group, keep in zip(v.groups, kept, strict=True) if keep]
    lenient = allowed.right(pool.rows, pool.targets, v.best)
    facts: dict[str, Any] = {}
    for name, right in (("precision", v.right), ("allowed", lenient)):
        mean, interval = metrics.mean_interval(right[kept].astype(float), groups)
        facts |= {name: mean, f"{name}_interval": list(interval)}
    return facts


def _allowed(pool: Pool) -> dict[str, Any]:
    """Accuracy where every family that a sound's name allows is right."""
    v = pool.verdicts
    right = allowed.right(pool.rows, pool.targets, v.best)
    mean, interval = metrics.mean_interval(right.astype(float), v.groups)
    return {"accuracy": mean, "accuracy_interval": list(interval)}


def _not_a_drum(pool: Pool) -> dict[str, Any] | None:
    """How well drums are told from other sounds; ``None`` if there are only drums, or none.

    ``auroc`` is the probability that a drum scores higher as a drum than another sound does;
    ``loop_not_a_drum`` is the share of loops with the verdict not-a-drum, ``loop_recall`` the share
    with the label loop.
    """
    v = pool.verdicts
    if NOT_A_DRUM not in v.families or len(set(v.drums.tolist())) < 2:
        return None
    from sklearn.metrics import roc_auc_score  # here, because it takes seconds to load

    other = list(v.families).index(NOT_A_DRUM)
    loops = [i for i, row in enumerate(pool.rows) if row.label == LOOP]
    exact = labels.verdicts(pool)
    loop = [i for i, t in enumerate(exact.truth.tolist()) if exact.families[t] == LOOP]
    return {
        "drums": int(v.drums.sum()),
        "others": int((~v.drums).sum()),
        "auroc": float(roc_auc_score(v.drums, 1 - v.scores[:, other])),
        "loops": len(loops),
        "loop_not_a_drum": float((v.best[loops] == other).mean()) if loops else None,
        "loop_recall": float(exact.right[loop].mean()) if loop else None,
    }
