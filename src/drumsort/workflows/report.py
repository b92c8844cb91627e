"""A sort as a report, sorted by where to look first: a row for each file; CSV, JSON lines, HTML."""

import csv
import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import IntEnum
from pathlib import Path

from drumsort.errors import DrumsortError
from drumsort.sorting.layout import guess
from drumsort.taxonomy import UNSURE, family_of
from drumsort.types import Action, Prediction, Result
from drumsort.workflows import report_page
from drumsort.workflows.progress import QUIET, Progress
from drumsort.workflows.sort import Sorted

SUFFIXES = (".csv", ".jsonl", ".html")

DONE: Mapping[Action, str] = {
    Action.COPY: "copied",
    Action.MOVE: "moved",
    Action.LINK: "linked",
    Action.SYMLINK: "linked",
    Action.RELINK: "linked",
    Action.SLICE: "cut",
    Action.TAG: "tagged",
}
"""What was done with a file that is in place."""


class Look(IntEnum):
    """Where to look first: at what could not be done, then at what is most likely wrong."""

    FAILED = 0
    DAMAGED = 1
    FILED = 2
    UNSURE = 3
    THERE = 4
    LEFT = 5


@dataclass(frozen=True, slots=True)
class Row:
    """What becomes of one file.

    Attributes:
        outcome: ``"copied"``, ``"to be copied"``, ``"already there"``, ``"left alone"``, ``"not
            sorted"``; ``"moved"``, ``"linked"``.
        source: the file.
        target: where it is now, or would be; ``""`` if it stays.
        family: the verdict, or ``""`` if there is none.
        label: the same.
        confidence: probability of the family, 0 to 1, or ``None``.
        guess: the best guess, even where the verdict is unsure.
        second_guess: the family that is most likely after it.
        second_confidence: the probability of that, or ``None``.
        evidence: what made the verdict: one of ``ORDER`` in ``model/evidence.py``.
        reason: why it is so, or ``""``.
        look: where to look first; the lowest.
    """

    outcome: str
    source: str
    target: str = ""
    family: str = ""
    label: str = ""
    confidence: float | None = None
    guess: str = ""
    second_guess: str = ""
    second_confidence: float | None = None
    evidence: str = ""
    reason: str = ""
    look: Look = Look.LEFT


FIELDS = tuple(field.name for field in fields(Row) if field.name != "look")


def check_report(path: Path) -> None:
    """Refuse a report that could not be written, before anything is done.

    Raises:
        DrumsortError: the name has another ending, or the folder does not exist.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise DrumsortError(
            f"A report ends in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}: {path} does not."
        )
    if path.is_dir() or not os.access(path.absolute().parent, os.W_OK):
        raise DrumsortError(f"The report {path} cannot be written: name a file in another folder.")


def write_report(done: Sorted, path: Path, progress: Progress = QUIET) -> None:
    """Write a report; a file of that name is replaced.

    Args:
        done: a sort, or a dry run.
        path: ends in ``.csv``, ``.jsonl`` or ``.html``.
        progress: receives the step ``DRAW`` for the waveforms of a page.

    Raises:
        DrumsortError: it cannot be written.
    """
    check_report(path)
    found = rows(done)
    match path.suffix.lower():
        case ".csv":
            text = _csv(found)
        case ".jsonl":
            text = "".join(json.dumps(_as_dict(row)) + "\n" for row in found)
        case _:
            text = report_page.page(
                done, [_as_dict(row) | {"look": row.look.name} for row in found], path, progress
            )
    try:
        path.write_text(text, "utf-8", errors="surrogateescape", newline="")
    except OSError as error:
        raise DrumsortError(
            f"The report {path} could not be written ({error.strerror}): name another file."
        ) from error


def rows(done: Sorted) -> list[Row]:
    """One row for each file, sorted by where to look first."""
    return sorted(_rows(done), key=_doubt)


def _doubt(row: Row) -> tuple[int, float, str]:
    confidence = row.confidence if row.confidence is not None else 0.0
    return row.look, -confidence if row.look is Look.UNSURE else confidence, row.source


def _rows(done: Sorted) -> Iterator[Row]:
    heard = {result.path for result in done.results}
    operations = {
        op.heard if op.heard in heard else op.source: op for op in done.checked.operations
    }
    failures = done.failures
    there = _already_there(done)
    did = DONE[done.checked.plan.action]
    outcomes = {False: did, True: "re-filed"}
    outcome = {k: v if done.run else f"to be {v}" for k, v in outcomes.items()}
    for result in done.results:
        if result.path in failures:
            yield _row(result, "not sorted", "", Look.FAILED, failures[result.path])
        elif operation := operations.pop(result.path, None):
            yield _row(
                result,
                outcome[operation.origin is not None],
                str(operation.target),
                _look(result),
            )
        else:
            yield _row(result, "already there", there.get(result.path, ""), Look.THERE)
    for operation in operations.values():
        yield Row(
            outcome[False],
            str(operation.source),
            str(operation.target),
            reason="belongs to the sound beside it",
        )
    for left in done.left_alone:
        yield Row("left alone", str(left.path), reason=left.why)


def _already_there(done: Sorted) -> dict[Path, str]:
    """Source to where it is for each file that an earlier sort had put in place."""
    return {
        conflict.source: str(conflict.path)
        for conflict in done.checked.conflicts
        if conflict.source is not None
    }


def _look(result: Result) -> Look:
    if result.damage:
        return Look.DAMAGED
    return Look.UNSURE if result.family == UNSURE else Look.FILED


def _row(result: Result, outcome: str, target: str, look: Look, reason: str = "") -> Row:
    prediction = result.prediction
    if prediction is None:
        return Row(
            outcome, str(result.path), target, reason=reason or result.error or "", look=look
        )
    second, probability = second_guess(prediction)
    return Row(
        outcome,
        str(result.path),
        target,
        prediction.family,
        prediction.label,
        round(prediction.confidence, 4),
        guess(prediction),
        second,
        probability,
        prediction.evidence,
        reason or _with_damage(result, prediction),
        look,
    )


def _with_damage(result: Result, prediction: Prediction) -> str:
    reasons = [result.damage, prediction.reason.removeprefix(result.damage).lstrip("; ")]
    return "; ".join(filter(None, reasons))


def second_guess(prediction: Prediction) -> tuple[str, float | None]:
    """The most likely family beside the best guess, and its probability."""
    best = family_of(prediction.raw)
    if prediction.family not in (UNSURE, best):  # a person said so
        best = prediction.family
    scores: dict[str, float] = {}
    for label, score in prediction.scores.items():
        scores[family_of(label)] = scores.get(family_of(label), 0.0) + score
    scores.pop(best, None)
    if not scores:
        return "", None
    second = max(scores, key=scores.__getitem__)
    return second, round(scores[second], 4)


def _as_dict(row: Row) -> dict[str, object]:
    found = asdict(row)
    return {name: found[name] for name in FIELDS}


def _csv(found: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_as_dict(row) for row in found)
    return text.getvalue()
