"""The one place that knows the order: file -> clip -> log-mel -> scores -> verdict."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from threadpoolctl import threadpool_limits

from drumsort.audio.decode import decode
from drumsort.audio.files import Source, find
from drumsort.errors import AudioError, DrumsortError
from drumsort.model.bundle import Bundle
from drumsort.model.decide import decide
from drumsort.model.infer import Network
from drumsort.types import Result

AHEAD = 32
"""Files that may wait, heard or not, for each worker: bounds the memory of a stream."""


class Ear:
    """Hears one file at a time; may be used from several threads at once.

    Args:
        model: a model folder; the shipped one by default.
        policy: ``careful`` lets few verdicts stand, ``balanced`` most, ``everything`` all.
        min_confidence: family probability from which on a verdict stands, 0 to 1; what the model
            says of the policy by default.

    Raises:
        BundleError: the model folder cannot be used.
        DrumsortError: the model has no such policy, or ``min_confidence`` is not between 0 and 1.
    """

    def __init__(
        self,
        model: Path | None = None,
        policy: str = "balanced",
        min_confidence: float | None = None,
    ) -> None:
        self.bundle = Bundle.load(model)
        self._network = Network(self.bundle)
        if min_confidence is None:
            min_confidence = _threshold(self.bundle, policy)
        if not 0 <= min_confidence <= 1:
            raise DrumsortError(f"The lowest confidence is {min_confidence}: choose 0 to 1.")
        self.min_confidence = min_confidence

    def hear(self, source: Source) -> Result:
        """Hear one file; what is wrong with it stands in the result, nothing is raised."""
        path, root = source.path, source.root
        try:
            stat = path.stat()
            clip = decode(path, samples=self.bundle.front_end.native_samples)
        except AudioError as error:
            return Result(path, root, error=str(error))
        except OSError as error:
            return Result(path, root, error=f"{path} cannot be opened: {error.strerror or error}.")
        except ValueError as error:  # a NUL in it
            return Result(path, root, error=f"{str(path)!r} is no path: {error}.")
        heard = self._network(self.bundle.front_end(clip))
        verdict = decide(heard, self.bundle, self.min_confidence, clip.note)
        return Result(path, root, stat.st_size, stat.st_mtime_ns, verdict)

    def hear_all(self, sources: Iterable[Source], workers: int | None = None) -> Iterator[Result]:
        """Hear many files, in parallel, and give results in the order of ``sources``.

        Until the last result is taken, BLAS has one thread: its own would fight with the workers.
        """
        workers = workers or os.cpu_count() or 1
        waiting: deque[Future[Result]] = deque()
        pool = ThreadPoolExecutor(workers)
        with threadpool_limits(1, user_api="blas"):
            try:
                for source in sources:
                    waiting.append(pool.submit(self.hear, source))
                    while waiting and (len(waiting) >= workers * AHEAD or waiting[0].done()):
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                pool.shutdown(cancel_futures=True)


def _threshold(bundle: Bundle, policy: str) -> float:
    if policy not in bundle.policies:
        raise DrumsortError(
            f"The model {bundle.name} has no policy {policy!r}: choose one of "
            f"{', '.join(bundle.policies)}, or a lowest confidence."
        )
    return bundle.policies[policy]


def classify(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    model: str | os.PathLike[str] | None = None,
    policy: str = "balanced",
    min_confidence: float | None = None,
    workers: int | None = None,
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

    Yields:
        A result for each sound, in the order of ``paths`` and by name within a folder, while
        later ones are still being heard. A file that cannot be heard yields a result with an
        ``error``.

    Raises:
        BundleError: the model folder cannot be used.
        DrumsortError: the model has no such policy, or ``min_confidence`` is not between 0 and 1.
    """
    ear = Ear(Path(model) if model is not None else None, policy, min_confidence)
    listed = [paths] if isinstance(paths, str | os.PathLike) else paths
    sounds = (source for source, is_sound in find(map(Path, listed)) if is_sound)
    return ear.hear_all(sounds, workers)
