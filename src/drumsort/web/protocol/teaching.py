"""Corrections, classes of the user's own, and lessons."""

from drumsort.web.protocol.fields import Id, Params, Reply, Selected, Stepped, Text


class Correct(Selected):
    """A correction.

    Attributes:
        label: what the sounds are.
    """

    label: Text


class TakenBack(Stepped, frozen=True):
    """What an undo did.

    Attributes:
        taken_back: how many corrections it took back.
    """

    taken_back: int


class TeachClass(Selected):
    """A class of the user's own, or more examples of one.

    Attributes:
        name: of the class.
    """

    name: Text


class ForgetClass(Params):
    """A class to forget, with the corrections to it and the lessons that know it.

    Attributes:
        name: of the class.
    """

    name: Text


class UseLesson(Params):
    """The lesson to use.

    Attributes:
        number: of the lesson, or null for none.
    """

    number: Id | None = None


class LessonInUse(Stepped, frozen=True):
    """What another lesson changed.

    Attributes:
        changed: how many sounds have another label now.
    """

    changed: int


class WhichLesson(Params):
    """A lesson.

    Attributes:
        number: of the lesson.
    """

    number: Id


class LessonChange(Reply, frozen=True):
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


class LessonChanges(Reply, frozen=True):
    """What a lesson would change.

    Attributes:
        version: of the sounds, as they are now.
        sounds: those that would get another label, the surest of it first.
    """

    version: int
    sounds: list[LessonChange]


class ClassEstimate(Reply, frozen=True):
    """What a lesson is worth for one class.

    Attributes:
        name: of the class.
        examples: how many there are.
        before: share of the examples that were right before, 0 to 1.
        after: share of the examples that are right with the lesson.
    """

    name: str
    examples: int
    before: float
    after: float


class Lesson(Reply, frozen=True):
    """A lesson, with what it is worth.

    Attributes:
        number: its version.
        made_at: ISO 8601, UTC.
        active: whether it is in use.
        examples: how many it learned from.
        classes: the user's classes that it knows.
        before: share of the examples that were right before, 0 to 1, each left out in turn.
        after: share of the examples that are right with the lesson.
        by_class: the same for each class.
        kept: share of the other sounds that were sure whose family stays the same.
        unsure: share of the other sounds that were sure that become unsure.
        elsewhere: before and after where each pack is left out in turn; null where there is only
            one pack.
    """

    number: int
    made_at: str
    active: bool
    examples: int
    classes: tuple[str, ...]
    before: float
    after: float
    by_class: list[ClassEstimate]
    kept: float
    unsure: float
    elsewhere: tuple[float, float] | None


class OwnClass(Reply, frozen=True):
    """A class of the user's own.

    Attributes:
        name: of the class.
        examples: how many sounds are corrected to it.
    """

    name: str
    examples: int


class Teaching(Reply, frozen=True):
    """What was taught.

    Attributes:
        lessons: all of them, the latest last.
        classes: the user's own.
        usable: how many corrections can be learned from.
        enough: how many it takes.
    """

    lessons: list[Lesson]
    classes: list[OwnClass]
    usable: int
    enough: int
