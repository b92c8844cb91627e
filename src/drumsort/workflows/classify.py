"""From files to verdicts: find, recall or hear, decide, remember."""

import os
from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from drumsort.audio.find import Source, find
from drumsort.catalog import Catalog, Recall, Writer
from drumsort.errors import CatalogError, DrumsortError
from drumsort.hearing import Ear, HeardFile
from drumsort.model.bundle import Bundle
from drumsort.model.verdict import Judge, threshold
from drumsort.types import Result
from drumsort.workflows.progress import QUIET, Progress, Step


def classify(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    model: str | os.PathLike[str] | None = None,
    policy: str = "balanced",
    min_confidence: float | None = None,
    workers: int | None = None,
    catalog: Catalog | None = None,
    progress: Progress = QUIET,
) -> Generator[Result, None, None]:
    """Classify every sound at or below ``paths``.

    Args:
        paths: a file or folder, or several.
        model: a model folder; the shipped one by default.
        policy: which verdicts stand: ``careful`` few, ``balanced`` most, ``everything`` all. What
            does not stand is ``"unsure"``.
        min_confidence: the threshold itself instead of a policy: the probability that a family must
            reach, 0 to 1.
        workers: how many processes hear at the same time; one for each core by default. A handful
            of files is always heard in this process.
        catalog: an open catalog, to look up files that did not change and to remember the others.
            Results are the same without one, except for sounds that were corrected in it.
        progress: receives the step ``LISTEN``, and a warning if the catalog cannot be written.

    Yields:
        One result for each sound, in the order of ``paths`` and by name within a folder, while
        later ones are still being heard. A file that cannot be heard yields a result with an
        ``error``.

    Raises:
        BundleError: the model folder cannot be used.
        CatalogError: the catalog cannot be used.
        DrumsortError: the model has no such policy, or ``min_confidence`` is not between 0 and 1.
    """
    classifier = Classifier(
        Path(model) if model is not None else None, policy, min_confidence, catalog, progress
    )
    listed = [paths] if isinstance(paths, str | os.PathLike) else paths
    sounds = (source for source, is_sound in find(map(Path, listed)) if is_sound)
    progress.at(Step.LISTEN, 0)
    return _counted(classifier.classify_all(sounds, workers), progress)


def _counted(
    results: Generator[Result, None, None], progress: Progress
) -> Generator[Result, None, None]:
    with closing(results):
        for done, result in enumerate(results, start=1):
            progress.at(Step.LISTEN, done)
            yield result


class Classifier:
    """Classifies one file at a time, or many in parallel.

    Args:
        model: a model folder; the shipped one by default.
        policy: which verdicts stand: ``careful`` few, ``balanced`` most, ``everything`` all.
        min_confidence: the threshold itself instead of a policy, 0 to 1.
        catalog: where to look up what this model heard before, and to remember what it hears now;
            none by default.
        progress: receives a warning if the catalog cannot be written any further.

    Attributes:
        bundle: the model.
        min_confidence: the threshold, 0 to 1.

    Raises:
        BundleError: the model folder cannot be used.
        CatalogError: the catalog cannot be used.
        DrumsortError: the model has no such policy, or ``min_confidence`` is not between 0 and 1.
    """

    def __init__(
        self,
        model: Path | None = None,
        policy: str = "balanced",
        min_confidence: float | None = None,
        catalog: Catalog | None = None,
        progress: Progress = QUIET,
    ) -> None:
        self.bundle = Bundle.load(model)
        if min_confidence is None:
            min_confidence = threshold(self.bundle.name, self.bundle.policies, policy)
        if not 0 <= min_confidence <= 1:
            raise DrumsortError(f"The lowest confidence is {min_confidence}: choose 0 to 1.")
        self.min_confidence = min_confidence
        self._ear = Ear(self.bundle)
        self._recall = Recall(catalog, self.bundle) if catalog else None
        self._network = Judge(self.bundle.classes, min_confidence)
        self._judge = replace(self._network, evidence=self._recall.evidence if self._recall else ())
        self._progress = progress

    def classify(self, source: Source, *, facts: bool = False) -> Result:
        """Classify one file; a problem with the file is part of the result.

        Args:
            source: the file.
            facts: whether to fill in ``Result.facts``, for which the whole file is read.

        Raises:
            BundleError: the network cannot be used.
        """
        return self._result(source, self._ear.hear(source.path, facts=facts))

    def classify_all(
        self, sources: Iterable[Source], workers: int | None = None, *, facts: bool = False
    ) -> Generator[Result, None, None]:
        """Classify many files in parallel, and give results in the order of ``sources``.

        Raises:
            BundleError: the network cannot be used.
            DrumsortError: no process can be started to hear files.
        """
        if self._recall and self._recall.model is not None:
            return self._with_catalog(self._recall, sources, workers)
        return self._stream(((source, None) for source in sources), workers, facts)

    def _stream(
        self,
        sources: Iterable[tuple[Source, Result | None]],
        workers: int | None,
        facts: bool,
    ) -> Generator[Result, None, None]:
        """Hear the files whose results are not known yet."""
        requests = ((pair, None if pair[1] else pair[0].path) for pair in sources)
        with closing(self._ear.hear_all(requests, workers, facts=facts)) as heard:
            for (source, known), file in heard:
                if known:
                    yield known
                elif file:
                    yield self._result(source, file)

    def _result(self, source: Source, file: HeardFile) -> Result:
        """The verdict on what was heard, by the network alone."""
        verdict = self._network(file.heard, file.remark) if file.heard else None
        return Result(
            source.path, source.root, file.size, file.mtime_ns, verdict, file.error, file.facts
        )

    def _with_catalog(
        self, recall: Recall, sources: Iterable[Source], workers: int | None
    ) -> Generator[Result, None, None]:
        """The same with a catalog; results are right even where it cannot be written."""
        assert recall.model is not None
        writable = recall.catalog.writable
        memory = _Memory(Writer(recall.catalog, recall.model), self._progress)
        known = ((source, self._known(source, recall)) for source in sources)
        facts = writable or recall.corrected
        with closing(self._stream(known, workers, facts)) as results:
            try:
                for result in results:
                    if writable:
                        memory.write(result)
                    yield self._final(result, recall)
            finally:
                memory.write()

    def _known(self, source: Source, recall: Recall) -> Result | None:
        """The result for a file that did not change since this model heard it."""
        try:
            stat = source.path.stat()
        except (OSError, ValueError):
            return None
        if not (before := recall(source.path, stat)):
            return None
        verdict = self._judge(*before)
        return Result(source.path, source.root, stat.st_size, stat.st_mtime_ns, verdict)

    def _final(self, result: Result, recall: Recall) -> Result:
        """A result that was heard just now, judged by all that the catalog knows of the sound."""
        facts = result.facts
        if facts is None or result.prediction is None or not recall.corrected:
            return result
        said = recall.correction(bytes.fromhex(facts.audio_hash))
        return replace(result, prediction=self._judge.again(result.prediction, facts.remark, said))


class _Memory:
    """Writes results into the catalog until that fails once; then it warns and stops writing."""

    def __init__(self, writer: Writer, progress: Progress) -> None:
        self._writer, self._progress = writer, progress
        self._works = True

    def write(self, result: Result | None = None) -> None:
        """Write a result, now or together with later ones; without one, write all that wait."""
        if self._works:
            try:
                self._writer.add(result) if result else self._writer.write()
            except CatalogError as error:
                self._works = False
                self._progress.warn(str(error))
