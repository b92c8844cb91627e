"""A model and labelled sounds -> the numbers in its report."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from drumsort.lab import metrics
from drumsort.lab.data import Data
from drumsort.lab.data.features import FeatureCache
from drumsort.lab.data.rows import Row
from drumsort.lab.metrics import Verdicts
from drumsort.lab.trained import Model, verdicts

SIX = ("kick", "snare", "hat", "tom", "cymbal", "clap")
"""The families that drum classifiers are usually compared on."""

CONFUSIONS = 12
FILES = 12


@dataclass(frozen=True)
class Evaluation:
    """What was measured of a model on labelled sounds.

    Attributes:
        model: its name.
        split: which sounds.
        verdicts: the model's, one for each sound.
        rows: the sounds.
        min_confidence: the threshold that a verdict must reach.
        failures: one sentence for each sound that could not be read.
    """

    model: str
    split: str
    verdicts: Verdicts
    rows: Sequence[Row]
    min_confidence: float
    failures: Sequence[str]

    def numbers(self) -> dict[str, Any]:
        """All of it as plain values, rounded for people."""
        v, confusion = self.verdicts, self.verdicts.confusion()
        found, precise = metrics.recalls(confusion), metrics.precisions(confusion)
        confidence, right, count = metrics.calibration(v)
        facts: dict[str, Any] = {
            "model": self.model,
            "split": self.split,
            "sounds": len(self.rows),
            "groups": len(set(v.groups)),
            **quoted(v),
            "calibration_error": metrics.calibration_error(v),
            "policy": metrics.policy(v, self.min_confidence),
            "classes": {
                family: {
                    "sounds": int(confusion[i].sum()),
                    "precision": float(precise[i]),
                    "recall": float(found[i]),
                }
                for i, family in enumerate(v.families)
            },
            "confusion": confusion.tolist(),
            "calibration": {
                "confidence": confidence.tolist(),
                "accuracy": right.tolist(),
                "sounds": count.tolist(),
            },
            "confusions": [
                {"truth": truth, "verdict": verdict, "sounds": len(files), "files": files[:FILES]}
                for (truth, verdict), files in self.confusions()[:CONFUSIONS]
            ],
            "failures": list(self.failures),
        }
        plain: dict[str, Any] = rounded(facts)
        return plain

    def confusions(self) -> list[tuple[tuple[str, str], list[dict[str, Any]]]]:
        """Pairs of right and wrong family, the most frequent first, and of each the files.

        The files with the most confident mistakes come first.
        """
        v = self.verdicts
        files: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for i in np.argsort(-v.confidence, kind="stable"):
            if not v.right[i]:
                pair = v.families[v.truth[i]], v.families[v.best[i]]
                files[pair].append(
                    {"path": self.rows[i].path, "confidence": float(v.confidence[i])}
                )
        return sorted(files.items(), key=lambda item: -len(item[1]))


def evaluate(
    model: Model,
    data: Data,
    split: str,
    on_sounds: Callable[[int, int], None] = lambda done, total: None,
) -> Evaluation:
    """Measure a model.

    Args:
        model: to measure.
        data: the sounds to measure it on.
        split: name of these sounds in the report.
        on_sounds: called while sounds are read, with how many are done and how many there are.

    Raises:
        DataError: the model does not know a label, or no sound can be read.
    """
    for row in data.rows:
        model.targets.possible(row)
    features = FeatureCache(model.front_end).features(data, on_sounds)
    rows = features.data.rows
    p = model.hear(features.log_mels(), features.more).p
    judged = verdicts(model.targets, p, rows)
    return Evaluation(model.name, split, judged, rows, model.min_confidence, features.failures)


def among_six(v: Verdicts) -> Verdicts | None:
    """Verdicts among ``SIX`` only; ``None`` without other families or without such sounds."""
    if not set(SIX) < set(v.families):
        return None
    six = v.among(SIX)
    return six if len(six.truth) else None


def quoted(v: Verdicts) -> dict[str, Any]:
    """The headline numbers, each with its interval: among all families and among six."""
    facts, six = _with_intervals(v), among_six(v)
    return {**facts, "six_families": _with_intervals(six)} if six else facts


def _with_intervals(v: Verdicts) -> dict[str, Any]:
    confusion = v.confusion()
    statistics = {
        "accuracy": metrics.accuracy,
        "balanced_accuracy": metrics.balanced_accuracy,
        "macro_f1": metrics.macro_f1,
    }
    facts: dict[str, Any] = {}
    for name, statistic in statistics.items():
        facts[name] = float(statistic(confusion))
        facts[f"{name}_interval"] = list(metrics.interval(v, statistic))
    return facts


def rounded(value: Any) -> Any:
    """Plain values for people and JSON: four digits, ``None`` for NaN."""
    if isinstance(value, float):
        return round(value, 4) if value == value else None  # JSON has no NaN
    if isinstance(value, list):
        return [rounded(item) for item in value]
    if isinstance(value, dict):
        return {name: rounded(item) for name, item in value.items()}
    return value
