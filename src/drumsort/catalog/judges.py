"""What decides on the sounds of a catalog: its models, and the evidence it holds beside them."""

import os
from collections.abc import Iterable

from drumsort.catalog.database import Database
from drumsort.catalog.known_models import models
from drumsort.catalog.lessons import Lesson, in_use
from drumsort.model.evidence import Evidence
from drumsort.model.named import HINT, named
from drumsort.model.verdict import Judge, threshold

_SEPARATOR = os.fsencode(os.sep)


def evidence(catalog: Database, model: str) -> tuple[Evidence, ...]:
    """The evidence beside the network of the model with this id: the lesson that is switched on.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    return _evidence(in_use(catalog), model)


class Judges:
    """The judge of each model that a catalog knows, by the model's number.

    Args:
        catalog: where to read models and evidence.
        policy: names the threshold that a verdict must reach.
        min_confidence: a threshold to use instead, 0 to 1.
        names: how the name of a sound counts: ``hint``, ``ignore`` or ``trust``.
        lesson: to go by in place of the one that is switched on.

    Attributes:
        models: number to model, the one used last first.
        need_embeddings: whether some verdicts depend on embeddings.

    Raises:
        CatalogError: the catalog cannot be read.
        DrumsortError: names cannot count so.
    """

    def __init__(
        self,
        catalog: Database,
        policy: str,
        min_confidence: float | None = None,
        names: str = HINT,
        lesson: Lesson | None = None,
    ) -> None:
        self.models = models(catalog)
        self._lesson = lesson or in_use(catalog)
        self.need_embeddings = self._lesson is not None
        self._policy, self._min_confidence = policy, min_confidence
        self._judges: dict[int, Judge] = {}
        self._names = names
        self.of_names((), ())  # refuses a wrong one at once

    def __call__(self, number: int) -> Judge:
        """The judge of the model with this number.

        Raises:
            DrumsortError: the model has no such policy.
            KeyError: there is no such model.
        """
        if number not in self._judges:
            model, least = self.models[number], self._min_confidence
            if least is None:
                least = threshold(model.id, model.policies, self._policy)
            self._judges[number] = Judge(model.classes, least, _evidence(self._lesson, model.id))
        return self._judges[number]

    def of_names(self, paths: Iterable[bytes], roots: Iterable[bytes]) -> tuple[Evidence, ...]:
        """What the names of files say, each read from the folder downwards that was scanned.

        Args:
            paths: of the files, as the catalog has them.
            roots: of each the folder that was scanned.
        """
        pairs = zip(paths, roots, strict=True)
        return named((_below(path, root) for path, root in pairs), self._names)


def _below(path: bytes, root: bytes) -> str:
    start = len(root.rstrip(_SEPARATOR)) + 1
    inside = path.startswith(root) and path[start - 1 : start] == _SEPARATOR
    return os.fsdecode(path[start:] if inside else path[path.rfind(_SEPARATOR) + 1 :])


def _evidence(lesson: Lesson | None, model: str) -> tuple[Evidence, ...]:
    return (lesson,) if lesson and lesson.model == model else ()
