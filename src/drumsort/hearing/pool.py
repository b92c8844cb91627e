"""Worker processes, one for each core: who hears what, and what if one of them dies.

They are started by ``subprocess`` rather than by ``multiprocessing``, which would run a user's
script once more in each of them, and they belong to a process group of their own, so that Ctrl-C
reaches this process alone. They end when it ends, however it does.
"""

import os
import pickle
import signal
import subprocess
import sys
import weakref
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

from drumsort.errors import DrumsortError
from drumsort.hearing.listener import HeardFile, unheard
from drumsort.hearing.worker import FROZEN, READY
from drumsort.model.bundle import Bundle
from drumsort.remote import Url

GROUP = 32
"""Files that a worker is told of at once."""

_DEPTH = 2  # groups that a worker has at most: one to hear, one to go on with
_DEPTH_FAR = 4  # the same where they are fetched from stores: one to hear, others on their way
_FALSE_STARTS = 3  # workers in a row that die before they are ready
_CODE = "import sys; sys.path[:] = sys.argv[1:]; from drumsort.hearing.worker import main; main()"

WORKER_SETTINGS = {
    **dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"),
        "1",
    ),
    **dict.fromkeys(("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"), str(32 << 20)),
}
"""Environment of a worker: one thread each; and glibc keeps what one file needed for the next."""


@dataclass(slots=True, eq=False)
class Request:
    """A file to hear.

    Attributes:
        path: the file.
        given: whether a pool has it.
        file: what was heard, once that is known.
    """

    path: Path
    given: bool = False
    file: HeardFile | None = None


def cores() -> int:
    """How many cores this process may use; 1 where no other can be started."""
    if not sys.executable:  # Python is part of another program
        return 1
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Pool:
    """Worker processes that hear groups of files.

    A file that crashes a worker gets an error: its group is given to others once more, file by
    file, and what crashes then is to blame.

    Args:
        bundle: the model.
        workers: how many processes.
        facts: whether facts are asked for.

    Raises:
        DrumsortError: no process can be started.
    """

    def __init__(self, bundle: Bundle, workers: int, *, facts: bool = False) -> None:
        self._order = bundle, facts
        self._answers: SimpleQueue[tuple[_Worker, Any]] = SimpleQueue()
        self._waiting: deque[Sequence[Request]] = deque()
        self._false_starts = 0
        self._workers: list[_Worker] = []
        self._finalizer = weakref.finalize(self, _end, self._workers)
        for _ in range(workers):
            self._start()

    def give(self, requests: Sequence[Request]) -> None:
        """Have files heard; waits while every worker has enough to do.

        Raises:
            BundleError: the network cannot be used.
            DrumsortError: workers die before they hear anything.
        """
        for request in requests:
            request.given = True
        self._waiting.append(requests)
        self._feed()
        while self._waiting:
            self.take()

    def take(self) -> None:
        """Wait for the next that a worker has to say; raises what ``give`` does."""
        self._hear_of(*self._answers.get())

    def take_what_is_there(self) -> None:
        """The same for all that they have said, without waiting."""
        while not self._answers.empty():
            self.take()

    def close(self) -> None:
        """End all workers at once, whatever they are at."""
        self._finalizer()

    def _start(self) -> None:
        try:
            self._workers.append(_Worker(self._order, self._answers))
        except OSError as error:
            if not self._workers:
                raise DrumsortError(
                    f"No process can be started to hear files ({error.strerror or error}): close "
                    "other programs."
                ) from error

    def _feed(self) -> None:
        while self._waiting:
            worker = min(self._workers, key=lambda worker: len(worker.given))
            is_far = isinstance(self._waiting[0][0].path, Url)
            if len(worker.given) >= (_DEPTH_FAR if is_far else _DEPTH):
                return
            worker.give(self._waiting.popleft())

    def _hear_of(self, worker: "_Worker", answer: Any) -> None:
        if answer is None:
            self._replace(worker)
        elif isinstance(answer, BaseException):
            raise answer
        elif answer == READY:
            worker.ready, self._false_starts = True, 0
        else:
            for request, file in zip(worker.given.popleft(), answer, strict=True):
                request.file = file
        self._feed()

    def _replace(self, worker: "_Worker") -> None:
        """Another process for one that died, which hears what that had yet to hear."""
        how = worker.end()
        self._workers.remove(worker)
        again = list(worker.given)
        if not worker.ready:
            self._false_starts += 1
            if self._false_starts == _FALSE_STARTS:
                raise DrumsortError(
                    f"The processes that hear files die at their start ({how}): see that there is "
                    "memory left, and install drumsort again."
                )
        elif again:
            at, *rest = again
            if len(at) == 1:
                at[0].file = _crashed(at[0].path, how)
                again = rest
            else:
                again = [*([request] for request in at), *rest]
        self._waiting.extendleft(reversed(again))
        self._start()


class _Worker:
    """One process, and a thread that waits for what it says.

    Attributes:
        given: what it has to hear, the group that it is at first.
        ready: whether it has loaded the model.
    """

    def __init__(self, order: Any, answers: "SimpleQueue[tuple[_Worker, Any]]") -> None:
        self.given: deque[Sequence[Request]] = deque()
        self.ready = False
        self._process = subprocess.Popen(
            _command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # decoders complain there
            env=os.environ | WORKER_SETTINGS,
            process_group=None if os.name == "nt" else 0,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # the same on Windows
        )
        self._thread = Thread(target=self._listen, args=(answers,), daemon=True)
        self._thread.start()
        self._tell(order)

    def give(self, requests: Sequence[Request]) -> None:
        self.given.append(requests)
        paths = (request.path for request in requests)
        self._tell([path if isinstance(path, Url) else str(path) for path in paths])

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> str:
        """Kill it if it lives, tidy up, and say how it ended."""
        self.kill()
        code = self._process.wait()
        self._thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()
        with suppress(ValueError):
            return signal.Signals(-code).name
        return f"exit code {code:#x}" if code > 255 else f"exit code {code}"

    def _tell(self, message: Any) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):  # it died: the thread will find that out
            pickle.dump(message, self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()

    def _listen(self, answers: "SimpleQueue[tuple[_Worker, Any]]") -> None:
        assert self._process.stdout is not None
        with suppress(EOFError, OSError, pickle.UnpicklingError):
            while True:
                answers.put((self, pickle.load(self._process.stdout)))
        answers.put((self, None))


def _command() -> list[str]:
    """What starts a worker: Python, or the program that holds Python and drumsort."""
    if getattr(sys, "frozen", False):
        return [sys.executable, FROZEN]
    return [sys.executable, "-c", _CODE, *sys.path]


def _end(workers: "list[_Worker]") -> None:
    for worker in workers:
        worker.kill()
    for worker in workers:
        worker.end()
    workers.clear()


def _crashed(path: Path, how: str) -> HeardFile:
    return unheard(
        path,
        f"{path} made the process that read it crash ({how}): copy it again, or convert it to WAV "
        "or FLAC.",
    )
