"""Lessons: small heads trained on corrections, as the catalog keeps them and applies them."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from drumsort.catalog import trouble
from drumsort.catalog.database import Database, time_now
from drumsort.catalog.fields import LESSONS
from drumsort.errors import DrumsortError
from drumsort.files.outside import parsed
from drumsort.model.evidence import Weighed
from drumsort.model.head import Floats, rescored

_LESSONS = """
    SELECT l.number, m.id AS model, l.made_at, l.classes, l.estimate, l.active, l.head
    FROM lessons l JOIN models m ON m.number = l.model
"""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a lesson gains and loses, each sound judged by a head that did not learn from it.

    A best guess is right if it is the label that the person gave.

    Attributes:
        before: share of the examples that the network alone gets right, 0 to 1.
        after: share that it gets right with a lesson from the other examples.
        by_class: label, number of examples, and both shares, for each label in the examples.
        kept: share of the other sounds that the network is sure of whose family stays the same; 1
            if there are none.
        unsure: share of them that become unsure.
        elsewhere: both shares when an example's whole pack is left out, over the examples whose
            label occurs in other packs; ``None`` if there are none.
    """

    before: float
    after: float
    by_class: tuple[tuple[str, int, float, float], ...]
    kept: float
    elsewhere: tuple[float, float] | None = None
    unsure: float = 0.0


@dataclass(frozen=True)
class Lesson:
    """What was learned from the corrections at one time, for the embeddings of one model.

    It is an ``Evidence`` for verdicts of that model.

    Attributes:
        number: its version.
        model: the id of the model.
        made_at: when, ISO 8601, UTC.
        classes: the user's classes that it knows.
        estimate: what it gains and loses.
        active: whether it is switched on.
        head: shape ``(d + 1, n_labels + n_classes)``, float32.
    """

    number: int
    model: str
    made_at: str
    classes: tuple[str, ...]
    estimate: Estimate
    active: bool
    head: Floats = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        """The name of this kind of evidence."""
        return "lesson"

    def weigh(self, so_far: Weighed) -> Weighed:
        """Add the user's classes, and what was learned, to scores that have embeddings.

        Where what was learned changes the label that the network gives by itself, company has no
        say: the sound is like those that a person named. It settles a dispute with a name, too.
        """
        if so_far.embeddings is None:
            return so_far
        scores = rescored(self.head, so_far.scores, so_far.embeddings)
        if so_far.alone is not None:
            alone = rescored(self.head, so_far.alone, so_far.embeddings)
            taught = alone.argmax(axis=1) != so_far.alone.argmax(axis=1)
            scores = np.where(taught[:, None], alone, scores)
        settled = scores.argmax(axis=1) != so_far.scores.argmax(axis=1)
        return so_far._replace(
            classes=so_far.classes.with_own(self.classes),
            scores=scores,
            disputed=None if so_far.disputed is None else so_far.disputed & ~settled,
            reasons=["as you taught it"] * len(scores),
        )


def lessons(catalog: Database) -> list[Lesson]:
    """All lessons, the latest last.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    return _read(catalog, "ORDER BY l.number")


def chosen(catalog: Database, number: int | None = None) -> Lesson:
    """The lesson of this number, by default the latest.

    Raises:
        CatalogError: the catalog cannot be read.
        DrumsortError: there is no such lesson, or none at all.
    """
    every = lessons(catalog)
    if not every:
        raise DrumsortError("There is no lesson yet: 'drumsort teach try' makes one.")
    if number is None:
        return every[-1]
    for lesson in every:
        if lesson.number == number:
            return lesson
    raise _no_lesson(number)


def in_use(catalog: Database) -> Lesson | None:
    """The lesson that is switched on, whatever its model; see ``lessons``."""
    return next(iter(_read(catalog, "WHERE l.active")), None)


def lesson_for(catalog: Database, model: str) -> Lesson | None:
    """The lesson that is switched on, if it was made for this model; see ``lessons``."""
    lesson = in_use(catalog)
    return lesson if lesson and lesson.model == model else None


def use(catalog: Database, number: int | None) -> None:
    """Switch one lesson on and all others off; ``None`` switches all off.

    Raises:
        CatalogError: the catalog cannot be written.
        DrumsortError: there is no such lesson.
    """
    with catalog.writing() as connection:
        connection.execute("UPDATE lessons SET active = 0 WHERE active")
        if number is None:
            return
        if not connection.execute(
            "UPDATE lessons SET active = 1 WHERE number = ?", (number,)
        ).rowcount:
            raise _no_lesson(number)


def _no_lesson(number: int) -> DrumsortError:
    return DrumsortError(f"There is no lesson {number}: run 'drumsort teach list' to see all.")


def keep(
    catalog: Database, model: int, classes: Sequence[str], head: Floats, estimate: Estimate
) -> int:
    """Save a new lesson without switching it on; its number.

    Raises:
        CatalogError: the catalog cannot be written.
    """
    weights = io.BytesIO()
    np.save(weights, head, allow_pickle=False)
    row = {
        "model": model,
        "made_at": time_now(),
        "classes": json.dumps(classes),
        "head": weights.getvalue(),
        "estimate": json.dumps(asdict(estimate)),
    }
    with catalog.writing() as connection:
        (number,) = connection.execute(
            f"{LESSONS.insert(names=tuple(row))} RETURNING number", row
        ).fetchone()
    return int(number)


def _read(catalog: Database, which: str) -> list[Lesson]:
    try:
        return [
            Lesson(
                row.number,
                row.model,
                row.made_at,
                tuple(parsed(row.classes)),
                _estimate(parsed(row.estimate)),
                bool(row.active),
                np.load(io.BytesIO(row.head), allow_pickle=False),
            )
            for row in catalog.read(f"{_LESSONS} {which}")
        ]
    except (EOFError, KeyError, TypeError, ValueError) as problem:
        raise trouble.damaged(catalog.path, problem) from problem


def _estimate(known: Mapping[str, Any]) -> Estimate:
    elsewhere = known["elsewhere"]
    return Estimate(
        known["before"],
        known["after"],
        tuple((label, count, before, after) for label, count, before, after in known["by_class"]),
        known["kept"],
        elsewhere and (elsewhere[0], elsewhere[1]),
        known.get("unsure", 0.0),
    )
