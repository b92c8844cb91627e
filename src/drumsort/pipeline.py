"""The one place that knows the order: file -> clip -> log-mel -> scores -> verdict."""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from threadpoolctl import threadpool_limits

from drumsort.analysis import analyse
from drumsort.audio.decode import decode
from drumsort.audio.files import Source, find
from drumsort.errors import AudioError, CatalogError, DrumsortError
from drumsort.library import Catalog, Notes, Recall
from drumsort.model.bundle import Bundle
from drumsort.model.decide import corrected, decide, threshold
from drumsort.model.infer import Network
from drumsort.types import Clip, Facts, Result

AHEAD = 32
"""Files that may wait, heard or not, for each worker: bounds the memory of a stream."""


class Ear:
    """Hears one file at a time; may be used from several threads at once.

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
        self._network = Network(self.bundle)
        if min_confidence is None:
            min_confidence = threshold(self.bundle.name, self.bundle.policies, policy)
        if not 0 <= min_confidence <= 1:
            raise DrumsortError(f"The lowest confidence is {min_confidence}: choose 0 to 1.")
        self.min_confidence = min_confidence
        self.trouble: str | None = None
        self._recall = Recall(catalog, self.bundle) if catalog else None

    def hear(self, source: Source, *, facts: bool = False) -> Result:
        """Hear one file; what is wrong with it stands in the result, nothing is raised.

        Args:
            source: the file.
            facts: whether the result is to have ``facts``; the whole file is read for them.
        """
        path, root = source.path, source.root
        size = mtime_ns = 0
        try:
            stat = path.stat()
            size, mtime_ns = stat.st_size, stat.st_mtime_ns
            clip = decode(path, samples=self.bundle.front_end.native_samples, hashed=facts)
        except AudioError as error:
            return Result(path, root, size, mtime_ns, error=str(error))
        except OSError as error:
            sentence = f"{path} cannot be opened: {error.strerror or error}."
            return Result(path, root, size, mtime_ns, error=sentence)
        except ValueError as error:  # a NUL in it
            return Result(path, root, error=f"{str(path)!r} is no path: {error}.")
        known = _facts(clip) if facts else None
        heard = self._network(self.bundle.front_end(clip))
        verdict = decide(heard, self.bundle, self.min_confidence, clip.note)
        return Result(path, root, size, mtime_ns, verdict, facts=known)

    def hear_all(
        self, sources: Iterable[Source], workers: int | None = None, *, facts: bool = False
    ) -> Iterator[Result]:
        """Hear many files, in parallel, and give results in the order of ``sources``.

        Until the last result is taken, BLAS has one thread: its own would fight with the workers.
        """
        if self._recall and self._recall.model is not None:
            return self._with_catalog(self._recall, sources, workers)
        hear = partial(self.hear, facts=True) if facts else self.hear
        return self._stream(sources, workers, hear)

    def _stream(
        self,
        sources: Iterable[Source],
        workers: int | None,
        hear: Callable[[Source], Result],
        recall: Callable[[Source], Result | None] = lambda _: None,
    ) -> Generator[Result, None, None]:
        """Hear what ``recall`` does not know; it is asked in this thread, one file at a time."""
        workers = workers or os.cpu_count() or 1
        waiting: deque[Future[Result]] = deque()
        pool = ThreadPoolExecutor(workers)
        with threadpool_limits(1, user_api="blas"):
            try:
                for source in sources:
                    if known := recall(source):
                        waiting.append(Future())
                        waiting[-1].set_result(known)
                    else:
                        waiting.append(pool.submit(hear, source))
                    while waiting and (len(waiting) >= workers * AHEAD or waiting[0].done()):
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                pool.shutdown(cancel_futures=True)

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
            heard, note, label = before
            verdict = decide(heard, self.bundle, self.min_confidence, note)
            if label:
                verdict = corrected(verdict, label)
            return Result(source.path, source.root, stat.st_size, stat.st_mtime_ns, verdict)

        assert recall.model is not None
        writable = recall.catalog.writable
        hear = partial(self.hear, facts=True) if writable else self.hear
        notes = Notes(recall.catalog, recall.model)
        with closing(self._stream(sources, workers, hear, known)) as results:
            try:
                for result in results:
                    if writable and self.trouble is None:
                        self._note(notes, result)
                    yield _corrected(result, recall)
            finally:
                if self.trouble is None:
                    self._note(notes)

    def _note(self, notes: Notes, result: Result | None = None) -> None:
        """Take down a result, or write all that waits; trouble with that is kept, not raised."""
        try:
            notes.add(result) if result else notes.write()
        except CatalogError as error:
            self.trouble = str(error)


def _corrected(result: Result, recall: Recall) -> Result:
    """A result that was heard just now, as a person who knows the sound would have it."""
    if result.facts is None or result.prediction is None:
        return result
    label = recall.correction(bytes.fromhex(result.facts.audio_hash))
    return replace(result, prediction=corrected(result.prediction, label)) if label else result


def _facts(clip: Clip) -> Facts:
    return Facts(
        file_hash=clip.file_hash,
        audio_hash=clip.audio_hash,
        duration=clip.duration,
        rate=clip.rate,
        channels=clip.channels,
        format=clip.format,
        note=clip.note,
        analysis=analyse(clip),
    )


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
        workers: files heard at the same time; one for each core by default.
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
