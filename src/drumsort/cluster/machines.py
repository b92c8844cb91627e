"""Workers on the machines of a Ray cluster, in the place of processes on this one.

Ray starts them where there are cores, carries groups of files to them and what was heard back, and
says which are lost with their machine. Ray's actors are used and not Ray Data, because the verdict
on a sound takes its whole folder, in order, and because a run must go on after a kill: see
docs/scale.md.
"""

import os
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from drumsort.cluster.node import Node
from drumsort.errors import DrumsortError
from drumsort.hearing.line import AHEAD
from drumsort.hearing.listener import HeardFile
from drumsort.hearing.pool import Request, cores
from drumsort.model.bundle import Bundle

_DEPTH = 3  # groups that a worker has at most: one to hear, others on their way
_PATIENCE = 300.0  # seconds to wait for the first worker
_LOOK = 0.02  # seconds between two looks at what is done
_TRIES = 3  # workers that a file may take down before it is to blame
_STORE = 200 << 20  # bytes of shared memory, where Ray is started here


class Machines:
    """A cluster: one that runs, or this machine alone; a context manager.

    Args:
        address: ``ray://HOST:10001`` for a cluster; ``ray`` for the one that this machine belongs
            to, or that ``RAY_ADDRESS`` names, and otherwise for this machine.

    Attributes:
        workers: how many cores there are.

    Raises:
        DrumsortError: Ray is not installed, or the cluster cannot be reached.
    """

    def __init__(self, address: str) -> None:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # it would report to its makers
        # What Ray starts here is as urgent as the processes of a ``Pool``; else its niceness is 15.
        os.environ.setdefault("RAY_worker_niceness", "0")
        try:
            import ray
        except ImportError as error:
            raise DrumsortError(
                "Ray is not installed: install drumsort with its 'cluster' extra."
            ) from error
        self._ray: Any = ray
        self._is_ours = not ray.is_initialized()
        if self._is_ours:
            self._connect(address)
        self.workers = max(1, int(self._ray.cluster_resources().get("CPU", 1)))
        self.ahead = self.workers * AHEAD

    def pool(self, bundle: Bundle, facts: bool) -> "RayPool":
        """Start workers that hear with a model."""
        return RayPool(self._ray, bundle, facts, self.workers)

    def close(self) -> None:
        """Let go of the cluster."""
        if self._is_ours:
            self._ray.shutdown()

    def __enter__(self) -> "Machines":
        return self

    def __exit__(self, *args: object) -> None:
        self.close()

    def _connect(self, address: str) -> None:
        how: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
        try:
            if address != "ray":
                self._ray.init(address, **how)
                return
            try:
                self._ray.init("auto", **how)
            except ConnectionError:
                self._ray.init(
                    num_cpus=cores(), include_dashboard=False, object_store_memory=_STORE, **how
                )
        except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
            reason = str(error).strip().rpartition("\n")[2].rstrip(".")
            raise DrumsortError(
                f"The cluster {address} cannot be reached ({reason}): see that it runs, with the "
                "same versions of Ray and Python."
            ) from error


@dataclass(slots=True, eq=False)
class _Group:
    requests: Sequence[Request]
    tries: int = 0


class RayPool:
    """Workers of a cluster that hear groups of files; used as a ``hearing.Pool``.

    A group whose worker is lost is given to another one. Where that is lost, too, each file is
    given by itself, and one that takes down a third gets an error.
    """

    def __init__(self, ray: Any, bundle: Bundle, facts: bool, workers: int) -> None:
        self._ray, self._expected = ray, (version("drumsort"), bundle.id)
        names = ("bundle.json", "model.onnx", *(["second.onnx"] if _has_second(bundle) else []))
        model = {name: (bundle.folder / name).read_bytes() for name in names}
        self._order = ray.put(model), "second" if bundle.second else "quick", facts
        kind = ray.remote(Node)
        self._kind = kind.options(num_cpus=1, max_concurrency=_DEPTH, max_restarts=0)
        self._waiting: deque[_Group] = deque()
        self._given: dict[Any, tuple[Any, _Group]] = {}
        self._starting: dict[Any, Any] = {}
        self._load: Counter[Any] = Counter()  # of each worker that is ready
        self._false_starts, self._looked = 0, 0.0
        for _ in range(workers):
            self._start()

    def give(self, requests: Sequence[Request]) -> None:
        """Have files heard; waits while every worker has enough to do.

        Raises:
            BundleError: the network cannot be used.
            DrumsortError: workers cannot be started, or are of another version.
        """
        for request in requests:
            request.given = True
        self._waiting.append(_Group(requests))
        self._feed()
        while self._waiting:
            self.take()

    def take(self) -> None:
        """Wait for the next that a worker has to say; raises what ``give`` does."""
        patience = None if self._load else _PATIENCE
        if not self._look(patience):
            raise DrumsortError(
                "The cluster gives no worker within five minutes: see 'ray status' for what its "
                "cores are at."
            )

    def take_what_is_there(self) -> None:
        """The same for all that they have said, without waiting."""
        if time.monotonic() - self._looked > _LOOK:
            while self._look(0):
                pass
            self._looked = time.monotonic()

    def close(self) -> None:
        """End all workers at once, whatever they are at."""
        for worker in [*self._load, *self._starting.values()]:
            self._ray.kill(worker)
        self._load.clear()
        self._starting.clear()

    def _start(self) -> None:
        worker = self._kind.remote(*self._order)
        self._starting[worker.version.remote()] = worker

    def _look(self, seconds: float | None) -> bool:
        """Take one answer, for which it waits; whether there was one."""
        asked = [*self._starting, *self._given]
        done, _ = self._ray.wait(asked, num_returns=1, timeout=seconds) if asked else ([], None)
        for answer in done:
            if answer in self._starting:
                self._is_ready(answer)
            elif answer in self._given:
                self._is_heard(answer)
        self._feed()
        return bool(done)

    def _is_ready(self, answer: Any) -> None:
        worker = self._starting.pop(answer)
        try:
            found = self._ray.get(answer)
        except self._ray.exceptions.RayTaskError as error:
            raise _cause(error) from None
        except self._ray.exceptions.RayError as error:
            self._false_starts += 1
            if self._false_starts > 2 * _TRIES and not self._load:
                reason = str(error).strip().rpartition("\n")[2]
                raise DrumsortError(
                    f"The workers of the cluster end at their start ({reason}): see that drumsort "
                    "is installed on every machine."
                ) from error
            self._start()
            return
        if found != self._expected:
            raise DrumsortError(
                f"A machine of the cluster has drumsort {found[0]}, and this one "
                f"{self._expected[0]}: install the same version on all of them."
            )
        self._load[worker] = 0
        self._false_starts = 0

    def _is_heard(self, answer: Any) -> None:
        worker, group = self._given.pop(answer)
        try:
            heard = self._ray.get(answer)
        except self._ray.exceptions.RayTaskError as error:
            raise _cause(error) from None
        except self._ray.exceptions.RayError:
            self._is_lost(worker, group)
            return
        if worker in self._load:
            self._load[worker] -= 1
        for request, file in zip(group.requests, heard, strict=True):
            request.file = file

    def _is_lost(self, worker: Any, group: _Group) -> None:
        """Another worker for one that is lost, and its group for another one."""
        if worker in self._load:
            del self._load[worker]
            self._start()
        group.tries += 1
        if group.tries < _TRIES - 1:
            self._waiting.appendleft(group)
        elif len(group.requests) > 1:
            singles = [_Group([request], group.tries) for request in group.requests]
            self._waiting.extendleft(reversed(singles))
        elif group.tries < _TRIES:
            self._waiting.appendleft(group)
        else:
            (request,) = group.requests
            sentence = (
                f"{request.path} took down the {_TRIES} processes that read it: copy it again, or "
                "convert it to WAV or FLAC."
            )
            request.file = HeardFile(error=sentence)

    def _feed(self) -> None:
        while self._waiting and self._load:
            worker, load = min(self._load.items(), key=lambda one: one[1])
            if load >= _DEPTH:
                return
            group = self._waiting.popleft()
            paths = [request.path for request in group.requests]
            self._given[worker.hear.remote(paths)] = worker, group
            self._load[worker] += 1


def _cause(error: Any) -> BaseException:
    """What a worker raised, without the trace of another machine."""
    cause = error.cause
    if isinstance(cause, DrumsortError):
        return cause
    return DrumsortError(
        f"A worker of the cluster fails ({type(cause).__name__}: {cause}): see that every machine "
        "has drumsort with its 'cluster' extra."
    )


def _has_second(bundle: Bundle) -> bool:
    return bundle.second_network.is_file()
