"""What takes long: one job at a time in a thread of its own, with progress, and to be stopped."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import Any, Literal

from drumsort.errors import DrumsortError
from drumsort.web.answers import Refused

_MOST_FAILURES = 100


@dataclass(frozen=True)
class Job:
    """A job as the page sees it.

    Attributes:
        number: names it; the later, the higher.
        kind: what it is.
        what: what it is at, as a heading.
        done: how much of it is done.
        total: of how much, or ``None`` where that is not known.
        unit: what is counted.
        state: whether it runs, or how it ended.
        sentence: what came of it.
        failures: one sentence for each file that something is wrong with, the first of them.
    """

    number: int
    kind: str
    what: str
    done: int = 0
    total: int | None = None
    unit: str = "files"
    state: Literal["running", "done", "failed", "stopped"] = "running"
    sentence: str = ""
    failures: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


class Stopped(Exception):  # noqa: N818  (it names what happened to the job)
    """Raised within a job that is to stop."""


class Control:
    """What a job that runs has in hand."""

    def __init__(self, jobs: "Jobs") -> None:
        self._jobs = jobs
        self.stopping = threading.Event()

    def at(self, done: int, total: int | None = None, what: str | None = None) -> None:
        """So many are done.

        Raises:
            Stopped: the job is to stop.
        """
        if self.stopping.is_set():
            raise Stopped
        self._jobs.change(done=done, total=total, **({"what": what} if what else {}))


Work = Callable[[Control], tuple[str, Iterable[str]]]
"""Does a job; returns one sentence on what came of it, and one for each file that failed."""


class Jobs:
    """The job that runs, or the last one that did.

    Attributes:
        job: it, or ``None`` where there was none yet.
    """

    def __init__(self) -> None:
        self.job: Job | None = None
        self._lock = threading.Lock()
        self._control: Control | None = None
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether one runs."""
        return self.job is not None and self.job.state == "running"

    def begin(self, kind: str, what: str, work: Work, unit: str = "files") -> Job:
        """Start a job.

        Raises:
            Refused: another runs.
        """
        with self._lock:
            if self.running:
                raise Refused(409, "Something else is going on: wait until it is done, or stop it.")
            job = Job((self.job.number if self.job else 0) + 1, kind, what, unit=unit)
            self.job, control = job, Control(self)
            self._control = control
            self._thread = threading.Thread(
                target=self._run, args=(work, control), name=kind, daemon=True
            )
            self._thread.start()
        return job

    def change(self, **facts: Any) -> None:
        """Say what changed in the job."""
        assert self.job is not None
        self.job = replace(self.job, **facts)

    def stop(self, seconds: float = 0) -> bool:
        """Ask the job to stop, and wait so long for it; whether it did."""
        with self._lock:
            if not self.running or self._control is None or self._thread is None:
                return True
            self._control.stopping.set()
            thread = self._thread
        thread.join(seconds)
        return not thread.is_alive()

    def _run(self, work: Work, control: Control) -> None:
        try:
            sentence, failures = work(control)
            kept = tuple(islice(failures, _MOST_FAILURES))
            self.change(state="done", sentence=sentence, failures=kept)
        except Stopped:
            self.change(state="stopped", sentence="Stopped; what was done stays.")
        except Refused as refused:
            self.change(state="failed", sentence=refused.sentence)
        except DrumsortError as error:
            self.change(state="failed", sentence=str(error))
        except OSError as error:
            self.change(state="failed", sentence=f"It could not go on: {error}.")
        except Exception as error:  # a mistake of ours must not leave a job that runs for ever
            self.change(state="failed", sentence=f"Something unexpected went wrong: {error!r}.")
            raise
