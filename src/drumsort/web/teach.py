"""Classes of the user's own, and lessons from corrections."""

from collections.abc import Iterable
from typing import Any

from starlette.responses import Response

from drumsort.catalog.ids import paths_of
from drumsort.catalog.lessons import Lesson
from drumsort.teaching.examples import FEWEST
from drumsort.teaching.teach import Teaching
from drumsort.web.answers import Refused, as_json
from drumsort.web.asked import Asked
from drumsort.web.jobs import Control
from drumsort.web.progress import JobProgress
from drumsort.web.shown import relabelled
from drumsort.web.studio import Studio
from drumsort.workflows import learn as lessons
from drumsort.workflows.correct import teach_class


def taught(studio: Studio, asked: Asked) -> Response:
    """``GET /api/teach``."""
    with studio.catalog() as catalog:
        teaching = Teaching(catalog)
        return as_json(
            {
                "lessons": [as_dict(lesson) for lesson in teaching.lessons()],
                "classes": [{"name": name, "examples": n} for name, n in teaching.classes()],
                "usable": teaching.usable(),
                "enough": FEWEST,
            }
        )


def add(studio: Studio, asked: Asked) -> Response:
    """``POST /api/teach/classes``."""
    ids, name = asked.ids(), asked.text("name")
    with studio.shelf.writing() as catalog:
        paths = paths_of(catalog, ids)
        failures = [*teach_class(name, paths.values(), catalog=catalog).failures.values()]
    studio.shelf.read_all()
    return as_json(
        {
            "changed": len(paths) - len(failures),
            "version": studio.shelf.version,
            "failures": failures[:100],
        }
    )


def forget(studio: Studio, asked: Asked) -> Response:
    """``POST /api/teach/forget``."""
    with studio.shelf.writing() as catalog:
        lessons.forget_class(asked.text("name"), catalog=catalog)
    studio.shelf.read_all()
    return as_json({"version": studio.shelf.version})


def learn(studio: Studio, asked: Asked) -> Response:
    """``POST /api/teach/try``."""

    def work(control: Control) -> tuple[str, Iterable[str]]:
        learnt = lessons.learn(catalog=studio.path, progress=JobProgress(control))
        if not learnt.is_new:
            return f"Nothing changed since version {learnt.lesson.number} was learnt.", ()
        made = learnt.lesson.estimate
        return f"Right of the examples: {made.before:.0%} before, {made.after:.0%} after.", ()

    return as_json(studio.jobs.begin("teach", "Learning", work, unit="examples").as_dict())


def use(studio: Studio, asked: Asked) -> Response:
    """``POST /api/teach/use``."""
    number = asked.body.get("number")
    if number is not None and type(number) is not int:
        raise Refused(400, "'number' is not that of a lesson.")
    before = studio.shelf.now()
    with studio.shelf.writing() as catalog:
        Teaching(catalog).use(number)
    studio.shelf.read_all()
    now = studio.shelf.now()
    return as_json({"version": now.version, "changed": relabelled(before, now)})


def as_dict(lesson: Lesson) -> dict[str, Any]:
    """A lesson, as the page sees it."""
    made = lesson.estimate
    return {
        "number": lesson.number,
        "made_at": lesson.made_at,
        "active": lesson.active,
        "examples": sum(examples for _, examples, _, _ in made.by_class),
        "classes": lesson.classes,
        "before": made.before,
        "after": made.after,
        "by_class": [
            {"name": name, "examples": examples, "before": before, "after": after}
            for name, examples, before, after in made.by_class
        ],
        "kept": made.kept,
        "unsure": made.unsure,
        "elsewhere": made.elsewhere,
    }
