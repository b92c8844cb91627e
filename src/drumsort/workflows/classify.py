"""The one place that knows the order: file -> clip -> log-mel -> scores -> verdict."""

import os
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

from threadpoolctl import ThreadpoolController

from drumsort.audio.find import Source, find
from drumsort.catalog import Catalog, Recall, Writer
from drumsort.errors import CatalogError, DrumsortError
from drumsort.hearing import AHEAD, HeardFile, Listener, Pool, cores, in_order
from drumsort.model.bundle import Bundle
from drumsort.model.verdict import Judge, threshold
from drumsort.types import Result


class Ear:
    """Hears one file at a time, or many in parallel.

    Args:
        model: a model folder; the shipped one by default.
        policy: ``careful`` lets few verdicts stand, ``balanced`` most, ``everything`` all.
        min_confidence: family probability from which on a verdict stands, 0 to 1; what the model
            says of the policy by default.
        catalog: where to look up what this model heard before, and to note what it hears now;
            none by default.

    Attributes:
        trouble: one sentence on why the catalog was not written any further, or ``None``.

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
    ) -> None:
        self.bundle = Bundle.load(model)
        if min_confidence is None:
            min_confidence = threshold(self.bundle.name, self.bundle.policies, policy)
        if not 0 <= min_confidence <= 1:
            raise DrumsortError(f"The lowest confidence is {min_confidence}: choose 0 to 1.")
        self.min_confidence = min_confidence
        self.trouble: str | None = None
        self._recall = Recall(catalog, self.bundle) if catalog else None
        self._network = Judge(self.bundle.classes, min_confidence)
        self._judge = replace(self._network, evidence=self._recall.evidence if self._recall else ())

    def hear(self, source: Source, *, facts: bool = False) -> Result:
        """Hear one file; what is wrong with it stands in the result, nothing is raised.

        Args:
            source: the file.
            facts: whether the result is to have ``facts``; the whole file is read for them.

        Raises:
            BundleError: the network cannot be used.
        """
        return self._result(source, self._hear(source.path, facts=facts))

    def hear_all(
        self, sources: Iterable[Source], workers: int | None = None, *, facts: bool = False
    ) -> Iterator[Result]:
        """Hear many files, in parallel, and give results in the order of ``sources``.

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
        """Hear the files whose results are not known."""
        workers = workers or cores()
        heard = in_order(
            ((pair, None if pair[1] else pair[0].path) for pair in sources),
            partial(self._hear, facts=facts),
            partial(Pool, self.bundle, workers, facts=facts) if workers > 1 else None,
            most=workers * AHEAD,
        )
        with closing(heard):
            for (source, known), file in heard:
                if known:
                    yield known
                elif file:
                    yield self._result(source, file)

    @cached_property
    def _listener(self) -> tuple[Listener, ThreadpoolController]:
        return Listener(self.bundle), ThreadpoolController()

    def _hear(self, path: Path, *, facts: bool) -> HeardFile:
        """Hear a file in this process: with one BLAS thread, for more do not pay."""
        listener, threads = self._listener
        with threads.limit(limits=1, user_api="blas"):
            return listener(path, facts=facts)

    def _result(self, source: Source, file: HeardFile) -> Result:
        """The verdict on what was heard, by the network alone."""
        verdict = self._network(file.heard, file.remark) if file.heard else None
        return Result(
            source.path, source.root, file.size, file.mtime_ns, verdict, file.error, file.facts
        )

    def _with_catalog(
        self, recall: Recall, sources: Iterable[Source], workers: int | None
    ) -> Iterator[Result]:
        """The same, with a catalog: it need not be written for the results to be right."""

        def known(source: Source) -> Result | None:
            try:
                stat = source.path.stat()
            except (OSError, ValueError):
                return None
            if not (before := recall(source.path, stat)):
                return None
            verdict = self._judge(*before)
            return Result(source.path, source.root, stat.st_size, stat.st_mtime_ns, verdict)

        assert recall.model is not None
        writable = recall.catalog.writable
        writer = Writer(recall.catalog, recall.model)
        asked = ((source, known(source)) for source in sources)
        facts = writable or recall.corrected
        with closing(self._stream(asked, workers, facts)) as results:
            try:
                for result in results:
                    if writable and self.trouble is None:
                        self._write(writer, result)
                    yield self._final(result, recall)
            finally:
                if self.trouble is None:
                    self._write(writer)

    def _final(self, result: Result, recall: Recall) -> Result:
        """A result that was heard just now, judged by all that the catalog knows of the sound."""
        facts = result.facts
        if facts is None or result.prediction is None or not recall.corrected:
            return result
        said = recall.correction(bytes.fromhex(facts.audio_hash))
        return replace(result, prediction=self._judge.again(result.prediction, facts.remark, said))

    def _write(self, writer: Writer, result: Result | None = None) -> None:
        """Add a result, or write all that are waiting; keep an error instead of raising it."""
        try:
            writer.add(result) if result else writer.write()
        except CatalogError as error:
            self.trouble = str(error)


def classify(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    model: str | os.PathLike[str] | None = None,
    policy: str = "balanced",
    min_confidence: float | None = None,
    workers: int | None = None,
    catalog: Catalog | None = None,
) -> Iterator[Result]:
    """Hear every sound at or below ``paths``.

    Args:
        paths: a file or folder, or several.
        model: a model folder; the shipped one by default.
        policy: ``careful`` lets few verdicts stand, ``balanced`` most, ``everything`` all; what
            does not stand is ``"unsure"``.
        min_confidence: family probability from which on a verdict stands, 0 to 1; what the model
            says of the policy by default.
        workers: processes that hear at the same time, unless there is little to hear; one for each
            core by default.
        catalog: an open one, that knows the files which did not change and remembers the others;
            results are the same without, but for the sounds that were corrected in it.

    Yields:
        A result for each sound, in the order of ``paths`` and by name within a folder, while
        later ones are still being heard. A file that cannot be heard yields a result with an
        ``error``.

    Raises:
        BundleError: the model folder cannot be used.
        CatalogError: the catalog cannot be used.
        DrumsortError: the model has no such policy, or ``min_confidence`` is not between 0 and 1.
    """
    ear = Ear(Path(model) if model is not None else None, policy, min_confidence, catalog)
    listed = [paths] if isinstance(paths, str | os.PathLike) else paths
    sounds = (source for source, is_sound in find(map(Path, listed)) if is_sound)
    return ear.hear_all(sounds, workers)
