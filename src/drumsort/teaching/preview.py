"""What a lesson would change, before it is switched on: the sounds, and their labels then."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from drumsort.catalog.catalog import Catalog
from drumsort.catalog.codes import Codes
from drumsort.catalog.columns import Columns, columns
from drumsort.catalog.lessons import Lesson, chosen
from drumsort.model.named import HINT


@dataclass(frozen=True, slots=True)
class Relabelled:
    """A sound that would get another label.

    Attributes:
        id: of its file.
        before: its label now.
        after: its label with the lesson.
        confidence_before: how sure its family is now, 0 to 1.
        confidence_after: how sure it is with the lesson.
    """

    id: int
    before: str
    after: str
    confidence_before: float
    confidence_after: float


def preview(
    catalog: Catalog,
    number: int | None = None,
    *,
    policy: str = "balanced",
    names: str = HINT,
    now: Columns | None = None,
    codes: Codes | None = None,
) -> tuple[Lesson, Sequence[Relabelled]]:
    """The sounds that would have another label if a lesson were switched on.

    What a person said of a sound stays, so none that was corrected is among them; nor is any that
    is hidden.

    Args:
        catalog: whose lesson, and whose sounds.
        number: of the lesson; the latest by default.
        policy: names the threshold that a verdict must reach.
        names: how names count in verdicts.
        now: all sounds as they are, where they have been read; ``codes`` explains their numbers.
            They are read again where a class came or went since.
        codes: the numbers of names.

    Returns:
        The lesson, and the sounds, the surest of their new label first.

    Raises:
        CatalogError: the catalog cannot be read.
        DrumsortError: there is no such lesson, or none at all.
    """
    with catalog.at_one_moment():
        lesson, current = chosen(catalog, number), Codes.of(catalog)
        if now is None or codes is None or codes.labels != current.labels:
            codes = current
            now = columns(catalog, codes, policy=policy, names=names)
        then = columns(catalog, codes, policy=policy, names=names, lesson=lesson)
    _, at, to = np.intersect1d(
        now.values["id"], then.values["id"], assume_unique=True, return_indices=True
    )
    before = {name: now.values[name][at] for name in ("id", "label", "confidence")}
    after = {name: then.values[name][to] for name in ("label", "confidence", "hidden", "corrected")}
    differs = (before["label"] != after["label"]) & (after["hidden"] == 0)
    rows = np.flatnonzero(differs & (after["corrected"] == 0))
    rows = rows[np.argsort(-after["confidence"][rows], kind="stable")]
    taken = [values[rows].tolist() for values in (*before.values(), *after.values())]
    return lesson, [
        Relabelled(id_, codes.labels[was], codes.labels[is_], float(sure), float(surer))
        for id_, was, sure, is_, surer, *_ in zip(*taken, strict=True)
    ]
