"""Many files -> what was heard in each, in this process or in one process for each core."""

from collections.abc import Callable, Generator, Iterable
from functools import cached_property, partial
from pathlib import Path
from typing import TypeAlias, TypeVar

from threadpoolctl import ThreadpoolController

from drumsort.hearing.line import AHEAD, Hearers, in_order
from drumsort.hearing.listener import HeardFile, Listener
from drumsort.hearing.pool import Pool, cores
from drumsort.model.bundle import Bundle

T = TypeVar("T")
Others: TypeAlias = Callable[[Bundle, bool], Hearers]


class Ear:
    """Hears one file, or a stream of files in parallel.

    Args:
        bundle: the model.
        others: who hears many files in the place of processes on this machine: starts them with a
            model, and with whether facts are asked for.
        ahead: how many files may wait for them.
    """

    def __init__(self, bundle: Bundle, others: Others | None = None, ahead: int = 0) -> None:
        self.bundle = bundle
        self._others, self._ahead = others, ahead

    def hear(self, path: Path, *, facts: bool = False) -> HeardFile:
        """Hear one file in this process; a problem with the file is part of what is returned.

        Args:
            path: the file.
            facts: whether to fill in ``HeardFile.facts``, for which the whole file is read.

        Raises:
            BundleError: the network cannot be used.
        """
        listener, threads = self._listener
        with threads.limit(limits=1, user_api="blas"):  # more threads do not pay
            return listener(path, facts=facts)

    def hear_all(
        self,
        requests: Iterable[tuple[T, Path | None]],
        workers: int | None = None,
        *,
        facts: bool = False,
    ) -> Generator[tuple[T, HeardFile | None], None, None]:
        """Hear many files in parallel.

        Args:
            requests: pairs of anything and a file to hear, ``None`` where there is none to hear.
            workers: how many processes hear at the same time; one for each core by default.
            facts: as for ``hear``.

        Yields:
            The same things, in the same order, each with what was heard in its file.

        Raises:
            BundleError: the network cannot be used.
            DrumsortError: no process can be started to hear files.
        """
        hear = partial(self.hear, facts=facts)
        if self._others:
            others = partial(self._others, self.bundle, facts)
            return in_order(requests, hear, others, most=self._ahead)
        workers = workers or cores()
        start = partial(Pool, self.bundle, workers, facts=facts) if workers > 1 else None
        return in_order(requests, hear, start, most=workers * AHEAD)

    @cached_property
    def _listener(self) -> tuple[Listener, ThreadpoolController]:
        return Listener(self.bundle), ThreadpoolController()
