"""Corrections and the user's own classes -> lessons that adapt the model's verdicts."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np

from drumsort.catalog import lessons
from drumsort.catalog.catalog import Catalog
from drumsort.catalog.classes import alike, class_named, classes
from drumsort.catalog.known_models import Model, models
from drumsort.catalog.lessons import Estimate, Lesson
from drumsort.catalog.within import files_of
from drumsort.errors import CatalogError, DrumsortError
from drumsort.model.head import Fit
from drumsort.model.verdict import threshold
from drumsort.teaching.corrections import Corrections
from drumsort.teaching.examples import examples, others, usable
from drumsort.teaching.trial import estimate

__all__ = ["Estimate", "Lesson", "Teaching"]


class Teaching:
    """The user's classes and the lessons in a catalog.

    The examples of a class are corrections to its name, so ``Corrections.undo`` undoes them too.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def classes(self) -> list[tuple[str, int]]:
        """The name of each class and how many examples it has, the oldest class first.

        Raises:
            CatalogError: the catalog cannot be read.
        """
        count = dict(self.catalog.read("SELECT label, count(*) FROM corrections GROUP BY label"))
        return [(name, count.get(name, 0)) for name in classes(self.catalog)]

    def add(self, name: str, paths: Iterable[Path]) -> Mapping[Path, str]:
        """Add examples to a class; create the class if there is none of that name, in any case.

        No class is created if none of the sounds is known.

        Args:
            name: of the class.
            paths: files that the catalog knows, or folders, for all sounds in them.

        Returns:
            Path to one sentence for each path that is not known.

        Raises:
            CatalogError: the catalog cannot be read or written.
            DrumsortError: no class may have this name.
        """
        name = class_named(self.catalog, name)
        files, failures = files_of(self.catalog, paths)
        return {**failures, **Corrections(self.catalog).correct(files, name, new=True)}

    def forget(self, name: str) -> None:
        """Delete a class, the corrections to it, and the lessons that know it, for good.

        Raises:
            CatalogError: the catalog cannot be read or written.
            DrumsortError: there is no such class.
        """
        own = classes(self.catalog)
        if (label := alike(name, own)) is None:
            known = f"choose one of {', '.join(own)}" if own else "there are none"
            raise DrumsortError(f"There is no class {name!r} of your own: {known}.")
        with self.catalog.writing() as connection:
            connection.execute("DELETE FROM correction_log WHERE after = ?", (label,))
            connection.execute("UPDATE correction_log SET before = NULL WHERE before = ?", (label,))
            connection.execute("DELETE FROM corrections WHERE label = ?", (label,))
            connection.execute("DELETE FROM classes WHERE name = ?", (label,))
            connection.execute(
                "DELETE FROM lessons WHERE ? IN (SELECT value FROM json_each(classes))", (label,)
            )

    def lessons(self) -> list[Lesson]:
        """All lessons, the latest last.

        Raises:
            CatalogError: the catalog cannot be read.
        """
        return lessons.lessons(self.catalog)

    def model(self) -> str | None:
        """The id of the model used last, or ``None`` if none was used yet."""
        return next((model.id for model in models(self.catalog).values()), None)

    def usable(self) -> int:
        """How many corrections the model used last can learn from.

        Raises:
            CatalogError: the catalog cannot be read.
        """
        for number, model in models(self.catalog).items():
            return usable(self.catalog, number, model)
        return 0

    def learn(
        self,
        model: str | None = None,
        on_progress: Callable[[int, int | None], None] = lambda done, total: None,
    ) -> Lesson:
        """Learn from all corrections; the lesson is kept but not switched on.

        If the latest lesson is the same, that one is returned.

        Args:
            model: the id of the model to teach; the one used last by default.
            on_progress: called with the number of heads fitted for the estimate and their total.

        Raises:
            CatalogError: the catalog cannot be read or written, or knows no such model.
            DrumsortError: there are too few corrections, or the model has no embedding.
        """
        number, known = self._model(model)
        taught = examples(self.catalog, number, known)
        anchors, rest = others(self.catalog, number, taught)
        fit = Fit(
            np.concatenate([taught.scores, anchors.scores]),
            np.concatenate([taught.embeddings, anchors.embeddings]),
            taught.targets,
            len(taught.own),
        )
        weights = fit()
        head = fit.head(weights)
        for last in self.lessons()[-1:]:
            same = (last.model, last.classes) == (known.id, taught.own)
            if same and np.array_equal(last.head, head):
                return last
        own = known.classes.with_own(taught.own)
        balanced = threshold(known.id, known.policies, "balanced")
        result = estimate(fit, weights, taught, rest, own, balanced, on_progress)
        kept = lessons.keep(self.catalog, number, taught.own, head, result)
        return next(lesson for lesson in self.lessons() if lesson.number == kept)

    def use(self, number: int | None) -> None:
        """Switch one lesson on and all others off; ``None`` switches all off.

        Raises:
            CatalogError: the catalog cannot be written.
            DrumsortError: there is no such lesson.
        """
        lessons.use(self.catalog, number)

    def active(self, model: str) -> Lesson | None:
        """The lesson that is switched on, if it was made for this model.

        Args:
            model: its id.

        Raises:
            CatalogError: the catalog cannot be read.
        """
        return lessons.lesson_for(self.catalog, model)

    def _model(self, name: str | None) -> tuple[int, Model]:
        known = models(self.catalog)
        for number, model in known.items():
            if name in (None, model.id):
                return number, model
        if name is None:
            raise CatalogError(
                f"The catalog {self.catalog.path} knows no sound: run 'drumsort scan DIR' first."
            )
        raise CatalogError(
            f"The catalog {self.catalog.path} does not know the model {name}: choose one of "
            f"{', '.join(model.id for model in known.values())}."
        )
