"""Lessons from corrections: learn one, switch one on, forget a class and what knows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from drumsort.catalog.ids import paths_of
from drumsort.catalog.lessons import Lesson, chosen
from drumsort.model.bundle import Bundle
from drumsort.model.named import HINT
from drumsort.teaching.preview import Relabelled, preview
from drumsort.teaching.teach import Teaching
from drumsort.workflows.catalogs import Known, opened
from drumsort.workflows.progress import QUIET, Progress, Step


@dataclass(frozen=True, slots=True)
class Learnt:
    """A lesson that was learned.

    Attributes:
        lesson: the lesson.
        is_new: whether it differs from the one before; if not, it is that one.
        left_out: classes with too few examples to take part, and how many they have.
    """

    lesson: Lesson
    is_new: bool
    left_out: Sequence[tuple[str, int]]


def learn(
    model: Path | None = None,
    ear: str | None = None,
    *,
    catalog: Known = None,
    progress: Progress = QUIET,
) -> Learnt:
    """Learn from all corrections, and estimate what that gains and loses; nothing changes yet.

    Args:
        model: the folder of the model to teach.
        ear: the ear of that model, or of the shipped one; with neither, the model and the ear that
            were used last.
        catalog: an open catalog or its path; the user's own by default.
        progress: receives the step ``LEARN``.

    Raises:
        BundleError: the model folder cannot be used.
        CatalogError: there is no catalog, it cannot be read or written, or does not know the model.
        DrumsortError: there is no such ear, there are too few corrections, or the model has no
            embedding.
    """
    with opened(catalog) as known:
        teaching = Teaching(known)
        before = {lesson.number for lesson in teaching.lessons()}
        progress.at(Step.LEARN, 0)
        model_id = Bundle.load(model, ear or "second").id if model or ear else None
        lesson = teaching.learn(model_id, partial(progress.at, Step.LEARN))
        left_out = [(name, n) for name, n in teaching.classes() if name not in lesson.classes]
    return Learnt(lesson, lesson.number not in before, left_out)


def would_change(
    number: int | None = None, *, catalog: Known = None, names: str = HINT
) -> tuple[Lesson, Sequence[tuple[Path, Relabelled]]]:
    """The sounds of the library that a lesson would give another label, the surest first.

    Args:
        number: of the lesson; the latest by default.
        catalog: an open catalog or its path; the user's own by default.
        names: how names count in verdicts: ``hint``, ``ignore`` or ``trust``.

    Raises:
        CatalogError: there is no catalog, or it cannot be read.
        DrumsortError: there is no such lesson, or none at all.
    """
    with opened(catalog) as known:
        lesson, changes = preview(known, number, names=names)
        paths = paths_of(known, (change.id for change in changes))
    return lesson, [(paths[change.id], change) for change in changes]


def switch_on(number: int | None = None, *, catalog: Known = None) -> tuple[Lesson, str | None]:
    """Go by a lesson from now on, by default the latest.

    Args:
        number: of the lesson.
        catalog: an open catalog or its path; the user's own by default.

    Returns:
        The lesson, and the id of the model that was used last, for which it need not be.

    Raises:
        CatalogError: there is no catalog, or it cannot be read or written.
        DrumsortError: there is no such lesson, or none at all.
    """
    with opened(catalog) as known:
        teaching = Teaching(known)
        if number is None:
            number = chosen(known).number
        teaching.use(number)
        (lesson,) = (lesson for lesson in teaching.lessons() if lesson.active)
        return lesson, teaching.model()


def forget_class(name: str, *, catalog: Known = None) -> list[Lesson]:
    """Remove a class, the corrections to it, and the lessons that know it, for good.

    Args:
        name: of the class.
        catalog: an open catalog or its path; the user's own by default.

    Returns:
        The lessons that went with it, as they were, in the order of their numbers.

    Raises:
        CatalogError: there is no catalog, or it cannot be read or written.
        DrumsortError: there is no such class.
    """
    with opened(catalog) as known:
        teaching = Teaching(known)
        before = teaching.lessons()
        teaching.forget(name)
        kept = {lesson.number for lesson in teaching.lessons()}
    gone = (lesson for lesson in before if lesson.number not in kept)
    return sorted(gone, key=lambda lesson: lesson.number)
