"""Classes of the user's own, and lessons from corrections."""

from collections.abc import Iterable

from drumsort.catalog import lessons
from drumsort.catalog.ids import paths_of
from drumsort.teaching.examples import FEWEST
from drumsort.teaching.preview import preview
from drumsort.teaching.teach import Teaching
from drumsort.web.context import Context
from drumsort.web.jobs import Control
from drumsort.web.progress import JobProgress
from drumsort.web.protocol import teaching as protocol
from drumsort.web.protocol.fields import MOST_FAILURES, Changed, Nothing, Stepped
from drumsort.web.protocol.jobs import Job
from drumsort.web.request import Request
from drumsort.web.snapshot import relabelled
from drumsort.workflows import learn as workflow
from drumsort.workflows.correct import teach_class


def teaching(context: Context, request: Request[Nothing]) -> protocol.Teaching:
    """List the lessons and the classes."""
    with context.catalog() as catalog:
        taught = Teaching(catalog)
        return protocol.Teaching(
            lessons=[as_lesson(lesson) for lesson in taught.lessons()],
            classes=[protocol.OwnClass(name, count) for name, count in taught.classes()],
            usable=taught.usable(),
            enough=FEWEST,
        )


def add(context: Context, request: Request[protocol.TeachClass]) -> Changed:
    """Make a class, or give it more examples."""
    with context.sounds.changing() as change:
        paths = paths_of(change.catalog, request.params.ids)
        taught = teach_class(request.params.name, paths.values(), catalog=change.catalog)
    failures = [*taught.failures.values()]
    context.sounds.read_all()
    changed = len(paths) - len(failures)
    return Changed(context.sounds.version, change.step, changed, failures[:MOST_FAILURES])


def forget(context: Context, request: Request[protocol.ForgetClass]) -> Stepped:
    """Forget a class."""
    with context.sounds.changing() as change:
        workflow.forget_class(request.params.name, catalog=change.catalog)
    context.sounds.read_all()
    return Stepped(context.sounds.version, change.step)


def learn(context: Context, request: Request[Nothing]) -> Job:
    """Make a lesson from the corrections; it is not in use yet."""

    def work(control: Control) -> tuple[str, Iterable[str]]:
        learned = workflow.learn(catalog=context.path, progress=JobProgress(control))
        if not learned.is_new:
            return f"Nothing changed since version {learned.lesson.number} was learned.", ()
        made = learned.lesson.estimate
        return f"Right of the examples: {made.before:.0%} before, {made.after:.0%} after.", ()

    return context.jobs.begin("teach", "Learning", work, unit="examples")


def changes(context: Context, request: Request[protocol.WhichLesson]) -> protocol.LessonChanges:
    """Say which sounds a lesson would give another label."""
    now = context.sounds.snapshot()
    with context.catalog() as catalog:
        _, found = preview(
            catalog,
            request.params.number,
            names=context.sounds.names,
            now=now.sounds,
            codes=now.codes,
        )
    listed = [
        protocol.LessonChange(
            one.id,
            one.before,
            one.after,
            round(one.confidence_before, 4),
            round(one.confidence_after, 4),
        )
        for one in found
    ]
    return protocol.LessonChanges(now.version, listed)


def use(context: Context, request: Request[protocol.UseLesson]) -> protocol.LessonInUse:
    """Use a lesson, or none."""
    before = context.sounds.snapshot()
    with context.sounds.changing() as change:
        Teaching(change.catalog).use(request.params.number)
    context.sounds.read_all()
    now = context.sounds.snapshot()
    return protocol.LessonInUse(now.version, change.step, relabelled(before, now))


def as_lesson(lesson: lessons.Lesson) -> protocol.Lesson:
    """A lesson, as the page sees it."""
    made = lesson.estimate
    return protocol.Lesson(
        number=lesson.number,
        made_at=lesson.made_at,
        active=lesson.active,
        examples=sum(examples for _, examples, _, _ in made.by_class),
        classes=tuple(lesson.classes),
        before=made.before,
        after=made.after,
        by_class=[protocol.ClassEstimate(*row) for row in made.by_class],
        kept=made.kept,
        unsure=made.unsure,
        elsewhere=made.elsewhere,
    )
